import { toStandardJsonSchema, toJsonSchema as valibotToJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import { z as z3 } from "zod/v3";
import { shownSchema } from "../../src/schema/shown-schema.ts";
import { strictSchema } from "../../src/schema/strict-schema.ts";
import { toJsonSchema, withJsonSchema } from "../../src/schema/to-json-schema.ts";
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

test.each([
  [
    "zod/mini",
    miniShape,
    'withJsonSchema(schema, z.toJSONSchema(schema, { io: "input" })), or a schema of the full zod.',
  ],
  ["zod 3", z3.object({ a: z3.number() }), "withJsonSchema(schema, zodToJsonSchema(schema)), with zodToJsonSchema of"],
  ["valibot", valibotShape, "toStandardJsonSchema(schema) of @valibot/to-json-schema."],
])("a schema of %s, which cannot be shown, is told of with the call that mends it", async (_library, schema, fix) => {
  const hidden = tool(({ a }) => a, { name: "t", schema });
  expect(await hidden.invoke({ a: 1 })).toBe(1);
  expect(() => convertToOpenAITool(hidden)).toThrow(
    /^Expected a schema that can be shown as JSON Schema, and this one of/,
  );
  expect(() => convertToOpenAITool(hidden)).toThrow(`cannot. Give ${fix}`);
});

describe("a schema of zod", () => {
  const bird = z.object({
    name: z.string(),
    size: z.object({ cm: z.number().default(10) }).optional(),
    notes: z.looseObject({ by: z.string() }),
    songs: z.array(z.union([z.object({ text: z.string() }), z.string()])),
    counts: z.record(z.string(), z.number()),
    short: z.string().transform((text) => text.length),
    both: z.object({ a: z.string() }).and(z.object({ b: z.string() })),
  });

  test("is closed where zod drops other keys, and asks for what zod asks for", () => {
    const shown = shownSchema(bird);
    expect(shown).toMatchObject({
      additionalProperties: false,
      required: ["name", "notes", "songs", "counts", "short", "both"],
    });
    expect(shown.properties).toMatchObject({
      size: { properties: { cm: { default: 10, type: "number" } }, additionalProperties: false },
      notes: { additionalProperties: {} },
      songs: { items: { anyOf: [{ additionalProperties: false }, { type: "string" }] } },
      counts: { additionalProperties: { type: "number" } },
      short: { type: "string" },
    });
    expect(shown.properties?.size).not.toHaveProperty("required");
    // All that zod says of its input stays.
    expect(shown).toMatchObject(toJsonSchema(bird));
  });

  test("asks for everything where it is strict", () => {
    const strict = strictSchema(shownSchema(bird));
    expect(strict.required).toEqual(["name", "size", "notes", "songs", "counts", "short", "both"]);
    expect(strict.properties).toMatchObject({
      size: { required: ["cm"], additionalProperties: false },
      notes: { required: ["by"], additionalProperties: false },
      counts: { additionalProperties: { type: "number" } },
    });
    expect(JSON.stringify(strict)).not.toContain("default");
  });

  test("that refers to itself is closed where it is told of", () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree).optional();
      },
    });
    const Nest = z.object({ trees: z.array(Tree), first: Tree });
    const { $defs } = shownSchema(Nest);
    expect(Object.values($defs ?? {})).toEqual([
      expect.objectContaining({ additionalProperties: false, required: ["name"] }),
    ]);
    expect(Object.values(strictSchema(shownSchema(Nest)).$defs ?? {})).toEqual([
      expect.objectContaining({ additionalProperties: false, required: ["name", "children"] }),
    ]);
  });
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
