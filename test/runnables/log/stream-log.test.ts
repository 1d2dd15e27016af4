import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../../src/runnables/log/wiring.ts";
import type { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import type { CallbackManagerForChainRun } from "../../../src/callbacks/chain-run-manager.ts";
import { AbortError } from "../../../src/errors/abort-error.ts";
import { RunLog, type RunLogPatch } from "../../../src/events/run-log-patch.ts";
import type { LogEntry, RunState } from "../../../src/events/run-state.ts";
import type { StreamLogOptions } from "../../../src/events/stream-log-options.ts";
import { toJsonPointer } from "../../../src/json/json-patch.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { GenerationChunk } from "../../../src/outputs/generation.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import { Runnable } from "../../../src/runnables/runnable.ts";
import { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";
import { type Call, faultsOf, RunLog as HandlerLog, recordingHandler } from "../../helpers/handlers.ts";
import { assertNoPoisoning } from "../../helpers/poisoning.ts";
import { Upper } from "../../helpers/runnables.ts";
import { CountedSignal } from "../../helpers/signals.ts";
import { settle } from "../../helpers/timing.ts";
import { SayingChat, SayingLLM } from "./models.ts";

const ID = "0190f000-0000-7000-8000-000000000001";
const NOW = "2026-01-01T00:00:00.000Z";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(NOW) });
});

afterEach(() => {
  vi.useRealTimers();
  assertNoPoisoning();
});

async function read(
  stream: AsyncIterable<RunLogPatch>,
  before: readonly RunLogPatch[] = [],
): Promise<{ patches: RunLogPatch[]; state: RunState; error: unknown }> {
  const patches: RunLogPatch[] = [];
  let log = before.reduce<RunLog>((sum, patch) => sum.concat(patch), new RunLog());
  let error: unknown;
  try {
    for await (const patch of stream) {
      patches.push(patch);
      log = log.concat(patch);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { patches, state: log.state, error };
}

/** A patch as `op path value`, with entries cut to their name. */
function short({ ops }: RunLogPatch): string {
  return ops
    .map((op) => {
      const value = "value" in op ? op.value : undefined;
      const isEntry = op.path === "" || /^\/logs\/[^/]+$/.test(op.path);
      return `${op.op} ${op.path} ${JSON.stringify(isEntry ? (value as LogEntry).name : value)}`;
    })
    .join(" & ");
}

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
      throw Object.assign(new TypeError("broken"), { code: "X", secret: 1 });
    },
    { name: "failing" },
  );

/** Calls a runnable of another name below itself. */
const calling = (...inner: Runnable<string, string>[]): RunnableLambda<string, string> =>
  RunnableLambda.from(
    async (text: string, config) => {
      for (const each of inner) await each.invoke(text, config);
      return text;
    },
    { name: "calling" },
  );

const named = (name: string): RunnableLambda<string, string> => RunnableLambda.from((text: string) => text, { name });

describe("streamLog", () => {
  it("starts nothing before it is read, and is a stream like any other", async () => {
    const func = vi.fn((text: string) => text);
    const stream = RunnableLambda.from(func).streamLog("a");
    expect(stream).toBeInstanceOf(IterableReadableStream);
    await settle();
    expect(func).not.toHaveBeenCalled();
    expect((await stream.next()).value?.ops[0]?.path).toBe("");
    await stream.return();
  });

  it("tells of a chain in order", async () => {
    const { patches } = await read(letters().pipe(new Upper()).streamLog("ab"));
    expect(patches.map(short)).toEqual([
      'replace  "RunnableSequence"',
      'add /logs/letters "letters"',
      'add /logs/letters/streamed_output/- "a"',
      'add /logs/Upper "Upper"',
      'add /logs/Upper/streamed_output/- "A"',
      'add /streamed_output/- "A"',
      'add /logs/letters/streamed_output/- "b"',
      'add /logs/Upper/streamed_output/- "B"',
      'add /streamed_output/- "B"',
      `add /logs/letters/final_output {"output":"ab"} & add /logs/letters/end_time "${NOW}"`,
      `add /logs/Upper/final_output {"output":"AB"} & add /logs/Upper/end_time "${NOW}"`,
      'add /final_output {"output":"AB"}',
    ]);
  });

  it("comes to a state of all runs", async () => {
    const step = letters().withConfig({ tags: ["mine"], metadata: { m: 1 } });
    const { state, error } = await read(step.pipe(new Upper()).streamLog("ab", { runId: ID, runName: "root" }));
    expect(error).toBeUndefined();
    const entry = (name: string, tags: string[], metadata: object, output: string): LogEntry => ({
      id: expect.any(String) as string,
      name,
      type: "chain",
      tags,
      metadata: metadata as Record<string, unknown>,
      start_time: NOW,
      streamed_output: [...output],
      streamed_output_str: [],
      final_output: { output },
      end_time: NOW,
    });
    expect(state).toStrictEqual({
      id: ID,
      name: "root",
      type: "chain",
      streamed_output: ["A", "B"],
      final_output: { output: "AB" },
      logs: {
        letters: entry("letters", ["seq:step:1", "mine"], { m: 1 }, "ab"),
        Upper: entry("Upper", ["seq:step:2"], {}, "AB"),
      },
    });
  });

  it("goes over a wire", async () => {
    const { patches, state } = await read(letters().pipe(new Upper()).streamLog("ab"));
    let log = new RunLog();
    for (const patch of patches) log = log.concat(JSON.parse(JSON.stringify(patch)) as RunLogPatch);
    expect(log.state).toEqual(state);
  });

  it("hands on no tags or metadata that others write to", async () => {
    const calls: Call[] = [];
    const seen: unknown[] = [];
    const chain = calling(named("one"), named("two"));
    const options = { tags: ["root"], metadata: { r: 1 }, callbacks: [recordingHandler(calls)] };
    for await (const { ops } of chain.streamLog("a", options)) {
      const { value, path } = ops[0] as { path: string; value: LogEntry };
      if (path === "" || value?.tags === undefined) continue;
      seen.push([...value.tags], { ...value.metadata });
      value.tags.push("written");
      value.metadata.written = true;
    }
    expect(seen).toEqual([["root"], { r: 1 }, ["root"], { r: 1 }]);
    const ends = calls.filter(([method]) => method === "handleChainEnd");
    expect(ends.map((call) => call[4])).toEqual([["root"], ["root"], ["root"]]);
  });

  it("tells the config's own handlers, too, and hands on no option of its own", async () => {
    const log = new HandlerLog();
    await read(letters().streamLog("a", { callbacks: [log.handler] }));
    expect(log.lines).toEqual(["start letters", "end letters"]);
  });

  it.each<[string, unknown, unknown]>([
    ["a text", "a", { output: "a" }],
    ["a list", [1], { output: [1] }],
    ["null", null, { output: null }],
    ["an object", { a: 1 }, { a: 1 }],
    ["undefined", undefined, {}],
  ])("gives %s as handlers get it", async (_name, output, expected) => {
    const { state } = await read(RunnableLambda.from(() => output).streamLog("a"));
    expect(state.final_output).toEqual(expected);
  });
});

describe("the entries of a log", () => {
  it("of one name are told apart by a number", async () => {
    const { state } = await read(calling(named("a"), named("b"), named("a"), named("a")).streamLog("x"));
    expect(Object.entries(state.logs).map(([key, { name }]) => [key, name])).toEqual([
      ["a", "a"],
      ["b", "b"],
      ["a:2", "a"],
      ["a:3", "a"],
    ]);
  });

  it("never take the place of one that is called what the second of another is", async () => {
    const { state } = await read(calling(named("a:2"), named("a"), named("a"), named("a:2")).streamLog("x"));
    expect(Object.entries(state.logs).map(([key, { name }]) => [key, name])).toEqual([
      ["a:2", "a:2"],
      ["a", "a"],
      ["a:3", "a"],
      ["a:2:2", "a:2"],
    ]);
  });

  it.each(["a/b", "~", "~1", "a~0/b", "/", "", "-", "0", "__proto__", "constructor", "toString", "日本"])(
    "may be called %j",
    async (name) => {
      const { patches, state } = await read(calling(named(name), named(name)).streamLog("x"));
      expect(Object.keys(state.logs).sort()).toEqual([name, `${name}:2`].sort());
      for (const key of Object.keys(state.logs)) {
        const entry = Object.getOwnPropertyDescriptor(state.logs, key)?.value as LogEntry;
        expect(entry).toMatchObject({ name, final_output: { output: "x" }, end_time: NOW });
      }
      expect(patches[1]?.ops[0]?.path).toBe(toJsonPointer("logs", name));
    },
  );

  it("are in the order of the starts, of all depths", async () => {
    const { state } = await read(calling(calling(named("a")), named("b")).streamLog("x"));
    expect(Object.keys(state.logs)).toEqual(["calling", "a", "b"]);
  });

  it("of branches side by side are kept apart", async () => {
    const map = RunnableMap.from({ one: letters(), two: letters().pipe(new Upper()) });
    const { state } = await read(map.streamLog("ab"));
    expect(state.logs.letters?.streamed_output).toEqual(["a", "b"]);
    expect(state.logs["letters:2"]?.streamed_output).toEqual(["a", "b"]);
    expect(state.logs.RunnableSequence?.streamed_output).toEqual(["A", "B"]);
    expect(state.final_output).toEqual({ one: "ab", two: "AB" });
  });
});

describe("models in a log", () => {
  it("a chat model: its tokens, its chunks and its result, as type llm", async () => {
    const { state, patches } = await read(named("in").pipe(new SayingChat({})).streamLog("hi"));
    const entry = state.logs.SayingChat;
    expect(entry).toMatchObject({ type: "llm", metadata: { ls_model_type: "chat" } });
    expect(entry?.streamed_output_str).toEqual(["h", "i"]);
    expect(entry?.streamed_output.every((chunk) => chunk instanceof AIMessageChunk)).toBe(true);
    expect(entry?.streamed_output.map((chunk) => (chunk as BaseMessage).content)).toEqual(["h", "i"]);
    expect(entry?.final_output).toMatchObject({ generations: [[{ text: "hi" }]] });
    expect(state.streamed_output.map((chunk) => (chunk as BaseMessage).content)).toEqual(["h", "i"]);
    const both = patches.find(({ ops }) => ops[0]?.path.endsWith("_str/-"));
    expect(both?.ops.map(({ path }) => path)).toEqual([
      "/logs/SayingChat/streamed_output_str/-",
      "/logs/SayingChat/streamed_output/-",
    ]);
  });

  it("a chat model as the root", async () => {
    const { state } = await read(new SayingChat({}).streamLog("hi"));
    expect(state).toMatchObject({ type: "llm", name: "SayingChat", logs: {} });
    expect(state.streamed_output.map((chunk) => (chunk as BaseMessage).content)).toEqual(["h", "i"]);
    expect(state.final_output).toMatchObject({ generations: [[{ text: "hi" }]] });
  });

  it("an LLM: its chunks as text", async () => {
    const { state } = await read(named("in").pipe(new SayingLLM({})).streamLog("hi"));
    expect(state.logs.SayingLLM).toMatchObject({
      type: "llm",
      streamed_output: ["h", "i"],
      streamed_output_str: ["h", "i"],
      final_output: { generations: [[{ text: "hi" }]] },
    });
    expect(state.streamed_output).toEqual(["h", "i"]);
  });

  it("an LLM as the root", async () => {
    const { state } = await read(new SayingLLM({}).streamLog("hi"));
    expect(state).toMatchObject({ type: "llm", streamed_output: ["h", "i"] });
  });

  it("streams below invoke too", async () => {
    const inner = new SayingLLM({});
    const outer = RunnableLambda.from((text: string, config) => inner.invoke(text, config));
    const { state } = await read(outer.streamLog("hi"));
    expect(state.logs.SayingLLM?.streamed_output).toEqual(["h", "i"]);
  });
});

describe("runs of other kinds in a log", () => {
  const serialized = { lc: 1, type: "not_implemented", id: ["x", "mine"] } as const;
  const entryOf = async (body: (manager: CallbackManager) => Promise<unknown>): Promise<LogEntry | undefined> => {
    const watched = RunnableLambda.from(async (text: string, config) => {
      await body(config.callbacks as CallbackManager);
      return text;
    });
    return Object.values((await read(watched.streamLog("a"))).state.logs)[0];
  };

  it("a tool: what it gave on its way, and its output", async () => {
    const entry = await entryOf(async (manager) => {
      const run = await manager.handleToolStart(serialized as never, "{}");
      await run.handleToolEvent("part");
      await run.handleToolEvent({ done: 1 });
      await run.handleToolEnd("done");
    });
    expect(entry).toMatchObject({
      type: "tool",
      streamed_output: ["part", { done: 1 }],
      streamed_output_str: [],
      final_output: { output: "done" },
      end_time: NOW,
    });
  });

  it("a tool that fails: what it failed with, without its stack", async () => {
    const entry = await entryOf(async (manager) => {
      const run = await manager.handleToolStart(serialized as never, "{}");
      await run.handleToolError(new RangeError("too far"));
    });
    expect(entry).toMatchObject({ error: { name: "RangeError", message: "too far" }, end_time: NOW });
    expect(JSON.stringify(entry)).not.toContain("stack");
    expect(entry).not.toHaveProperty("final_output");
  });

  it("a retriever: what it found", async () => {
    const entry = await entryOf(async (manager) => {
      const run = await manager.handleRetrieverStart(serialized as never, "why?");
      await run.handleRetrieverEnd(["doc"]);
    });
    expect(entry).toMatchObject({ type: "retriever", final_output: { documents: ["doc"] } });
  });

  it("a chat model that told of a token alone", async () => {
    const entry = await entryOf(async (manager) => {
      const [run] = await manager.handleChatModelStart(serialized as never, [[]]);
      await run?.handleLLMNewToken("tok");
      const chunk = new ChatGenerationChunk({ message: new AIMessageChunk("other") });
      await run?.handleLLMNewToken("not this", undefined, undefined, undefined, undefined, { chunk });
      await run?.cancel();
    });
    expect(entry?.streamed_output_str).toEqual(["tok", "other"]);
    expect(entry?.streamed_output.map((chunk) => (chunk as BaseMessage).content)).toEqual(["tok", "other"]);
    expect(entry?.end_time).toBe(NOW);
  });

  it("an LLM that told of a token alone", async () => {
    const entry = await entryOf(async (manager) => {
      const [run] = await manager.handleLLMStart(serialized as never, ["why?"]);
      await run?.handleLLMNewToken("tok");
      const chunk = new GenerationChunk({ text: "other" });
      await run?.handleLLMNewToken("not this", undefined, undefined, undefined, undefined, { chunk });
      await run?.handleLLMEnd({ generations: [[{ text: "a" }]] });
    });
    expect([entry?.streamed_output, entry?.streamed_output_str]).toEqual([
      ["tok", "other"],
      ["tok", "other"],
    ]);
    expect(entry?.final_output).toEqual({ generations: [[{ text: "a" }]] });
  });

  it("custom events have no place in it", async () => {
    const telling = RunnableLambda.from(async (text: string, config) => {
      const run = (config.callbacks as CallbackManager)["~parent"] as CallbackManagerForChainRun;
      await run.handleCustomEvent("progress", { done: 1 });
      return text;
    });
    expect((await read(telling.streamLog("a"))).patches.map(short)).toEqual([
      'replace  "RunnableLambda"',
      'add /streamed_output/- "a"',
      'add /final_output {"output":"a"}',
    ]);
  });
});

describe("the filter of streamLog", () => {
  const chain = () =>
    letters()
      .withConfig({ tags: ["first"] })
      .pipe(new Upper())
      .pipe(new SayingChat({}));

  it.each<[string, StreamLogOptions, string[]]>([
    ["nothing", {}, ["letters", "Upper", "SayingChat"]],
    ["one name", { includeNames: ["letters"] }, ["letters"]],
    ["a tag", { includeTags: ["seq:step:2"] }, ["Upper"]],
    ["a type", { includeTypes: ["chain"] }, ["letters", "Upper"]],
    ["chat models, by what the log calls them", { includeTypes: ["llm"] }, ["SayingChat"]],
    ["chat models, by what events call them", { includeTypes: ["chat_model"] }, ["SayingChat"]],
    ["all but a name", { excludeNames: ["letters"] }, ["Upper", "SayingChat"]],
    ["all but a tag", { excludeTags: ["first"] }, ["Upper", "SayingChat"]],
    ["all but llm", { excludeTypes: ["llm"] }, ["letters", "Upper"]],
    ["all but chains", { excludeTypes: ["chain"] }, ["SayingChat"]],
    ["a type, but not a name", { includeTypes: ["chain"], excludeNames: ["Upper"] }, ["letters"]],
    ["none", { includeNames: [] }, []],
    ["all, whatever else is said", { autoClose: false }, ["letters", "Upper", "SayingChat"]],
  ])("lets %s through, and always the root", async (_name, filter, expected) => {
    const { state } = await read(chain().streamLog("ab", {}, filter));
    expect(Object.keys(state.logs)).toEqual(expected);
    expect(state.streamed_output).toHaveLength(2);
    expect(state.final_output).toBeDefined();
  });

  it("of LLMs takes no chat model where it does not name them", async () => {
    const both = calling(new SayingLLM({}), named("b"));
    const { state } = await read(both.streamLog("x", {}, { includeTypes: ["llm"] }));
    expect(Object.keys(state.logs)).toEqual(["SayingLLM"]);
    expect(Object.keys((await read(both.streamLog("x", {}, { excludeTypes: ["chat_model"] }))).state.logs)).toEqual([
      "SayingLLM",
      "b",
    ]);
  });

  it("is not written to", async () => {
    const filter = Object.freeze({ includeTypes: Object.freeze(["llm"]), excludeTypes: Object.freeze(["llm"]) });
    expect((await read(chain().streamLog("a", {}, filter))).state.logs).toEqual({});
  });
});

describe("roots of other sorts", () => {
  it("one without a stream of its own: its chunk before its end", async () => {
    class Quiet extends Runnable<string, string> {
      override invoke(input: string, options?: RunnableConfig): Promise<string> {
        return this._callWithConfig((text) => `${text}.`, input, options);
      }
    }
    expect((await read(new Quiet().streamLog("a"))).patches.map(short)).toEqual([
      'replace  "Quiet"',
      'add /streamed_output/- "a."',
      'add /final_output {"output":"a."}',
    ]);
  });

  it("one without a run: named by itself, with what it gave", async () => {
    class Runless extends Runnable<string, string> {
      override async invoke(input: string): Promise<string> {
        return `${input}.`;
      }
    }
    const { patches, state } = await read(new Runless().streamLog("a", { runId: ID }));
    expect(patches.map(short)).toEqual(['replace  "Runless"', 'add /streamed_output/- "a."']);
    expect(state).toEqual({
      id: ID,
      name: "Runless",
      type: "chain",
      streamed_output: ["a."],
      logs: {},
    });
  });

  it("one without a run, with one below it", async () => {
    class Passing extends Runnable<string, string> {
      override async invoke(input: string, options?: RunnableConfig): Promise<string> {
        const { runId: _, ...config } = options ?? {};
        return named("inner").invoke(input, config);
      }
    }
    const { patches, state } = await read(new Passing().streamLog("a", { runId: ID }));
    expect(patches.map(short).slice(0, 2)).toEqual(['replace  "Passing"', 'add /logs/inner "inner"']);
    expect(state).toMatchObject({ name: "Passing", streamed_output: ["a"] });
    expect(state.logs.inner).toMatchObject({ final_output: { output: "a" }, end_time: NOW });
    expect(state).not.toHaveProperty("final_output");
  });

  it("one that gives nothing at all, and has no run", async () => {
    class Empty extends Runnable<string, string> {
      override async invoke(): Promise<string> {
        return "";
      }
      override async *_streamIterator(): AsyncGenerator<string> {}
    }
    expect((await read(new Empty().streamLog("a"))).patches.map(short)).toEqual(['replace  "Empty"']);
  });

  it("one that breaks without a run", async () => {
    class Broken extends Runnable<string, string> {
      override async invoke(): Promise<string> {
        throw new Error("broken");
      }
    }
    const { state, error } = await read(new Broken().streamLog("a"));
    expect((error as Error).message).toBe("broken");
    expect(state).toMatchObject({ name: "Broken", error: { name: "Error", message: "broken" } });
  });

  it("one that is tried again: the later attempts are entries, and what the last gives is the end", async () => {
    let tries = 0;
    const shaky = RunnableLambda.from(
      (text: string) => {
        tries += 1;
        if (tries < 3) throw new Error(`no ${tries}`);
        return text;
      },
      { name: "shaky" },
    );
    const again = shaky.withRetry({ stopAfterAttempt: 3, initialDelayMs: 0 } as never);
    const { state, error } = await read(again.streamLog("a"));
    expect(error).toBeUndefined();
    expect(state).toMatchObject({ streamed_output: ["a"], final_output: { output: "a" } });
    expect(state).not.toHaveProperty("error");
    expect(state.logs.shaky).toMatchObject({ tags: ["retry:attempt:2"], error: { message: "no 2" }, end_time: NOW });
    expect(state.logs["shaky:2"]).toMatchObject({ tags: ["retry:attempt:3"], final_output: { output: "a" } });
  });

  it("one that runs inside another run", async () => {
    const states: RunState[] = [];
    const inner = letters().pipe(new Upper());
    const outer = RunnableLambda.from(async (text: string, config) => {
      states.push((await read(inner.streamLog(text, config))).state);
      return text;
    });
    const log = new HandlerLog();
    await outer.invoke("ab", { callbacks: [log.handler] });
    expect(states[0]).toMatchObject({ name: "RunnableSequence", final_output: { output: "AB" } });
    expect(Object.keys(states[0]?.logs ?? {})).toEqual(["letters", "Upper"]);
    expect(faultsOf(log)).toEqual([]);
  });
});

describe("a log of what goes wrong", () => {
  it("tells of each failure, closes every entry once, and rejects after the root's", async () => {
    const { patches, state, error } = await read(failing(1).pipe(new Upper()).streamLog("a"));
    expect((error as Error).message).toBe("broken");
    const told = { name: "TypeError", message: "broken", code: "X" };
    expect(patches.slice(-3).map(({ ops }) => ops)).toEqual([
      [
        { op: "add", path: "/logs/failing/error", value: told },
        { op: "add", path: "/logs/failing/end_time", value: NOW },
      ],
      [
        { op: "add", path: "/logs/Upper/error", value: told },
        { op: "add", path: "/logs/Upper/end_time", value: NOW },
      ],
      [{ op: "add", path: "/error", value: told }],
    ]);
    expect(state.logs.failing?.streamed_output).toEqual(["a"]);
    expect(state.logs.failing).not.toHaveProperty("final_output");
    expect(state).not.toHaveProperty("final_output");
  });

  it("tells of an abort, and closes every entry", async () => {
    const counted = new CountedSignal();
    const hanging = RunnableLambda.from(
      async function* () {
        yield "a";
        await new Promise(() => {});
      },
      { name: "hanging" },
    );
    const stream = hanging.pipe(new Upper()).streamLog("a", { signal: counted.signal });
    const first: RunLogPatch[] = [];
    while (!first.some(({ ops }) => ops[0]?.path === "/streamed_output/-")) {
      first.push((await stream.next()).value as RunLogPatch);
    }
    const pending = read(stream, first);
    await settle();
    counted.abort(new Error("over"));
    const { state, error } = await pending;
    expect((error as Error).message).toBe("over");
    for (const entry of Object.values(state.logs)) {
      expect(entry).toMatchObject({ error: { name: "AbortError", code: "ABORTED" }, end_time: NOW });
    }
    expect(state.error).toMatchObject({ name: "Error", message: "over" });
    expect(counted.listeners).toBe(0);
  });

  it("starts no work where the signal has aborted already", async () => {
    const func = vi.fn((text: string) => text);
    const controller = new AbortController();
    controller.abort(new Error("over"));
    const { state, error } = await read(RunnableLambda.from(func).streamLog("a", { signal: controller.signal }));
    expect((error as Error).message).toBe("over");
    expect(state.error).toMatchObject({ message: "over" });
    expect(func).not.toHaveBeenCalled();
  });

  it("tells nothing that a redact hook hides", async () => {
    const { CallbackManager: Manager } = await import("../../../src/callbacks/callback-manager.ts");
    const manager = new Manager();
    manager["~redacts"] = [(value) => (value instanceof Error ? "hidden" : value === "secret" ? "***" : value)];
    const broken = RunnableLambda.from(() => {
      throw new Error("secret");
    });
    const { state, error } = await read(broken.streamLog("a", { callbacks: manager }));
    expect((error as Error).message).toBe("secret");
    expect(state.error).toEqual({ name: "Error", message: "hidden" });
    class Quiet extends Runnable<string, string> {
      override invoke(input: string, options?: RunnableConfig): Promise<string> {
        return this._callWithConfig((text) => text, input, options);
      }
    }
    const quiet = await read(new Quiet().streamLog("secret", { callbacks: manager }));
    expect(quiet.state.streamed_output).toEqual(["***"]);
  });
});

describe("the reader of a log", () => {
  it("stops the work when it leaves, between reads and during one, and closes every run once", async () => {
    for (const isPending of [false, true]) {
      let closed = 0;
      let signal: AbortSignal | undefined;
      const log = new HandlerLog();
      const working = RunnableLambda.from(async function* (_input: string, config) {
        signal = config.signal;
        try {
          yield "a";
          await new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new AbortError())));
        } finally {
          closed += 1;
        }
      });
      const stream = working.pipe(new Upper()).streamLog("a", { callbacks: [log.handler] });
      while ((await stream.next()).value?.ops[0]?.path !== "/streamed_output/-");
      const pending = isPending ? stream.next() : undefined;
      await settle();
      expect(await stream.return()).toEqual({ value: undefined, done: true });
      if (pending) expect(await pending).toEqual({ value: undefined, done: true });
      await settle();
      expect([closed, signal?.aborted]).toEqual([1, true]);
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it("leaves a loop by break without an error", async () => {
    let closed = 0;
    const endless = RunnableLambda.from(async function* () {
      try {
        for (;;) yield "a";
      } finally {
        closed += 1;
      }
    });
    for await (const { ops } of endless.streamLog("a")) if (ops[0]?.path === "/streamed_output/-") break;
    expect(closed).toBe(1);
  });

  it("holds up the work at 64 patches ahead, for all time", async () => {
    let made = 0;
    const inner = RunnableLambda.from((input: string) => {
      made += 1;
      return input;
    });
    const outer = RunnableLambda.from(async (input: string, config) => {
      for (let count = 0; count < 1_000; count += 1) await inner.invoke(input, config);
      return input;
    });
    const stream = outer.streamLog("a");
    await stream.next();
    await stream.next();
    await settle(20);
    // Two patches for each call.
    expect(made).toBeGreaterThan(20);
    expect(made).toBeLessThanOrEqual(33);
    await stream.return();
    await settle(20);
    expect(made).toBeLessThanOrEqual(34);
  });

  it("pulls the work no further than it reads", async () => {
    let made = 0;
    const counting = RunnableLambda.from(async function* () {
      for (;;) {
        made += 1;
        yield "a";
      }
    });
    const stream = counting.pipe(new Upper()).streamLog("a");
    await stream.next();
    await stream.next();
    await settle(10);
    expect(made).toBeLessThanOrEqual(1);
    await stream.return();
  });

  it("that never reads leaves nothing behind", async () => {
    const counted = new CountedSignal();
    const stream = letters().streamLog("a", { signal: counted.signal });
    expect(await stream.return()).toEqual({ value: undefined, done: true });
    expect(counted.most).toBe(0);
  });

  it("sums a long log in one pass", async () => {
    const long = RunnableLambda.from(function* () {
      for (let count = 0; count < 5_000; count += 1) yield "a";
    });
    const { state, patches } = await read(long.streamLog("a"));
    expect(patches).toHaveLength(5_002);
    expect(state.streamed_output).toHaveLength(5_000);
  });
});
