import type { SerializableSchema } from "../schema/standard-schema.ts";
import { toJsonSchema } from "../schema/to-json-schema.ts";
import type { Schema } from "../schema/validate.ts";
import { BaseOutputParser } from "./base-output-parser.ts";
import { parseJsonText } from "./json-output-parser.ts";
import { fitted, type SchemaOutput } from "./schema-output.ts";
import { type DescribedTexts, textsSchema } from "./texts-schema.ts";

/**
 * JSON that fits a schema: of any library with Standard Schema, or a JSON Schema. Asks the model for it by its JSON Schema.
 * JSON that does not fit is an {@link OutputParserException}.
 *
 * @typeParam Given the schema.
 *
 * @example
 * ```ts
 * import { StructuredOutputParser } from "linnet";
 *
 * const parser = StructuredOutputParser.fromNamesAndDescriptions({ bird: "The bird's name.", place: "Where it lives." });
 * console.log(parser.getFormatInstructions()); // Answer with JSON that fits …
 * const { bird } = await parser.invoke('{ "bird": "linnet", "place": "heaths" }');
 * console.log(bird); // linnet
 * ```
 */
export class StructuredOutputParser<Given extends Schema = Schema> extends BaseOutputParser<SchemaOutput<Given>> {
  /** What the answer has to fit. */
  declare readonly schema: Given;

  /** @param schema what the answer has to fit. One without JSON Schema needs `withJsonSchema` to be asked for. */
  constructor(schema: Given) {
    super();
    this.schema = schema;
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain", "output_parsers", "structured"];
  }

  /** A parser for a schema of zod's, or of any other library with Standard Schema. */
  static fromZodSchema<Given extends Schema>(schema: Given): StructuredOutputParser<Given> {
    return new StructuredOutputParser(schema);
  }

  /** A parser for an object of texts. @param descriptions what each of them is, by its name. */
  static fromNamesAndDescriptions<Names extends Readonly<Record<string, string>>>(
    descriptions: Names,
  ): StructuredOutputParser<SerializableSchema<DescribedTexts<Names>>> {
    return new StructuredOutputParser(textsSchema(descriptions));
  }

  /**
   * Parses a text.
   *
   * @throws OutputParserException where it has no JSON, or JSON that does not fit.
   */
  parse(text: string): Promise<SchemaOutput<Given>> {
    return parseFitting(this.schema, text);
  }

  /** Asks for JSON by the schema. @throws LinnetError `INVALID_CONFIG` for a schema that cannot be shown as JSON Schema. */
  getFormatInstructions(): string {
    return `Answer with JSON that fits the JSON Schema below, in a fenced block, with all of its fields and no trailing commas. The answer is the value itself, not the schema: for {"type":"object","properties":{"colors":{"type":"array","items":{"type":"string"}}}} it could be {"colors":["red","green"]}.

The JSON Schema:
\`\`\`json
${JSON.stringify(toJsonSchema(this.schema))}
\`\`\``;
  }
}

/** What the JSON in a text is by a schema. */
export async function parseFitting<Given extends Schema>(schema: Given, text: string): Promise<SchemaOutput<Given>> {
  return fitted(schema, parseJsonText(text), "JSON", text);
}
