import { describe, expect, it } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AsymmetricStructuredOutputParser } from "../../src/parsers/asymmetric-structured-output-parser.ts";
import { JsonMarkdownStructuredOutputParser } from "../../src/parsers/json-markdown-structured-output-parser.ts";
import { StandardSchemaOutputParser } from "../../src/parsers/standard-schema-output-parser.ts";
import { StructuredOutputParser } from "../../src/parsers/structured-output-parser.ts";
import type { JsonSchema } from "../../src/schema/json-schema.ts";
import type { StandardSchemaV1 } from "../../src/schema/standard-schema.ts";
import { withJsonSchema } from "../../src/schema/to-json-schema.ts";
import "../../src/runnables/wiring.ts";

/** A schema as of a library's: a year, as a number or a text, which becomes a number. */
const year: StandardSchemaV1<{ year: string | number }, { year: number }> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: async (value) => {
      const given = Number((value as { year?: unknown }).year);
      if (Number.isInteger(given)) return { value: { year: given } };
      return { issues: [{ message: "is no year", path: ["year"] }, { message: "is wrong" }] };
    },
  },
};
const jsonSchema = {
  type: "object",
  properties: { bird: { type: "string" }, count: { type: "integer" } },
  required: ["bird"],
} satisfies JsonSchema;

const refusedWith = (message: string) =>
  expect.objectContaining({ name: "OutputParserException", message: expect.stringContaining(message) });

describe("StructuredOutputParser", () => {
  it("gives JSON as the schema gives it", async () => {
    const parser = StructuredOutputParser.fromZodSchema(year);
    expect(await parser.invoke('```json\n{"year":"1999"}\n```')).toEqual({ year: 1999 });
    expect(await parser.invoke(new AIMessage('{"year":1999}'))).toEqual({ year: 1999 });
    expect(await new StructuredOutputParser(jsonSchema).invoke('{"bird":"linnet","more":1}')).toEqual({
      bird: "linnet",
      more: 1,
    });
    expect(parser.schema).toBe(year);
  });

  it("refuses what does not fit, what is no JSON, and what is half of one", async () => {
    const parser = new StructuredOutputParser(year);
    await expect(parser.invoke('{"year":"x"}')).rejects.toEqual(
      expect.objectContaining({
        message: "Expected JSON that fits its schema, got one that does not: year: is no year; is wrong.",
        llmOutput: '{"year":"x"}',
      }),
    );
    await expect(new StructuredOutputParser(jsonSchema).parse('{"count":"1"}')).rejects.toEqual(refusedWith("count"));
    await expect(parser.parse("words")).rejects.toEqual(refusedWith("Expected JSON"));
    await expect(parser.parse('{"year":1999')).rejects.toEqual(refusedWith("Expected JSON"));
  });

  it("asks for JSON by its JSON Schema", () => {
    const instructions = new StructuredOutputParser(withJsonSchema(year, jsonSchema)).getFormatInstructions();
    expect(instructions).toContain(`\`\`\`json\n${JSON.stringify(jsonSchema)}\n\`\`\``);
    expect(new StructuredOutputParser(jsonSchema).getFormatInstructions()).toBe(instructions);
    expect(() => new StructuredOutputParser(year).getFormatInstructions()).toThrow(LinnetError);
  });

  it("lives where the peer's does", () => {
    expect(new StructuredOutputParser(jsonSchema)["~serialized"]()).toEqual({
      lc: 1,
      type: "not_implemented",
      id: ["langchain", "output_parsers", "structured", "StructuredOutputParser"],
    });
  });

  describe("of names and descriptions", () => {
    const parser = StructuredOutputParser.fromNamesAndDescriptions({ bird: "Its name.", ["__proto__"]: "Hostile." });

    it("gives the texts of these names, and leaves out others", async () => {
      const value = await parser.invoke('{"bird":"linnet","__proto__":"x","count":1}');
      expect(Object.entries(value)).toEqual([
        ["bird", "linnet"],
        ["__proto__", "x"],
      ]);
    });

    it.each(['{"bird":"linnet"}', '{"bird":1,"__proto__":"x"}', "[]", "null", '"x"'])("refuses %s", async (text) => {
      await expect(parser.invoke(text)).rejects.toEqual(refusedWith("fits its schema"));
    });

    it("asks for them", () => {
      expect(parser.getFormatInstructions()).toContain(
        '{"type":"object","properties":{"bird":{"type":"string","description":"Its name."},"__proto__":{"type":"string","description":"Hostile."}},"required":["bird","__proto__"],"additionalProperties":false}',
      );
    });
  });
});

describe("JsonMarkdownStructuredOutputParser", () => {
  const outlineOf = (schema: JsonSchema, options?: { interpolationDepth: number }): string => {
    const instructions = JsonMarkdownStructuredOutputParser.fromZodSchema(schema).getFormatInstructions(options);
    return /```json\n([\s\S]*)\n```/.exec(instructions)?.[1] ?? "";
  };

  it("parses as the others do", async () => {
    const parser = JsonMarkdownStructuredOutputParser.fromNamesAndDescriptions({ bird: "Its name." });
    expect(await parser.invoke('```json\n{"bird":"linnet"}\n```')).toEqual({ bird: "linnet" });
    expect(parser.getFormatInstructions()).toBe(
      'Answer with a fenced block of JSON of this form:\n```json\n{\n  "bird": string // Its name.\n}\n```',
    );
  });

  it.each<[what: string, schema: JsonSchema, outline: string]>([
    ["a field", jsonSchema, '{\n  "bird": string\n  "count": integer // (optional)\n}'],
    ["a description", { type: "string", description: "A bird." }, "string // A bird."],
    ["choices", { enum: ["a", 1, null] }, '"a" | 1 | null'],
    ["one choice", { const: "a" }, '"a"'],
    ["types", { type: ["string", "null"] }, "string | null"],
    [
      "other schemas",
      { anyOf: [{ type: "string" }, { type: "array", items: { type: "number" } }] },
      "string | array[\n  number\n]",
    ],
    ["one of others", { oneOf: [{ const: 1 }, true] }, "1 | any"],
    [
      "a list of objects",
      { type: "array", items: { properties: { a: { type: "string" } }, required: ["a"] } },
      'array[\n  {\n    "a": string\n  }\n]',
    ],
    ["a list of anything", { type: "array" }, "array[\n  any\n]"],
    ["a list of some", { type: "array", items: [{ type: "string" }, {}] }, "array[string, any]"],
    ["anything", {}, "any"],
    ["a field that is anything", { properties: { a: true } }, '{\n  "a": any\n}'],
    ["no field", { type: "object", properties: {} }, "{\n\n}"],
  ])("outlines %s", (_what, schema, outline) => {
    expect(outlineOf(schema)).toBe(outline);
  });

  it("outlines a schema that is in itself as far as it is reasonable", () => {
    const schema: { properties: Record<string, JsonSchema> } = { properties: {} };
    schema.properties.inner = schema;
    expect(outlineOf(schema).length).toBeLessThan(2_000);
  });

  it("repeats braces for templates", () => {
    expect(outlineOf({ properties: { a: { type: "string" } }, required: ["a"] }, { interpolationDepth: 2 })).toBe(
      '{{\n  "a": string\n}}',
    );
    for (const interpolationDepth of [0, -1, Number.NaN])
      expect(() => outlineOf(jsonSchema, { interpolationDepth })).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG" }),
      );
  });
});

describe("AsymmetricStructuredOutputParser", () => {
  class Century extends AsymmetricStructuredOutputParser<typeof year, string> {
    constructor() {
      super({ inputSchema: year });
    }
    outputProcessor(input: { year: number }): string {
      return `${Math.ceil(input.year / 100)}th`;
    }
  }

  it("makes another value of what fits", async () => {
    expect(await new Century().invoke('{"year":"1999"}')).toBe("20th");
    await expect(new Century().invoke('{"year":"x"}')).rejects.toEqual(refusedWith("is no year"));
  });

  it("asks for what it is made of", () => {
    class Shown extends AsymmetricStructuredOutputParser<typeof jsonSchema, string> {
      constructor() {
        super({ inputSchema: jsonSchema });
      }
      outputProcessor(): string {
        return "";
      }
    }
    expect(new Shown().getFormatInstructions()).toContain('"bird": string');
  });
});

describe("StandardSchemaOutputParser", () => {
  const parser = StandardSchemaOutputParser.fromSerializableSchema(year);

  it("gives JSON as the schema gives it, and asks for nothing", async () => {
    expect(await parser.invoke('{"year":"1999"}')).toEqual({ year: 1999 });
    expect(parser.getFormatInstructions()).toBe("");
    expect(parser["~serialized"]().id).toEqual([
      "langchain",
      "output_parsers",
      "standard_schema",
      "StandardSchemaOutputParser",
    ]);
  });

  it.each(['{"year":"x"}', "words", '{"year":1'])("refuses %s", async (text) => {
    await expect(parser.invoke(text)).rejects.toEqual(
      expect.objectContaining({ name: "OutputParserException", llmOutput: text }),
    );
  });
});
