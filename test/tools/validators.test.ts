import { toStandardJsonSchema, toJsonSchema as valibotToJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import { withJsonSchema } from "../../src/schema/to-json-schema.ts";
import { convertToOpenAITool } from "../../src/tools/openai-tools.ts";
import { tool } from "../../src/tools/tool.ts";
import { callOf } from "./tools.ts";

const miniShape = mini.object({
  a: mini.number(),
  b: mini._default(mini.number(), 3),
});
const valibotShape = v.object({ a: v.number(), b: v.optional(v.number(), 3) });

const tools = [
  tool(({ a, b }) => a + b, {
    name: "zod",
    schema: z.object({ a: z.number(), b: z.number().default(3) }),
  }),
  tool(({ a, b }) => a + b, {
    name: "zod/mini",
    schema: withJsonSchema(miniShape, mini.toJSONSchema(miniShape, { io: "input" })),
  }),
  tool(({ a, b }) => a + b, {
    name: "valibot",
    schema: withJsonSchema(valibotShape, valibotToJsonSchema(valibotShape)),
  }),
  tool(({ a, b }) => a + b, {
    name: "valibot, standard",
    schema: toStandardJsonSchema(valibotShape),
  }),
  tool(({ a, b }) => a + b, {
    name: "arktype",
    schema: type({ a: "number", b: "number = 3" }),
  }),
];

describe.each(tools.map((made) => [made.name, made] as const))("a tool with a schema of %s", (name, made) => {
  it("is given what the schema makes of the arguments", async () => {
    const sum = made.invoke({ a: 1 });
    expectTypeOf(sum).resolves.toBeNumber();
    expect(await sum).toBe(4);
    expect(await made.invoke(callOf(name, { a: 1, b: 1 }))).toMatchObject({
      content: "2",
    });
  });

  it("says what does not fit", async () => {
    await expect(made.invoke({ a: "x" } as never)).rejects.toThrow(/\n- a: .*number/);
  });

  it("shows models what it takes", () => {
    const { parameters } = convertToOpenAITool(made).function;
    expect(parameters).toMatchObject({
      type: "object",
      properties: { a: { type: "number" } },
      required: ["a"],
    });
  });
});

test("a schema that cannot be shown is told of with the way out", () => {
  const hidden = tool(() => 1, { name: "t", schema: miniShape });
  expect(() => convertToOpenAITool(hidden)).toThrow(/this one of zod cannot.*withJsonSchema/);
});

test.each([
  ["zod", z.string().max(5)],
  ["arktype", type("string <= 5")],
])("a schema of %s for a text makes a tool for a text", async (_library, schema) => {
  const length = tool((text) => text.length, { name: "t", schema });
  expect(await length.invoke("abc")).toBe(3);
  expect(await length.invoke(callOf("t", { input: "abc" }))).toMatchObject({
    content: "3",
  });
  await expect(length.invoke("abcdef")).rejects.toThrow(/to fit its schema/);
});
