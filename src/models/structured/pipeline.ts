import type { BaseMessage } from "../../messages/base-message.ts";
import type { Runnable } from "../../runnables/runnable.ts";
import type { RunnableInterface } from "../../runnables/runnable-like.ts";
import type { BaseLanguageModelInput } from "../base-language-model.ts";
import type { StructuredOutputWithRaw } from "./structured-options.ts";
import { ParsedWithRaw } from "./with-raw.ts";

/** A chat model, or a binding of one. */
type Model = RunnableInterface<BaseLanguageModelInput, BaseMessage>;

/** What reads its answers. */
type Parser<Output> = RunnableInterface<never, Output>;

/**
 * A model and the parser of its answers, as `withStructuredOutput` puts them together: for models that have one of their own.
 *
 * @param includeRaw whether the message comes along, as `{ raw, parsed }`; an answer that cannot be parsed is null there, with
 * a `parsing_error`. Default: false.
 * @param runName the name in traces. Default: that of a sequence.
 *
 * @example
 * ```ts
 * import { assembleStructuredOutputPipeline, ChatParrotLink, createContentParser } from "linnet";
 *
 * const parrot = new ChatParrotLink({ parrotBufferLength: 20, model: "parrot" });
 * const reads = assembleStructuredOutputPipeline(parrot, createContentParser({ type: "object" }), true);
 * console.log((await reads.invoke('{"bird":"linnet"}')).parsed); // { bird: 'linnet' }
 * ```
 */
export function assembleStructuredOutputPipeline<Output>(
  llm: Model,
  outputParser: Parser<Output>,
  includeRaw?: false,
  runName?: string,
): Runnable<BaseLanguageModelInput, Output>;
export function assembleStructuredOutputPipeline<Output>(
  llm: Model,
  outputParser: Parser<Output>,
  includeRaw: true,
  runName?: string,
): Runnable<BaseLanguageModelInput, StructuredOutputWithRaw<Output>>;
export function assembleStructuredOutputPipeline<Output>(
  llm: Model,
  outputParser: Parser<Output>,
  includeRaw?: boolean,
  runName?: string,
): Runnable<BaseLanguageModelInput, Output | StructuredOutputWithRaw<Output>>;
export function assembleStructuredOutputPipeline(
  llm: Model,
  outputParser: Parser<unknown>,
  includeRaw: boolean = false,
  runName?: string,
): Runnable<BaseLanguageModelInput, unknown> {
  const model = llm as Runnable<BaseLanguageModelInput, BaseMessage>;
  const parser = outputParser as Runnable<BaseMessage, unknown>;
  const sequence = model.pipe(includeRaw ? new ParsedWithRaw(parser) : parser);
  return runName === undefined ? sequence : sequence.withConfig({ runName });
}
