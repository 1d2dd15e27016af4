import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { HumanMessage } from "../../src/messages/human.ts";
import { CallLimit } from "../../src/models/calls/call-limit.ts";
import { InMemoryCache } from "../../src/models/calls/in-memory-cache.ts";
import { InMemoryRateLimiter } from "../../src/models/calls/rate-limiter.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { collectReports } from "../helpers/reports.ts";
import { collect } from "../helpers/steps.ts";
import { outcomeOf, settle } from "../helpers/timing.ts";
import { chatChunk, HookedChatModel, result } from "../models/models.ts";
import "../../src/models/generate/wiring.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const rejections = watchRejections();
collectReports();

afterEach(async () => {
  vi.useRealTimers();
  await settle();
  expect(rejections.taken()).toEqual([]);
});

/** How many bytes are kept by some work that should keep none. */
async function bytesKeptBy(work: () => unknown): Promise<number> {
  const used = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  await work();
  const before = used();
  await work();
  return used() - before;
}

const VERBS: Record<string, (model: HookedChatModel, signal?: AbortSignal) => Promise<unknown>> = {
  invoke: (model, signal) => model.invoke("x", { signal }),
  stream: async (model, signal) => collect(await model.stream("x", { signal })),
  batch: (model, signal) => model.batch(["x"], { signal }),
  generate: (model, signal) => model.generate([["x"]], { signal }),
  streamEvents: (model, signal) => collect(model.streamEvents("x", { version: "v2", signal })),
};

describe("R01: an abort during the wait for the next attempt", () => {
  beforeEach(() => void vi.useFakeTimers());

  test.each(Object.entries(VERBS))("ends %s, and no further try is made", async (_verb, call) => {
    let tries = 0;
    const hook = (): never => {
      tries += 1;
      throw Object.assign(new Error("busy"), { status: 429, headers: { "retry-after": "50" } });
    };
    const model = new HookedChatModel({ maxRetries: 5, maxConcurrency: 1, _generate: hook, _stream: hook });
    const controller = new AbortController();
    const outcome = call(model, controller.signal);
    outcome.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(10);
    expect([tries, vi.getTimerCount()]).toEqual([1, 1]);
    controller.abort();
    await expect(outcome).rejects.toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tries).toBe(1);
  });

  test("ends the wait of a reader who leaves too, and gives its place to the next", async () => {
    let tries = 0;
    const model = new HookedChatModel({
      maxRetries: 5,
      maxConcurrency: 1,
      *_stream() {
        tries += 1;
        if (tries === 1) throw new Error("busy");
        yield chatChunk("ok");
      },
    });
    const stream = model.astream("x");
    const reading = stream.next();
    await vi.advanceTimersByTimeAsync(1);
    await stream.return();
    expect(await reading).toMatchObject({ done: true });
    expect(vi.getTimerCount()).toBe(0);
    expect((await collect(await model.stream("x"))).map(({ text }) => text)).toEqual(["ok"]);
    expect(tries).toBe(2);
  });
});

describe("R02: what a provider asks for by Retry-After", () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));

  const tried = async (retryAfter: string, verb: keyof typeof VERBS): Promise<[number, number]> => {
    let tries = 0;
    const hook = (): never => {
      tries += 1;
      throw Object.assign(new Error("slow down"), { status: 429, headers: { "retry-after": retryAfter } });
    };
    const model = new HookedChatModel({ maxRetries: 1, _generate: hook, _stream: hook });
    const start = Date.now();
    let end = start;
    const call = (VERBS[verb] as (typeof VERBS)[string])(model).catch(() => {
      end = Date.now();
    });
    await vi.runAllTimersAsync();
    await call;
    return [tries, end - start];
  };

  test.each(Object.keys(VERBS))("is waited for up to 60 seconds, and later is an error at once: %s", async (verb) => {
    expect(await tried("60", verb)).toEqual([2, 60_000]);
    for (const late of ["61", "277403", "Fri, 31 Dec 9999 23:59:59 GMT"])
      expect(await tried(late, verb)).toEqual([1, 0]);
    for (const odd of ["-1", "abc", ""]) {
      const [tries, wait] = await tried(odd, verb);
      expect(tries).toBe(2);
      expect(wait).toBeLessThanOrEqual(250);
    }
  });
});

describe("one budget", () => {
  const busy = (): Error => Object.assign(new Error("busy"), { headers: { "retry-after": "0" } });

  /** A model that counts its tries, none of which goes well. */
  function failing(maxRetries: number) {
    const counter = { tries: 0 };
    const hook = (): never => {
      counter.tries += 1;
      throw busy();
    };
    return { counter, model: new HookedChatModel({ maxRetries, _generate: hook, _stream: hook }) };
  }

  const calls: [string, (model: HookedChatModel) => Promise<unknown>, number][] = [
    ["a model", (model) => model.invoke("x"), 3],
    ["a model with a retry", (model) => model.withRetry({ stopAfterAttempt: 5 }).invoke("x"), 5],
    ["its stream", async (model) => collect(await model.withRetry({ stopAfterAttempt: 5 }).stream("x")), 5],
    ["its batch", (model) => model.withRetry({ stopAfterAttempt: 5 }).batch(["x"]), 5],
    ["a retry of one try", (model) => model.withRetry({ stopAfterAttempt: 1 }).invoke("x"), 1],
    ["a bound model with a retry", (model) => model.bind({ maxRetries: 7 }).withRetry().invoke("x"), 3],
    [
      "a chain with a retry",
      (model) =>
        model
          .pipe((x) => x)
          .withRetry()
          .invoke("x"),
      3,
    ],
    [
      "its stream too",
      async (model) =>
        collect(
          await model
            .pipe((x) => x)
            .withRetry()
            .stream("x"),
        ),
      3,
    ],
    [
      "a lambda that hands its config on",
      (model) =>
        RunnableLambda.from((x: string, config) => model.invoke(x, config))
          .withRetry()
          .invoke("x"),
      3,
    ],
    ["a call that says otherwise", (model) => model.withRetry().invoke("x", { maxRetries: 1 } as never), 6],
  ];

  test.each(calls)("of %s does not multiply with that of the model", async (_what, call, tries) => {
    const { counter, model } = failing(2);
    await expect(call(model)).rejects.toThrow("busy");
    expect(counter.tries).toBe(tries);
  });

  test("is seen by hooks, for clients that retry by themselves, and neither told to handlers nor a part of keys", async () => {
    const seen: unknown[] = [];
    const cache = new InMemoryCache();
    const model = new HookedChatModel({
      cache,
      _generate: (_messages: unknown, options: { maxRetries?: number }) => {
        seen.push(options.maxRetries);
        return result("ok");
      },
    });
    const told: unknown[] = [];
    const handler = {
      handleChatModelStart: (...args: unknown[]) => void told.push((args[4] as { options: object }).options),
    };
    await model.withRetry().invoke("x", { callbacks: [handler] });
    await model.invoke("x", { maxRetries: 4, callbacks: [handler] });
    await model.invoke("x");
    expect([seen, told, cache.size]).toEqual([[0], [{}, {}], 1]);
  });
});

describe("law 13: calls with one cache", () => {
  test("get what they would get alone, at once or one after the other", async () => {
    const cache = new InMemoryCache();
    let open = 0;
    const make = (bird: string) =>
      new HookedChatModel({
        cache,
        bird,
        _identifyingParams: () => ({ bird }),
        _generate: async (messages: HumanMessage[], options: { stop?: string[] }) => {
          open += 1;
          await settle(1);
          return result([bird, messages[0]?.text, options.stop].join());
        },
      });
    const models = ["wren", "robin"].map(make);
    const asked = models.flatMap((model) =>
      ["a", "b", "a"].flatMap((text) => [undefined, ["."]].map((stop) => ({ model, text, stop }))),
    );
    const answers = (): Promise<string[]> =>
      Promise.all(asked.map(async ({ model, text, stop }) => (await model.invoke(text, { stop })).text));
    const expected = asked.map(({ model, text, stop }) =>
      [(model as unknown as { bird: string }).bird, text, stop].join(),
    );
    expect(await answers()).toEqual(expected);
    expect([open, cache.size]).toEqual([12, 8]);
    expect(await answers()).toEqual(expected);
    expect(open).toBe(12);
  });

  test("share nothing that can be written to, with the cache or with each other", async () => {
    const message = () => ({
      role: "ai",
      content: [{ type: "text", text: "a", note: { deep: [1] } }],
      additional_kwargs: { deep: { list: [1] } },
      response_metadata: { deep: { list: [1] } },
      tool_calls: [{ name: "f", args: { list: [1] }, id: "c", type: "tool_call" }],
    });
    const model = new HookedChatModel({
      cache: new InMemoryCache(),
      _generate: () => ({ generations: [{ message: message() as never, generationInfo: { deep: { list: [1] } } }] }),
    });
    const spoil = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const item of Object.values(value)) spoil(item);
      if (Array.isArray(value)) value.push("spoilt");
    };
    const plain = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, item) => (/id|usage/.test(key) ? 0 : item)));
    await model.invoke("x");
    const expected = plain(await model.invoke("x"));
    for (const verb of ["invoke", "stream", "generate", "handler"] as const) {
      const seen: unknown[] = [];
      const callbacks = [{ handleLLMEnd: (output: unknown) => void (verb === "handler" && seen.push(output)) }];
      if (verb === "stream") seen.push(await collect(await model.stream("x")));
      else if (verb === "generate") seen.push(await model.generate([["x"]]));
      else seen.push(verb === "invoke" ? await model.invoke("x") : void (await model.invoke("x", { callbacks })));
      const copies = JSON.stringify(seen);
      for (const given of seen) spoil(given);
      expect(JSON.stringify(seen)).not.toBe(copies);
      expect(plain(await model.invoke("x"))).toEqual(expected);
    }
  });

  test("keep no more for it, however often it is asked", async () => {
    const cache = new InMemoryCache<string>();
    for (let key = 0; key < 500; key += 1) cache.update(`${key}`, "m", "kept");
    const ask = (): void => {
      for (let call = 0; call < 200_000; call += 1) cache.lookup(`${call % 500}`, "m");
    };
    expect(await bytesKeptBy(ask)).toBeLessThan(1_000_000);
    expect(cache.size).toBe(500);
  });
});

describe("who waits in a line and leaves", () => {
  test("is forgotten at once by maxConcurrency, though nobody's turn comes", async () => {
    const limit = new CallLimit(1);
    limit.enter(undefined);
    const comeAndGo = async (): Promise<void> => {
      for (let count = 0; count < 20_000; count += 1) {
        const scope = new CancelScope();
        const waiting = limit.enter(scope) as Promise<void>;
        scope.cancel(new Error("left"));
        await waiting.catch(() => undefined);
      }
    };
    expect(await bytesKeptBy(comeAndGo)).toBeLessThan(1_000_000);
    const last = limit.enter(undefined) as Promise<void>;
    limit.leave();
    expect(await outcomeOf(last)).toEqual({ value: undefined });
  });

  test("is forgotten at once by a rate limiter", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const limiter = new InMemoryRateLimiter({ requestsPerSecond: 0.001 });
    void limiter.acquire();
    const comeAndGo = async (): Promise<void> => {
      for (let count = 0; count < 20_000; count += 1) {
        const controller = new AbortController();
        const waiting = Promise.resolve(limiter.acquire({ signal: controller.signal }));
        controller.abort();
        await waiting.catch(() => undefined);
      }
    };
    expect(await bytesKeptBy(comeAndGo)).toBeLessThan(1_000_000);
    expect(vi.getTimerCount()).toBe(1);
  });

  test("gives its place back though the rate limiter does not listen to the signal", async () => {
    let answers = 0;
    const rateLimiter = {
      acquire: () => {
        answers += 1;
        return answers === 1 ? new Promise<boolean>(() => undefined) : true;
      },
    };
    const model = new HookedChatModel({ maxConcurrency: 1, rateLimiter, _generate: () => result("ok") });
    const controller = new AbortController();
    const deaf = model.invoke("x", { signal: controller.signal });
    await settle();
    controller.abort();
    await expect(deaf).rejects.toMatchObject({ name: "AbortError" });
    expect(await outcomeOf(model.invoke("x").then(({ text }) => text))).toEqual({ value: "ok" });
  });
});

describe("X01: a key that a call is given", () => {
  test("is in no payload, no event and no key of a cache", async () => {
    const told: unknown[] = [];
    class Keyed extends HookedChatModel {
      override get lc_secrets(): Record<string, string> {
        return { apiKey: "API_KEY" };
      }
      override invocationParams(options: object): Record<string, unknown> {
        return { ...options };
      }
    }
    const cache = {
      lookup: (...keys: unknown[]) => void told.push(keys),
      update: (...keys: unknown[]) => void told.push(keys),
    };
    let hooked: unknown;
    const model = new Keyed({
      cache,
      _generate: (_messages: unknown, options: object) => {
        hooked = (options as { apiKey: string }).apiKey;
        return result("ok");
      },
    });
    const options = { apiKey: "sk-of-the-call" } as never;
    const note = (...args: unknown[]) => void told.push(args);
    const handler = { handleChatModelStart: note, handleLLMEnd: note };
    await model.invoke("x", { ...(options as object), callbacks: [handler] });
    told.push(await collect(model.streamEvents("x", { ...(options as object), version: "v2" })));
    expect(hooked).toBe("sk-of-the-call");
    expect(told.length).toBeGreaterThan(5);
    expect(JSON.stringify(told)).not.toContain("sk-of-the-call");
  });

  test("invocation parameters are given the options alone, so that handlers and signals are in no key", async () => {
    const cache = new InMemoryCache();
    const seen: unknown[] = [];
    const model = new HookedChatModel({
      cache,
      invocationParams: (options: object) => {
        seen.push(options);
        return { ...options };
      },
      _generate: () => result("ok"),
    });
    for (let call = 0; call < 2; call += 1) {
      const { signal } = new AbortController();
      await model.invoke("x", { stop: ["."], signal, callbacks: [{ handleLLMEnd() {} }], metadata: { call } });
    }
    await model.invoke("x", { stop: ["."] });
    expect(cache.size).toBe(1);
    for (const options of seen) expect(options).toEqual({ stop: ["."] });
  });
});
