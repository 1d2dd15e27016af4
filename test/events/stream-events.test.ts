import { afterEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackManagerForChainRun } from "../../src/callbacks/chain-run-manager.ts";
import { AbortError } from "../../src/errors/abort-error.ts";
import type { EventFilter } from "../../src/events/event-filter.ts";
import type { StreamEvent } from "../../src/events/stream-event.ts";
import type { StreamEventsOptions } from "../../src/events/stream-events-options.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { settle } from "../helpers/timing.ts";

const ID = "0190f000-0000-7000-8000-000000000001";

afterEach(() => {
  vi.restoreAllMocks();
});

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Reads until the stream rejects. */
async function collectUntilError(
  stream: AsyncIterable<StreamEvent>,
): Promise<{ events: StreamEvent[]; error: unknown }> {
  const events: StreamEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    return { events, error };
  }
  throw new Error("expected the stream to reject");
}

const short = ({ event, name, data }: StreamEvent): string => `${event} ${name} ${JSON.stringify(data)}`;

const letters = (): RunnableLambda<string, string> =>
  RunnableLambda.from(
    function* (text: string) {
      yield* text;
    },
    { name: "letters" },
  );

const failing = (after: number): RunnableLambda<string, string> =>
  RunnableLambda.from(
    async function* () {
      for (let count = 0; count < after; count += 1) yield "a";
      throw new Error("broken");
    },
    { name: "failing" },
  );

describe("streamEvents", () => {
  it("starts nothing before it is read, and is a stream like any other", async () => {
    const func = vi.fn((text: string) => text);
    const stream = RunnableLambda.from(func).streamEvents("a", { version: "v2" });
    expect(stream).toBeInstanceOf(IterableReadableStream);
    await settle();
    expect(func).not.toHaveBeenCalled();
    expect((await stream.next()).value?.event).toBe("on_chain_start");
    await stream.return();
  });

  it.each(["v1", "v2", undefined] as const)(
    "tells of a chain in order, each run's word start stream* end (%s)",
    async (version) => {
      const events = await collect(letters().pipe(new Upper()).streamEvents("ab", { version }));
      expect(events.map(short)).toEqual([
        'on_chain_start RunnableSequence {"input":"ab"}',
        "on_chain_start letters {}",
        'on_chain_stream letters {"chunk":"a"}',
        "on_chain_start Upper {}",
        'on_chain_stream Upper {"chunk":"A"}',
        'on_chain_stream RunnableSequence {"chunk":"A"}',
        'on_chain_stream letters {"chunk":"b"}',
        'on_chain_stream Upper {"chunk":"B"}',
        'on_chain_stream RunnableSequence {"chunk":"B"}',
        'on_chain_end letters {"output":"ab","input":"ab"}',
        'on_chain_end Upper {"output":"AB","input":"ab"}',
        'on_chain_end RunnableSequence {"output":"AB"}',
      ]);
      const runs = new Set(events.map(({ run_id }) => run_id));
      expect(runs.size).toBe(3);
      expect(events.map(({ tags }) => tags.join())).toEqual(
        events.map(({ name }) => ({ letters: "seq:step:1", Upper: "seq:step:2" })[name] ?? ""),
      );
    },
  );

  it("has the config's name, id, tags and metadata, and no option of its own in the config", async () => {
    let seen: object | undefined;
    const lambda = RunnableLambda.from((text: string, config) => {
      seen = { ...config };
      return text;
    });
    const options = {
      version: "v2",
      errorEvents: true,
      parentIds: true,
      runName: "mine",
      runId: ID,
      tags: ["t"],
      metadata: { m: 1 },
    } as const;
    const events = await collect(lambda.streamEvents("a", { ...options, tags: ["t"] }));
    for (const event of events) {
      expect(event).toMatchObject({ name: "mine", run_id: ID, tags: ["t"], metadata: { m: 1 } });
    }
    expect(Object.keys(seen ?? {})).not.toEqual(expect.arrayContaining(["version"]));
    expect(seen).not.toHaveProperty("errorEvents");
    expect(seen).not.toHaveProperty("parentIds");
    expect(seen).toMatchObject({ tags: ["t"] });
  });

  it("tells the config's own handlers, too", async () => {
    const log = new RunLog();
    await collect(letters().streamEvents("a", { version: "v2", callbacks: [log.handler] }));
    expect(log.lines).toEqual(["start letters", "end letters"]);
  });

  it.each(["v3", "", 2, null])("refuses %j as a version", (version) => {
    const call = (): unknown => letters().streamEvents("a", { version } as unknown as StreamEventsOptions);
    expect(call).toThrow(`Expected version to be "v1", "v2" or left out, got ${JSON.stringify(version)}.`);
    expect(call).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", data: { version } }));
  });

  it("tells the root's input raw, and shows outputs and inputs as they are", async () => {
    const input = { input: { deep: 1 } };
    const output = { output: [1] };
    const events = await collect(RunnableLambda.from(() => output).streamEvents(input, { version: "v2" }));
    expect(events.map(({ data }) => data)).toEqual([{ input }, { chunk: output }, { output }]);
    expect((events[0]?.data as { input: unknown } | undefined)?.input).toBe(input);
  });

  it("shows null as an output", async () => {
    const nothing = RunnableLambda.from(() => null);
    const outer = RunnableLambda.from((input: number, config) => nothing.invoke(input, config), { name: "outer" });
    const events = await collect(outer.streamEvents(1, { version: "v2" }));
    expect(events.filter(({ event }) => event === "on_chain_end").map(({ data }) => data)).toEqual([
      { output: null, input: 1 },
      { output: null },
    ]);
  });

  it("tells of a nested call as a child, with its input at the start", async () => {
    const inner = RunnableLambda.from((text: string) => `${text}.`, { name: "inner" });
    const outer = RunnableLambda.from((text: string, config) => inner.invoke(text, config), { name: "outer" });
    expect((await collect(outer.streamEvents("a", { version: "v2" }))).map(short)).toEqual([
      'on_chain_start outer {"input":"a"}',
      'on_chain_start inner {"input":"a"}',
      'on_chain_end inner {"output":"a.","input":"a"}',
      'on_chain_stream outer {"chunk":"a."}',
      'on_chain_end outer {"output":"a."}',
    ]);
  });
});

describe("the forms of streamEvents", () => {
  const options: [string, StreamEventsOptions, { errors: boolean; parents: boolean }][] = [
    ["v1", { version: "v1" }, { errors: false, parents: false }],
    [
      "v1, whatever else is asked for",
      { version: "v1", errorEvents: true, parentIds: true },
      { errors: false, parents: false },
    ],
    ["v2", { version: "v2" }, { errors: false, parents: false }],
    ["v2 with error events", { version: "v2", errorEvents: true }, { errors: true, parents: false }],
    ["v2 with parent ids", { version: "v2", parentIds: true }, { errors: false, parents: true }],
    ["none", {}, { errors: true, parents: true }],
    ["none, without error events", { errorEvents: false }, { errors: false, parents: true }],
    ["none, without parent ids", { parentIds: false }, { errors: true, parents: false }],
  ];

  it.each(options)("%s: which have error events and parent ids", async (_name, given, { errors, parents }) => {
    const { events, error } = await collectUntilError(failing(1).pipe(new Upper()).streamEvents("a", given));
    expect((error as Error).message).toBe("broken");
    const told = events.filter(({ event }) => event.endsWith("_error"));
    expect(told.map(({ event, name }) => `${event} ${name}`)).toEqual(
      errors ? ["on_chain_error failing", "on_chain_error Upper", "on_chain_error RunnableSequence"] : [],
    );
    if (errors) {
      expect(told.map(({ data }) => data)).toEqual([
        { error, input: "a", partial: "a" },
        { error, input: "a", partial: "A" },
        { error, partial: "A" },
      ]);
    }
    for (const event of events) expect("parent_ids" in event).toBe(parents);
    const root = events[0]?.run_id;
    if (parents) {
      expect(events[0]?.parent_ids).toEqual([]);
      expect(events[1]?.parent_ids).toEqual([root]);
    }
  });

  it("parent ids are those of all runs around, outermost first", async () => {
    const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
    const middle = RunnableLambda.from((text: string, config) => inner.invoke(text, config), { name: "middle" });
    const events = await collect(middle.pipe(inner).streamEvents("a"));
    const idOf = (name: string): string | undefined => events.find((event) => event.name === name)?.run_id;
    const first = events.find(({ name }) => name === "inner");
    expect(first?.parent_ids).toEqual([idOf("RunnableSequence"), idOf("middle")]);
  });

  it("an error before the first chunk has no partial", async () => {
    const { events } = await collectUntilError(failing(0).streamEvents("a"));
    expect(events.at(-1)?.event).toBe("on_chain_error");
    expect(Object.keys(events.at(-1)?.data as object)).toEqual(["error"]);
  });

  it("v1 tells of every chunk of the root, also where the root has no stream of its own, before its end", async () => {
    class Quiet extends Runnable<string, string> {
      override invoke(input: string, options?: RunnableConfig): Promise<string> {
        return this._callWithConfig((text) => `${text}.`, input, options);
      }
    }
    const first = (await collect(new Quiet().streamEvents("a", { version: "v1" }))).map(short);
    expect(first).toEqual([
      'on_chain_start Quiet {"input":"a"}',
      'on_chain_stream Quiet {"chunk":"a."}',
      'on_chain_end Quiet {"output":"a."}',
    ]);
    const second = (await collect(new Quiet().streamEvents("a", { version: "v2" }))).map(short);
    expect(second).toEqual(['on_chain_start Quiet {"input":"a"}', 'on_chain_end Quiet {"output":"a."}']);
  });

  it("v1 keeps its filter for the root's chunk and end", async () => {
    class Quiet extends Runnable<string, string> {
      override invoke(input: string, options?: RunnableConfig): Promise<string> {
        return this._callWithConfig((text) => `${text}.`, input, options);
      }
    }
    const events = await collect(new Quiet().streamEvents("a", { version: "v1" }, { excludeNames: ["Quiet"] }));
    expect(events).toEqual([]);
  });

  it("v1 does not tell of the root's end where it fails", async () => {
    const { events } = await collectUntilError(failing(1).streamEvents("a", { version: "v1" }));
    expect(events.map(({ event }) => event)).toEqual(["on_chain_start", "on_chain_stream"]);
  });
});

describe("the filter of streamEvents", () => {
  const chain = () =>
    letters()
      .withConfig({ tags: ["first"] })
      .pipe(new Upper())
      .withConfig({ runName: "root" });
  const namesOf = async (filter: EventFilter): Promise<string[]> => {
    const events = await collect(chain().streamEvents("a", { version: "v2" }, filter));
    return [...new Set(events.map(({ name }) => name))].sort();
  };

  it.each<[string, EventFilter, string[]]>([
    ["nothing", {}, ["Upper", "letters", "root"]],
    ["one name", { includeNames: ["letters"] }, ["letters"]],
    ["a name or a tag", { includeNames: ["Upper"], includeTags: ["first"] }, ["Upper", "letters"]],
    ["a type that there is not", { includeTypes: ["tool"] }, []],
    ["a type", { includeTypes: ["chain"] }, ["Upper", "letters", "root"]],
    ["all but a name", { excludeNames: ["root"] }, ["Upper", "letters"]],
    ["all but a tag", { excludeTags: ["seq:step:2"] }, ["letters", "root"]],
    ["all but a type", { excludeTypes: ["chain"] }, []],
    ["a type, but not a name", { includeTypes: ["chain"], excludeNames: ["Upper"] }, ["letters", "root"]],
    ["a name that is left out too", { includeNames: ["letters"], excludeTags: ["first"] }, []],
    ["an empty list of names", { includeNames: [] }, []],
  ])("lets %s through", async (_name, filter, expected) => {
    expect(await namesOf(filter)).toEqual(expected);
  });

  it("changes neither the order nor the contents of what it lets through", async () => {
    const strip = (events: StreamEvent[]): unknown[] => events.map(({ run_id: _id, ...rest }) => rest);
    const all = strip(await collect(chain().streamEvents("abc", { version: "v2" })));
    const some = strip(await collect(chain().streamEvents("abc", { version: "v2" }, { excludeNames: ["Upper"] })));
    expect(some).toEqual(all.filter((event) => (event as StreamEvent).name !== "Upper"));
  });
});

describe("custom events", () => {
  const telling = RunnableLambda.from(
    async (text: string, config) => {
      const run = (config.callbacks as CallbackManager)["~parent"] as CallbackManagerForChainRun;
      await run.handleCustomEvent("progress", { done: 1 });
      return text;
    },
    { name: "telling" },
  );

  it("are told under their own name, with the id, tags and metadata of the run they come from", async () => {
    const events = await collect(
      telling.streamEvents("a", { version: "v2", runId: ID, tags: ["t"], metadata: { m: 1 } }),
    );
    expect(events[1]).toEqual({
      event: "on_custom_event",
      name: "progress",
      run_id: ID,
      tags: ["t"],
      metadata: { m: 1 },
      data: { done: 1 },
    });
    expect(events.map(({ event }) => event)).toEqual([
      "on_chain_start",
      "on_custom_event",
      "on_chain_stream",
      "on_chain_end",
    ]);
  });

  it("are filtered by that run, not by their own name", async () => {
    const names = async (filter: EventFilter): Promise<string[]> =>
      (await collect(telling.streamEvents("a", { version: "v2" }, filter))).map(({ event }) => event);
    expect(await names({ includeNames: ["progress"] })).toEqual([]);
    expect(await names({ includeNames: ["telling"] })).toContain("on_custom_event");
    expect(await names({ excludeNames: ["progress"] })).toContain("on_custom_event");
  });
});

describe("runs of other kinds in events", () => {
  /** Starts runs by hand, below a lambda that is watched. */
  const watched = (body: (manager: CallbackManager) => Promise<unknown>) =>
    RunnableLambda.from(
      async (text: string, config) => {
        await body(config.callbacks as CallbackManager);
        return text;
      },
      { name: "watched" },
    );
  const serialized = { lc: 1, type: "not_implemented", id: ["x"] } as const;
  const told = async (
    body: (manager: CallbackManager) => Promise<unknown>,
    given: StreamEventsOptions = { version: "v2" },
  ) =>
    (await collect(watched(body).streamEvents("a", given, { excludeNames: ["watched"] }))).map(({ event, data }) => [
      event,
      data,
    ]);

  it("a tool: its input, what it gave on its way, its output; its error in every form", async () => {
    const body = async (manager: CallbackManager): Promise<void> => {
      const run = await manager.handleToolStart(serialized as never, '{"a":1}');
      await run.handleToolEvent("part");
      await run.handleToolEnd("done");
      const broken = await manager.handleToolStart(serialized as never, "{}");
      await broken.handleToolError("broken");
    };
    for (const version of ["v1", "v2", undefined] as const) {
      expect(await told(body, { version })).toEqual([
        ["on_tool_start", { input: '{"a":1}' }],
        ["on_tool_stream", { chunk: "part" }],
        ["on_tool_end", { input: '{"a":1}', output: "done" }],
        ["on_tool_start", { input: "{}" }],
        ["on_tool_error", { input: "{}", error: "broken" }],
      ]);
    }
  });

  it("a retriever: its query, and what it found", async () => {
    const events = await told(async (manager) => {
      const run = await manager.handleRetrieverStart(serialized as never, "why?");
      await run.handleRetrieverEnd(["doc"]);
    });
    expect(events).toEqual([
      ["on_retriever_start", { input: { query: "why?" } }],
      ["on_retriever_end", { input: { query: "why?" }, output: ["doc"] }],
    ]);
  });

  it("a chat model that told of a token alone: the token as a chunk with the run's id", async () => {
    let id = "";
    const events = await told(async (manager) => {
      const [run] = await manager.handleChatModelStart(serialized as never, [[]]);
      id = run?.runId ?? "";
      await run?.handleLLMNewToken("tok");
      await run?.cancel();
    });
    const [, { chunk }] = events[1] as unknown as [string, { chunk: AIMessageChunk }];
    expect(chunk).toBeInstanceOf(AIMessageChunk);
    expect([chunk.content, chunk.id]).toEqual(["tok", `run-${id}`]);
    expect(events[0]).toEqual(["on_chat_model_start", { input: { messages: [[]] } }]);
    expect(events[2]).toEqual(["on_chat_model_end", { input: { messages: [[]] }, output: undefined }]);
  });

  it("an LLM that told of a token alone: a generation chunk, or the text in v1", async () => {
    const body = async (manager: CallbackManager): Promise<void> => {
      const [run] = await manager.handleLLMStart(serialized as never, ["why?"]);
      await run?.handleLLMNewToken("tok");
      const chunk = new GenerationChunk({ text: "chunk" });
      await run?.handleLLMNewToken("other", undefined, undefined, undefined, undefined, { chunk });
      await run?.handleLLMEnd({
        generations: [[{ text: "a", generationInfo: { b: 1 } }, { text: "c" }]],
        llmOutput: { d: 1 },
      });
    };
    const second = await told(body);
    expect(second.map(([event]) => event)).toEqual(["on_llm_start", "on_llm_stream", "on_llm_stream", "on_llm_end"]);
    expect((second[1]?.[1] as { chunk: unknown } | undefined)?.chunk).toBeInstanceOf(GenerationChunk);
    expect((second[1]?.[1] as { chunk: GenerationChunk } | undefined)?.chunk.text).toBe("tok");
    expect((second[2]?.[1] as { chunk: GenerationChunk } | undefined)?.chunk.text).toBe("chunk");
    expect(second[3]?.[1]).toStrictEqual({
      output: { generations: [[{ text: "a", generationInfo: { b: 1 } }, { text: "c" }]], llmOutput: { d: 1 } },
      input: { prompts: ["why?"] },
    });
    const first = await told(body, { version: "v1" });
    expect(first.slice(1, 3).map(([, data]) => data)).toEqual([{ chunk: "tok" }, { chunk: "chunk" }]);
  });

  it("an LLM's result without an output of its own has an empty one", async () => {
    const events = await told(async (manager) => {
      const [run] = await manager.handleLLMStart(serialized as never, [""]);
      await run?.cancel();
    });
    expect(events.at(-1)?.[1]).toStrictEqual({
      output: { generations: [[]], llmOutput: {} },
      input: { prompts: [""] },
    });
  });
});

describe("the reader of events", () => {
  it("holds up the work at 64 events ahead, for all time", async () => {
    let made = 0;
    const inner = RunnableLambda.from((input: number) => {
      made += 1;
      return input;
    });
    const outer = RunnableLambda.from(async (input: number, config) => {
      for (let count = 0; count < 1_000; count += 1) await inner.invoke(count, config);
      return input;
    });
    const stream = outer.streamEvents(1, { version: "v2" });
    await stream.next();
    await stream.next();
    await settle(20);
    // Two events for each call.
    expect(made).toBeLessThanOrEqual(32 + 1);
    expect(made).toBeGreaterThan(20);
    for (let count = 0; count < 20; count += 1) await stream.next();
    await settle(20);
    expect(made).toBeLessThanOrEqual(42 + 1);
    await stream.return();
    await settle(20);
    expect(made).toBeLessThanOrEqual(42 + 2);
  });

  it("pulls the work no further than it reads", async () => {
    let made = 0;
    const counting = RunnableLambda.from(async function* () {
      for (;;) {
        made += 1;
        yield made;
      }
    });
    const stream = counting.pipe(new Upper() as unknown as Runnable<number, string>).streamEvents(1, { version: "v2" });
    await stream.next();
    await stream.next();
    await settle(10);
    expect(made).toBeLessThanOrEqual(1);
    await stream.return();
  });

  it("stops the work when it leaves, between reads and during one, and closes every run once", async () => {
    for (const isPending of [false, true]) {
      let closed = 0;
      let signal: AbortSignal | undefined;
      const log = new RunLog();
      const working = RunnableLambda.from(async function* (_input: string, config) {
        signal = config.signal;
        try {
          yield "a";
          await new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new AbortError())));
        } finally {
          closed += 1;
        }
      });
      const stream = working.streamEvents("a", { version: "v2", callbacks: [log.handler] });
      await stream.next();
      await stream.next();
      const pending = isPending ? stream.next() : undefined;
      await settle();
      expect(await stream.return()).toEqual({ value: undefined, done: true });
      if (pending) expect(await pending).toEqual({ value: undefined, done: true });
      await settle();
      expect(closed).toBe(1);
      expect(signal?.aborted).toBe(true);
      expect(faultsOf(log)).toEqual([]);
      expect(await stream.next()).toEqual({ value: undefined, done: true });
    }
  });

  it("hears of a failure that came while it was busy, after all events before it", async () => {
    const stream = failing(2).streamEvents("a", { version: "v2" });
    await stream.next();
    await settle(10);
    const { events, error } = await collectUntilError(stream);
    expect(events.map(({ event }) => event)).toEqual(["on_chain_stream", "on_chain_stream"]);
    expect((error as Error).message).toBe("broken");
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it("hears of an abort, between reads and during one, with an event for each open run by default", async () => {
    for (const isPending of [false, true]) {
      const counted = new CountedSignal();
      const hanging = RunnableLambda.from(
        async function* () {
          yield "a";
          await new Promise(() => {});
        },
        { name: "hanging" },
      );
      const stream = hanging.pipe(new Upper()).streamEvents("a", { signal: counted.signal });
      const events: StreamEvent[] = [];
      while (events.at(-1)?.event !== "on_chain_stream" || events.at(-1)?.name !== "RunnableSequence") {
        events.push((await stream.next()).value as StreamEvent);
      }
      const pending = isPending ? stream.next() : undefined;
      await settle();
      const reason = new Error("over");
      counted.abort(reason);
      if (pending !== undefined) events.push((await pending).value as StreamEvent);
      const rest = await collectUntilError(stream);
      expect(rest.error).toBe(reason);
      const errors = [...events, ...rest.events].filter(({ event }) => event === "on_chain_error");
      const names = errors.map(({ name }) => name);
      expect(names.slice(0, 2).sort()).toEqual(["Upper", "hanging"]);
      expect(names.slice(2)).toEqual(["RunnableSequence"]);
      for (const { data } of errors) {
        expect((data as { error: unknown }).error).toMatchObject({ name: "AbortError", cause: reason });
      }
      expect(counted.listeners).toBe(0);
    }
  });

  it("starts no work where the signal has aborted already", async () => {
    const func = vi.fn((text: string) => text);
    const controller = new AbortController();
    controller.abort(new Error("over"));
    const stream = RunnableLambda.from(func).streamEvents("a", { version: "v2", signal: controller.signal });
    await expect(stream.next()).rejects.toThrow("over");
    expect(func).not.toHaveBeenCalled();
  });

  it("that never reads leaves nothing behind", async () => {
    const counted = new CountedSignal();
    const stream = letters().streamEvents("a", { version: "v2", signal: counted.signal });
    expect(await stream.return()).toEqual({ value: undefined, done: true });
    expect(counted.most).toBe(0);
  });
});
