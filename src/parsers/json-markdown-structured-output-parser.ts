import { LinnetError } from "../errors/linnet-error.ts";
import type { SerializableSchema } from "../schema/standard-schema.ts";
import { toJsonSchema } from "../schema/to-json-schema.ts";
import type { Schema } from "../schema/validate.ts";
import type { FormatInstructionsOptions } from "./base-output-parser.ts";
import { outlineOf } from "./schema-outline.ts";
import { StructuredOutputParser } from "./structured-output-parser.ts";
import { type DescribedTexts, textsSchema } from "./texts-schema.ts";

/** What {@link JsonMarkdownStructuredOutputParser.getFormatInstructions} may be told. */
export interface JsonMarkdownFormatInstructionsOptions extends FormatInstructionsOptions {
  /** How many braces stand for one: 2 where the instructions become part of an f-string template. Default: 1. */
  readonly interpolationDepth?: number | undefined;
}

/** The same, under the peer's other name for it. */
export type JsonMarkdownStructuredOutputParserInput = JsonMarkdownFormatInstructionsOptions;

/**
 * JSON that fits a schema, asked for by an outline instead of the JSON Schema, which is shorter.
 *
 * @typeParam Given the schema.
 *
 * @example
 * ```ts
 * import { JsonMarkdownStructuredOutputParser } from "linnet";
 *
 * const parser = JsonMarkdownStructuredOutputParser.fromNamesAndDescriptions({ bird: "The bird's name." });
 * console.log(parser.getFormatInstructions()); // … { "bird": string // The bird's name. }
 * console.log(await parser.invoke('```json\n{ "bird": "linnet" }\n```')); // { bird: 'linnet' }
 * ```
 */
export class JsonMarkdownStructuredOutputParser<Given extends Schema = Schema> extends StructuredOutputParser<Given> {
  /** A parser for a schema of zod's, or of any other library with Standard Schema. */
  static override fromZodSchema<Given extends Schema>(schema: Given): JsonMarkdownStructuredOutputParser<Given> {
    return new JsonMarkdownStructuredOutputParser(schema);
  }

  /** A parser for an object of texts. @param descriptions what each of them is, by its name. */
  static override fromNamesAndDescriptions<Names extends Readonly<Record<string, string>>>(
    descriptions: Names,
  ): JsonMarkdownStructuredOutputParser<SerializableSchema<DescribedTexts<Names>>> {
    return new JsonMarkdownStructuredOutputParser(textsSchema(descriptions));
  }

  /**
   * Asks for JSON by an outline.
   *
   * @throws LinnetError `INVALID_CONFIG` for a depth below 1, or a schema that cannot be shown as JSON Schema.
   */
  override getFormatInstructions(options: JsonMarkdownFormatInstructionsOptions = {}): string {
    const { interpolationDepth = 1 } = options;
    if (!(interpolationDepth >= 1))
      throw new LinnetError(`Expected an interpolationDepth of 1 or more, got ${interpolationDepth}.`, {
        code: "INVALID_CONFIG",
      });
    const outline = outlineOf(toJsonSchema(this.schema));
    const braced = outline.replace(/[{}]/g, (brace) => brace.repeat(interpolationDepth));
    return `Answer with a fenced block of JSON of this form:\n\`\`\`json\n${braced}\n\`\`\``;
  }
}
