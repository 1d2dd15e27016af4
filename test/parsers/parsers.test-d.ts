import { describe, expectTypeOf, it } from "vitest";
import type { AsymmetricStructuredOutputParser } from "../../src/parsers/asymmetric-structured-output-parser.ts";
import { JsonMarkdownStructuredOutputParser } from "../../src/parsers/json-markdown-structured-output-parser.ts";
import { JsonOutputParser, parseJsonMarkdown } from "../../src/parsers/json-output-parser.ts";
import {
  JsonOutputKeyToolsParser,
  JsonOutputToolsParser,
  type ParsedToolCall,
} from "../../src/parsers/openai/json-output-tools-parsers.ts";
import { StandardSchemaOutputParser } from "../../src/parsers/standard-schema-output-parser.ts";
import { StructuredOutputParser } from "../../src/parsers/structured-output-parser.ts";
import type { JsonSchema } from "../../src/schema/json-schema.ts";
import type { StandardSchemaV1 } from "../../src/schema/standard-schema.ts";

interface Bird {
  name: string;
}
declare const bird: StandardSchemaV1<{ name: unknown }, Bird>;
declare const json: JsonSchema;

describe("parsers", () => {
  it("give what they are said to", () => {
    expectTypeOf(new JsonOutputParser().parse("")).resolves.toEqualTypeOf<Record<string, unknown>>();
    expectTypeOf(new JsonOutputParser<Bird>().invoke("")).resolves.toEqualTypeOf<Bird>();
    expectTypeOf(parseJsonMarkdown("")).toBeUnknown();
    expectTypeOf(parseJsonMarkdown("", Number)).toBeNumber();
  });

  it("give what their schema gives", () => {
    expectTypeOf(new StructuredOutputParser(bird).invoke("")).resolves.toEqualTypeOf<Bird>();
    expectTypeOf(StructuredOutputParser.fromZodSchema(json).invoke("")).resolves.toBeUnknown();
    expectTypeOf(StructuredOutputParser.fromNamesAndDescriptions({ a: "A." }).parse("")).resolves.toEqualTypeOf<{
      a: string;
    }>();
    expectTypeOf(JsonMarkdownStructuredOutputParser.fromZodSchema(bird).invoke("")).resolves.toEqualTypeOf<Bird>();
    expectTypeOf(new StandardSchemaOutputParser(bird).invoke("")).resolves.toEqualTypeOf<Bird>();
    expectTypeOf<Parameters<AsymmetricStructuredOutputParser<typeof bird, number>["outputProcessor"]>>().toEqualTypeOf<
      [Bird]
    >();
  });

  it("give calls", () => {
    expectTypeOf(new JsonOutputToolsParser().invoke("")).resolves.toEqualTypeOf<ParsedToolCall[]>();
    expectTypeOf(new JsonOutputKeyToolsParser<Bird>({ keyName: "f" }).invoke("")).resolves.toEqualTypeOf<Bird>();
  });
});
