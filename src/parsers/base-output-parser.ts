import { LinnetError } from "../errors/linnet-error.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseLLMOutputParser, type ParsableGeneration } from "./base-llm-output-parser.ts";

/** What `getFormatInstructions` may be told; what there is, is the parser's. */
export type FormatInstructionsOptions = object;

/**
 * What turns the text that a model said into a value. Subclasses implement `parse`, sync or async, and say in
 * `getFormatInstructions` how the model should answer.
 *
 * @typeParam Parsed what it gives.
 *
 * @example
 * ```ts
 * import { BaseOutputParser } from "linnet";
 *
 * class Lines extends BaseOutputParser<string[]> {
 *   getFormatInstructions(): string {
 *     return "Give one item per line.";
 *   }
 *   parse(text: string): string[] {
 *     return text.split("\n");
 *   }
 * }
 *
 * console.log(await new Lines().invoke("one\ntwo")); // [ 'one', 'two' ]
 * ```
 */
export abstract class BaseOutputParser<Parsed = unknown> extends BaseLLMOutputParser<Parsed> {
  /** Parses a text. */
  abstract parse(text: string): MaybePromise<Parsed>;

  /** What to tell the model of the form its answer should have. */
  abstract getFormatInstructions(options?: FormatInstructionsOptions): string;

  /**
   * Parses the text of the first of a model's generations.
   *
   * @throws LinnetError `INVALID_INPUT` where there is none.
   */
  parseResult(generations: readonly ParsableGeneration[]): MaybePromise<Parsed> {
    const [first] = generations;
    if (first !== undefined) return this.parse(first.text);
    throw new LinnetError("Expected at least one generation to parse, got none.", { code: "INVALID_INPUT" });
  }
}
