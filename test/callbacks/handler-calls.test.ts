import { describe, expect, it, vi } from "vitest";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackHandler, CallbackHandlerFlags } from "../../src/callbacks/handler.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { type Call, METHODS, recordingHandler } from "../helpers/handlers.ts";
import { defer, outcomeOf } from "../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const ID = "0190f000-0000-7000-8000-000000000001";
const PARENT = "0190f000-0000-7000-8000-0000000000ff";
const TAGS = ["inherited", "local"];
const METADATA = { inherited: 1, local: 2 };

function manager(handlers: CallbackHandler[]): CallbackManager {
  return new CallbackManager(PARENT, {
    inheritableHandlers: handlers,
    tags: ["inherited"],
    inheritableTags: ["inherited"],
    metadata: { inherited: 1 },
    inheritableMetadata: { inherited: 1 },
  });
}

const chain = (made: CallbackManager) =>
  made.handleChainStart(SERIALIZED, { question: "why?" }, ID, "prompt", ["local"], { local: 2 }, "my run");
const tool = (made: CallbackManager) =>
  made.handleToolStart(SERIALIZED, "{}", ID, undefined, ["local"], { local: 2 }, "my run", "call 1");
const retriever = (made: CallbackManager) =>
  made.handleRetrieverStart(SERIALIZED, "why?", ID, undefined, ["local"], { local: 2 }, "my run");
const PARAMS = { options: { stop: ["x"] }, invocation_params: { model_name: "m" }, batch_size: 2 };
const llm = async (made: CallbackManager) =>
  (await made.handleLLMStart(SERIALIZED, ["why?"], ID, undefined, PARAMS, ["local"], { local: 2 }, "my run"))[0];
const MESSAGES: BaseMessage[] = [new SystemMessage("be kind"), new HumanMessage("why?")];
const chat = async (made: CallbackManager) =>
  (
    await made.handleChatModelStart(SERIALIZED, [MESSAGES], ID, undefined, PARAMS, ["local"], { local: 2 }, "my run")
  )[0];

const ERROR = new Error("broken");
const CHUNK = new ChatGenerationChunk({ message: new AIMessageChunk("tok"), text: "tok" });

/** Every method of a handler: what is done, and what the method is told, whole. */
const table: [method: string, act: (made: CallbackManager) => Promise<unknown>, told: unknown[]][] = [
  [
    "handleChainStart",
    chain,
    [SERIALIZED, { question: "why?" }, ID, PARENT, TAGS, METADATA, "prompt", "my run", undefined],
  ],
  [
    "handleChainEnd",
    async (m) => (await chain(m)).handleChainEnd({ answer: 1 }),
    [{ answer: 1 }, ID, PARENT, TAGS, undefined],
  ],
  ["handleChainError", async (m) => (await chain(m)).handleChainError(ERROR), [ERROR, ID, PARENT, TAGS, undefined]],
  [
    "handleAgentAction",
    async (m) => (await chain(m)).handleAgentAction({ tool: "t" }),
    [{ tool: "t" }, ID, PARENT, TAGS],
  ],
  ["handleAgentEnd", async (m) => (await chain(m)).handleAgentEnd({ done: 1 }), [{ done: 1 }, ID, PARENT, TAGS]],
  ["handleText", async (m) => (await chain(m)).handleText("thought"), ["thought", ID, PARENT, TAGS]],
  [
    "handleCustomEvent",
    async (m) => (await chain(m)).handleCustomEvent("progress", { done: 1 }),
    ["progress", { done: 1 }, ID, TAGS, METADATA],
  ],
  ["handleLLMStart", llm, [SERIALIZED, ["why?"], ID, PARENT, PARAMS, TAGS, METADATA, "my run"]],
  ["handleChatModelStart", chat, [SERIALIZED, [MESSAGES], ID, PARENT, PARAMS, TAGS, METADATA, "my run"]],
  [
    "handleLLMNewToken",
    async (m) =>
      (await llm(m))?.handleLLMNewToken("tok", { prompt: 1, completion: 2 }, undefined, undefined, undefined, {
        chunk: CHUNK,
      }),
    ["tok", { prompt: 1, completion: 2 }, ID, PARENT, TAGS, { chunk: CHUNK }],
  ],
  [
    "handleLLMNewToken",
    async (m) => (await chat(m))?.handleLLMNewToken("tok"),
    ["tok", { prompt: 0, completion: 0 }, ID, PARENT, TAGS, { chunk: undefined }],
  ],
  [
    "handleChatModelStreamEvent",
    async (m) => (await chat(m))?.handleChatModelStreamEvent({ event: "content-block-start" }),
    [{ event: "content-block-start" }, ID, PARENT, TAGS],
  ],
  [
    "handleLLMEnd",
    async (m) => (await llm(m))?.handleLLMEnd({ generations: [[{ text: "because" }]] }),
    [{ generations: [[{ text: "because" }]] }, ID, PARENT, TAGS, undefined],
  ],
  ["handleLLMError", async (m) => (await chat(m))?.handleLLMError(ERROR), [ERROR, ID, PARENT, TAGS, undefined]],
  ["handleToolStart", tool, [SERIALIZED, "{}", ID, PARENT, TAGS, METADATA, "my run", "call 1"]],
  ["handleToolEvent", async (m) => (await tool(m)).handleToolEvent("part"), ["part", ID, PARENT, TAGS]],
  ["handleToolEnd", async (m) => (await tool(m)).handleToolEnd("done"), ["done", ID, PARENT, TAGS, undefined]],
  ["handleToolError", async (m) => (await tool(m)).handleToolError(ERROR), [ERROR, ID, PARENT, TAGS, undefined]],
  ["handleRetrieverStart", retriever, [SERIALIZED, "why?", ID, PARENT, TAGS, METADATA, "my run"]],
  [
    "handleRetrieverEnd",
    async (m) => (await retriever(m)).handleRetrieverEnd(["doc"]),
    [["doc"], ID, PARENT, TAGS, undefined],
  ],
  [
    "handleRetrieverError",
    async (m) => (await retriever(m)).handleRetrieverError(ERROR),
    [ERROR, ID, PARENT, TAGS, undefined],
  ],
];

describe("what a handler is told", () => {
  it.each(table)("%s gets its arguments in the agreed order", async (method, act, told) => {
    const calls: Call[] = [];
    await act(manager([recordingHandler(calls)]));
    expect(calls.filter((call) => call[0] === method)).toStrictEqual([[method, ...told]]);
  });

  it("covers every method that there is", () => {
    expect(new Set(table.map(([method]) => method))).toEqual(new Set(METHODS));
  });

  it.each(table)("%s alone is called on a handler that has nothing else, with this in place", async (method, act) => {
    const handler: CallbackHandler & { calls: number } = { calls: 0 };
    Object.assign(handler, {
      [method](this: { calls: number }): void {
        this.calls += 1;
      },
    });
    await act(manager([handler]));
    // A handler of handleLLMStart is told of chat models by it.
    expect(handler.calls).toBe(1);
  });

  it.each(table)("%s is waited for", async (method, act) => {
    const gate = defer();
    const outcome = act(manager([{ [method]: () => gate.promise }]));
    expect(await outcomeOf(outcome)).toBe("pending");
    gate.resolve();
    await outcome;
  });

  const FLAG_OF: Record<string, keyof CallbackHandlerFlags> = {
    handleChain: "ignoreChain",
    handleLLM: "ignoreLLM",
    handleChat: "ignoreLLM",
    handleTool: "ignoreAgent",
    handleAgent: "ignoreAgent",
    handleRetriever: "ignoreRetriever",
    handleCustom: "ignoreCustomEvent",
  };

  it.each(table)("%s is left out by its flag, and by no other", async (method, act) => {
    const own = Object.entries(FLAG_OF).find(([prefix]) => method.startsWith(prefix))?.[1];
    for (const flag of new Set(Object.values(FLAG_OF))) {
      const calls: Call[] = [];
      await act(manager([recordingHandler(calls, { [flag]: true })]));
      expect(calls.filter((call) => call[0] === method)).toHaveLength(flag === own ? 0 : 1);
    }
  });

  it("handleLLMStart is told of a chat model, with the messages as text, where handleChatModelStart is missing", async () => {
    const handleLLMStart = vi.fn();
    await chat(manager([{ handleLLMStart }]));
    expect(handleLLMStart.mock.calls).toStrictEqual([
      [SERIALIZED, ["System: be kind\nHuman: why?"], ID, PARENT, PARAMS, TAGS, METADATA, "my run"],
    ]);
  });

  it("handleLLMStart is not told of a chat model where handleChatModelStart is there, or models are ignored", async () => {
    const handleLLMStart = vi.fn();
    await chat(
      manager([
        { handleLLMStart, handleChatModelStart: () => {} },
        { handleLLMStart, ignoreLLM: true },
      ]),
    );
    expect(handleLLMStart).not.toHaveBeenCalled();
  });

  it("a plain chain has no run type, and the name of what runs where it has no other", async () => {
    const calls: Call[] = [];
    const made = manager([recordingHandler(calls)]);
    const run = await made.handleChainStart(SERIALIZED, {});
    expect(calls[0]).toStrictEqual([
      "handleChainStart",
      SERIALIZED,
      {},
      run.runId,
      PARENT,
      ["inherited"],
      { inherited: 1 },
      undefined,
      "Job",
      undefined,
    ]);
    const bare = await made.handleToolStart({ ...SERIALIZED, id: [] }, "");
    expect(bare.runName).toBe("run");
    expect((await made.handleRetrieverStart(SERIALIZED, "")).runName).toBe("Job");
    expect((await made.handleToolStart(SERIALIZED, "")).runName).toBe("Job");
    expect((await made.handleLLMStart(SERIALIZED, [""]))[0]?.runName).toBe("Job");
    expect((await made.handleChatModelStart(SERIALIZED, [[]]))[0]?.runName).toBe("Job");
  });

  it("several prompts are several runs, the first with the id that was given", async () => {
    const calls: Call[] = [];
    const made = manager([recordingHandler(calls)]);
    const runs = await made.handleLLMStart(SERIALIZED, ["a", "b"], ID);
    const chats = await made.handleChatModelStart(
      SERIALIZED,
      [[MESSAGES[0] as BaseMessage], [MESSAGES[1] as BaseMessage]],
      ID,
    );
    expect(runs[0]?.runId).toBe(ID);
    expect(runs[1]?.runId).not.toBe(ID);
    expect(chats[0]?.runId).toBe(ID);
    expect(chats[1]?.runId).not.toBe(ID);
    expect(calls.map((call) => [call[0], call[2], call[3], call[5]])).toStrictEqual([
      ["handleLLMStart", ["a"], runs[0]?.runId, {}],
      ["handleLLMStart", ["b"], runs[1]?.runId, {}],
      ["handleChatModelStart", [[MESSAGES[0]]], chats[0]?.runId, {}],
      ["handleChatModelStart", [[MESSAGES[1]]], chats[1]?.runId, {}],
    ]);
    expect(runs.map((run) => [run.kind, run.input])).toEqual([
      ["llm", "a"],
      ["llm", "b"],
    ]);
    expect(chats.map((run) => [run.kind, run.input])).toEqual([
      ["chat_model", [MESSAGES[0]]],
      ["chat_model", [MESSAGES[1]]],
    ]);
  });

  it("outputs and inputs that are no records are put in one", async () => {
    const calls: Call[] = [];
    const made = manager([recordingHandler(calls)]);
    const date = new Date(0);
    for (const output of ["text", 5, [1], null, date, { a: 1 }, undefined]) {
      await (await made.handleChainStart(SERIALIZED, {})).end(output);
    }
    const ends = calls.filter((call) => call[0] === "handleChainEnd").map((call) => call[1]);
    expect(ends).toStrictEqual([
      { output: "text" },
      { output: 5 },
      { output: [1] },
      { output: null },
      { output: date },
      { a: 1 },
      {},
    ]);
  });

  it("a retriever that was left without an answer has found nothing", async () => {
    const calls: Call[] = [];
    const run = await retriever(manager([recordingHandler(calls)]));
    await run.cancel();
    expect(calls.at(-1)).toStrictEqual(["handleRetrieverEnd", [], ID, PARENT, TAGS, { cancelled: true }]);
  });

  it("a model that was left without an answer ends with no generations", async () => {
    const calls: Call[] = [];
    const run = await llm(manager([recordingHandler(calls)]));
    await run?.cancel();
    expect(calls.at(-1)).toStrictEqual(["handleLLMEnd", { generations: [[]] }, ID, PARENT, TAGS, { cancelled: true }]);
  });
});
