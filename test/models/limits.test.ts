import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { isRetryable } from "../../src/runnables/retry-policy.ts";
import { collect } from "../golden/transcript.ts";
import { chatChunk, HookedChatModel, result } from "./models.ts";

/** How often and how long a model is tried. */
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Settles a promise while the fake clock runs. */
async function run<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  await vi.runAllTimersAsync();
  return promise;
}

function failing(times: number, error: unknown = new Error("busy")): { tries: number; hook(): void } {
  const counter = {
    tries: 0,
    hook() {
      counter.tries += 1;
      if (counter.tries <= times) throw error;
    },
  };
  return counter;
}

describe("maxRetries", () => {
  test.each([
    [0, 1, 1],
    [2, 1, 2],
    [2, 2, 3],
    [2, 5, 3],
  ])("of %i tries a hook that fails %i times %i times", async (maxRetries, failures, tries) => {
    const counter = failing(failures);
    const model = new HookedChatModel({
      maxRetries,
      _generate: async () => {
        counter.hook();
        return result("ok");
      },
    });
    const outcome = run(model.invoke("x")).then(
      (message) => message.text,
      (error: Error) => error.message,
    );
    expect(await outcome).toBe(failures < tries ? "ok" : "busy");
    expect(counter.tries).toBe(tries);
  });

  test("waits longer each time, and at least half of 250 ms before the second try", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const times: number[] = [];
    const start = Date.now();
    const model = new HookedChatModel({
      maxRetries: 3,
      _generate: () => {
        times.push(Date.now() - start);
        throw new Error("busy");
      },
    });
    await expect(run(model.invoke("x"))).rejects.toThrow("busy");
    expect(times).toEqual([0, 125, 375, 875]);
    vi.restoreAllMocks();
  });

  test("ends with an abort between two tries", async () => {
    const counter = failing(5);
    const model = new HookedChatModel({
      maxRetries: 5,
      _generate: () => {
        counter.hook();
        return result("ok");
      },
    });
    const controller = new AbortController();
    const outcome = model.invoke("x", { signal: controller.signal });
    outcome.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1);
    controller.abort();
    await expect(outcome).rejects.toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
    await vi.runAllTimersAsync();
    expect(counter.tries).toBe(1);
  });

  test("opens a stream again only before its first chunk", async () => {
    const early = failing(2);
    const model = new HookedChatModel({
      maxRetries: 2,
      *_stream() {
        early.hook();
        yield chatChunk("a");
        yield chatChunk("b");
      },
    });
    const chunks = await run(model.stream("x").then((stream) => collect(stream)));
    expect(chunks.map((chunk) => chunk.text)).toEqual(["a", "b"]);
    expect(early.tries).toBe(3);

    const late = failing(1);
    const broken = new HookedChatModel({
      maxRetries: 2,
      *_stream() {
        yield chatChunk("a");
        late.hook();
      },
    });
    await expect(run(broken.stream("x").then((stream) => collect(stream)))).rejects.toThrow("busy");
    expect(late.tries).toBe(1);
  });

  test("gives up on a stream after its last try, and does not retry what is final", async () => {
    const counter = failing(9);
    const model = new HookedChatModel({
      maxRetries: 1,
      _stream: () => {
        counter.hook();
        return [];
      },
    });
    await expect(run(model.stream("x"))).rejects.toThrow("busy");
    expect(counter.tries).toBe(2);
    const refused = failing(9, Object.assign(new Error("no key"), { status: 401 }));
    const final = new HookedChatModel({
      maxRetries: 3,
      _stream: () => {
        refused.hook();
        return [];
      },
    });
    await expect(run(final.stream("x"))).rejects.toThrow("no key");
    expect(refused.tries).toBe(1);
  });

  test("leaves a stream that waits for its next try", async () => {
    const counter = failing(9);
    const model = new HookedChatModel({
      maxRetries: 9,
      *_stream() {
        counter.hook();
      },
    });
    const stream = model.astream("x");
    const reading = stream.next();
    await vi.advanceTimersByTimeAsync(1);
    await stream.return();
    expect(await reading).toEqual({ value: undefined, done: true });
    await vi.runAllTimersAsync();
    expect(counter.tries).toBe(1);
  });

  test.each([-1, 1.5, Number.NaN])("of %j is refused", (maxRetries) => {
    expect(() => new HookedChatModel({ maxRetries })).toThrow("maxRetries to be a whole number from 0");
  });

  test.each<[string, unknown, boolean]>([
    ["a plain error", new Error("x"), true],
    ["what is no error", "x", true],
    ["a status of 500", Object.assign(new Error("x"), { status: 500 }), true],
    ["a status of 429", Object.assign(new Error("x"), { status: 429 }), true],
    ["a status of 400", Object.assign(new Error("x"), { status: 400 }), false],
    ["a statusCode of 409", Object.assign(new Error("x"), { statusCode: 409 }), false],
    ["an abort", Object.assign(new Error("x"), { name: "AbortError" }), false],
    ["a spent quota", Object.assign(new Error("x"), { code: "insufficient_quota" }), false],
    ["a mistake in a program", new ReferenceError("x"), false],
    ["an error of ours", new LinnetError("x", { code: "INVALID_INPUT" }), false],
    ["what says that it may be retried", Object.assign(new Error("x"), { status: 400, retryable: true }), true],
    ["what says that it may not", Object.assign(new Error("x"), { retryable: false }), false],
  ])("take %s for retryable or not", (_name, error, retryable) => {
    expect(isRetryable(error)).toBe(retryable);
  });
});

describe("timeout", () => {
  const hang = (): Promise<never> => new Promise(() => undefined);

  test("of a model ends invoke and stream, and tells the signal", async () => {
    const signals: AbortSignal[] = [];
    const note = (_messages: unknown, options: unknown) =>
      void signals.push((options as { signal: AbortSignal }).signal);
    const model = new HookedChatModel({
      timeout: 50,
      _generate: (messages: unknown, options: unknown) => {
        note(messages, options);
        return hang();
      },
      async *_stream(messages: unknown, options: unknown) {
        note(messages, options);
        yield await hang();
      },
    });
    const handler = { errors: [] as unknown[], handleLLMError: (error: unknown) => void handler.errors.push(error) };
    await expect(run(model.invoke("x", { callbacks: [handler] }))).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(run(model.stream("x", { callbacks: [handler] }))).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
    expect(handler.errors).toMatchObject([{ name: "TimeoutError" }, { name: "TimeoutError" }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("of a model holds inside a chain without one", async () => {
    const model = new HookedChatModel({
      timeout: 50,
      async *_stream() {
        yield chatChunk("a");
        await hang();
      },
    });
    const chain = model.pipe((message: { text: string }) => message.text);
    await expect(run(chain.stream("x").then((stream) => collect(stream)))).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("takes the shorter of the model's and the call's", async () => {
    const model = new HookedChatModel({ timeout: 5_000, _generate: hang });
    const start = Date.now();
    const outcome = model.invoke("x", { timeout: 20 }).catch((error: Error) => [error.name, Date.now() - start]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await outcome).toEqual(["TimeoutError", 20]);
  });

  test("holds beside the call's limits by part", async () => {
    const model = new HookedChatModel({
      timeout: 5_000,
      _generate: hang,
      async *_stream() {
        yield chatChunk("a");
        await hang();
      },
    });
    const start = Date.now();
    const calls = [
      model.invoke("x", { timeout: { totalMs: 20 } }),
      model.stream("x", { timeout: { chunkMs: 30 } }).then((stream) => collect(stream)),
      model.invoke("x", { timeout: { chunkMs: 30 } }),
    ].map((call) => call.then(undefined, (error: Error) => [error.name, Date.now() - start]));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await Promise.all(calls)).toEqual([20, 30, 5_000].map((at) => ["TimeoutError", at]));
  });

  test("leaves no timer behind a call that ends in time", async () => {
    const model = new HookedChatModel({
      timeout: 1_000,
      _generate: async () => result("x"),
      async *_stream() {
        yield chatChunk("a");
      },
    });
    await model.invoke("x");
    expect(vi.getTimerCount()).toBe(0);
    expect(await collect(await model.stream("x"))).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    const stream = await model.stream("x");
    expect(vi.getTimerCount()).toBe(1);
    await stream.return();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([0, -5, Number.NaN])("of %j is refused", (timeout) => {
    expect(() => new HookedChatModel({ timeout })).toThrow("a timeout of more than 0 milliseconds");
  });
});
