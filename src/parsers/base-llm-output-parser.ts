import type { BaseMessage } from "../messages/base-message.ts";
import type { Generation } from "../outputs/generation.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { callWithRun, isBare } from "../runnables/run-call.ts";
import { Runnable } from "../runnables/runnable.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";

/** A generation as parsers take it: with the message where a chat model made it. */
export interface ParsableGeneration extends Generation {
  readonly message?: BaseMessage | undefined;
}

/**
 * What turns what a model said into a value. Subclasses implement `parseResult`, which sees the whole message; those that
 * need its text alone extend `BaseOutputParser`.
 *
 * @typeParam Parsed what it gives.
 */
export abstract class BaseLLMOutputParser<Parsed = unknown> extends Runnable<ParserInput, Parsed> {
  /** Parses the first of a model's generations. It may be async. */
  abstract parseResult(generations: readonly ParsableGeneration[]): MaybePromise<Parsed>;

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "output_parsers"];
  }

  override get "~runType"(): string {
    return "parser";
  }

  override "~call"(input: ParserInput, config: RunnableConfig | undefined): MaybePromise<Parsed> {
    return isBare(config) ? this["~parse"](input) : callWithRun(this, input, config, () => this["~parse"](input));
  }

  /** @internal Parses what a step before gave. */
  "~parse"(input: ParserInput): MaybePromise<Parsed> {
    const text = textOfInput(input);
    return this.parseResult([typeof input === "string" ? { text } : { text, message: input }]);
  }
}
