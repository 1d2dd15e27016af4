import { afterEach, describe, expect, it, vi } from "vitest";
import "../../../src/runnables/log/wiring.ts";
import { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import { AbortError } from "../../../src/errors/abort-error.ts";
import type { StreamEvent } from "../../../src/events/stream-event.ts";
import type { StreamEventsOptions } from "../../../src/events/stream-events-options.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { Runnable } from "../../../src/runnables/runnable.ts";
import { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";
import { faultsOf, RunLog } from "../../helpers/handlers.ts";
import { Upper } from "../../helpers/runnables.ts";
import { withoutGlobals } from "../../helpers/runtime.ts";
import { CountedSignal } from "../../helpers/signals.ts";
import { settle } from "../../helpers/timing.ts";
import { SayingChat } from "./models.ts";

const ID = "0190f000-0000-7000-8000-000000000001";
const encoding = "text/event-stream";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Reads to the end, or to what it rejects with. */
async function read(stream: AsyncIterable<Uint8Array>): Promise<{ frames: string[]; error: unknown }> {
  const frames: string[] = [];
  try {
    for await (const bytes of stream) {
      expect(bytes).toBeInstanceOf(Uint8Array);
      frames.push(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    }
  } catch (error) {
    return { frames, error };
  }
  return { frames, error: undefined };
}

/** What a client makes of the frames, by the rules of server-sent events: each has one type and one line of data at most. */
function parsed(frames: readonly string[]): { type: string; data: unknown }[] {
  return frames.map((frame) => {
    const match = /^event: (\w+)\n(?:data: ([^\n\r]*)\n)?\n$/.exec(frame);
    if (match === null) throw new Error(`no frame: ${JSON.stringify(frame)}`);
    return { type: match[1] as string, data: match[2] === undefined ? undefined : JSON.parse(match[2]) };
  });
}

const letters = (): RunnableLambda<string, string> =>
  RunnableLambda.from(
    function* (text: string) {
      yield* text;
    },
    { name: "letters" },
  );

const failing = (): RunnableLambda<string, string> =>
  RunnableLambda.from(
    async function* () {
      yield "a";
      throw Object.assign(new TypeError("broken\n\ndata: not this"), { code: "X", secret: "s" });
    },
    { name: "failing" },
  );

/** Counts what it gives, without an end, and when it was let go of. */
function endless(): { chain: Runnable<string, string>; counts: { made: number; closed: number } } {
  const counts = { made: 0, closed: 0 };
  const chain = RunnableLambda.from(async function* () {
    try {
      for (;;) {
        await settle(1);
        counts.made += 1;
        yield "a";
      }
    } finally {
      counts.closed += 1;
    }
  }).pipe(new Upper());
  return { chain, counts };
}

const forms: [string, StreamEventsOptions][] = [
  ["v1", { version: "v1" }],
  ["v2", { version: "v2" }],
  ["v2 with all", { version: "v2", errorEvents: true, parentIds: true }],
  ["no version", {}],
];

describe("streamEvents with an encoding", () => {
  it.each(forms)("gives the bytes of every event, and one of the end (%s)", async (_name, form) => {
    const chain = letters().pipe(new Upper());
    const stream = chain.streamEvents("ab", { ...form, encoding, runId: ID });
    expect(stream).toBeInstanceOf(IterableReadableStream);
    const { frames, error } = await read(stream);
    expect(error).toBeUndefined();
    const events: StreamEvent[] = [];
    for await (const event of chain.streamEvents("ab", { ...form, runId: ID })) events.push(event);
    const withoutIds = (text: string): unknown =>
      JSON.parse(text, (key, value) => (key === "run_id" || key === "parent_ids" ? null : value));
    expect(frames.at(-1)).toBe("event: end\n\n");
    const told = parsed(frames.slice(0, -1));
    expect(told.map(({ type }) => type)).toEqual(events.map(() => "data"));
    expect(told.map(({ data }) => withoutIds(JSON.stringify(data)))).toEqual(
      events.map((event) => withoutIds(JSON.stringify(event))),
    );
  });

  it("writes a frame as the peer does", async () => {
    const { frames } = await read(letters().streamEvents("é€", { version: "v2", encoding, runId: ID }));
    expect(frames[0]).toBe(
      `event: data\ndata: {"event":"on_chain_start","name":"letters","run_id":"${ID}","tags":[],"metadata":{},"data":{"input":"é€"}}\n\n`,
    );
  });

  it("writes messages as they are stored", async () => {
    const { frames } = await read(new SayingChat({}).streamEvents("hi", { version: "v2", encoding, runId: ID }));
    const chunk = (parsed(frames)[1]?.data as { data: { chunk: unknown } } | undefined)?.data.chunk;
    expect(chunk).toMatchObject({
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", "AIMessageChunk"],
      kwargs: { content: "h", id: `run-${ID}` },
    });
  });

  it("keeps the filter", async () => {
    const stream = letters()
      .pipe(new Upper())
      .streamEvents("a", { version: "v2", encoding }, { includeNames: ["Upper"] });
    const names = parsed((await read(stream)).frames).map(({ data }) => (data as StreamEvent | undefined)?.name);
    expect(names).toEqual(["Upper", "Upper", "Upper", undefined]);
  });

  it("puts no option of its own in the config, and tells the config's own handlers", async () => {
    let seen: object = {};
    const log = new RunLog();
    const lambda = RunnableLambda.from(
      (text: string, config) => {
        seen = { ...config };
        return text;
      },
      { name: "mine" },
    );
    await read(lambda.streamEvents("a", { encoding, callbacks: [log.handler] }));
    expect(seen).not.toHaveProperty("encoding");
    expect(log.lines).toEqual(["start mine", "end mine"]);
  });

  it("goes through bindings, retries and configured steps", async () => {
    for (const chain of [letters().withConfig({ tags: ["t"] }), letters().withRetry()]) {
      const { frames } = await read(chain.streamEvents("a", { version: "v2", encoding }));
      expect(parsed(frames).map(({ type }) => type)).toEqual(["data", "data", "data", "end"]);
    }
  });

  it("gives objects where no encoding is given", async () => {
    for (const options of [{ version: "v2" }, { encoding: undefined }] as StreamEventsOptions[]) {
      const first = await letters().streamEvents("a", options).next();
      expect(first.value).toMatchObject({ event: "on_chain_start" });
    }
  });

  it.each([null, "", "json", 5, "text/event-stream; charset=utf-8"])("refuses %j as an encoding", (given) => {
    const call = (): unknown => letters().streamEvents("a", { encoding: given } as unknown as StreamEventsOptions);
    expect(call).toThrow('Expected encoding to be "text/event-stream" or left out, got ');
    expect(call).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", data: { encoding: given } }));
  });

  it("refuses a version that there is not", () => {
    const options = { encoding, version: "v3" } as unknown as StreamEventsOptions;
    expect(() => letters().streamEvents("a", options)).toThrow("Expected version");
  });

  it("needs no encoder of the runtime", async () => {
    const expected = (await read(letters().streamEvents("é€😀", { version: "v2", encoding, runId: ID }))).frames;
    const found: Uint8Array[] = [];
    await withoutGlobals(["TextEncoder"], async () => {
      for await (const bytes of letters().streamEvents("é€😀", { version: "v2", encoding, runId: ID }))
        found.push(bytes);
    });
    expect(found.map((bytes) => new TextDecoder().decode(bytes))).toEqual(expected);
  });
});

describe("what goes wrong, encoded", () => {
  const told = { name: "TypeError", message: "broken\n\ndata: not this", code: "X" };

  it.each(forms)("a failure: one frame of it, by name, message and code, then the end (%s)", async (_name, form) => {
    const { frames, error } = await read(
      failing()
        .pipe(new Upper())
        .streamEvents("a", { ...form, encoding }),
    );
    expect(error).toBeUndefined();
    const all = parsed(frames);
    expect(all.at(-1)).toEqual({ type: "error", data: told });
    expect(all.filter(({ type }) => type !== "data")).toHaveLength(1);
    const errors = all.map(({ data }) => data as StreamEvent).filter(({ event }) => event?.endsWith("_error"));
    for (const { data } of errors) expect(data).toMatchObject({ error: told });
    expect(frames.join("")).not.toMatch(/stack|\.test\.ts|secret/);
  });

  it("a tool's failure: no stack, in any form", async () => {
    const watched = RunnableLambda.from(async (text: string, config) => {
      const manager = config.callbacks as CallbackManager;
      const run = await manager.handleToolStart({ lc: 1, type: "not_implemented", id: ["x"] } as never, "{}");
      await run.handleToolError(new RangeError("too far"));
      return text;
    });
    for (const [, form] of forms) {
      const { frames } = await read(watched.streamEvents("a", { ...form, encoding }));
      const event = parsed(frames).find(({ data }) => (data as StreamEvent).event === "on_tool_error");
      expect((event?.data as StreamEvent | undefined)?.data).toEqual({
        input: "{}",
        error: { name: "RangeError", message: "too far" },
      });
      expect(frames.join("")).not.toMatch(/stack|\.test\.ts/);
    }
  });

  it("values that JSON cannot say break nothing", async () => {
    const odd: Record<string, unknown> = { big: 1n, kept: true };
    odd.self = odd;
    Object.defineProperty(odd, "wrong", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    const { frames, error } = await read(RunnableLambda.from(() => odd).streamEvents("a", { version: "v2", encoding }));
    expect(error).toBeUndefined();
    expect(parsed(frames).map(({ data }) => (data as StreamEvent | undefined)?.data)).toEqual([
      { input: "a" },
      { chunk: { big: "1", kept: true, self: "[circular]", wrong: "[unreadable]" } },
      { output: { big: "1", kept: true, self: "[circular]", wrong: "[unreadable]" } },
      undefined,
    ]);
  });

  it("no text leaves its frame", async () => {
    const text = "a\n\nevent: end\n\nb\r\r\nc\u2028d\u2029e\u0085";
    const { frames } = await read(
      RunnableLambda.from((input: string) => input)
        .withConfig({ runName: text, tags: [text], metadata: { [text]: text } })
        .streamEvents(text, { version: "v2", encoding }),
    );
    expect(frames).toHaveLength(4);
    for (const { data } of parsed(frames).slice(0, -1)) {
      expect(data).toMatchObject({ name: text, tags: [text], metadata: { [text]: text } });
    }
    expect(frames.join("")).not.toMatch(/[\r\u2028\u2029\u0085]/);
  });

  it("an abort: the frame, and the end", async () => {
    const counted = new CountedSignal();
    const hanging = RunnableLambda.from(async function* () {
      yield "a";
      await new Promise(() => {});
    });
    const pending = read(hanging.streamEvents("a", { version: "v2", encoding, signal: counted.signal }));
    await settle();
    counted.abort(new Error("over"));
    const { frames, error } = await pending;
    expect(error).toBeUndefined();
    expect(parsed(frames).at(-1)).toEqual({ type: "error", data: { name: "Error", message: "over" } });
    expect(counted.listeners).toBe(0);
  });

  it("a failure of a root without a run", async () => {
    class Broken extends Runnable<string, string> {
      override async invoke(): Promise<string> {
        throw new Error("broken");
      }
    }
    const { frames } = await read(new Broken().streamEvents("a", { encoding }));
    expect(parsed(frames)).toEqual([{ type: "error", data: { name: "Error", message: "broken" } }]);
  });

  it("a failure that a redact hook hides", async () => {
    const manager = new CallbackManager();
    manager["~redacts"] = [(value) => (value instanceof Error ? "hidden" : value)];
    const broken = RunnableLambda.from(() => {
      throw new Error("secret");
    });
    const { frames, error } = await read(broken.streamEvents("a", { encoding, callbacks: manager }));
    expect(error).toBeUndefined();
    expect(
      parsed(frames)
        .slice(1)
        .map(({ data }) => data),
    ).toMatchObject([
      { event: "on_chain_error", data: { error: { name: "Error", message: "hidden" } } },
      { name: "Error", message: "hidden" },
    ]);
    expect(frames.join("")).not.toContain("secret");
  });
});

describe("who leaves encoded events", () => {
  type Leave = (stream: IterableReadableStream<Uint8Array>) => Promise<unknown>;
  const viaReader =
    (bodyOf: (stream: IterableReadableStream<Uint8Array>) => ReadableStream<Uint8Array>): Leave =>
    async (stream) => {
      const reader = bodyOf(stream).getReader();
      for (let count = 0; count < 5; count += 1) await reader.read();
      return reader.cancel("gone");
    };
  const ways: [string, Leave][] = [
    [
      "break",
      async (stream) => {
        let count = 0;
        for await (const _ of stream) if (++count === 5) break;
      },
    ],
    [
      "return()",
      async (stream) => {
        for (let count = 0; count < 5; count += 1) await stream.next();
        return stream.return();
      },
    ],
    [
      "return() during a read",
      async (stream) => {
        for (let count = 0; count < 5; count += 1) await stream.next();
        const pending = stream.next();
        await stream.return();
        return pending;
      },
    ],
    ["cancel of the web stream", viaReader((stream) => stream.toReadableStream())],
    ["cancel of a response's body", viaReader((stream) => new Response(stream.toReadableStream()).body as never)],
    ["cancel of a response of the stream itself", viaReader((stream) => new Response(stream as never).body as never)],
  ];

  for (const [form, options] of forms) {
    it.each(ways)(`stops the work within one chunk, by %s (${form})`, async (_name, leave) => {
      const { chain, counts } = endless();
      const log = new RunLog();
      await leave(chain.streamEvents("a", { ...options, encoding, callbacks: [log.handler] }));
      const { made } = counts;
      await settle(20);
      expect(counts.made - made).toBeLessThanOrEqual(1);
      expect(counts.closed).toBe(1);
      expect(faultsOf(log)).toEqual([]);
    });
  }

  it("makes the work wait while nobody reads", async () => {
    const { chain, counts } = endless();
    const body = new Response(chain.streamEvents("a", { version: "v2", encoding }).toReadableStream()).body;
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await settle(50);
    expect(counts.made).toBeLessThanOrEqual(2);
    await reader.cancel();
  });

  it("starts nothing where nobody reads", async () => {
    const func = vi.fn((text: string) => text);
    const stream = RunnableLambda.from(func).streamEvents("a", { version: "v2", encoding });
    await settle();
    await stream.cancel();
    expect(func).not.toHaveBeenCalled();
  });

  it("has a failure as its last frame, behind whatever it is piped through", async () => {
    const stream = failing().streamEvents("a", { version: "v2", encoding });
    const wide = new TransformStream<Uint8Array, Uint8Array>(undefined, { highWaterMark: 16 });
    const frames = (await new Response(stream.pipeThrough(wide)).text()).split(/(?<=\n\n)/);
    expect(parsed(frames).at(-1)).toMatchObject({
      type: "error",
      data: { message: expect.stringContaining("broken") },
    });
  });

  it("reads the whole as the text of a response", async () => {
    const response = new Response(letters().streamEvents("ab", { version: "v2", encoding }).toReadableStream());
    const text = await response.text();
    expect(parsed(text.split(/(?<=\n\n)/)).map(({ type }) => type)).toEqual(["data", "data", "data", "data", "end"]);
  });

  it("leaves a step that hears its signal", async () => {
    let reason: unknown;
    const listening = RunnableLambda.from(async function* (_text: string, config: RunnableConfig) {
      yield "a";
      await new Promise((_resolve, reject) =>
        config.signal?.addEventListener("abort", () => {
          reason = config.signal?.reason;
          reject(new AbortError());
        }),
      );
    });
    const stream = listening.streamEvents("a", { version: "v2", encoding });
    await stream.next();
    await stream.next();
    const pending = stream.next();
    await settle();
    await stream.return();
    expect(await pending).toEqual({ value: undefined, done: true });
    expect(reason).toBeDefined();
  });
});
