import { describe, expect, it, test } from "vitest";
import "../../src/runnables/wiring.ts";
import { wired } from "../../src/runnables/factories.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { toJsonSchema, withJsonSchema } from "../../src/schema/to-json-schema.ts";
import { convertToOpenAIFunction, convertToOpenAITool } from "../../src/tools/openai-tools.ts";
import { RunnableToolLike } from "../../src/tools/runnable-tool-like.ts";
import { StructuredTool } from "../../src/tools/structured-tool.ts";
import { tool } from "../../src/tools/tool.ts";
import {
  isLangChainTool,
  isRunnableToolLike,
  isStructuredTool,
  isStructuredToolParams,
} from "../../src/tools/tool-guards.ts";
import "../../src/tools/wiring.ts";
import { callOf, LATER, NUMBERS, NUMBERS_JSON, noting, TEXT } from "./tools.ts";

const add = tool(({ a, b }) => a + b, { name: "add", description: "Adds.", schema: NUMBERS });
const doubled = RunnableLambda.from(({ a }: { a: number }) => a * 2, { name: "double" });
const like = new RunnableToolLike({ bound: doubled, name: "twice", description: "Doubles.", schema: NUMBERS });

describe("a tool as OpenAI takes it", () => {
  it("has the schema of what it takes", () => {
    const definition = { name: "add", description: "Adds.", parameters: NUMBERS_JSON };
    expect(convertToOpenAIFunction(add)).toEqual(definition);
    expect(convertToOpenAITool(add)).toEqual({ type: "function", function: definition });
    expect(convertToOpenAITool(like)).toMatchObject({ function: { name: "twice", parameters: NUMBERS_JSON } });
  });

  it("is strict where that is said, and takes a place in a list for nothing", () => {
    expect(convertToOpenAIFunction(add, { strict: true }).strict).toBe(true);
    expect(convertToOpenAITool(add, { strict: false }).function.strict).toBe(false);
    expect("strict" in convertToOpenAITool(add, {}).function).toBe(false);
    expect([add].map(convertToOpenAITool)).toEqual([convertToOpenAITool(add)]);
    expect([add].map(convertToOpenAIFunction)).toEqual([convertToOpenAIFunction(add)]);
  });

  it("takes a text in an object", () => {
    const text = { type: "object", properties: { input: { type: "string" } }, additionalProperties: false };
    expect(convertToOpenAIFunction(tool((x) => x, { name: "t" })).parameters).toEqual(text);
    expect(convertToOpenAIFunction(tool((x) => x, { name: "t", schema: TEXT })).parameters).toEqual({
      ...text,
      required: ["input"],
    });
  });

  it("may be told of without being one", () => {
    expect(convertToOpenAITool({ name: "x", schema: { type: "object" } })).toEqual({
      type: "function",
      function: { name: "x", parameters: { type: "object" } },
    });
  });

  it.each<[what: string, given: object]>([
    ["a schema under parameters", { name: "x", description: "d", parameters: { type: "object", required: ["a"] } }],
    ["a schema under input_schema", { name: "x", description: "d", input_schema: { type: "object", required: ["a"] } }],
    ["a JSON Schema with a title", { title: "x", description: "d", type: "object", required: ["a"] }],
    [
      "a schema of a library with a title",
      withJsonSchema(LATER, { title: "x", description: "d", type: "object", required: ["a"] }),
    ],
  ])("may be told of by %s", (_what, given) => {
    const definition = { name: "x", description: "d", parameters: { type: "object", required: ["a"] } };
    expect(convertToOpenAIFunction(given)).toEqual(definition);
    expect(convertToOpenAITool(given, { strict: true })).toEqual({
      type: "function",
      function: { ...definition, parameters: { ...definition.parameters, additionalProperties: false }, strict: true },
    });
  });

  it("is closed and asks for all keys where it is strict, whatever tells of it", () => {
    const strict = { strict: true };
    const wanted = {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    };
    const schema = { type: "object", properties: { a: { type: "string", default: "x" } } };
    const known = { type: "function", function: { name: "t", parameters: schema } };
    for (const given of [
      tool(() => 1, { name: "t", schema }),
      { name: "t", schema },
      { ...schema, title: "t" },
      known,
    ]) {
      expect(convertToOpenAIFunction(given, strict)).toMatchObject({ name: "t", parameters: wanted, strict: true });
      expect(convertToOpenAIFunction(given, strict).parameters).toEqual(wanted);
      expect(convertToOpenAIFunction(given, { strict: false }).parameters).toEqual(schema);
    }
    const text = tool((x) => x, { name: "t" });
    expect(convertToOpenAIFunction(text, strict).parameters.required).toEqual(["input"]);
    const bare = { type: "function", function: { name: "t" } };
    expect(convertToOpenAITool(bare, strict)).toEqual({ type: "function", function: { name: "t", strict: true } });
    expect(schema.properties.a.default).toBe("x");
  });

  it("is closed where its library drops other keys, and has what it takes", () => {
    const inner = { type: "object", properties: { b: { type: "string", default: "x" } } };
    const loose = { type: "object", additionalProperties: {} };
    const input = { type: "object", properties: { inner, loose }, required: ["loose"] };
    const output = {
      type: "object",
      properties: { inner: { ...inner, required: ["b"], additionalProperties: false }, loose },
      required: ["inner", "loose"],
      additionalProperties: false,
    };
    const { validate } = LATER["~standard"];
    const standard = { version: 1, vendor: "test", validate, jsonSchema: { input: () => input, output: () => output } };
    const made = tool(() => 1, { name: "t", schema: { "~standard": standard } as never });
    const closed = {
      ...input,
      properties: { inner: { ...inner, additionalProperties: false }, loose },
      additionalProperties: false,
    };
    expect(convertToOpenAITool(made).function.parameters).toEqual(closed);
    expect(convertToOpenAITool({ name: "t", schema: { "~standard": standard } }).function.parameters).toEqual(closed);
    expect("additionalProperties" in input).toBe(false);
  });

  it.each([["array"], ["number"], [["string", "null"]]])(
    "takes its arguments by name, so that no schema of %j is one",
    (type) => {
      class Mine extends StructuredTool {
        override name = "mine";
        description = "";
        schema = { type };
        _call(): number {
          return 1;
        }
      }
      const wrong =
        /^Expected the schema of the tool \w+ to be of an object, .* or of a text, got one of .*Make it a field/;
      expect(() => tool(() => 1, { name: "t", schema: { type } })).toThrow(wrong);
      expect(() => convertToOpenAITool(new Mine())).toThrow(wrong);
      expect(() => convertToOpenAITool(new Mine())).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG", data: { tool: "mine" } }),
      );
      expect(convertToOpenAITool({ name: "t", schema: { type: ["object", "null"] } }).function.name).toBe("t");
    },
  );

  it("has no description where none is told, or what is told is no text", () => {
    expect(convertToOpenAIFunction({ title: "x", properties: {} })).toEqual({
      name: "x",
      parameters: { properties: {} },
    });
    expect(convertToOpenAIFunction({ name: "x", description: 3, parameters: {} })).toEqual({
      name: "x",
      parameters: {},
    });
  });

  it("may be a class instance of any kind, and a type without an index", () => {
    interface Params {
      name: string;
      schema: { type: "object" };
    }
    const params: Params = { name: "x", schema: { type: "object" } };
    class Mine {
      name = "x";
      schema = { type: "object" };
    }
    for (const given of [params, new Mine()]) {
      expect(convertToOpenAITool(given).function).toEqual({ name: "x", parameters: { type: "object" } });
    }
  });

  it.each<[what: string, given: object]>([
    ["a JSON Schema", { type: "object", properties: {} }],
    ["an empty title", { title: "", type: "object" }],
    ["a schema of a library", withJsonSchema(LATER, { type: "object" })],
  ])("is told of what is missing where it has no title: %s", (_what, given) => {
    expect(() => convertToOpenAITool(given)).toThrow(/to have a title, which names the tool/);
    expect(() => convertToOpenAIFunction(given)).toThrow(/to have a title, which names the tool/);
  });

  it("is as it is where it is one already, and the caller's stays as it was", () => {
    const given = { type: "function", function: { name: "x", parameters: {} } };
    expect(convertToOpenAITool(given)).toEqual(given);
    expect(convertToOpenAITool(given, { strict: true })).toEqual({
      type: "function",
      function: { name: "x", parameters: {}, strict: true },
    });
    expect(given.function).toEqual({ name: "x", parameters: {} });
    expect(convertToOpenAIFunction(given)).toEqual(given.function);
    expect(convertToOpenAIFunction(given)).not.toBe(given.function);
  });

  it.each([
    [{ type: "web_search" }],
    [{ type: "web_search", name: "search", parameters: {} }],
    [{ type: "function", name: "flat", parameters: {} }],
  ])("of a provider is given back as it is: %j", (given) => {
    expect(convertToOpenAITool(given)).toBe(given);
    expect(() => convertToOpenAIFunction(given)).toThrow(/^Expected a tool with a name and a schema/);
  });

  test.each([
    [undefined],
    [null],
    ["add"],
    [[]],
    [{}],
    [{ name: "x" }],
    [{ name: 1, parameters: {} }],
    [{ name: "x", parameters: [] }],
  ])("is not %j", (given) => {
    expect(() => convertToOpenAITool(given as never)).toThrow(/^Expected a tool with a name and a schema/);
    expect(() => convertToOpenAIFunction(given as never)).toThrow(/^Expected a tool with a name and a schema/);
  });

  it("says what to do where its schema cannot be shown", () => {
    const hidden = tool(() => 1, { name: "t", schema: LATER });
    expect(() => convertToOpenAITool(hidden)).toThrow(/withJsonSchema/);
  });
});

describe("arguments that are injected", () => {
  const schema = {
    type: "object",
    properties: { query: { type: "string" }, user: { type: "string" } },
    required: ["query", "user"],
  };
  const search = tool((args) => args, {
    name: "search",
    schema,
    injectedArgs: { user: (config) => config.configurable?.user, call: (config) => config.toolCallId },
  });
  const config = { configurable: { user: "u1" } };

  it("are not shown to models, and are part of the schema", () => {
    expect(convertToOpenAITool(search).function.parameters).toEqual({
      type: "object",
      properties: { query: { type: "string" } },
      required: ["query"],
    });
    expect(search.schema).toBe(schema);
    expect(schema.required).toHaveLength(2);
    const bare = tool(() => 1, { name: "t", schema: { type: "object" }, injectedArgs: { x: () => 1 } });
    expect(bare.toolCallSchema).toEqual({ type: "object" });
  });

  it("are made of the config of the call", async () => {
    const answer = await search.invoke(callOf("search", { query: "q" }, "c"), config);
    expect(answer.content).toBe('{"query":"q","user":"u1","call":"c"}');
    expect(await search.invoke({ query: "q" }, config)).toStrictEqual({ query: "q", user: "u1" });
  });

  it("cannot be said by a model, and can by code", async () => {
    const answer = await search.invoke(callOf("search", { query: "q", user: "root" }), config);
    expect(answer.content).toContain('"user":"u1"');
    expect(
      (await search.invoke({ query: "q", user: "root" }, { ...config, toolCall: callOf("search") })).content,
    ).toContain("u1");
    expect(await search.invoke({ query: "q", user: "root" }, config)).toEqual({ query: "q", user: "root" });
  });

  it("are missing where the config has none", async () => {
    await expect(search.invoke(callOf("search", { query: "q", user: "root" }))).rejects.toThrow("user: is missing");
  });

  it("are not told to handlers, and not put into what is no object", async () => {
    const lines: string[] = [];
    await search.invoke({ query: "q" }, { ...config, callbacks: [noting(lines)] });
    expect(lines[0]).toBe('start tool search {"query":"q"}');
    await expect(search.invoke(callOf("search", "text" as never), config)).rejects.toThrow(/expected an object/);
  });

  it("pass keys of any name", async () => {
    const any = tool((args) => args, { name: "t", schema: { type: "object" }, injectedArgs: { x: () => 1 } });
    const given = JSON.parse('{"__proto__":{"y":1},"constructor":2}');
    const args = await any.invoke(given as Record<string, unknown>);
    expect(Object.keys(args)).toEqual(["__proto__", "constructor", "x"]);
    expect((args as { y?: unknown }).y).toBeUndefined();
  });
});

describe("guards", () => {
  const peer = { lc_runnable: true, name: "x", schema: { type: "object" } };
  test.each<[what: string, value: unknown, structured: boolean, runnable: boolean, params: boolean]>([
    ["a tool", add, true, false, true],
    ["a runnable as a tool", like, true, true, true],
    ["a tool of the peer", peer, true, false, true],
    ["what says what a tool is", { name: "x", schema: NUMBERS }, false, false, true],
    ["with a description", { name: "x", description: "d", schema: { type: "object" } }, false, false, true],
    ["with no text for description", { name: "x", description: 1, schema: { type: "object" } }, false, false, false],
    ["a runnable", doubled, false, false, false],
    ["no schema", { name: "x" }, false, false, false],
    ["a schema that is none", { name: "x", schema: { a: 1 } }, false, false, false],
    ["no name", { schema: { type: "object" } }, false, false, false],
    ["one of OpenAI's", { type: "function", function: { name: "x" } }, false, false, false],
    ["what has no class", Object.assign(Object.create(null), peer), true, false, true],
    ["nothing", undefined, false, false, false],
    ["null", null, false, false, false],
  ])("tell %s", (_what, value, structured, runnable, params) => {
    expect(isStructuredTool(value)).toBe(structured);
    expect(isRunnableToolLike(value)).toBe(runnable);
    expect(isStructuredToolParams(value)).toBe(params);
    expect(isLangChainTool(value)).toBe(params);
  });
});

describe("a runnable as a tool", () => {
  it("answers as tools do, with its run inside", async () => {
    const lines: string[] = [];
    expect(await like.invoke({ a: 2 }, { callbacks: [noting(lines)] })).toBe(4);
    expect(lines).toEqual([
      'start tool twice {"a":2}',
      'start chain double {"a":2,"b":3}',
      "end double 4",
      "end twice 4",
    ]);
    expect(await like.invoke(callOf("twice", { a: 2 }))).toMatchObject({ content: "4", tool_call_id: "call-1" });
    await expect(like.invoke({ a: "2" } as never)).rejects.toThrow("a: expected a number");
  });

  it("has the runnable's name, and a description from its schema, where none is said", () => {
    expect(new RunnableToolLike({ bound: doubled, schema: NUMBERS })).toMatchObject({
      name: "double",
      description: "double tool",
    });
    const schema = { type: "object", description: "From the schema." };
    expect(new RunnableToolLike({ bound: () => 1, schema }).description).toBe("From the schema.");
  });

  it("needs a schema", () => {
    expect(() => new RunnableToolLike({ bound: doubled, schema: undefined as never })).toThrow(/^Expected a schema/);
  });

  it("is what asTool makes, once it is wired", async () => {
    const make = wired("asTool" as never) as unknown as (bound: unknown, fields: object) => RunnableToolLike;
    const made = make(doubled, { name: "twice", schema: { type: "object" } });
    expect(made).toBeInstanceOf(RunnableToolLike);
    expect(made.toJSON().id).toEqual(["linnet", "tools", "RunnableToolLike"]);
    expect(toJsonSchema(made.schema)).toEqual({ type: "object" });
    expect(await made.invoke({ a: 1 })).toBe(2);
  });
});
