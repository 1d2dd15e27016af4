import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, expectTypeOf, it, test, vi } from "vitest";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import { RunCollectorCallbackHandler } from "../../src/callbacks/tracers/run-collector.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunToolsOutput } from "../../src/tools/run-tools-output.ts";
import "../../src/runnables/wiring.ts";
import type { JsonSchema } from "../../src/schema/json-schema.ts";
import { DynamicStructuredTool } from "../../src/tools/dynamic-structured-tool.ts";
import { DynamicTool } from "../../src/tools/dynamic-tool.ts";
import { Tool } from "../../src/tools/string-tool.ts";
import { StructuredTool } from "../../src/tools/structured-tool.ts";
import { tool } from "../../src/tools/tool.ts";
import { ToolInputParsingException } from "../../src/tools/tool-input-parsing-exception.ts";
import type { ToolRuntime } from "../../src/tools/tool-types.ts";
import { BaseToolkit } from "../../src/tools/toolkit.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { callOf, LATER, NUMBERS, noting, TEXT } from "./tools.ts";

const ANY = { type: "object" };

afterEach(() => installAsyncContext(undefined));

/** A tool that gives this. */
function giving(output: unknown, fields: object = {}) {
  return tool(() => output, { name: "t", schema: ANY, ...fields });
}

/** What an error of a call says. */
async function failure(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return call.then(
    () => expect.fail("It did not fail."),
    (error) => error,
  );
}

describe("a tool of a function and a schema", () => {
  const add = tool(async ({ a, b }) => a + b, { name: "add", schema: NUMBERS });

  it("gives the bare value to whoever calls it with arguments, as the schema made them", async () => {
    expect(await add.invoke({ a: 1 })).toBe(4);
    expect(await add.invoke({ a: 1, b: 1 })).toBe(2);
  });

  it("answers a model's call with a message", async () => {
    const answer = await add.invoke(callOf("add", { a: 1 }));
    expect(ToolMessage.isInstance(answer)).toBe(true);
    expect(answer).toMatchObject({ content: "4", tool_call_id: "call-1", name: "add", status: "success" });
    expect(answer.artifact).toBeUndefined();
  });

  it("answers the calls of a message", async () => {
    const message = new AIMessage({ content: "", tool_calls: [{ name: "add", args: { a: 1, b: 2 }, id: "x" }] });
    const [call] = message.tool_calls;
    expect(await add.invoke(call as never)).toMatchObject({ content: "3", tool_call_id: "x" });
  });

  it("knows a call without its type by its name and its keys alone", async () => {
    expect(await add.invoke({ name: "add", args: { a: 1 }, id: "x" })).toMatchObject({ tool_call_id: "x" });
    expect(await add.invoke({ name: "add", args: { a: 1 }, id: "x", type: undefined })).toMatchObject({
      tool_call_id: "x",
    });
    const echo = tool((input) => input, { name: "echo", schema: ANY });
    const others = [
      { name: "other", args: {}, id: "x" },
      { name: "echo", args: {}, id: "x", more: 1 },
      { name: "echo", args: "text", id: "x" },
      { name: "echo", args: {} },
      { type: "tool_call", name: "echo" },
    ];
    for (const args of others) expect(await echo.invoke(args as never)).toEqual(args);
  });

  test.each([undefined, ""])("gives the bare value to a call without an id: %j", async (id) => {
    expect(await add.invoke({ type: "tool_call", name: "add", args: { a: 1 }, id })).toBe(4);
  });

  it("answers a call that the config names", async () => {
    const answer = await add.invoke({ a: 1 }, { toolCall: callOf("add", {}, "zz") });
    expect(answer).toMatchObject({ content: "4", tool_call_id: "zz" });
    expect(await add.invoke({ a: 1 }, { toolCall: undefined })).toBe(4);
    expect(await add.invoke({ a: 1 }, { toolCall: null } as never)).toBe(4);
    expect(await add.invoke({ a: 1 }, null as never)).toBe(4);
  });

  it("is described by its fields, else by its schema, else by its name", () => {
    expect(add.description).toBe("add tool");
    expect(giving(1, { description: "d" }).description).toBe("d");
    expect(giving(1, { schema: { type: "object", description: "s" } }).description).toBe("s");
    expect(giving(1, { schema: { type: "object", description: 3 } }).description).toBe("t tool");
  });

  it("runs in batches, streams its one answer, and takes its place in a chain", async () => {
    expect(await add.batch([{ a: 1 }, callOf("add", { a: 2 })])).toEqual([4, expect.any(ToolMessage)]);
    const chunks: unknown[] = [];
    for await (const chunk of await add.stream({ a: 1 })) chunks.push(chunk);
    expect(chunks).toEqual([4]);
    expect(
      await RunnableLambda.from((a: number) => ({ a }))
        .pipe(add)
        .invoke(2),
    ).toBe(5);
  });

  it("needs a function and a name", () => {
    expect(() => tool(3 as never, { name: "t" })).toThrow(/Expected a tool to be made of a function, got a number 3/);
    for (const fields of [{ name: "" }, { name: 3 }, {}, undefined, null]) {
      expect(() => tool(() => 1, fields as never)).toThrow(
        /Expected a tool's name to be a text.*tool\(func, \{ name \}\)/,
      );
    }
  });

  it("keeps an override of invoke in a chain", async () => {
    const own = tool(() => "real", { name: "t", schema: ANY });
    vi.spyOn(own, "invoke").mockResolvedValue("spied" as never);
    expect(
      await RunnableLambda.from(() => ({}))
        .pipe(own)
        .invoke(1),
    ).toBe("spied");
  });
});

describe("the content of the answer", () => {
  const own = {
    a: 1,
    get me(): unknown {
      return this;
    },
  };
  const message = new ToolMessage({ content: "m", tool_call_id: "z" });
  const picture = { type: "image", url: "https://example.com/linnet.jpg" };
  const thought = [
    { type: "reasoning", reasoning: "hm" },
    { type: "redacted_thinking", data: "hm" },
    { type: "tool_use", id: "1", name: "t", input: {} },
  ];
  const heard = new AIMessage({ content: "a linnet", tool_calls: [{ name: "x", args: {}, id: "1" }] });
  const seen = new AIMessage({ content: [...thought, { type: "text", text: "this" }, picture] });
  const loop = (fields: object) => new RunToolsOutput({ ...fields, stopReason: "answer" });
  test.each<[what: string, output: unknown, content: unknown]>([
    ["a text", "x", "x"],
    ["an empty text", "", ""],
    ["nothing", undefined, ""],
    ["null", null, "null"],
    ["a number", 3, "3"],
    ["a bigint", 10n, '"10"'],
    ["a bigint inside", { n: 10n }, '{"n":"10"}'],
    ["an object", { a: 1 }, '{"a":1}'],
    ["a list", [1, 2], "[1,2]"],
    ["a list of parts", [{ type: "text", text: "x" }], [{ type: "text", text: "x" }]],
    ["an empty list", [], []],
    ["a list of parts and others", [{ type: "text" }, 3], '[{"type":"text"},3]'],
    ["a list with null", [null], "[null]"],
    ["one part", { type: "text", text: "z" }, '{"type":"text","text":"z"}'],
    ["a function", () => 1, ""],
    ["what holds itself", own, "an object with keys a, me"],
    ["a model's message", heard, "a linnet"],
    ["a chunk", new AIMessageChunk("a lin"), "a lin"],
    ["a person's message", new HumanMessage("me"), "me"],
    ["a message of parts, without what its model thought and asked", seen, [{ type: "text", text: "this" }, picture]],
    ["a message that only asks", new AIMessage({ content: [...thought] }), ""],
    ["messages", [new HumanMessage("a"), new AIMessage(""), heard], "a\n\na linnet"],
    ["messages of parts", [heard, seen], [{ type: "text", text: "a linnet" }, { type: "text", text: "this" }, picture]],
    ["a message among others", [heard.content, new Date(0)], '["a linnet","1970-01-01T00:00:00.000Z"]'],
    ["what a loop of tools gave", loop({ message: heard, messages: [new AIMessage("calls"), heard] }), "a linnet"],
    ["a document", { pageContent: "p", metadata: {} }, '{"pageContent":"p","metadata":{}}'],
    ["documents", [{ pageContent: "p" }], '[{"pageContent":"p"}]'],
    ["data that looks like a message", { type: "ai", content: "x" }, '{"type":"ai","content":"x"}'],
  ])("is made of %s", async (_what, output, content) => {
    expect((await giving(output).invoke(callOf("t"))).content).toEqual(content);
    expect(await giving(output).invoke({})).toBe(output);
    const beside = giving([output, 1], { responseFormat: "content_and_artifact" });
    expect((await beside.invoke(callOf("t"))).content).toEqual(content);
  });

  it("shares no list with a message that is given", async () => {
    const said = new AIMessage({ content: [picture] });
    expect((await giving(said).invoke(callOf("t"))).content).not.toBe(said.content);
  });

  it("is no list that the function still has", async () => {
    const parts = [{ type: "text", text: "x" }];
    expect((await giving(parts).invoke(callOf("t"))).content).not.toBe(parts);
  });

  it("is what a function gives as the whole answer, to models and to code", async () => {
    expect(await giving(message).invoke(callOf("t"))).toBe(message);
    expect(await giving(message).invoke({})).toBe(message);
    const command = { lc_direct_tool_output: true, goto: "x" };
    expect(await giving(command).invoke(callOf("t"))).toBe(command);
    expect(await giving(command, { responseFormat: "content_and_artifact" }).invoke(callOf("t"))).toBe(command);
  });

  it("has an artifact beside it, where the function gives two", async () => {
    const artifact = { x: 1 };
    const made = giving(["c", artifact], { responseFormat: "content_and_artifact" });
    const answer = await made.invoke(callOf("t"));
    expect(answer).toMatchObject({ content: "c", artifact });
    expect(answer.artifact).toBe(artifact);
    expect(await made.invoke({})).toBe("c");
  });

  test.each([["c"], [[1]], [[1, 2, 3]], [{ 0: 1, 1: 2, length: 2 }]])(
    "has to come with an artifact where that is said: %j",
    async (output) => {
      const error = await failure(giving(output, { responseFormat: "content_and_artifact" }).invoke({}));
      expect(error.message).toMatch(/^Expected the tool t to return \[content, artifact\], as its responseFormat says/);
    },
  );

  it("comes with a copy of the tool's metadata", async () => {
    const metadata = { q: 1 };
    const answer = await giving(1, { metadata }).invoke(callOf("t"), { metadata: { w: 2 } });
    expect(answer.metadata).toEqual({ q: 1 });
    expect(answer.metadata).not.toBe(metadata);
    expect((await giving(1).invoke(callOf("t"))).metadata).toBeUndefined();
  });
});

describe("a tool for a text", () => {
  const echo = tool(async (text) => [typeof text, text], { name: "echo" });
  test.each<[what: string, input: unknown, text: string]>([
    ["as it is", "hi", "hi"],
    ["in an object, as models give it", { input: "hi" }, "hi"],
    ["among other keys", { input: "hi", more: 1 }, "hi"],
    ["nothing", undefined, ""],
    ["an object without one", {}, ""],
    ["an object with undefined", { input: undefined }, ""],
    ["an inherited one", Object.create(Object.assign(Object.create(null), { input: "no" })), ""],
  ])("takes it: %s", async (_what, input, text) => {
    expect(await echo.invoke(input as string)).toEqual(["string", text]);
  });

  it("takes it from a model's call, also where that has a text for arguments", async () => {
    expect((await echo.invoke(callOf("echo", { input: "hi" }))).content).toBe('["string","hi"]');
    expect((await echo.invoke(callOf("echo", "hi" as never))).content).toBe('["string","hi"]');
  });

  test.each<[input: unknown, path: string[]]>([
    [3, []],
    [{ input: 3 }, ["input"]],
    [null, []],
    [["hi"], []],
  ])("takes no other: %j", async (input, path) => {
    const error = await failure(echo.invoke(input as never));
    expect(error).toBeInstanceOf(ToolInputParsingException);
    expect(error.data).toEqual({ issues: [{ path, message: "expected a string" }] });
  });

  it("validates the text where it has a schema", async () => {
    for (const schema of [TEXT, { type: "string", maxLength: 9 }]) {
      const made = tool((text: string) => `<${text}>`, { name: "t", schema: schema as typeof TEXT });
      expect(made).toBeInstanceOf(DynamicTool);
      expect(await made.invoke("short")).toBe("<short>");
      expect((await failure(made.invoke("much too long"))).message).toMatch(/to fit its schema/);
      expect(await made.invoke(callOf("t", { input: "short" }))).toMatchObject({ content: "<short>" });
    }
    expect(await tool((text) => `<${text}>`, { name: "t", schema: TEXT }).invoke(" a ")).toBe("<a>");
  });

  it("is a subclass of Tool", async () => {
    class Shout extends Tool<string> {
      override name = "shout";
      override description = "Louder.";
      async _call(text: string): Promise<string> {
        return text.toUpperCase();
      }
    }
    const shout = new Shout();
    expect(await shout.invoke("a")).toBe("A");
    expect(shout.schema).toMatchObject({ properties: { input: { type: "string" } } });
    expect(shout.getName()).toBe("shout");
  });

  test.each<[schema: JsonSchema, isForText: boolean]>([
    [{ type: "string" }, true],
    [{ const: "a" }, true],
    [{ enum: ["a", "b"] }, true],
    [{ type: "object", enum: ["a"] }, false],
    [{ enum: [] }, false],
    [{ enum: ["a", 1] }, false],
    [{ const: 1 }, false],
  ])("is made by a schema that takes texts alone: %j", (schema, isForText) => {
    expect(tool(() => 1, { name: "t", schema })).toBeInstanceOf(isForText ? DynamicTool : DynamicStructuredTool);
  });

  it("takes an object where its schema cannot be shown", () => {
    const hidden = {
      "~standard": {
        ...TEXT["~standard"],
        jsonSchema: {
          input: () => {
            throw new Error("no");
          },
        },
      },
    };
    expect(tool((text) => text, { name: "t", schema: hidden as never })).toBeInstanceOf(DynamicStructuredTool);
    expect(tool((input) => input, { name: "t", schema: LATER })).toBeInstanceOf(DynamicStructuredTool);
  });
});

describe("an input that does not fit", () => {
  it("is told of by path, with the input out of the way", async () => {
    const add = tool(({ a }) => a, { name: "add", schema: NUMBERS });
    const error = await failure(add.invoke({ a: "x" } as never));
    expect(error).toBeInstanceOf(ToolInputParsingException);
    expect(ToolInputParsingException.isInstance(error)).toBe(true);
    expect(ToolInputParsingException.isInstance(new Error("x"))).toBe(false);
    expect(error.name).toBe("ToolInputParsingException");
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.message).toBe(
      "Expected the input of the tool add to fit its schema, and it does not:\n- a: expected a number",
    );
    expect(error.output).toBe('{"a":"x"}');
    expect(Object.keys(error)).not.toContain("output");
    expect(error.data).toEqual({ issues: [{ path: ["a"], message: "expected a number" }] });
  });

  it("is told of in full where that is asked for, and ten issues else", async () => {
    const schema = { type: "object", required: Array.from({ length: 12 }, (_, index) => `k${index}`) };
    const error = await failure(giving(1, { schema }).invoke({}));
    expect(error.message.split("\n")).toHaveLength(12);
    expect(error.message).toMatch(/\n- and 2 more$/);
    const verbose = await failure(giving(1, { schema, verboseParsingErrors: true }).invoke({}));
    expect(verbose.message).toMatch(/\nDetails: \[\{"path":\["k0"\],"message":/);
  });

  it("never reaches the function", async () => {
    const func = vi.fn();
    await failure(tool(func, { name: "t", schema: NUMBERS }).invoke({} as never));
    await failure(tool(func, { name: "t", schema: LATER }).invoke({}, { signal: AbortSignal.abort(new Error("x")) }));
    expect(func).not.toHaveBeenCalled();
  });

  it("can be made as an error by others", () => {
    const error = new ToolInputParsingException("message", "output");
    expect([error.message, error.output, error.data]).toEqual(["message", "output", { issues: [] }]);
    expect(new ToolInputParsingException("m").output).toBeUndefined();
  });

  it.each([[{ name: "x" }], [class {}], ["text"], [null], [[]]])("has a schema to fit, which is not %o", (schema) => {
    expect(() => giving(1, { schema })).toThrow(/^Expected a schema with/);
    expect(() => giving(1, { schema })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });

  it("is refused where the schema of a class is none", async () => {
    const bad = new DynamicStructuredTool({
      name: "t",
      description: "",
      schema: { name: "x" } as never,
      func: () => 1,
    });
    expect((await failure(bad.invoke({} as never))).message).toMatch(/^Expected a schema with/);
  });
});

describe("the run of a tool", () => {
  const add = tool(async ({ a, b }) => a + b, { name: "add", schema: NUMBERS, tags: ["own"], metadata: { mine: 1 } });

  it("is told of by the methods of tools, with the arguments as they came", async () => {
    const calls: Call[] = [];
    await add.invoke(callOf("add", { a: 1 }), {
      callbacks: [recordingHandler(calls)],
      tags: ["t"],
      metadata: { m: 1 },
      runId: "01a1feeb-024f-74a9-bd69-f44cbb0b5638",
    });
    expect(calls.map(([method]) => method)).toEqual(["handleToolStart", "handleToolEnd"]);
    expect(calls[0]?.slice(1)).toEqual([
      { lc: 1, type: "not_implemented", id: ["linnet", "tools", "DynamicStructuredTool"] },
      '{"a":1}',
      "01a1feeb-024f-74a9-bd69-f44cbb0b5638",
      undefined,
      ["t", "own"],
      { m: 1, mine: 1 },
      "add",
      "call-1",
    ]);
    expect(calls[1]?.[1]).toMatchObject({ content: "4", tool_call_id: "call-1" });
  });

  it("has the name of the tool, unless the config says another", async () => {
    const lines: string[] = [];
    await add.invoke({ a: 1 }, { callbacks: [noting(lines)], runName: "other" });
    expect(lines).toEqual(['start tool other {"a":1}', "end other 4"]);
  });

  it("shows a text as models give it", async () => {
    const calls: Call[] = [];
    const lines: string[] = [];
    await tool((text) => text, { name: "s" }).invoke("hi", { callbacks: [recordingHandler(calls), noting(lines)] });
    expect(calls[0]?.[2]).toBe('{"input":"hi"}');
    expect(lines[0]).toBe('start tool s {"input":"hi"}');
    calls.length = 0;
    await failure(giving(1).invoke("just text" as never, { callbacks: [recordingHandler(calls)] }));
    expect(calls[0]?.[2]).toBe("just text");
  });

  it("is there for an input that does not fit, and fails", async () => {
    const lines: string[] = [];
    await failure(add.invoke({ a: "x" } as never, { callbacks: [noting(lines)] }));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('start tool add {"a":"x"}');
    expect(lines[1]).toMatch(/^error add Expected the input of the tool add/);
  });

  it("holds what the function calls with its config", async () => {
    const lines: string[] = [];
    const inner = RunnableLambda.from((x: number) => x + 1, { name: "inner" });
    const outer = tool(async ({ a }, runtime) => inner.invoke(a, runtime), { name: "outer", schema: NUMBERS });
    await outer.invoke({ a: 1 }, { callbacks: [noting(lines)], runName: "root" });
    expect(lines).toEqual(['start tool root {"a":1}', "start chain inner 1", "end inner 2", "end root 2"]);
  });

  it("has handlers of its own", async () => {
    const lines: string[] = [];
    const made = giving(1, { callbacks: [noting(lines)] });
    await made.invoke({});
    expect(lines).toEqual(["start tool t {}", "end t 1"]);
  });

  it("is told to the console where the tool is verbose and that is wired", async () => {
    expect((await failure(giving(1, { verbose: true }).invoke({}))).message).toMatch(/verbose is not wired/);
  });

  it("has the tool's default config under that of the call", async () => {
    const calls: Call[] = [];
    const made = giving(1, { defaultConfig: { tags: ["default"], runName: "named" } });
    await made.invoke({}, { callbacks: [recordingHandler(calls)], tags: ["call"] });
    expect(calls[0]?.[5]).toEqual(["default", "call"]);
    expect(calls[0]?.[7]).toBe("named");
  });

  it("has it under what the surrounding run has, handed on or not, in every verb", async () => {
    installAsyncContext(new StorageContext(new AsyncLocalStorage()));
    const seen: unknown[] = [];
    const made = tool((_args, { configurable }) => void seen.push(configurable), {
      name: "t",
      schema: { type: "object" },
      defaultConfig: { configurable: { user: "default", more: 1 } },
    });
    const chain = RunnableLambda.from(async () => {
      await made.invoke({});
      for await (const _ of made.astream({}));
    });
    await chain.invoke(1, { configurable: { user: "call" } });
    await made.invoke({}, { configurable: { user: "call" } });
    expect(seen).toEqual(Array(3).fill({ user: "call", more: 1 }));
  });

  it("is known to tracers by its arguments", async () => {
    const collector = new RunCollectorCallbackHandler();
    await add.invoke(callOf("add", { a: 1 }), { callbacks: [collector] });
    await tool((text) => text, { name: "t" }).invoke('{"x":1}', { callbacks: [collector] });
    expect(collector.tracedRuns.map(({ inputs }) => inputs)).toEqual([{ a: 1 }, { input: '{"x":1}' }]);
  });

  it("gives events, with the arguments as their input", async () => {
    const chain = RunnableLambda.from((a: number) => callOf("add", { a })).pipe(add);
    const events: unknown[] = [];
    for await (const { event, name, data } of chain.streamEvents(1, { version: "v2" })) {
      if (name === "add") events.push([event, data]);
    }
    expect(events).toEqual([
      ["on_tool_start", { input: { a: 1 } }],
      ["on_tool_end", { input: { a: 1 }, output: expect.objectContaining({ content: "4" }) }],
    ]);
  });

  it("has an event for an error", async () => {
    const failing = tool(
      () => {
        throw new Error("boom");
      },
      { name: "t", schema: ANY },
    );
    const events: string[] = [];
    await failure(
      (async () => {
        for await (const { event } of failing.streamEvents({}, { version: "v2" })) events.push(event);
      })(),
    );
    expect(events).toEqual(["on_tool_start", "on_tool_error"]);
  });

  it("is made for nobody where nobody is told", async () => {
    let given: unknown = "unset";
    const made = new DynamicStructuredTool({
      name: "t",
      description: "d",
      schema: ANY,
      func: (_args, runManager) => {
        given = runManager;
      },
    });
    await made.invoke({});
    expect(given).toBeUndefined();
  });
});

describe("what the function is given", () => {
  it("is a config with the call, which what it calls does not take for its own", async () => {
    let runtime: ToolRuntime | undefined;
    const inner = tool(() => "inner", { name: "inner", schema: ANY });
    const outer = tool(
      async (_args, given: ToolRuntime) => {
        runtime = given;
        return [await inner.invoke({}, given), await inner.batch([{}], given), await inner.invoke({})];
      },
      { name: "outer", schema: ANY },
    );
    const call = callOf("outer", {}, "o");
    const answer = await outer.invoke(call, { configurable: { user: 1 }, callbacks: [noting([])] });
    expect(answer.content).toBe('["inner",["inner"],"inner"]');
    expect(runtime?.toolCall).toBe(call);
    expect(runtime?.toolCallId).toBe("o");
    expect(runtime?.configurable).toEqual({ user: 1 });
    const named = await outer.invoke({}, { toolCall: call });
    expect((named as ToolMessage).content).toBe('["inner",["inner"],"inner"]');
  });

  it("has what the caller put into the config", async () => {
    const made = tool((_args, { state, context }: ToolRuntime<number, string>) => [state, context], {
      name: "t",
      schema: ANY,
    });
    expect(await made.invoke({}, { state: 1, context: "c" } as object)).toEqual([1, "c"]);
  });

  it("has a writer, which tells of what comes on the way", async () => {
    const lines: string[] = [];
    const made = tool(
      (_args, { writer }) => {
        writer({ p: 1 });
        return "done";
      },
      { name: "t", schema: ANY },
    );
    expect(await made.invoke({})).toBe("done");
    await made.invoke({}, { callbacks: [noting(lines)] });
    expect(lines).toEqual(["start tool t {}", 'chunk t {"p":1}', 'end t "done"']);
  });

  it("has the caller's writer, if there is one", async () => {
    const writer = vi.fn();
    const made = tool((_args, runtime) => runtime.writer(1), { name: "t", schema: ANY });
    await made.invoke({}, { writer } as object);
    expect(writer).toHaveBeenCalledWith(1);
  });

  it("writes nothing into a run that is over", async () => {
    const lines: string[] = [];
    let writer: ToolRuntime["writer"] = () => undefined;
    const made = tool(
      (_args, runtime) => {
        writer = runtime.writer;
      },
      { name: "t", schema: ANY },
    );
    await made.invoke({}, { callbacks: [noting(lines)] });
    writer("late");
    expect(lines).toHaveLength(2);
  });

  it("shares nothing with the message that asked", async () => {
    const call = callOf("t", { list: [1] });
    const made = tool((args: Record<string, unknown>) => void (args.list as number[]).push(2), {
      name: "t",
      schema: ANY,
    });
    await made.invoke(call);
    expect(call.args).toEqual({ list: [1] });
  });

  it("reaches the function of a class as three", async () => {
    const made = new DynamicTool({
      name: "t",
      description: "d",
      func: async (text, runManager, config) => [text, runManager?.kind, typeof config.writer],
    });
    expect(await made.invoke("x", { callbacks: [noting([])] })).toEqual(["x", "tool", "function"]);
  });
});

describe("subclasses", () => {
  it("say name, description, schema and _call", async () => {
    class Add extends StructuredTool<typeof NUMBERS, number> {
      override name = "add";
      description = "Adds.";
      schema = NUMBERS;
      async _call({ a, b }: { a: number; b: number }): Promise<number> {
        return a + b;
      }
    }
    const add = new Add();
    expect(await add.invoke({ a: 1 })).toBe(4);
    expect(await add.invoke(callOf("add", { a: 1 }))).toMatchObject({ content: "4", name: "add" });
    expect(add.returnDirect).toBe(false);
    expectTypeOf(add.invoke({ a: 1 })).resolves.toBeNumber();
  });

  it("make a toolkit", () => {
    const tools = [giving(1)];
    class Kit extends BaseToolkit {
      tools = tools;
    }
    expect(new Kit().getTools()).toBe(tools);
  });
});
