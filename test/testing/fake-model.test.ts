import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import "../../src/runnables/wiring.ts";
import { FakeListChatModel } from "../../src/testing/fake-list-chat-model.ts";
import { fakeModel } from "../../src/testing/fake-model.ts";
import { FakeStreamingChatModel } from "../../src/testing/fake-streaming-chat-model.ts";
import { collect } from "../golden/transcript.ts";

const USAGE = { input_tokens: 2, output_tokens: 3, total_tokens: 5 };

describe("the script of fakeModel()", () => {
  test("is followed call by call, whatever the verb", async () => {
    const model = fakeModel()
      .respond("one")
      .respond(new AIMessage("two"))
      .respond((messages) => `heard ${messages.length}`)
      .respond(async () => new AIMessage("later"));
    expect((await model.invoke("a")).text).toBe("one");
    expect((await collect(await model.stream("b"))).map((chunk) => chunk.text)).toEqual(["t", "w", "o"]);
    expect((await model.invoke([new SystemMessage("s"), new HumanMessage("c")])).text).toBe("heard 2");
    expect((await model.invoke("d")).text).toBe("later");
  });

  test("keeps the calls, with their messages and options", async () => {
    const model = fakeModel().respond("1").respond("2");
    expect([model.callCount, model.calls]).toEqual([0, []]);
    await model.invoke("a", { stop: ["x"] });
    await collect(await model.stream("b"));
    expect(model.callCount).toBe(2);
    expect(model.calls.map(({ messages, options }) => [messages.map(({ text }) => text), options.stop])).toEqual([
      [["a"], ["x"]],
      [["b"], undefined],
    ]);
  });

  test("fails a call beyond its end, which is kept too", async () => {
    const model = fakeModel().respond("1");
    await model.invoke("a");
    await expect(model.invoke("b")).rejects.toMatchObject({
      code: "MODEL_NO_OUTPUT",
      message: "Expected the script to have an answer for call 2, and it has no more. Add .respond(...) for it.",
    });
    expect(model.callCount).toBe(2);
  });

  test.each([
    ["an error", new TypeError("bad")],
    ["a function that gives one", () => new TypeError("bad")],
    ["a function that throws one", () => Promise.reject(new TypeError("bad"))],
  ])("fails a call with %s", async (_name, answer) => {
    await expect(fakeModel().respond(answer).invoke("x")).rejects.toThrow(TypeError);
    await expect(fakeModel().respond(answer).stream("x")).rejects.toThrow("bad");
  });

  test("answers several calls alike where it is told to", async () => {
    const model = fakeModel().respond("a", { times: 2 }).respond("b", { times: Number.POSITIVE_INFINITY });
    const said = await model.batch(["", "", "", ""], {}, {});
    expect(said.map(({ text }) => text)).toEqual(["a", "a", "b", "b"]);
  });

  test.each([7, { content: "x" }, null])("fails a call with %j, which is no answer", async (answer) => {
    await expect(
      fakeModel()
        .respond((() => answer) as never)
        .invoke("x"),
    ).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(
        /^Expected an answer to be a text, a message or an Error, got .+\. Try new AIMessage/,
      ),
    });
  });

  test("gives way to the error that every call fails with", async () => {
    const model = fakeModel().respond("a").alwaysThrow(new RangeError("always"));
    await expect(model.invoke("x")).rejects.toThrow("always");
    await expect(model.stream("x")).rejects.toThrow(RangeError);
    expect(model.callCount).toBe(2);
  });

  test("gives a copy of the message, with an id, as the class that it is", async () => {
    const message = new AIMessage({ content: "a", response_metadata: { from: ["here"] } });
    const reply = await fakeModel().respond(message).invoke("x");
    expect(reply).not.toBe(message);
    expect(message.id).toBeUndefined();
    expect((await fakeModel().respond(new HumanMessage("h")).invoke("x")).getType()).toBe("human");
    expect((await collect(await fakeModel().respond(new HumanMessage("h")).stream("x")))[0]?.text).toBe("h");
  });
});

describe("chunks", () => {
  test("come as they are scripted, and are the answer of invoke in sum", async () => {
    const chunks = ["Sun", new AIMessageChunk("ny"), "."];
    const model = fakeModel().respondWithChunks(chunks).respondWithChunks(chunks);
    expect((await collect(await model.stream("x"))).map(({ text }) => text)).toEqual(["Sun", "ny", "."]);
    const reply = await model.invoke("x");
    expect([reply.text, AIMessageChunk.isInstance(reply)]).toEqual(["Sunny.", false]);
    expect((await fakeModel().respondWithChunks([]).invoke("x")).text).toBe("");
  });

  test("end with an error where one is among them, also for invoke", async () => {
    const script = ["a", "b", new Error("cut off"), "c"];
    const read: string[] = [];
    const reading = async () => {
      for await (const chunk of await fakeModel().respondWithChunks(script).stream("x")) read.push(chunk.text);
    };
    await expect(reading()).rejects.toThrow("cut off");
    expect(read).toEqual(["a", "b"]);
    await expect(fakeModel().respondWithChunks(script).invoke("x")).rejects.toThrow("cut off");
  });

  test("carry the usage in the last one", async () => {
    const model = fakeModel().respond("ab", { usage: USAGE, times: 2 }).respondWithChunks(["c"], { usage: USAGE });
    const chunks = await collect(await model.stream("x"));
    expect(chunks.map(({ usage_metadata }) => usage_metadata)).toEqual([undefined, undefined, USAGE]);
    expect(await model.invoke("x")).toMatchObject({ content: "ab", usage_metadata: USAGE });
    expect((await model.invoke("x")).usage_metadata).toEqual(USAGE);
  });

  test("carry the usage in place of what the answer says itself", async () => {
    const own = { input_tokens: 7, output_tokens: 7, total_tokens: 14 };
    const message = new AIMessage({ content: "a", usage_metadata: own, response_metadata: { k: 1 } });
    const chunk = new AIMessageChunk({ content: "b", usage_metadata: own });
    const model = fakeModel()
      .respond(message, { usage: USAGE, times: 2 })
      .respondWithChunks([chunk, new Error("late")], { usage: USAGE });
    expect(await model.invoke("x")).toMatchObject({ usage_metadata: USAGE, response_metadata: { k: 1 } });
    expect(concatAll(await collect(await model.stream("x")))).toMatchObject({ content: "a", usage_metadata: USAGE });
    await expect(model.invoke("x")).rejects.toThrow("late");
    expect([message.usage_metadata, chunk.usage_metadata]).toEqual([own, own]);
  });

  test.each([
    [["de"], "abcde"],
    [["nowhere"], "abcdef"],
    [["f", "b"], "ab"],
    [["cd"], "abcd"],
  ])("end at the stop text %j, which is part of them", async (stop, text) => {
    const model = fakeModel().respond("abcdef", { times: 2, usage: USAGE });
    expect((await model.invoke("x", { stop })).text).toBe(text);
    const sum = concatAll(await collect(await model.stream("x", { stop })));
    expect([sum?.text, sum?.usage_metadata]).toEqual([text, USAGE]);
  });

  test("do not come to an error after the stop text", async () => {
    const script = ["abc", "", "de", new Error("late")];
    const model = fakeModel().respondWithChunks(script, { times: 2 });
    expect((await model.invoke("x", { stop: ["abc"] })).text).toBe("abc");
    await expect(model.invoke("x", { stop: ["nowhere"] })).rejects.toThrow("late");
  });

  test("come to an error that stands before the stop text", async () => {
    const model = fakeModel().respondWithChunks(["a", new Error("first"), "bcd"]);
    await expect(model.invoke("x", { stop: ["bc"] })).rejects.toThrow("first");
  });

  test("are cut in the middle where the stop text ends there, with all else that they bring", async () => {
    const chunk = new AIMessageChunk({ content: "one two", response_metadata: { k: 1 } });
    const [cut] = await collect(
      await fakeModel()
        .respondWithChunks([chunk])
        .stream("x", { stop: ["e"] }),
    );
    expect([cut?.text, cut?.response_metadata, chunk.text]).toEqual(["one", { k: 1 }, "one two"]);
    const thought = { type: "reasoning", reasoning: "hm" };
    const blocks = new AIMessage({
      content: [
        thought,
        { type: "text", text: "o" },
        { type: "text", text: "ne two" },
        { type: "text", text: "three" },
      ],
    });
    const reply = await fakeModel()
      .respond(blocks)
      .invoke("x", { stop: ["e"] });
    expect(reply.content).toEqual([thought, { type: "text", text: "o" }, { type: "text", text: "ne" }]);
  });

  test.each([
    ["respond", "delay"],
    ["respondWithChunks", "chunkDelay"],
  ] as const)("of %s wait for their %s, and no longer than the call", async (_verb, option) => {
    const controller = new AbortController();
    const model = fakeModel().respondWithChunks(["a", "b"], { [option]: 2 ** 30 });
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of model.astream("x", { signal: controller.signal })) read.push(chunk.text);
    })();
    setImmediate(() => controller.abort(new Error("enough")));
    await expect(reading).rejects.toThrow("enough");
    expect(read).toEqual(option === "delay" ? [] : ["a"]);
    const late = fakeModel().respond("a", { delay: 2 ** 30 });
    await expect(late.invoke("x", { timeout: 1 })).rejects.toMatchObject({ code: "TIMEOUT" });
  });
});

describe("tools", () => {
  test("are wished for with ids, and nothing is said unless the script says so", async () => {
    const model = fakeModel().respondWithTools([
      { name: "s", args: { q: 1 } },
      { name: "s", args: {}, id: "mine" },
      { name: "r", args: {} },
    ]);
    const reply = await model.invoke([new HumanMessage("a"), new HumanMessage("b")]);
    expect(reply.content).toBe("");
    const content = [{ type: "text", text: "Let me see." }];
    const told = fakeModel().respondWithTools([{ name: "s", args: {} }], { content, times: 2 });
    const first = await told.invoke("x");
    expect([first.content, first.tool_calls.length]).toEqual([content, 1]);
    expect(concatAll(await collect(await told.stream("x")))?.text).toBe("Let me see.");
    expect(reply.tool_calls).toEqual([
      { type: "tool_call", name: "s", args: { q: 1 }, id: "fake_tc_1" },
      { type: "tool_call", name: "s", args: {}, id: "mine" },
      { type: "tool_call", name: "r", args: {}, id: "fake_tc_2" },
    ]);
  });

  test("whose arguments break off are no calls, by invoke as by stream", async () => {
    const cut = new AIMessageChunk({ tool_call_chunks: [{ name: "s", args: '{"a":1', id: "c", index: 0 }] });
    const model = fakeModel().respondWithChunks([cut], { times: 2 });
    for (const reply of [
      await model.invoke("x"),
      await model.invoke("x", { callbacks: [{ lc_prefer_streaming: true, handleLLMNewToken() {} } as never] }),
    ]) {
      expect(reply.tool_calls).toEqual([]);
      expect(reply.invalid_tool_calls).toEqual([
        { type: "invalid_tool_call", name: "s", args: '{"a":1', id: "c", error: "Malformed args." },
      ]);
    }
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["one tool", { name: "s" }],
  ])("are refused where %s is bound", (_what, given) => {
    for (const model of [fakeModel(), new FakeListChatModel({ responses: [] }), new FakeStreamingChatModel()]) {
      expect(() => model.bindTools(given as never)).toThrow("Expected a list of tools to bind, got");
    }
  });

  test("are streamed in pieces that sum to the calls", async () => {
    const args = { text: 'größe 🦜 "quoted"', list: [1, 2] };
    const model = fakeModel().respondWithTools([
      { name: "say", args },
      { name: "stop", args: {} },
    ]);
    const chunks = await collect(await model.stream("x"));
    expect(chunks.filter(({ tool_call_chunks }) => tool_call_chunks.length > 0).length).toBeGreaterThan(6);
    expect(concatAll(chunks)?.tool_calls).toEqual([
      { type: "tool_call", name: "say", args, id: "fake_tc_1" },
      { type: "tool_call", name: "stop", args: {}, id: "fake_tc_2" },
    ]);
  });

  test("are other calls each time, with ids and arguments of their own", async () => {
    const args = { list: [1] };
    const model = fakeModel().respondWithTools([{ name: "s", args }], { times: 2 });
    args.list.push(2);
    const [first, second] = await model.batch(["a", "b"]);
    (first as { tool_calls: { args: { list?: unknown[] } }[] }).tool_calls[0]?.args.list?.push(3);
    expect(second?.tool_calls).toEqual([{ type: "tool_call", name: "s", args: { list: [1] }, id: "fake_tc_2" }]);
  });

  test("with arguments that JSON cannot say are streamed without", async () => {
    const message = new AIMessage({ content: "", tool_calls: [{ name: "t", args: { n: 1n }, id: "1" }] });
    const sum = concatAll(await collect(await fakeModel().respond(message).stream("x")));
    expect(sum?.tool_calls).toEqual([{ type: "tool_call", name: "t", args: {}, id: "1" }]);
  });

  test("that are bound are shown in the calls, of the same script", async () => {
    const model = fakeModel();
    const bound = model.bindTools([{ name: "t", schema: { type: "object" } }]);
    model.respond("late");
    expect((await bound.invoke("x", { stop: ["?"] })).text).toBe("late");
    expect(model.calls[0]?.options).toMatchObject({
      stop: ["?"],
      tools: [{ type: "function", function: { name: "t", parameters: { type: "object" } } }],
    });
  });
});

test("a message's own id, name and metadata are on its streamed pieces", async () => {
  const message = new AIMessage({
    content: "ab",
    id: "m1",
    name: "bird",
    response_metadata: { k: 1 },
    usage_metadata: USAGE,
  });
  const chunks = await collect(await fakeModel().respond(message).stream("x"));
  expect(new Set(chunks.map(({ id, name }) => `${id} ${name}`))).toEqual(new Set(["m1 bird"]));
  expect(concatAll(chunks)).toMatchObject({
    content: "ab",
    id: "m1",
    response_metadata: { k: 1 },
    usage_metadata: USAGE,
  });
  expect((await collect(await fakeModel().respond("").stream("x"))).map(({ text }) => text)).toEqual([""]);
});
