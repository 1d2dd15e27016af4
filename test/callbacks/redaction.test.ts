import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackManagerForChainRun } from "../../src/callbacks/chain-run-manager.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { CallbackManagerForLLMRun } from "../../src/callbacks/model-run-manager.ts";
import type { Redact, RedactPlace } from "../../src/callbacks/redact.ts";
import { redactText } from "../../src/callbacks/redact-text.ts";
import type { RunObserver } from "../../src/callbacks/run-observer.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import type { LLMResult } from "../../src/outputs/llm-result.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { collectReports } from "../helpers/reports.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const reports = collectReports();
const hide: Redact = redactText((text) => text.replaceAll("secret", "***"));

/** A manager with one handler of everything, an observer and a hook, and what each of the three was told. */
function watched(redact: Redact | null = hide) {
  const calls: Call[] = [];
  const observed: unknown[][] = [];
  const places: RedactPlace[] = [];
  const note = (moment: string) =>
    function noted(run: unknown, ...told: unknown[]): void {
      observed.push([moment, (run as { input: unknown }).input, ...told]);
    };
  const observer: RunObserver = {
    "~observer": true,
    runStarted: note("started"),
    runStreamed: note("streamed"),
    runEnded: note("ended"),
    runFailed: note("failed"),
    customEvent: note("custom"),
  };
  const manager = new CallbackManager(undefined, {
    inheritableHandlers: [recordingHandler(calls), observer],
    redact:
      redact === null
        ? undefined
        : (value, place) => {
            places.push(place);
            return redact(value, place);
          },
  });
  return { manager, calls, observed, places };
}

type Watched = ReturnType<typeof watched>;

const chain = ({ manager }: Watched, input: Record<string, unknown> = { a: "secret" }) =>
  manager.handleChainStart(SERIALIZED, input, undefined, undefined, undefined, undefined, "secret name");
const llm = async ({ manager }: Watched) =>
  (await manager.handleLLMStart(SERIALIZED, ["my secret"]))[0] as CallbackManagerForLLMRun;
const PARAMS = { options: { stop: ["secret"] }, invocation_params: { key: "secret" } };
const chat = async ({ manager }: Watched) =>
  (
    await manager.handleChatModelStart(SERIALIZED, [[new HumanMessage("my secret")]], undefined, undefined, PARAMS)
  )[0] as CallbackManagerForLLMRun;

const result = (text: string): LLMResult => ({ generations: [[new ChatGeneration({ message: new AIMessage(text) })]] });
const piece = (text: string) => new ChatGenerationChunk({ message: new AIMessageChunk(text) });

/** What is done, what handlers are told of it first, and what observers. */
const table: [
  name: string,
  act: (watch: Watched) => Promise<unknown>,
  told: unknown,
  observed: unknown,
  payload: string,
][] = [
  ["a chain's input", chain, { a: "***" }, { a: "***" }, "input"],
  ["a chain's output", async (w) => (await chain(w)).end("a secret"), { output: "a ***" }, "a ***", "output"],
  ["a chain's chunk", async (w) => (await chain(w)).chunk("a secret"), undefined, "a ***", "chunk"],
  ["a text", async (w) => (await chain(w)).handleText("a secret"), "a ***", undefined, "text"],
  [
    "an agent's action",
    async (w) => (await chain(w)).handleAgentAction({ log: "secret" }),
    { log: "***" },
    undefined,
    "action",
  ],
  [
    "an agent's end",
    async (w) => (await chain(w)).handleAgentEnd({ log: "secret" }),
    { log: "***" },
    undefined,
    "action",
  ],
  ["an error", async (w) => (await chain(w)).fail(new Error("secret")), new Error("***"), new Error("***"), "error"],
  ["a prompt", llm, ["my ***"], "my ***", "input"],
  ["messages", chat, [[new HumanMessage("my ***")]], [new HumanMessage("my ***")], "input"],
  ["a token", async (w) => (await llm(w)).handleLLMNewToken("secret"), "***", "***", "token"],
  ["a model's event", async (w) => (await chat(w)).handleChatModelStreamEvent(["secret"]), ["***"], undefined, "chunk"],
  [
    "a model's result",
    async (w) => (await chat(w)).handleLLMEnd(result("secret")),
    result("***"),
    result("***"),
    "output",
  ],
  ["a tool's input", ({ manager }) => manager.handleToolStart(SERIALIZED, "secret"), "***", "***", "input"],
  [
    "a tool's chunk",
    async ({ manager }) => (await manager.handleToolStart(SERIALIZED, "")).handleToolEvent("secret"),
    "***",
    "***",
    "chunk",
  ],
  ["a query", ({ manager }) => manager.handleRetrieverStart(SERIALIZED, "secret"), "***", "***", "input"],
  [
    "documents",
    async ({ manager }) =>
      (await manager.handleRetrieverStart(SERIALIZED, "")).handleRetrieverEnd([{ page: "secret" }]),
    [{ page: "***" }],
    [{ page: "***" }],
    "output",
  ],
];

describe("a redact hook", () => {
  it.each(table)(
    "is passed by %s, before handlers and observers are told",
    async (_name, act, told, observed, payload) => {
      const watch = watched();
      await act(watch);
      const at = (method: unknown): number => (String(method).endsWith("Start") ? 2 : 1);
      const [method, ...rest] = watch.calls.at(-1) as Call;
      if (told !== undefined) expect([method, ...rest][at(method)]).toEqual(told);
      const [moment, input, value] = watch.observed.at(-1) as unknown[];
      if (observed !== undefined) expect(moment === "started" ? input : value).toEqual(observed);
      expect(watch.places.filter((place) => place.payload === payload)).toHaveLength(1);
    },
  );

  it("is passed by the data of a custom event, not by its name", async () => {
    const watch = watched();
    await (await chain(watch)).handleCustomEvent("secret", { at: "secret" });
    expect(watch.calls.at(-1)?.slice(0, 3)).toEqual(["handleCustomEvent", "secret", { at: "***" }]);
    expect(watch.observed.at(-1)?.slice(2)).toEqual(["secret", { at: "***" }]);
  });

  it("is passed by what a model is called with", async () => {
    const watch = watched();
    await chat(watch);
    expect(watch.calls[0]?.[5]).toEqual({ options: { stop: ["***"] }, invocation_params: { key: "***" } });
  });

  it("is passed by each chunk and by their sum, which shows a secret that was cut", async () => {
    const watch = watched();
    const run = await chain(watch);
    for (const part of ["my sec", "ret", " secret"]) await run.chunk(part);
    await run.end();
    expect(watch.observed.slice(1).map((told) => told[2])).toEqual(["my sec", "ret", " ***", "my *** ***"]);
    expect(watch.calls.at(-1)?.[1]).toEqual({ output: "my *** ***" });
  });

  it("is passed by what was given before an error, and by what was read as a stream", async () => {
    const watch = watched();
    const run = await chain(watch);
    run.chunk("secret");
    run.chunkOfInput("a secret");
    await run.fail(new Error("no"));
    expect(watch.calls.at(-1)?.[5]).toEqual({ partial: "***", inputs: { input: "a ***" } });
    expect(watch.observed.at(-1)?.[3]).toEqual({ partial: "***", inputs: "a ***" });
    const ended = await chain(watch);
    ended.chunkOfInput("a secret");
    await ended.end(1);
    expect(watch.calls.at(-1)?.[5]).toEqual({ inputs: { input: "a ***" } });
    const broken = await chain(watch);
    broken.chunk("secret");
    await broken.fail(new Error("no"));
    expect(watch.calls.at(-1)?.[5]).toEqual({ partial: "***" });
    const cancelled = await chain(watch);
    await cancelled.cancel();
    expect(watch.observed.at(-1)?.[3]).toEqual({ cancelled: true });
  });

  it("is passed by streamed tokens and their chunks", async () => {
    const watch = watched();
    const run = await chat(watch);
    run["~expectChunks"]();
    await run.handleLLMNewToken("a secret");
    run.chunk(piece("secret"));
    run.chunk(piece("more secret"));
    const tokens = watch.calls.filter(([method]) => method === "handleLLMNewToken");
    expect(tokens.map((call) => [call[1], (call[6] as { chunk: ChatGenerationChunk }).chunk.text])).toEqual([
      ["a ***", "***"],
      ["more ***", "more ***"],
    ]);
    expect(watch.observed.slice(1).map((told) => (told[2] as ChatGenerationChunk).message.content)).toEqual([
      "***",
      "more ***",
    ]);
  });

  it("is called once for each value, however many are told of it and in however many moments", async () => {
    const watch = watched();
    const run = await chat(watch);
    run["~expectChunks"]();
    run.chunk(piece("a"));
    await run.end();
    const model = { kind: "chat_model", runId: run.runId, runName: "Job" };
    expect(watch.places).toEqual(
      ["input", "params", "chunk", "token", "output"].map((payload) => ({ payload, ...model })),
    );
    const other = watched();
    const tool = await other.manager.handleToolStart(SERIALIZED, "x");
    await tool.handleToolEnd("y");
    const retriever = await other.manager.handleRetrieverStart(SERIALIZED, "x");
    await retriever.handleRetrieverEnd([]);
    expect(other.places.map(({ payload }) => payload)).toEqual(["input", "output", "input", "output"]);
  });

  it("is not called for tokens that nobody hears", async () => {
    const redact = vi.fn<Redact>((value) => value);
    const [, observer] = watched().manager.handlers;
    const manager = new CallbackManager(undefined, { handlers: [observer as RunObserver], redact });
    const run = (await manager.handleChatModelStart(SERIALIZED, [[]]))[0];
    run?.chunk(piece("a"));
    expect(redact.mock.calls.map(([, { payload }]) => payload)).toEqual(["input", "chunk"]);
  });

  it("tells the same value of two payloads apart", async () => {
    const watch = watched((value, { payload }) => `${payload}: ${String(value)}`);
    const run = await chain(watch);
    await run.handleText("a");
    await run.handleCustomEvent("n", "a");
    expect(watch.calls.slice(1).map((call) => call.slice(1, 3))).toEqual([
      ["text: a", run.runId],
      ["n", "event: a"],
    ]);
  });

  it("does not pass what is not there", async () => {
    const watch = watched();
    const run = await chain(watch);
    await run.end();
    const llmRun = await llm(watch);
    await llmRun.handleLLMNewToken("a");
    expect(watch.places.map(({ payload }) => payload)).toEqual(["input", "input", "params", "token"]);
  });

  it("changes nothing of the run: it works on with the values themselves", async () => {
    const redact = vi.fn<Redact>(() => "[hidden]");
    const manager = CallbackManager.fromHandlers(recordingHandler([]));
    manager.redact = redact;
    const upper = RunnableLambda.from((text: string) => text.toUpperCase());
    const letters = RunnableLambda.from<string, string>(function* (text: string) {
      yield* text;
    });
    const made = upper.pipe(letters);
    expect(await made.invoke("abc", { callbacks: manager })).toBe("ABC");
    const streamed: string[] = [];
    for await (const chunk of made.astream("abc", { callbacks: manager })) streamed.push(chunk);
    expect(streamed).toEqual(["A", "B", "C"]);
    expect(redact).toHaveBeenCalled();
    const error = new Error("secret");
    const failing = RunnableLambda.from(() => {
      throw error;
    });
    await expect(failing.invoke("", { callbacks: manager })).rejects.toBe(error);
  });

  it("leaves names, tags and metadata alone, and is not there unless it is set", async () => {
    const watch = watched();
    const run = await chain(watch);
    expect(run.runName).toBe("secret name");
    const plain = watched(null);
    const input = { a: "secret" };
    const told = await chain(plain, input);
    expect(plain.calls[0]?.[2]).toBe(input);
    expect(told.input).toBe(input);
  });
});

describe("what is told where a hook gives one text for everything, or fails", () => {
  const given: [name: string, act: (watch: Watched) => Promise<unknown>, told: (text: string) => unknown][] = [
    ["records", chain, (text) => ({ input: text })],
    ["chain outputs", async (w) => (await chain(w)).end([1]), (text) => ({ output: text })],
    ["texts", async (w) => (await chain(w)).handleText("a"), (text) => text],
    ["errors", async (w) => (await chain(w)).fail(new TypeError("a")), (text) => new Error(text)],
    ["prompts", llm, (text) => [text]],
    ["messages", chat, (text) => [[new HumanMessage(text)]]],
    ["chat results", async (w) => (await chat(w)).end(result("a")), (text) => result(text)],
    [
      "results",
      async (w) => (await llm(w)).end({ generations: [[{ text: "a" }]] }),
      (text) => ({ generations: [[{ text }]] }),
    ],
    ["empty results", async (w) => (await llm(w)).end(), (text) => ({ generations: [[{ text }]] })],
    [
      "results of nothing",
      async (w) => (await llm(w)).end({ generations: [] }),
      (text) => ({ generations: [[{ text }]] }),
    ],
    ["tokens", async (w) => (await llm(w)).handleLLMNewToken("a"), (text) => text],
    ["tool inputs", ({ manager }) => manager.handleToolStart(SERIALIZED, "a"), (text) => text],
    [
      "documents",
      async ({ manager }) => (await manager.handleRetrieverStart(SERIALIZED, "")).handleRetrieverEnd(["a"]),
      (text) => [text],
    ],
  ];

  it.each(given)("%s keep their shape", async (_name, act, told) => {
    const failing: Redact = () => {
      throw new Error("in the hook");
    };
    for (const [redact, text] of [
      [() => "[hidden]", "[hidden]"],
      [failing, "[redaction failed]"],
    ] as const) {
      reports.length = 0;
      const watch = watched(redact);
      await act(watch);
      const [method, ...rest] = watch.calls.at(-1) as Call;
      expect(rest[String(method).endsWith("Start") ? 1 : 0]).toEqual(told(text));
      expect(reports.length > 0).toBe(redact === failing);
      for (const { error, place } of reports) {
        expect(error).toEqual(new Error("in the hook"));
        expect(place).toMatch(/^the redact hook, at \w+ of /);
      }
    }
  });

  it("chunks keep their class, and what a model is called with is empty", async () => {
    const watch = watched(() => "[hidden]");
    const run = await chat(watch);
    run.chunk(piece("a"));
    expect(watch.observed.at(-1)?.[2]).toEqual(piece("[hidden]"));
    expect(watch.observed.at(-1)?.[2]).toBeInstanceOf(ChatGenerationChunk);
    expect(watch.calls[0]?.[5]).toEqual({});
    (await llm(watch)).chunk(new GenerationChunk({ text: "a", generationInfo: { a: 1 } }));
    expect(watch.observed.at(-1)?.[2]).toEqual(new GenerationChunk({ text: "[hidden]" }));
    expect(watch.calls.at(-1)?.[1]).toBe("[hidden]");
  });

  it.each<[string, unknown]>([
    ["messages", { not: "messages" }],
    ["messages", [{ content: "no message" }]],
    ["messages", undefined],
    ["texts", 5],
    ["texts", null],
  ])("a hook that gives something of another shape for %s has failed", async (what, told) => {
    const watch = watched((value, { payload }) => (payload === "params" ? value : told));
    if (what === "messages") await chat(watch);
    else await (await chain(watch)).handleText("a");
    const [method, first, second] = watch.calls.at(-1) as Call;
    expect(method === "handleText" ? first : second).toEqual(
      what === "texts" ? "[redaction failed]" : [[new HumanMessage("[redaction failed]")]],
    );
    expect(reports.map(({ error }) => error)).toEqual([expect.objectContaining({ code: "INVALID_CONFIG" })]);
  });

  it("a promise is no answer, and where it rejects nobody minds", async () => {
    const rejected = vi.fn();
    process.once("unhandledRejection", rejected);
    const watch = watched(() => Promise.reject(new Error("late")));
    await chain(watch);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", rejected);
    expect(watch.calls[0]?.[2]).toEqual({ input: "[redaction failed]" });
    expect(rejected).not.toHaveBeenCalled();
  });

  it("a value that cannot be looked into is told as text", async () => {
    const hostile = Object.defineProperty({}, "generations", {
      get: () => {
        throw new Error("hostile");
      },
    });
    const watch = watched(() => {
      throw new Error("in the hook");
    });
    await chain(watch, hostile as Record<string, unknown>);
    expect(watch.calls[0]?.[2]).toEqual({ input: "[redaction failed]" });
  });

  it("an output that is a text may become anything", async () => {
    const watch = watched((value) => (typeof value === "string" ? { length: value.length } : value));
    await (await chain(watch)).end("abc");
    expect(watch.calls.at(-1)?.[1]).toEqual({ length: 3 });
    expect(reports).toEqual([]);
  });

  it("a list of messages may be made shorter", async () => {
    const watch = watched((value, { payload }) => (payload === "input" ? [] : value));
    await chat(watch);
    expect(watch.calls[0]?.[2]).toEqual([[]]);
    expect(reports).toEqual([]);
  });
});

describe("the hook of a manager", () => {
  const one: Redact = (value) => `1(${String(value)})`;
  const two: Redact = (value) => `2(${String(value)})`;
  const textOf = async (manager: CallbackManager): Promise<unknown> => {
    const handleText = vi.fn();
    const run = await manager.copy([{ handleText }]).handleChainStart(SERIALIZED, {});
    await run.handleText("a");
    return handleText.mock.calls[0]?.[0];
  };

  it("is given at the start or set later, and taken away", async () => {
    const manager = new CallbackManager(undefined, { redact: one });
    expect(manager.redact).toBe(one);
    manager.redact = two;
    expect(manager.redact).toBe(two);
    expect(await textOf(manager)).toBe("2(a)");
    manager.redact = undefined;
    expect(manager.redact).toBeUndefined();
    expect(new CallbackManager().redact).toBeUndefined();
    expect(await textOf(manager)).toBe("a");
  });

  it("is kept by copies, children and their children", async () => {
    const manager = new CallbackManager(undefined, { redact: one });
    expect(manager.copy().redact).toBe(one);
    const run = await manager.copy([{ handleText: () => {} }]).handleChainStart(SERIALIZED, {});
    const child = run.getChild() as CallbackManager;
    expect(child.redact).toBe(one);
    const grandchild = await (child.handleChainStart(SERIALIZED, {}) as Promise<CallbackManagerForChainRun>);
    expect(grandchild.getChild("tag").redact).toBe(one);
  });

  it("is joined by more, each once, in the order in which values pass", async () => {
    const manager = new CallbackManager(undefined, { redact: one });
    expect(manager["~redactedBy"](undefined)).toBe(manager);
    expect(manager["~redactedBy"](one)).toBe(manager);
    expect(manager["~redactedBy"]([one])).toBe(manager);
    const inner = manager["~redactedBy"](two);
    expect(inner["~redactedBy"](one)["~redactedBy"]([two, one])).toBe(inner);
    expect(manager.redact).toBe(one);
    expect(await textOf(inner)).toBe("2(1(a))");
    expect(await textOf(manager["~redactedBy"](two, true))).toBe("1(2(a))");
    expect(inner.redact?.("b", {} as RedactPlace)).toBe("2(1(b))");
    expect(new CallbackManager()["~redactedBy"](one).redact).toBe(one);
  });

  it("has failed where the first of several throws, and the others go on with the text of that", async () => {
    const failing: Redact = () => {
      throw new Error("first");
    };
    const manager = new CallbackManager(undefined, { redact: failing })["~redactedBy"](two);
    expect(await textOf(manager)).toBe("2([redaction failed])");
  });

  it("is kept by configure, and joined by that of the local manager", async () => {
    const handler: CallbackHandler = { handleText: () => {} };
    const base = new CallbackManager(undefined, { inheritableHandlers: [handler], redact: one });
    const local = new CallbackManager(undefined, { handlers: [handler], redact: two });
    expect(CallbackManager.configure(base)).toBe(base);
    expect(CallbackManager.configure(base, [{}], ["tag"])?.redact).toBe(one);
    expect(CallbackManager.configure([handler], local)?.redact).toBe(two);
    expect(await textOf(CallbackManager.configure(base, local) as CallbackManager)).toBe("2(1(a))");
    const unheard = new CallbackManager(undefined, { redact: two });
    expect(await textOf(CallbackManager.configure(base, unheard) as CallbackManager)).toBe("2(1(a))");
    expect(base.redact).toBe(one);
  });
});
