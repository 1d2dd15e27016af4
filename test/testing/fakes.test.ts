import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import "../../src/runnables/wiring.ts";
import { FakeChatModel } from "../../src/testing/fake-chat-model.ts";
import { FakeListChatModel } from "../../src/testing/fake-list-chat-model.ts";
import { FakeLLM, FakeStreamingLLM } from "../../src/testing/fake-llm.ts";
import { FakeStreamingChatModel } from "../../src/testing/fake-streaming-chat-model.ts";
import { collect } from "../golden/transcript.ts";

const TOOL = { name: "t", description: "d", schema: { type: "object" } };

async function texts(
  stream: AsyncIterable<AIMessageChunk> | Promise<AsyncIterable<AIMessageChunk>>,
): Promise<string[]> {
  return (await collect(await stream)).map((chunk) => chunk.text);
}

describe("FakeListChatModel", () => {
  const model = (fields: object = {}) => new FakeListChatModel({ responses: ["ab", "c🐦"], ...fields });

  test("gives its answers in turn, by invoke and by stream, and starts again", async () => {
    const list = model();
    expect((await list.invoke("x")).text).toBe("ab");
    expect(await texts(list.stream("x"))).toEqual(["c", "🐦"]);
    expect((await list.invoke("x")).text).toBe("ab");
    expect(list.i).toBe(1);
  });

  test("answers with the first stop text and keeps its turn", async () => {
    const list = model();
    expect((await list.invoke("x", { stop: ["S", "T"] })).text).toBe("S");
    expect(await texts(list.stream("x", { stop: ["ST"] }))).toEqual(["S", "T"]);
    expect(list.i).toBe(0);
    expect((await list.invoke("x", { stop: [] })).text).toBe("ab");
  });

  test("puts the generation info on the last chunk of a stream", async () => {
    const chunks = await collect(await model({ generationInfo: { finish_reason: "stop" } }).stream("x"));
    expect(chunks.map((chunk) => chunk.response_metadata)).toEqual([{}, { finish_reason: "stop" }]);
  });

  test("streams an empty answer as one empty chunk", async () => {
    expect(await texts(model({ responses: [""] }).stream("x"))).toEqual([""]);
  });

  test.each(["invoke", "stream"] as const)("fails %s with the error that the call names", async (verb) => {
    await expect(model()[verb]("x", { thrownErrorString: "no" })).rejects.toThrow(/^no$/);
    await expect(model()[verb]("x", { thrownErrorString: "" })).resolves.toBeDefined();
  });

  test.each(["invoke", "stream"] as const)("tells of its event once per %s where it is to", async (verb) => {
    const told: unknown[] = [];
    const callbacks = [{ handleCustomEvent: (name: string, data: unknown) => void told.push([name, data]) }];
    await model({ emitCustomEvent: true })[verb]("x", { callbacks });
    await model()[verb]("x", { callbacks });
    await model({ emitCustomEvent: true })[verb]("x");
    expect(told).toEqual([["some_test_event", { someval: true }]]);
  });

  test("says what is wrong where it has no answers", async () => {
    await expect(model({ responses: [] }).invoke("x")).rejects.toMatchObject({ code: "MODEL_NO_OUTPUT" });
    expect(() => new FakeListChatModel({ responses: "ab" as never })).toThrow(
      /^Expected responses to be a list of texts, got a string "ab"/,
    );
    expect(() => new FakeListChatModel(undefined as never)).toThrow(/got undefined/);
  });

  test("hands bound tools to the hook, in OpenAI's form", async () => {
    const seen: unknown[] = [];
    class Watched extends FakeListChatModel {
      override _generate(
        ...call: Parameters<FakeListChatModel["_generate"]>
      ): ReturnType<FakeListChatModel["_generate"]> {
        seen.push(call[1].tools);
        return super._generate(...call);
      }
    }
    await new Watched({ responses: ["a"] }).bindTools([TOOL]).invoke("x");
    expect(seen).toEqual([
      [{ type: "function", function: { name: "t", description: "d", parameters: { type: "object" } } }],
    ]);
  });

  test("ends its sleep when the call is aborted", async () => {
    const controller = new AbortController();
    for (const verb of ["invoke", "stream"] as const) {
      const answer = model({ sleep: 2 ** 30 })[verb]("x", { signal: controller.signal });
      setImmediate(() => controller.abort());
      await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    }
    expect(await texts(model({ sleep: 1 }).stream("x"))).toEqual(["a", "b"]);
  });
});

describe("FakeChatModel", () => {
  test.each([
    ["x", {}, "x"],
    [[new HumanMessage("a"), new HumanMessage("b")], {}, "a\nb"],
    [
      [new HumanMessage({ content: [{ type: "text", text: "hi" }] })],
      {},
      '[\n  {\n    "type": "text",\n    "text": "hi"\n  }\n]',
    ],
    ["x", { stop: ["S", "T"] }, "S"],
  ])("says of %j with %j: %j", async (input, options, text) => {
    expect((await new FakeChatModel().invoke(input, options)).text).toBe(text);
    expect(await texts(new FakeChatModel().stream(input, options))).toEqual([text]);
  });

  test("tells of its answer as of one token", async () => {
    const told: string[] = [];
    await new FakeChatModel().invoke("x", { callbacks: [{ handleLLMNewToken: (token) => void told.push(token) }] });
    expect(told).toEqual(["x"]);
  });
});

describe("FakeStreamingChatModel", () => {
  const model = (fields: object = {}) => new FakeStreamingChatModel({ sleep: 0, ...fields });
  const chunks = [
    new AIMessageChunk("a"),
    new AIMessageChunk({ content: "b", tool_call_chunks: [{ name: "t", args: "{}", id: "1", index: 0 }] }),
  ];

  test("sleeps 50 ms by itself", () => {
    expect(new FakeStreamingChatModel().sleep).toBe(50);
  });

  test("streams its chunks, and sums them for invoke", async () => {
    expect(await texts(model({ chunks }).stream("x"))).toEqual(["a", "b"]);
    const whole = await model({ chunks }).invoke("x");
    expect(AIMessageChunk.isInstance(whole)).toBe(false);
    expect([whole.text, whole.tool_calls]).toEqual(["ab", [{ type: "tool_call", name: "t", args: {}, id: "1" }]]);
  });

  test("gives its first response, or what it heard, where it has no chunks", async () => {
    const fields = { responses: [new AIMessage("abc"), new AIMessage("d")] };
    expect(await texts(model(fields).stream("x"))).toEqual(["a", "b", "c"]);
    expect((await model(fields).invoke("x")).text).toBe("abc");
    expect((await model().invoke("xy")).text).toBe("xy");
    expect(await texts(model().stream([new HumanMessage({ content: [{ type: "text", text: "hi" }] })]))).toEqual([
      "hi",
    ]);
    expect((await model().invoke([])).text).toBe("");
  });

  test("ends at a stop text, which is part of the answer", async () => {
    const fields = { responses: [new AIMessage("one two three")] };
    expect((await model(fields).invoke("x", { stop: ["two", "three"] })).text).toBe("one two");
    expect((await texts(model(fields).stream("x", { stop: ["wo"] }))).join("")).toBe("one two");
  });

  test.each(["invoke", "stream"] as const)("fails %s with its error", async (verb) => {
    await expect(model({ thrownErrorString: "boo" })[verb]("x")).rejects.toThrow(/^boo$/);
  });

  test.each([
    ["openai", { type: "function", function: { name: "t", description: "d", parameters: { type: "object" } } }],
    ["anthropic", { name: "t", description: "d", input_schema: { type: "object" } }],
    ["bedrock", { toolSpec: { name: "t", description: "d", inputSchema: { type: "object" } } }],
    ["google", { functionDeclarations: [{ name: "t", description: "d", parameters: { type: "object" } }] }],
  ])("tells of tools in the style of %s", async (toolStyle, tool) => {
    const seen: unknown[] = [];
    const watched = model({ toolStyle });
    const generate = watched._generate;
    watched._generate = function (messages, options) {
      seen.push(options.tools);
      return generate.call(this, messages, options);
    };
    await watched.bindTools([TOOL]).invoke("x");
    expect(seen).toEqual([[tool]]);
  });

  test.each(["x", "toString"])("refuses the style %s", (toolStyle) => {
    expect(() => model({ toolStyle }).bindTools([TOOL])).toThrow(
      `Expected toolStyle to be one of openai, anthropic, bedrock, google, got ${toolStyle}.`,
    );
  });
});

describe("FakeLLM", () => {
  test.each([
    [{}, {}, "x y"],
    [{ response: "r" }, {}, "r"],
    [{ response: "" }, {}, ""],
    [{ response: "one two" }, { stop: ["e"] }, "one"],
  ])("made with %j and called with %j says %j", async (fields, options, text) => {
    expect(await new FakeLLM(fields).invoke("x y", options)).toBe(text);
  });

  test("fails with its error, and tells of its answer as of one token", async () => {
    await expect(new FakeLLM({ thrownErrorString: "bo" }).invoke("x")).rejects.toThrow(/^bo$/);
    const told: string[] = [];
    await new FakeLLM().invoke("xy", { callbacks: [{ handleLLMNewToken: (token) => void told.push(token) }] });
    expect(told).toEqual(["xy"]);
  });
});

describe("FakeStreamingLLM", () => {
  const model = (fields: object = {}) => new FakeStreamingLLM({ sleep: 0, ...fields });

  test("gives each answer once, then what it heard, and leaves the caller's list alone", async () => {
    const responses = ["rr", "s"];
    const llm = model({ responses });
    expect(await collect(await llm.stream("x"))).toEqual(["r", "r"]);
    expect(await llm.invoke("x")).toBe("s");
    expect(await llm.invoke("x")).toBe("x");
    expect(await collect(await llm.stream("x🐦"))).toEqual(["x", "🐦"]);
    expect(await collect(await llm.stream("", {}))).toEqual([""]);
    expect(responses).toEqual(["rr", "s"]);
    expect(new FakeStreamingLLM().sleep).toBe(50);
  });

  test("ends at a stop text, which is part of the answer", async () => {
    expect(await model().invoke("one two", { stop: ["e"] })).toBe("one");
    expect((await collect(await model().stream("one two", { stop: ["e"] }))).join("")).toBe("one");
  });

  test.each(["invoke", "stream"] as const)("fails %s with its error", async (verb) => {
    await expect(model({ thrownErrorString: "bo" })[verb]("x")).rejects.toThrow(/^bo$/);
  });
});

test.each([
  [new FakeListChatModel({ responses: [] }), "FakeListChatModel", "fake-list"],
  [new FakeChatModel(), "FakeChatModel", "fake"],
  [new FakeStreamingChatModel(), "FakeStreamingChatModel", "fake"],
  [new FakeLLM(), "FakeLLM", "fake"],
  [new FakeStreamingLLM(), "FakeStreamingLLM", "fake"],
])("%# says who it is", (model, name, kind) => {
  expect([model.getName(), model._llmType(), model._identifyingParams()]).toEqual([name, kind, { model_name: kind }]);
});
