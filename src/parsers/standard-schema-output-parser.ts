import type { StandardSchemaV1 } from "../schema/standard-schema.ts";
import { BaseOutputParser } from "./base-output-parser.ts";
import { parseFitting } from "./structured-output-parser.ts";

/**
 * JSON that a schema of any library with Standard Schema gives. It tells the model nothing of the form: the model knows it
 * already, as from `withStructuredOutput`. JSON that does not fit is an {@link OutputParserException}.
 *
 * @typeParam Parsed what the schema gives.
 *
 * @example
 * ```ts
 * import { StandardSchemaOutputParser, type StandardSchemaV1 } from "linnet";
 *
 * const year: StandardSchemaV1<unknown, number> = {
 *   "~standard": {
 *     version: 1,
 *     vendor: "mine",
 *     validate: (value) => (Number.isInteger(value) ? { value: Number(value) } : { issues: [{ message: "is no year" }] }),
 *   },
 * };
 * console.log(await new StandardSchemaOutputParser(year).invoke("1999")); // 1999
 * ```
 */
export class StandardSchemaOutputParser<Parsed = Record<string, unknown>> extends BaseOutputParser<Parsed> {
  readonly #schema: StandardSchemaV1<unknown, Parsed>;

  constructor(schema: StandardSchemaV1<unknown, Parsed>) {
    super();
    this.#schema = schema;
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain", "output_parsers", "standard_schema"];
  }

  /** A parser for a schema. */
  static fromSerializableSchema<Parsed>(schema: StandardSchemaV1<unknown, Parsed>): StandardSchemaOutputParser<Parsed> {
    return new StandardSchemaOutputParser(schema);
  }

  /**
   * Parses a text.
   *
   * @throws OutputParserException where it has no JSON, or JSON that does not fit.
   */
  parse(text: string): Promise<Parsed> {
    return parseFitting(this.#schema, text);
  }

  /** Nothing: the model is told otherwise. */
  getFormatInstructions(): string {
    return "";
  }
}
