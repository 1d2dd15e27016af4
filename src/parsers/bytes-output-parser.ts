import { toUtf8 } from "../events/utf8.ts";
import type { Accumulator } from "../streams/accumulator.ts";
import { BaseTransformOutputParser } from "./base-transform-output-parser.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";

/** Half a character; with the `u` flag two that belong together are one. */
const LONE_HALF = /[\ud800-\udfff]/gu;

/**
 * The text that a model said as UTF-8. A character that comes in two chunks is written once both are there; a half that stays
 * alone is written as U+FFFD. A stream has no empty pieces, but for an answer that is empty.
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
    return additive(toUtf8(text.replace(LONE_HALF, "\ufffd")));
  }

  /** Nothing: every answer will do. */
  getFormatInstructions(): string {
    return "";
  }

  /** @internal */
  override async *_transform(input: AsyncGenerator<ParserInput>): AsyncGenerator<Uint8Array> {
    let half = "";
    let said: "nothing" | "no text" | "text" = "nothing";
    for await (const chunk of input) {
      const text = half + textOfInput(chunk);
      const isCut = (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
      half = isCut ? (text[text.length - 1] as string) : "";
      const whole = isCut ? text.slice(0, -1) : text;
      // Readers of bytes take an empty piece for the end, or wait for ever; models send some for usage and tool calls.
      if (whole === "") {
        if (said === "nothing") said = "no text";
        continue;
      }
      said = "text";
      yield await this.parseResult([{ text: whole }]);
    }
    // An answer without a text has its one value all the same, as from invoke.
    if (half !== "" || said === "no text") yield await this.parseResult([{ text: half }]);
  }
}

/** Bytes that sum themselves, for the end of a run and for steps that wait for all: a language's array has no `concat`. */
function additive(bytes: Uint8Array): Uint8Array {
  const hidden = (value: unknown): PropertyDescriptor => ({ value, configurable: true });
  return Object.defineProperties(bytes, {
    concat: hidden((other: Uint8Array) => {
      const sum = new BytesSum(bytes);
      sum.add(other);
      return sum.value();
    }),
    "~accumulator": hidden(() => new BytesSum(bytes)),
  });
}

class BytesSum implements Accumulator<Uint8Array> {
  readonly #parts: Uint8Array[];
  #length: number;

  constructor(first: Uint8Array) {
    this.#parts = [first];
    this.#length = first.length;
  }

  add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  value(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let end = 0;
    for (const part of this.#parts) {
      whole.set(part, end);
      end += part.length;
    }
    return additive(whole);
  }
}
