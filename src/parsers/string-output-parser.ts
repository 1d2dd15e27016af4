import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseTransformOutputParser } from "./base-transform-output-parser.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";

/**
 * The text that a model said. Content blocks that are no text (reasoning, tool calls, images) are skipped. Streamed, each
 * chunk gives its text, also where that is empty.
 *
 * @example
 * ```ts
 * import { AIMessage, StringOutputParser } from "linnet";
 *
 * const parser = new StringOutputParser();
 * console.log(await parser.invoke(new AIMessage("Hello"))); // Hello
 * ```
 */
export class StringOutputParser extends BaseTransformOutputParser<string> {
  /** The name that the peer's traces have, so that filters on it keep working. */
  static override lc_name(): string {
    return "StrOutputParser";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "output_parsers", "string"];
  }

  /** The text itself. */
  parse(text: string): Promise<string> {
    return Promise.resolve(text);
  }

  /** Nothing: every answer will do. */
  getFormatInstructions(): string {
    return "";
  }

  override "~parse"(input: ParserInput): MaybePromise<string> {
    // Without the promise of the public method, as long as that is ours.
    const ours = StringOutputParser.prototype;
    return this.parse === ours.parse && this.parseResult === ours.parseResult
      ? textOfInput(input)
      : super["~parse"](input);
  }
}
