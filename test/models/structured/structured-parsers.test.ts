import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { AIMessage } from "../../../src/messages/ai.ts";
import type { StructuredOutputSchema } from "../../../src/models/structured/structured-options.ts";
import { createContentParser, createFunctionCallingParser } from "../../../src/models/structured/structured-parsers.ts";
import { BaseOutputParser } from "../../../src/parsers/base-output-parser.ts";
import { JsonOutputParser } from "../../../src/parsers/json-output-parser.ts";
import {
  JsonOutputKeyToolsParser,
  type JsonOutputKeyToolsParserParams,
} from "../../../src/parsers/openai/json-output-tools-parsers.ts";
import { concatAll } from "../../../src/streams/accumulator.ts";
import { calling } from "./models.ts";

async function shown<Output>(schema: StructuredOutputSchema<Output>, ...pieces: string[]): Promise<Output[]> {
  const values: Output[] = [];
  for await (const value of createContentParser(schema).transform(pieces)) values.push(value);
  return values;
}

describe("a parser of JSON text", () => {
  it("is a JSON parser, and goes by that name", () => {
    const parser = createContentParser({ type: "object" });
    expect(parser).toBeInstanceOf(BaseOutputParser);
    expect(parser).toBeInstanceOf(JsonOutputParser);
    expect(parser.getName()).toBe("JsonOutputParser");
    expect(parser.getFormatInstructions()).toBe("");
  });

  it("gives what the schema makes of the text of a message", async () => {
    const parser = createContentParser(z.object({ a: z.coerce.number() }));
    expect(await parser.invoke(new AIMessage('```\n{"a":"1"}\n```'))).toEqual({ a: 1 });
  });

  it("tells what was said where it does not fit", async () => {
    const failure = createContentParser({ type: "object", required: ["a"] }).invoke('{"b":1}');
    await expect(failure).rejects.toMatchObject({ code: "OUTPUT_PARSING_FAILURE", llmOutput: '{"b":1}' });
    await expect(shown({ type: "object", required: ["a"] }, '{"b":', "1}")).rejects.toMatchObject({
      llmOutput: '{"b":1}',
    });
  });

  test.each<[what: string, schema: StructuredOutputSchema, pieces: string[], expected: unknown[]]>([
    [
      "the values on the way, the last one once",
      { type: "object" },
      ['{"a":', "[1", ",2]}"],
      [{}, { a: [1] }, { a: [1, 2] }],
    ],
    [
      "what the schema makes of the last",
      z.object({ a: z.string().toUpperCase() }),
      ['{"a":"x', 'y"}'],
      [{ a: "x" }, { a: "xy" }, { a: "XY" }],
    ],
    ["a text once, as the schema gives it", z.string().toUpperCase(), ['"l', 'in"', " "], ["LIN"]],
    ["a number once, as the schema gives it", z.number().transform((n) => n + 1), ["4", "1", " "], [42]],
    ["null", { type: "null" }, ["nu", "ll"], [null]],
    ["nothing for an empty end", { type: "object" }, ["{}", "\n"], [{}]],
  ])("shows %s", async (_what, schema, pieces, expected) => {
    expect(await shown(schema, ...pieces)).toEqual(expected);
  });

  it("streams what sums to what a call gives", async () => {
    const schema = z
      .object({ names: z.array(z.string().toUpperCase()) })
      .transform(({ names }) => ({ names, n: names.length }));
    const text = '{"names":["linnet","siskin"]}';
    const whole = await createContentParser(schema).invoke(text);
    for (let size = 1; size <= text.length; size += 1) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, "g")) as string[];
      expect(concatAll(await shown(schema, ...pieces))).toEqual(whole);
    }
  });

  it("stays linear over many pieces", async () => {
    const items = Array.from({ length: 4_000 }, (_, place) => ({ place, text: "linnet" }));
    const pieces = JSON.stringify({ items }).match(/.{1,12}/g) as string[];
    const start = performance.now();
    const values = await shown({ type: "object" }, ...pieces);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(values.at(-1)).toEqual({ items });
  });

  test.each([[{ tittle: "x" }], ["x"], [undefined]])("refuses %j, which is no schema", (schema) => {
    expect(() => createContentParser(schema as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
    expect(() => createFunctionCallingParser(schema as never, "x")).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG" }),
    );
  });
});

describe("a parser of a call", () => {
  it("is a parser of the calls of a tool, and goes by that name", async () => {
    const parser = createFunctionCallingParser(z.object({ a: z.coerce.number() }), "listen");
    expect(parser).toBeInstanceOf(JsonOutputKeyToolsParser);
    expect(parser.getName()).toBe("JsonOutputKeyToolsParser");
    expect(await parser.invoke(calling("listen", { a: "1" }))).toEqual({ a: 1 });
  });

  it("is made by the class that is given, of what it needs", async () => {
    const told: unknown[] = [];
    class Own<Output> extends JsonOutputKeyToolsParser<Output> {
      constructor(params: JsonOutputKeyToolsParserParams<Output>) {
        super(params);
        told.push(params);
      }
    }
    const schema = { type: "object" } as const;
    const parser = createFunctionCallingParser(schema, "listen", Own);
    expect(parser).toBeInstanceOf(Own);
    expect(told).toEqual([{ keyName: "listen", returnSingle: true, serializableSchema: schema }]);
    expect(await parser.invoke(new AIMessage("x"))).toBeUndefined();
  });

  it("has no word of what a text holds that may be a key", async () => {
    const parser = createFunctionCallingParser({ type: "object" }, "listen");
    const failure = parser.invoke(new AIMessage("sk-1234567890abcdefghij"));
    await expect(failure).rejects.toThrow("Expected the model to call");
    await expect(failure).rejects.not.toThrow("1234567890");
  });
});
