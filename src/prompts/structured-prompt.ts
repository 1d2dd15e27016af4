import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { ChatPromptValue } from "../outputs/prompt-value.ts";
import { RunnableBinding } from "../runnables/binding.ts";
import type { Runnable } from "../runnables/runnable.ts";
import type { RunnableLike } from "../runnables/runnable-like.ts";
import { ChatPromptTemplate, type ChatPromptTemplateInput } from "./chat-prompt-template.ts";
import type { ChatPromptItem, ChatPromptValues } from "./chat-types.ts";
import type { PartialVariables } from "./partial-variables.ts";
import type { InputValues } from "./prompt-input.ts";
import type { WithoutKeys } from "./template-types.ts";

/** How a model is made to give structured output; the model knows its methods. */
export type StructuredOutputMethod = "functionCalling" | "functionMode" | "jsonMode" | "jsonSchema" | (string & {});

/** What a {@link StructuredPrompt} is made of. */
export interface StructuredPromptInput extends ChatPromptTemplateInput {
  /** What the model should give: a JSON schema, or what the model takes in its place. */
  schema: object;
  /** How the model is made to give it. Default: as the model decides. */
  method?: StructuredOutputMethod | undefined;
}

/**
 * A chat prompt that knows what should come of it: the model that it is piped into gives structured output.
 *
 * @example
 * ```ts
 * import { StructuredPrompt } from "linnet";
 *
 * const schema = { title: "bird", type: "object", properties: { name: { type: "string" } } };
 * const prompt = StructuredPrompt.fromMessagesAndSchema([["human", "Which bird sings {song}?"]], schema);
 * // prompt.pipe(model) is prompt.pipe(model.withStructuredOutput(schema))
 * console.log(prompt.inputVariables); // [ "song" ]
 * ```
 */
export class StructuredPrompt<Values extends object = InputValues> extends ChatPromptTemplate<Values> {
  /** What the model should give. */
  declare readonly schema: object;
  /** How the model is made to give it. */
  declare readonly method: StructuredOutputMethod | undefined;

  /** @throws LinnetError `INVALID_TEMPLATE` as a chat prompt does. */
  constructor(fields: StructuredPromptInput) {
    super(fields);
    this.schema = fields.schema;
    this.method = fields.method;
  }

  static override lc_name(): string {
    return "StructuredPrompt";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "structured"];
  }

  /** Makes it of messages and templates, as a chat prompt is made. @throws LinnetError as `fromMessages` does. */
  static fromMessagesAndSchema<const Items extends readonly ChatPromptItem[]>(
    promptMessages: Items,
    schema: object,
    method?: StructuredOutputMethod,
  ): StructuredPrompt<ChatPromptValues<Items>> {
    const { promptMessages: parts, partialVariables } = ChatPromptTemplate.fromMessages(promptMessages);
    return new StructuredPrompt({ promptMessages: parts, partialVariables, schema, method });
  }

  override partial<const Partials extends PartialVariables>(
    values: Partials,
  ): StructuredPrompt<WithoutKeys<Values, Partials>> {
    return this["~holding"](StructuredPrompt<WithoutKeys<Values, Partials>>, values);
  }

  /**
   * This, and then a model that gives what the schema says; bound options and configs of the model are kept.
   *
   * @throws LinnetError `NOT_SUPPORTED` for what has no `withStructuredOutput`.
   */
  override pipe<NewOutput>(
    next: RunnableLike<ChatPromptValue, NewOutput>,
  ): Runnable<Values, Exclude<NewOutput, Error>> {
    return super.pipe(this.#structured(next) as typeof next);
  }

  #structured(next: unknown): unknown {
    // A retry does more than bind: rebuilt as a binding it would try once.
    if (RunnableBinding.isRunnableBinding(next) && next.constructor === RunnableBinding) {
      const bound = this.#structured(next.bound) as Runnable;
      const { kwargs, config, configFactories, listeners } = next;
      return new RunnableBinding({ bound, kwargs, config, configFactories, listeners });
    }
    const model = next as { withStructuredOutput?(schema: object, options?: object): unknown } | undefined | null;
    if (typeof model?.withStructuredOutput !== "function") {
      throw new LinnetError(
        `Expected a model that has withStructuredOutput() after a structured prompt, got ${describeValue(next)}. Pipe it into a model, and call withRetry() and the like on the chain; or use a ChatPromptTemplate.`,
        { code: "NOT_SUPPORTED" },
      );
    }
    return model.withStructuredOutput(this.schema, this.method === undefined ? undefined : { method: this.method });
  }
}
