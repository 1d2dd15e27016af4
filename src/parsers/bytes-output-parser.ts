import { toUtf8 } from "../events/utf8.ts";
import { BaseTransformOutputParser } from "./base-transform-output-parser.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";

/** Half a character; with the `u` flag two that belong together are one. */
const LONE_HALF = /\p{Surrogate}/gu;

/**
 * The text that a model said as UTF-8. A character that comes in two chunks is written once both are there; a half that stays
 * alone is written as U+FFFD.
 *
 * @example
 * ```ts
 * import { BytesOutputParser } from "linnet";
 *
 * console.log(await new BytesOutputParser().invoke("é")); // Uint8Array(2) [ 195, 169 ]
 * ```
 */
export class BytesOutputParser extends BaseTransformOutputParser<Uint8Array> {
  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "output_parsers", "bytes"];
  }

  /** The text in UTF-8. */
  async parse(text: string): Promise<Uint8Array> {
    return toUtf8(text.replace(LONE_HALF, "\ufffd"));
  }

  /** Nothing: every answer will do. */
  getFormatInstructions(): string {
    return "";
  }

  /** @internal */
  override async *_transform(input: AsyncGenerator<ParserInput>): AsyncGenerator<Uint8Array> {
    let half = "";
    for await (const chunk of input) {
      const text = half + textOfInput(chunk);
      const isCut = (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
      half = isCut ? (text[text.length - 1] as string) : "";
      yield await this.parseResult([{ text: isCut ? text.slice(0, -1) : text }]);
    }
    if (half !== "") yield await this.parseResult([{ text: half }]);
  }
}
