import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import "../../src/models/stream/wiring.ts";
import "../../src/models/structured/wiring.ts";
import "../../src/runnables/wiring.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseChatModel } from "../../src/models/base-chat-model.ts";
import type { ChatModelStream } from "../../src/models/stream/chat-model-stream.ts";
import { validateEventStream } from "../../src/models/stream/validate-event-stream.ts";
import { type ModelMiddleware, wrapModel } from "../../src/models/wrap-model.ts";
import { ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { collectReports } from "../helpers/reports.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";
import { WatchedModel } from "./helpers/watched-model.ts";

const rejections = watchRejections();
collectReports();
afterEach(async () => {
  await settle();
  expect(rejections.taken()).toEqual([]);
});

/** Middleware that hands on what it is given, and changes nothing. */
const passing: ModelMiddleware = {
  transformParams: async (params) => params,
  wrapGenerate: ({ doGenerate }) => doGenerate(),
  async *wrapStream({ doStream }) {
    yield* doStream();
  },
};

/** Middleware that makes one growing list of what the model counts. */
const asJson: ModelMiddleware = {
  async *wrapStream({ doStream }) {
    let before = '{"counted":[';
    for await (const { text } of doStream()) {
      yield new ChatGenerationChunk({ message: new AIMessageChunk(before + text.trim()) });
      before = ",";
    }
    yield new ChatGenerationChunk({ message: new AIMessageChunk("]}") });
  },
};
const schema = { type: "object", required: ["counted"] } as const;
const byJson = { method: "jsonMode" } as const;

type Open = (model: WatchedModel, config: RunnableConfig) => AsyncIterable<unknown>;

/** How the model is streamed. */
const KINDS: readonly (readonly [string, Open])[] = [
  ["the parts of an answer", (model, config) => model.streamEvents("x", config)],
  ["the text of an answer", (model, config) => model.streamEvents("x", config).text],
  ["the text so far", (model, config) => model.streamEvents("x", config).text.full],
  [
    "the parts of a bound model's answer",
    (model, config) => model.withConfig({ tags: ["t"] }).streamEvents("x", config),
  ],
  ["a wrapped model", (model, config) => wrapModel(model, {}, passing).astream("x", config)],
  ["the parts of a wrapped model's answer", (model, config) => wrapModel(model, passing).streamEvents("x", config)],
  [
    "structured output",
    (model, config) => wrapModel(model, asJson).withStructuredOutput(schema, byJson).astream("x", config),
  ],
  [
    "structured output with its message",
    (model, config) =>
      wrapModel(model, asJson)
        .withStructuredOutput(schema, { ...byJson, includeRaw: true })
        .astream("x", config),
  ],
];
/** A row for each kind, and whether a handler is told of it. */
const ROWS = KINDS.flatMap(([kind, open]) =>
  [false, true].map((isObserved) => [`${kind}${isObserved ? ", observed" : ""}`, open, isObserved] as const),
);

/** A config with a log of the runs, where they are to be observed. */
function watching(isObserved: boolean): { readonly log: RunLog; readonly config: { callbacks?: CallbackHandler[] } } {
  const log = new RunLog();
  return { log, config: isObserved ? { callbacks: [log.handler] } : {} };
}

describe.each(ROWS)("%s", (_kind, open, isObserved) => {
  test("L01: a break stops the model at once, its finally runs once, and every run is closed", async () => {
    const model = new WatchedModel();
    const { log, config } = watching(isObserved);
    for await (const _item of open(model, config)) break;
    expect([model.entered, model.left]).toEqual([1, 1]);
    const { made } = model;
    await settle();
    expect(model.made).toBe(made);
    expect(faultsOf(log)).toEqual([]);
    expect(log.lines.some((line) => line.startsWith("error"))).toBe(false);
  });

  test("L05: leaving while a read hangs settles it, and tells the model", async () => {
    const model = new WatchedModel({ hangsAt: 2 });
    const { log, config } = watching(isObserved);
    const reader = open(model, config)[Symbol.asyncIterator]();
    const pending: Promise<IteratorResult<unknown>>[] = [];
    for (let reads = 0; reads < 8; reads += 1) pending.push(reader.next());
    await settle();
    await reader.return?.();
    const read = await Promise.all(pending);
    expect(read.at(-1)).toEqual({ value: undefined, done: true });
    await settle();
    expect([model.made, model.left, model.signalled]).toEqual([2, 1, 1]);
    expect(faultsOf(log)).toEqual([]);
  });

  test("L06: an abort between reads and during one rejects, its finally runs once, and every run is closed", async () => {
    for (const script of [{}, { hangsAt: 1 }]) {
      const model = new WatchedModel(script);
      const { log, config } = watching(isObserved);
      const controller = new AbortController();
      const reader = open(model, { ...config, signal: controller.signal })[Symbol.asyncIterator]();
      await reader.next();
      const pending = (async () => {
        for (;;) if ((await reader.next()).done) return;
      })();
      pending.catch(() => {});
      if (script.hangsAt === 1) await settle();
      controller.abort();
      await expect(pending).rejects.toMatchObject({ name: "AbortError" });
      await settle();
      expect([model.entered, model.left]).toEqual([1, 1]);
      const { made } = model;
      await settle();
      expect(model.made).toBe(made);
      expect(faultsOf(log)).toEqual([]);
    }
  });

  test("L07: a signal that was aborted before does no work", async () => {
    const model = new WatchedModel();
    const { log, config } = watching(isObserved);
    await expect(collect(open(model, { ...config, signal: AbortSignal.abort() }))).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(model.made).toBe(0);
    expect(faultsOf(log)).toEqual([]);
  });

  test("L08: a timeout ends a model that hangs", async () => {
    const model = new WatchedModel({ hangsAt: 1 });
    const { log, config } = watching(isObserved);
    await expect(collect(open(model, { ...config, timeout: 15 }))).rejects.toMatchObject({ name: "TimeoutError" });
    await settle();
    expect([model.left, model.signalled]).toEqual([1, 1]);
    expect(faultsOf(log)).toEqual([]);
  });

  test("L10: a failure reaches the reader once, after what was said, and each run once", async () => {
    const model = new WatchedModel({ failsAt: 2 });
    const { log, config } = watching(isObserved);
    const reader = open(model, config)[Symbol.asyncIterator]();
    const failures: unknown[] = [];
    let items = 0;
    for (let reads = 0; reads < 20; reads += 1) {
      try {
        const { done } = await reader.next();
        if (!done) items += 1;
      } catch (error) {
        failures.push(error);
      }
    }
    expect(failures).toEqual([expect.objectContaining({ message: "the model broke" })]);
    expect(items).toBeGreaterThan(0);
    expect(model.left).toBe(1);
    expect(faultsOf(log)).toEqual([]);
  });

  test("L12: where its reader stops, the model is at most two chunks ahead", async () => {
    const model = new WatchedModel();
    const { config } = watching(isObserved);
    const reader = open(model, config)[Symbol.asyncIterator]();
    for (let reads = 1; reads <= 12; reads += 1) {
      await reader.next();
      await settle();
      expect(model.made).toBeLessThanOrEqual(reads + 2);
    }
    await reader.return?.();
  });

  test("never read, it does nothing", async () => {
    const model = new WatchedModel();
    const { log, config } = watching(isObserved);
    open(model, config);
    await settle();
    expect([model.entered, log.lines.length]).toEqual([0, 0]);
  });
});

/** What a reader of a content-block stream does next. */
type Step = { readonly reader: number; readonly does: "read" | "leave" | "await" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    reader: fc.nat(3),
    does: fc.constantFrom<Step["does"][]>("read", "read", "read", "leave", "await"),
  }),
  { maxLength: 30 },
);

test("law 8: whatever its readers do, in whatever order, the model is left once, when nobody reads on", () =>
  fc.assert(
    fc.asyncProperty(steps, fc.nat(6), async (list, chunks) => {
      const model = new WatchedModel({ chunks });
      const { log, config } = watching(true);
      const stream = model.streamEvents("x", config);
      const readers = Array.from({ length: 4 }, (_, place) =>
        (place % 2 === 0 ? stream : stream.text)[Symbol.asyncIterator](),
      );
      const awaited: Promise<unknown>[] = [];
      for (const { reader, does } of list) {
        const chosen = readers[reader] as AsyncIterator<unknown>;
        if (does === "read") await chosen.next().catch((error) => expect(error.name).toBe("AbortError"));
        else if (does === "leave") await chosen.return?.();
        else awaited.push(Promise.allSettled([stream.text.then((text) => text)]));
      }
      await Promise.all(awaited);
      for (const reader of readers) await reader.return?.();
      await settle(1);
      expect(model.left).toBe(model.entered);
      expect(model.entered).toBeLessThanOrEqual(1);
      expect(faultsOf(log)).toEqual([]);
      const { made } = model;
      await settle(1);
      expect(model.made).toBe(made);
    }),
    { numRuns: 200 },
  ));

test("law 10: who reads a stream that failed, now or later, is told of it, and the error's event is the last", async () => {
  const stream = new WatchedModel({ failsAt: 1 }).streamEvents("x");
  const outcomes = await Promise.allSettled([stream, stream.text, stream.usage, stream.toolCalls, stream.output]);
  expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
  const events: { event: string }[] = [];
  const read = async () => {
    for await (const event of stream) events.push(event);
  };
  await expect(read()).rejects.toThrow("the model broke");
  expect(events.map(({ event }) => event)).toEqual([
    "message-start",
    "content-block-start",
    "content-block-delta",
    "error",
  ]);
});

test("law 13: many streams at once do not mix, and each is in order", async () => {
  const model = new WatchedModel({ chunks: 20, before: () => settle(1) });
  const streams: ChatModelStream[] = Array.from({ length: 50 }, () => model.streamEvents("x"));
  const texts = await Promise.all(streams.map((stream) => stream.text));
  expect(new Set(texts)).toEqual(new Set([Array.from({ length: 20 }, (_, chunk) => `${chunk} `).join("")]));
  for (const stream of streams) expect(await validateEventStream(stream)).toEqual([]);
  expect(new Set(await Promise.all(streams.map(async (stream) => (await stream).id))).size).toBe(50);
});

test("L14: what the parts add up to is what a plain call gives", async () => {
  const plain = (model: BaseChatModel): BaseChatModel => model;
  for (const of of [plain, (model: BaseChatModel) => wrapModel(model, passing)]) {
    const model = of(new WatchedModel({ chunks: 5 }) as unknown as BaseChatModel);
    const [whole, parts] = [await model.invoke("x"), await model.streamEvents("x")];
    expect(parts.text).toBe(whole.text);
  }
  const counts = (fields: object) =>
    wrapModel(new WatchedModel({ chunks: 5 }) as unknown as BaseChatModel, asJson).withStructuredOutput(schema, {
      ...byJson,
      ...fields,
    });
  expect((await collect(await counts({}).stream("x"))).at(-1)).toEqual(await counts({}).invoke("x"));
  expect(await counts({}).batch(["x", "y"])).toEqual([{ counted: [0, 1, 2, 3, 4] }, { counted: [0, 1, 2, 3, 4] }]);
});

describe("a call whose arguments break off", () => {
  const pieces = [
    { index: 0, id: "a", name: "keep", args: '{"path":"/tmp/a"}' },
    { index: 1, id: "b", name: "remove", args: '{"path":"/tmp' },
  ];
  const cut = (): BaseChatModel =>
    Object.assign(new WatchedModel(), {
      async *_streamResponseChunks() {
        for (const piece of pieces) {
          yield new ChatGenerationChunk({
            message: new AIMessageChunk({ content: "", tool_call_chunks: [{ ...piece, type: "tool_call_chunk" }] }),
          });
        }
      },
    }) as unknown as BaseChatModel;

  test.each<[string, (model: BaseChatModel) => PromiseLike<AIMessage>]>([
    ["invoke", (model) => model.invoke("x") as Promise<unknown> as Promise<AIMessage>],
    ["the parts of the answer", (model) => model.streamEvents("x")],
    ["invoke of a wrap", (model) => wrapModel(model, passing).invoke("x") as Promise<unknown> as Promise<AIMessage>],
  ])("is no call that can be made, by %s", async (_what, call) => {
    const message = await call(cut());
    expect(message.tool_calls.map(({ name }) => name)).toEqual(["keep"]);
    expect(message.invalid_tool_calls).toEqual([
      expect.objectContaining({ id: "b", name: "remove", args: '{"path":"/tmp', error: "Malformed args." }),
    ]);
  });

  test("is still shown while it is being said", async () => {
    const shown: unknown[] = [];
    for await (const chunk of await cut().stream("x")) shown.push(chunk.tool_calls[0]?.args);
    expect(shown).toEqual([{ path: "/tmp/a" }, { path: "/tmp" }]);
  });
});

test("L17: many streams on one signal leave no listener", async () => {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  const model = new WatchedModel({ chunks: 3 });
  for (let turn = 0; turn < 100; turn += 1) {
    const stream = model.streamEvents("x", { signal });
    if (turn % 2 === 0) await stream;
    else for await (const _event of stream) break;
  }
  expect(listeners).toBe(0);
});
