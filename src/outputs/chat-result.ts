import type { ChatGeneration, ChatGenerationFields } from "./chat-generation.ts";

/** The fields of a {@link ChatResult}. */
export interface ChatResultFields {
  generations: (ChatGeneration | ChatGenerationFields)[];
  /** What the provider says of the whole call. Default: nothing. */
  llmOutput?: Record<string, unknown> | undefined;
}

/** What a chat model's generate hook gives; a plain object of the same fields is taken too. */
export class ChatResult implements ChatResultFields {
  generations: (ChatGeneration | ChatGenerationFields)[];
  declare llmOutput?: Record<string, unknown> | undefined;

  constructor(fields: ChatResultFields) {
    this.generations = fields.generations;
    if (fields.llmOutput !== undefined) this.llmOutput = fields.llmOutput;
  }
}
