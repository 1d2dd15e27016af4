import { describe, expectTypeOf, it } from "vitest";
import type { AsymmetricStructuredOutputParser } from "../../src/parsers/asymmetric-structured-output-parser.ts";
import { BaseCumulativeTransformOutputParser } from "../../src/parsers/base-cumulative-transform-output-parser.ts";
import type { ParsableGeneration } from "../../src/parsers/base-llm-output-parser.ts";
import type { BaseOutputParser, FormatInstructionsOptions } from "../../src/parsers/base-output-parser.ts";
import { JsonMarkdownStructuredOutputParser } from "../../src/parsers/json-markdown-structured-output-parser.ts";
import { JsonOutputParser, parseJsonMarkdown } from "../../src/parsers/json-output-parser.ts";
import {
  JsonOutputKeyToolsParser,
  type JsonOutputKeyToolsParserParamsInterop,
  type JsonOutputKeyToolsParserParamsSerializable,
  JsonOutputToolsParser,
  type ParsedToolCall,
} from "../../src/parsers/openai/json-output-tools-parsers.ts";
import { OutputParserException } from "../../src/parsers/output-parser-exception.ts";
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

  it("fail with errors that tell what the model said", () => {
    const error: unknown = undefined;
    if (OutputParserException.isInstance(error)) expectTypeOf(error.llmOutput).toEqualTypeOf<string | undefined>();
  });

  it("may be extended as the peer's are", () => {
    class Lines extends BaseCumulativeTransformOutputParser<string[]> {
      protected override _diff(previous: unknown, next: unknown): unknown {
        return [previous, next];
      }
      async parse(text: string): Promise<string[]> {
        return text.split("\n");
      }
      async parsePartialResult(generations: readonly ParsableGeneration[]): Promise<string[] | undefined> {
        return generations[0]?.text.split("\n");
      }
      override getFormatInstructions(_options?: FormatInstructionsOptions): string {
        return "Give lines.";
      }
    }
    expectTypeOf(new Lines({ diff: true }).invoke("")).resolves.toEqualTypeOf<string[]>();
    const parser: BaseOutputParser<{ a: string }> = JsonMarkdownStructuredOutputParser.fromNamesAndDescriptions({
      a: "",
    });
    expectTypeOf(parser.getFormatInstructions({ interpolationDepth: 2 })).toBeString();
  });

  it("take a schema under each of the peer's names", () => {
    const zodSchema: JsonOutputKeyToolsParserParamsInterop<Bird> = { keyName: "f", zodSchema: bird };
    const serializableSchema: JsonOutputKeyToolsParserParamsSerializable<Bird> = {
      keyName: "f",
      serializableSchema: bird,
    };
    for (const params of [zodSchema, serializableSchema])
      expectTypeOf(new JsonOutputKeyToolsParser(params).invoke("")).resolves.toEqualTypeOf<Bird>();
    // The schema alone says what is given.
    expectTypeOf(
      new JsonOutputKeyToolsParser({ keyName: "f", zodSchema: bird }).invoke(""),
    ).resolves.toEqualTypeOf<Bird>();
  });
});
