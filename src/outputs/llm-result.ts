import type { Generation } from "./generation.ts";

/** The name under which a result may hold facts of the run that made it. */
export const RUN_KEY = "__run";

/** What a model's run ends with: for each prompt, the generations. */
export interface LLMResult {
  generations: Generation[][];
  /** What the provider says of the whole call. Default: nothing. */
  llmOutput?: Record<string, unknown> | undefined;
  [RUN_KEY]?: Record<string, unknown> | undefined;
}
