import type { Callbacks } from "../callbacks/callback-manager.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { AsyncCaller } from "./calls/async-caller.ts";
import type { CacheLike } from "./calls/cache-like.ts";
import type { AnyHookedModel, CallPath } from "./hooked-model.ts";
import type {
  StructuredModel,
  StructuredOutputMethodOptions,
  StructuredOutputSchema,
} from "./structured/structured-options.ts";

/**
 * What models do that most apps have no use for. It is filled by `generate/wiring.ts`, and by whoever makes a cache or a rate
 * limiter, since a model does not need these parts before it has one.
 */
export interface ModelParts {
  /** @param usesCache whether answers may come from its cache. Default: yes. */
  "cache or limit"(model: AnyHookedModel, usesCache?: boolean): CallPath;
  caller(model: { caller: AsyncCaller }): AsyncCaller;
  globalCache(): CacheLike;
  /** The model with messages of another form than `v0`. */
  outputVersion<Model>(model: Model, version: unknown): Model;
  generate(
    model: AnyHookedModel,
    inputs: readonly unknown[],
    options: readonly string[] | object | undefined,
    callbacks: Callbacks | undefined,
  ): Promise<LLMResult>;
  /** Filled by `structured/wiring.ts`. */
  structuredOutput(
    model: StructuredModel,
    schema: StructuredOutputSchema,
    options: StructuredOutputMethodOptions<boolean> | undefined,
  ): unknown;
}

const slot: Partial<ModelParts> = {};

/** Fills a part of the slot. */
export function wireModels(made: Partial<ModelParts>): void {
  Object.assign(slot, made);
}

/** A part of the slot. @throws LinnetError `NOT_WIRED`. */
export function modelPart<Name extends keyof ModelParts>(name: Name): ModelParts[Name] {
  const part = slot[name];
  if (part !== undefined) return part;
  throw new LinnetError(`A model's ${name} is not wired. Import "linnet" once.`, {
    code: "NOT_WIRED",
    data: { part: name },
  });
}
