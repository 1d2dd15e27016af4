import type { Schema } from "../schema/validate.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseOutputParser } from "./base-output-parser.ts";
import { JsonMarkdownStructuredOutputParser } from "./json-markdown-structured-output-parser.ts";
import type { SchemaOutput } from "./schema-output.ts";

/** The fields of an {@link AsymmetricStructuredOutputParser}. */
export interface AsymmetricStructuredOutputParserFields<Given extends Schema> {
  /** What the model's answer has to fit. */
  readonly inputSchema: Given;
}

/**
 * A parser whose value is made of JSON that fits a schema, and need not look like it. Subclasses implement `outputProcessor`.
 *
 * @typeParam Given the schema of the model's answer.
 * @typeParam Parsed what it gives.
 *
 * @example
 * ```ts
 * import { AsymmetricStructuredOutputParser } from "linnet";
 *
 * const inputSchema = { type: "object", properties: { year: { type: "integer" } }, required: ["year"] } as const;
 *
 * class Years extends AsymmetricStructuredOutputParser<typeof inputSchema, Date> {
 *   constructor() {
 *     super({ inputSchema });
 *   }
 *   outputProcessor(input: unknown): Date {
 *     return new Date(Date.UTC((input as { year: number }).year, 0));
 *   }
 * }
 *
 * console.log((await new Years().invoke('{ "year": 1999 }')).getUTCFullYear()); // 1999
 * ```
 */
export abstract class AsymmetricStructuredOutputParser<
  Given extends Schema = Schema,
  Parsed = unknown,
> extends BaseOutputParser<Parsed> {
  readonly #answer: JsonMarkdownStructuredOutputParser<Given>;

  constructor({ inputSchema }: AsymmetricStructuredOutputParserFields<Given>) {
    super();
    this.#answer = new JsonMarkdownStructuredOutputParser(inputSchema);
  }

  /** Makes the value of what the model said. */
  abstract outputProcessor(input: SchemaOutput<Given>): MaybePromise<Parsed>;

  /**
   * Parses a text.
   *
   * @throws OutputParserException where it has no JSON, or JSON that does not fit.
   */
  async parse(text: string): Promise<Parsed> {
    return this.outputProcessor(await this.#answer.parse(text));
  }

  /** Asks for JSON that fits the schema. */
  getFormatInstructions(): string {
    return this.#answer.getFormatInstructions();
  }
}
