import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AsyncCaller } from "../../../src/models/calls/async-caller.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function run<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  await vi.runAllTimersAsync();
  return promise;
}

function failing(times: number, error: unknown = new Error("busy")) {
  const calls: unknown[][] = [];
  return {
    calls,
    call: async (...args: unknown[]): Promise<string> => {
      calls.push(args);
      if (calls.length <= times) throw error;
      return "ok";
    },
  };
}

describe("AsyncCaller", () => {
  test("hands arguments on, and the answer back", async () => {
    const answer: number = await new AsyncCaller().call(async (a: number, b: number) => a + b, 1, 2);
    expect(answer).toBe(3);
    expect(await new AsyncCaller().call(() => "plain")).toBe("plain");
  });

  test.each<[string, object, number, number]>([
    ["6 times by default", {}, 9, 7],
    ["as often as it is told", { maxRetries: 2 }, 9, 3],
    ["never", { maxRetries: 0 }, 9, 1],
    ["until it goes well", {}, 3, 4],
  ])("calls again %s", async (_what, params, failures, calls) => {
    const work = failing(failures);
    await run(new AsyncCaller(params).call(work.call)).catch(() => undefined);
    expect(work.calls).toHaveLength(calls);
  });

  test("may be told for one call", async () => {
    const work = failing(9);
    await run(new AsyncCaller().callWithOptions({ maxRetries: 1 }, work.call, "a")).catch(() => undefined);
    expect(work.calls).toEqual([["a"], ["a"]]);
  });

  test.each([400, 401, 402, 403, 404, 405, 406, 407, 409])("takes a status of %i for final", async (status) => {
    const work = failing(9, Object.assign(new Error("refused"), { status }));
    await expect(run(new AsyncCaller().call(work.call))).rejects.toThrow("refused");
    expect(work.calls).toHaveLength(1);
  });

  test("tells of each failed attempt, and ends with what is thrown at that", async () => {
    const told: unknown[] = [];
    const work = failing(9);
    const onFailedAttempt = (error: unknown): void => {
      told.push((error as Error).message);
      if (told.length === 2) throw new Error("enough");
    };
    await expect(run(new AsyncCaller({ onFailedAttempt }).call(work.call))).rejects.toThrow("enough");
    expect(told).toEqual(["busy", "busy"]);
  });

  test("runs so many at once, and gives the place away while one waits for its next try", async () => {
    const caller = new AsyncCaller({ maxConcurrency: 1 });
    const order: string[] = [];
    let tries = 0;
    const first = caller.call(async () => {
      tries += 1;
      order.push(`first ${tries}`);
      if (tries === 1) throw new Error("busy");
    });
    const second = caller.call(async () => void order.push("second"));
    await run(Promise.all([first, second]));
    expect(order).toEqual(["first 1", "second", "first 2"]);
  });

  test("ends with its signal: in a call, in a wait, in line, and before it began", async () => {
    const caller = new AsyncCaller({ maxConcurrency: 1 });
    const hang = (): Promise<never> => new Promise(() => undefined);
    const controller = new AbortController();
    const { signal } = controller;
    const work = failing(9);
    const waiting = new AsyncCaller().callWithOptions({ signal }, work.call);
    const calls = [caller.callWithOptions({ signal }, hang), caller.callWithOptions({ signal }, hang), waiting];
    for (const call of calls) call.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1);
    controller.abort();
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
    await vi.runAllTimersAsync();
    expect(work.calls).toHaveLength(1);
    const late = failing(0);
    await expect(caller.callWithOptions({ signal }, late.call)).rejects.toMatchObject({ name: "AbortError" });
    expect(late.calls).toHaveLength(0);
    expect(await caller.call(async () => "free again")).toBe("free again");
  });

  test("leaves nothing on a signal after the call", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await new AsyncCaller().callWithOptions({ signal }, async () => 1);
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1]);
  });

  test("fetches, and takes an error's status for an error", async () => {
    const answers = [
      { ok: false, status: 503, headers: new Headers({ "retry-after": "2" }) },
      { ok: true, status: 200 },
    ];
    const fetched: unknown[] = [];
    vi.stubGlobal("fetch", async (...args: unknown[]) => {
      fetched.push(args);
      return answers[fetched.length - 1] ?? { ok: false, status: 404, headers: new Headers() };
    });
    const caller = new AsyncCaller();
    const start = Date.now();
    expect(await run(caller.fetch("https://example.org", { method: "POST" }))).toMatchObject({ status: 200 });
    expect(Date.now() - start).toBe(2_000);
    expect(fetched[1]).toEqual(["https://example.org", { method: "POST" }]);
    await expect(run(caller.fetch("https://example.org"))).rejects.toMatchObject({ status: 404 });
  });

  test("lets go of the body of an answer before it asks again, and leaves that of the last to its reader", async () => {
    const cancelled: number[] = [];
    let asked = 0;
    vi.stubGlobal("fetch", async () => {
      const place = asked++;
      const body = new ReadableStream({ cancel: () => void cancelled.push(place) });
      return new Response(body, { status: 503 });
    });
    const error = await run(new AsyncCaller({ maxRetries: 2 }).fetch("https://example.org")).catch((thrown) => thrown);
    expect([asked, cancelled]).toEqual([3, [0, 1]]);
    expect(error).toMatchObject({ status: 503, message: expect.stringContaining("error.response") });
    expect(error.response.bodyUsed).toBe(false);
  });

  test("leaves a body to whoever reads it when told of the failure", async () => {
    const said: string[] = [];
    vi.stubGlobal("fetch", async () => new Response("overloaded", { status: 503 }));
    const onFailedAttempt = async (error: unknown): Promise<void> => {
      said.push(await (error as { response: Response }).response.text());
    };
    await run(new AsyncCaller({ maxRetries: 1, onFailedAttempt }).fetch("https://example.org")).catch(() => undefined);
    expect(said).toEqual(["overloaded", "overloaded"]);
  });

  test.each<[string, (signal: AbortSignal) => Parameters<typeof fetch>]>([
    ["its options", (signal) => ["https://example.org", { signal }]],
    ["its request", (signal) => [new Request("https://example.org", { signal })]],
  ])("ends the wait for the next fetch with the signal of %s", async (_where, argsOf) => {
    let asked = 0;
    vi.stubGlobal("fetch", async () => {
      asked += 1;
      return new Response(null, { status: 503, headers: { "retry-after": "50" } });
    });
    const controller = new AbortController();
    const call = new AsyncCaller().fetch(...argsOf(controller.signal));
    call.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect([asked, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test("sends the body of a request with every attempt", async () => {
    const sent: string[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      sent.push(await request.text());
      return new Response(null, { status: sent.length === 1 ? 503 : 200 });
    });
    await run(new AsyncCaller().fetch(new Request("https://example.org", { method: "POST", body: "hi" })));
    expect(sent).toEqual(["hi", "hi"]);
  });

  test("refuses numbers out of range", () => {
    expect(() => new AsyncCaller({ maxRetries: -1 })).toThrow("maxRetries to be a whole number from 0");
    expect(() => new AsyncCaller({ maxConcurrency: 0 })).toThrow("maxConcurrency to be at least 1");
    expect(() => new AsyncCaller().callWithOptions({ maxRetries: 0.5 }, async () => 1)).toThrow("maxRetries");
  });
});
