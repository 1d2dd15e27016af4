import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { dispatchCustomEvent } from "../../src/callbacks/dispatch.ts";
import { flushCallbacks } from "../../src/callbacks/flush.ts";
import type { CallbackHandler, CallbackHandlerMethods } from "../../src/callbacks/handler.ts";
import { redactText } from "../../src/callbacks/redact-text.ts";
import type { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { StringOutputParser } from "../../src/parsers/string-output-parser.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { type Call, faultsOf, METHODS, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { collectReports } from "../helpers/reports.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";
import { HookedChatModel, HookedLLM } from "../models/models.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const reports = collectReports();
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);

beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});

afterEach(async () => {
  await settle();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
  assertNoPoisoning();
});

/** A chat model that says the last message again, in pieces of three letters, and reports its tokens. */
const echo = (): HookedChatModel =>
  new HookedChatModel({
    async *_streamResponseChunks(
      messages: { text: string }[],
      _options: unknown,
      run?: { handleLLMNewToken: unknown },
    ) {
      for (const part of messages.at(-1)?.text.match(/.{1,3}/g) ?? []) {
        const chunk = new ChatGenerationChunk({ message: new AIMessageChunk(part), text: part });
        yield chunk;
        await (run?.handleLLMNewToken as ((token: string) => Promise<void>) | undefined)?.call(run, part);
      }
    },
  });

const chain = () =>
  ChatPromptTemplate.fromMessages([
    ["system", "be kind"],
    ["human", "{text}"],
  ])
    .pipe(echo())
    .pipe(new StringOutputParser())
    .pipe(
      RunnableLambda.from(async (text: string, config) => {
        await dispatchCustomEvent("progress", { text }, config);
        return text;
      }),
    );

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("C01 handlers that throw", () => {
  const thrown: [string, () => unknown][] = [
    ["an error", () => new Error("in the handler")],
    ["a text", () => "in the handler"],
    ["nothing", () => undefined],
    ["an object that cannot be printed", () => Object.create(null)],
  ];
  const ways: [string, (error: unknown) => unknown][] = [
    [
      "sync",
      (error) => {
        throw error;
      },
    ],
    ["async", (error) => Promise.reject(error)],
    ["late", (error) => settle(1).then(() => Promise.reject(error))],
    ["thenable", (error) => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(error) })],
  ];
  const modes = [true, false];

  it.each(
    thrown.flatMap(([what, make]) =>
      ways.flatMap(([way, fail]) => modes.map((mode) => [what, way, mode, make, fail] as const)),
    ),
  )("leave the run as it is: %s, %s, awaited: %s", async (_what, _way, awaitHandlers, make, fail) => {
    const broken: CallbackHandler = recordingHandler([], { awaitHandlers }, () => fail(make()));
    const log = new RunLog();
    const config = { callbacks: [broken, log.handler] };
    expect(await chain().invoke({ text: "hello" }, config)).toBe("hello");
    expect((await collect(chain().astream({ text: "hello" }, config))).join("")).toBe("hello");
    expect(await chain().batch([{ text: "a" }, { text: "b" }], config)).toEqual(["a", "b"]);
    const failing = RunnableLambda.from(() => {
      throw new Error("of the run");
    });
    await expect(failing.invoke("", config)).rejects.toThrow("of the run");
    await flushCallbacks(undefined, [broken]);
    expect(faultsOf(log)).toEqual([]);
    expect(reports.length).toBeGreaterThan(20);
    expect(new Set(reports.map(({ place }) => place.split(".")[0]))).toEqual(new Set(["handler recorder"]));
  });

  it("leave the run as it is where the reporter throws too", async () => {
    const broken = recordingHandler([], {}, () => {
      throw Object.create(null);
    });
    expect(await chain().invoke({ text: "hello" }, { callbacks: [broken] })).toBe("hello");
  });
});

describe("C02 raiseError", () => {
  const moments = ["handleChainStart", "handleLLMNewToken", "handleChainEnd", "handleCustomEvent"] as const;
  const handlerOf = (moment: keyof CallbackHandlerMethods, error: Error, flags: CallbackHandler): CallbackHandler => ({
    ...flags,
    raiseError: true,
    [moment]: () => Promise.reject(error),
  });

  it.each(moments)("of a plain object reaches the caller: %s", async (moment) => {
    const error = new Error("raised");
    const call = chain().invoke(
      { text: "hello" },
      { callbacks: [handlerOf(moment, error, { lc_prefer_streaming: true })] },
    );
    await expect(call).rejects.toBe(error);
  });

  it.each(moments)("in the background goes to the reporter: %s", async (moment) => {
    const error = new Error("raised");
    const handler = handlerOf(moment, error, { name: "quiet", awaitHandlers: false });
    expect((await collect(chain().astream({ text: "hello" }, { callbacks: [handler] }))).join("")).toBe("hello");
    await flushCallbacks(undefined, [handler]);
    expect(reports.length).toBeGreaterThan(0);
    for (const report of reports) expect(report).toEqual({ error, place: `handler quiet.${moment}` });
  });
});

describe("C04 order over random delays", () => {
  it("is kept for every handler by itself, awaited or in the background, waited for by the author or not", async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(delays, delays, fc.boolean(), async (first, second, waits) => {
        const told: string[][] = [[], [], []];
        const handlerOf = (list: string[], turns: number[], awaitHandlers: boolean): CallbackHandler => ({
          awaitHandlers,
          handleText: async (text) => {
            for (let turn = turns[Number(text) % Math.max(1, turns.length)] ?? 0; turn > 0; turn -= 1) {
              await Promise.resolve();
            }
            list.push(text);
          },
        });
        const background = handlerOf(told[0] as string[], first, false);
        const handlers = [
          background,
          handlerOf(told[1] as string[], second, true),
          handlerOf(told[2] as string[], first, true),
        ];
        const run = await new CallbackManager(undefined, { handlers }).handleChainStart(SERIALIZED, {});
        for (let count = 0; count < 20; count += 1) {
          const telling = run.handleText(`${count}`);
          if (waits) await telling;
        }
        await run.end(1);
        await flushCallbacks(undefined, [background]);
        const expected = Array.from({ length: 20 }, (_, index) => `${index}`);
        expect(told).toEqual([expected, expected, expected]);
      }),
      { numRuns: 300 },
    );
  });

  it("is that of the moments also where a handler answers at once to some of them alone", async () => {
    const told: string[] = [];
    const handler: CallbackHandler = {
      awaitHandlers: false,
      handleText: (text) => {
        if (Number(text) % 3 !== 0) return void told.push(text);
        return settle(1).then(() => void told.push(text));
      },
    };
    const run = await CallbackManager.fromHandlers(handler).handleChainStart(SERIALIZED, {});
    for (let count = 0; count < 30; count += 1) await run.handleText(`${count}`);
    await flushCallbacks(undefined, [handler]);
    expect(told).toEqual(Array.from({ length: 30 }, (_, index) => `${index}`));
  });
});

describe("C06 the end of the program right after a run", () => {
  it("loses nothing after a flush without a deadline, which delivers all", async () => {
    const calls: Call[] = [];
    const slow = recordingHandler(calls, { awaitHandlers: false }, () => settle(1));
    await chain().invoke({ text: "hello" }, { callbacks: [slow] });
    expect(await flushCallbacks()).toMatchObject({ lost: 0 });
    expect(calls.at(-1)?.[0]).toBe("handleChainEnd");
    expect(calls.at(-1)?.[1]).toEqual({ output: "hello" });
  });

  it("loses what a flush with a deadline counts", async () => {
    const gate = defer();
    const calls: Call[] = [];
    const slow = recordingHandler(calls, { name: "slow", awaitHandlers: false }, () => gate.promise);
    const all: Call[] = [];
    await chain().invoke({ text: "hello" }, { callbacks: [slow, recordingHandler(all)] });
    const { lost, handlers } = await flushCallbacks(5, [slow]);
    expect(calls).toHaveLength(1);
    expect(lost).toBe(all.length);
    expect(handlers).toEqual([{ name: "slow", lost }]);
    gate.resolve();
    expect(await flushCallbacks(undefined, [slow])).toEqual({ lost: 0, handlers: [] });
    expect(calls.map(([method]) => method)).toEqual(all.map(([method]) => method));
  });
});

describe("C07 1,000,000 moments to a slow handler", () => {
  const MOMENTS = 1_000_000;

  it.each([true, false])(
    "stay within the bound, and all are told, in order (awaited: %s)",
    async (awaitHandlers) => {
      let told = 0;
      let made = 0;
      let mostAhead = 0;
      let isOrdered = true;
      const handler: CallbackHandler = {
        awaitHandlers,
        handleToolEvent: async (chunk) => {
          await undefined;
          isOrdered &&= chunk === told;
          told += 1;
        },
      };
      const run = await CallbackManager.fromHandlers(handler).handleToolStart(SERIALIZED, "");
      for (; made < MOMENTS; made += 1) {
        mostAhead = Math.max(mostAhead, made - told);
        await run.handleToolEvent(made);
      }
      await run.end(1);
      await flushCallbacks(undefined, [handler]);
      expect([told, isOrdered]).toEqual([MOMENTS, true]);
      expect(mostAhead).toBeLessThanOrEqual(awaitHandlers ? 1 : 1_024);
    },
    60_000,
  );

  it("stop a stream at the bound where the handler never finishes, until its reader leaves", async () => {
    let made = 0;
    const numbers = RunnableLambda.from<string, number>(async function* () {
      for (;;) yield made++;
    });
    const observer = {
      awaitHandlers: false,
      lc_prefer_streaming: true,
      handleCustomEvent: () => new Promise(() => {}),
    } satisfies CallbackHandler;
    const told = RunnableLambda.from<string, number>(async function* (_, config) {
      for await (const number of numbers.astream("")) {
        await dispatchCustomEvent("number", number, config);
        yield number;
      }
    });
    const stream = told.astream("", { callbacks: [observer] });
    const reading = (async () => {
      for await (const _ of stream);
    })();
    expect(await outcomeOf(reading)).toBe("pending");
    await settle(20);
    const before = made;
    expect(before).toBeLessThanOrEqual(1_024 + 3);
    await settle(20);
    expect(made).toBe(before);
    await stream.return(undefined as never);
    await reading;
  });
});

describe("a handler that never finishes", () => {
  const never = (awaitHandlers: boolean): CallbackHandler => ({
    awaitHandlers,
    handleChainEnd: () => new Promise(() => {}),
    handleChainError: () => new Promise(() => {}),
    handleLLMNewToken: () => new Promise(() => {}),
  });

  it("holds up the run that awaits it until an abort", async () => {
    const controller = new AbortController();
    const call = chain().invoke({ text: "hello" }, { callbacks: [never(true)], signal: controller.signal });
    expect(await outcomeOf(call)).toBe("pending");
    controller.abort();
    await expect(call).rejects.toThrow();
  });

  it("holds up the stream that awaits it until its reader leaves", async () => {
    const stream = chain().astream({ text: "hello" }, { callbacks: [never(true)] });
    const next = stream.next();
    expect(await outcomeOf(next)).toBe("pending");
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("holds up nothing in the background", async () => {
    const callbacks = [never(false)];
    expect(await chain().invoke({ text: "hello" }, { callbacks })).toBe("hello");
    expect((await collect(chain().astream({ text: "hello" }, { callbacks }))).join("")).toBe("hello");
  });
});

describe("X05 a redact hook", () => {
  const redact = redactText((text) => text.replaceAll("sek", "***"));
  const leaks = (told: unknown): boolean => JSON.stringify(told)?.includes("sek") === true;
  const manager = (...handlers: CallbackHandler[]): CallbackManager =>
    new CallbackManager(undefined, { inheritableHandlers: handlers, redact });

  it.each(["invoke", "stream", "batch"])(
    "lets no chunk, token, input or output through to handlers: %s",
    async (verb) => {
      const calls: Call[] = [];
      const callbacks = manager(recordingHandler(calls, { lc_prefer_streaming: true }));
      const input = { text: "my sekret" };
      if (verb === "invoke") expect(await chain().invoke(input, { callbacks })).toBe("my sekret");
      else if (verb === "batch") expect(await chain().batch([input], { callbacks })).toEqual(["my sekret"]);
      else expect((await collect(chain().astream(input, { callbacks }))).join("")).toBe("my sekret");
      expect(leaks(calls)).toBe(false);
      expect(JSON.stringify(calls)).toContain("my ***ret");
      expect(calls.filter(([method]) => method === "handleLLMNewToken").map((call) => call[1])).toEqual([
        "my ",
        "***",
        "ret",
      ]);
      expect(new Set(calls.map(([method]) => method))).toContain("handleCustomEvent");
    },
  );

  it.each(["v1", "v2", undefined] as const)("lets nothing through to events (%s)", async (version) => {
    const echoing = RunnableLambda.from((text: string) => `${text}!`);
    for (const made of [chain(), echoing] as RunnableLambda<never, string>[]) {
      const input = (made === (echoing as unknown) ? "my sekret" : { text: "my sekret" }) as never;
      const events = await collect(made.streamEvents(input, { version, callbacks: manager() }));
      expect(events.length).toBeGreaterThan(2);
      expect(leaks(events)).toBe(false);
      expect(JSON.stringify(events[0])).toContain("my ***ret");
    }
  });

  it.each(["v1", "v2", undefined] as const)("lets nothing of a text model through to events (%s)", async (version) => {
    const model = new HookedLLM({
      _call: async (prompt: string) => `${prompt} sek`,
      // As a model that calls through to another library does.
      _identifyingParams: () => ({ key: "sek" }),
    });
    const events = await collect(model.streamEvents("sek", { version, callbacks: manager() }));
    expect(leaks(events)).toBe(false);
    expect(JSON.stringify(events)).toContain("*** ***");
  });

  it("lets no error through, nor what was given before it", async () => {
    const calls: Call[] = [];
    const failing = RunnableLambda.from<string, AIMessage>(async function* () {
      yield new AIMessageChunk("sek");
      throw new Error("sek", { cause: new Error("sek") });
    });
    const config = { callbacks: manager(recordingHandler(calls)) };
    await expect(collect(failing.astream("", config))).rejects.toThrow("sek");
    const [, error, , , , info] = calls.at(-1) as [string, Error, ...unknown[]];
    expect([error.message, (error.cause as Error).message]).toEqual(["***", "***"]);
    expect(error.stack).not.toContain("sek");
    expect((info as { partial: AIMessageChunk }).partial.content).toBe("***");
    const events: unknown[] = [];
    await expect(
      (async () => {
        for await (const event of failing.streamEvents("", { callbacks: manager() })) events.push(event);
      })(),
    ).rejects.toThrow("sek");
    expect(leaks(events)).toBe(false);
    expect(((events.at(-1) as { data: { error: Error } }).data.error as Error).message).toBe("***");
  });

  it("that throws lets nothing through, and the run, its handlers and its events go on", async () => {
    const broken: RunLog = new RunLog();
    const calls: Call[] = [];
    const failing = new CallbackManager(undefined, {
      inheritableHandlers: [recordingHandler(calls, { lc_prefer_streaming: true }), broken.handler],
      redact: () => {
        throw new Error("in the hook");
      },
    });
    expect(await chain().invoke({ text: "sek" }, { callbacks: failing })).toBe("sek");
    for (const version of ["v1", "v2", undefined] as const) {
      const events = await collect(chain().streamEvents({ text: "sek" }, { version, callbacks: failing }));
      expect(leaks(events)).toBe(false);
      expect(events.length).toBeGreaterThan(6);
    }
    expect(leaks(calls)).toBe(false);
    expect(faultsOf(broken)).toEqual([]);
    expect(new Set(reports.map(({ place }) => place.split(",")[0]))).toEqual(new Set(["the redact hook"]));
  });
});

describe("every method of a handler", () => {
  it("is named in the helper that these rows use", () => {
    expect(METHODS).toHaveLength(20);
  });
});
