import { afterEach, describe, expect, test, vi } from "vitest";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { quoted, textOf, waitUntil, within } from "../../../src/testing/conformance/trial.ts";

afterEach(() => void vi.unstubAllGlobals());

describe("within", () => {
  test.each([true, false])("gives what comes in time, with timers: %s", async (hasTimers) => {
    if (!hasTimers) vi.stubGlobal("setTimeout", undefined);
    expect(await within(Promise.resolve(7), 5, "it to end")).toBe(7);
    await expect(within(Promise.reject(new Error("no")), 5, "it to end")).rejects.toThrow("no");
  });

  test("fails where nothing comes", async () => {
    await expect(within(new Promise(() => {}), 1, "it to end")).rejects.toThrow("Expected it to end within 1 ms");
  });

  test("holds no timer, and no signal, once it is over or was ended", async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const waits = within(new Promise(() => {}), 1000, "it to end", controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort(new Error("over"));
    expect(vi.getTimerCount()).toBe(0);
    await expect(waits).rejects.toThrow("over");
    const listeners: unknown[] = [];
    const signal = {
      addEventListener: (_type: string, listener: unknown) => listeners.push(listener),
      removeEventListener: (_type: string, listener: unknown) => listeners.splice(listeners.indexOf(listener), 1),
    } as unknown as AbortSignal;
    await within(Promise.resolve(), 1000, "it to end", signal);
    expect([listeners, vi.getTimerCount()]).toEqual([[], 0]);
    vi.useRealTimers();
  });
});

describe("waitUntil", () => {
  test("needs no clock for what is over soon", async () => {
    vi.stubGlobal("setTimeout", () => expect.fail("a timer"));
    let turns = 0;
    await waitUntil(() => ++turns > 10, 5);
    expect(turns).toBe(12);
  });

  test("is ended by its signal", async () => {
    const controller = new AbortController();
    const waits = waitUntil(() => false, 2 ** 30, controller.signal);
    setImmediate(() => controller.abort(new Error("over")));
    await expect(waits).rejects.toThrow("over");
  });

  test("looks again each millisecond, up to the limit", async () => {
    let looks = 0;
    await waitUntil(() => ++looks < 0, 3);
    expect(looks).toBe(23);
  });
});

test("the text of a reply is that of a message, of a string, or of chunks", () => {
  expect([textOf("a"), textOf(new AIMessageChunk("b")), textOf(["c", new AIMessageChunk("d")])]).toEqual([
    "a",
    "b",
    "cd",
  ]);
});

test("a long text is shortened where it is quoted", () => {
  expect([quoted("a\nb"), quoted("x".repeat(81))]).toEqual(['"a\\nb"', `"${"x".repeat(80)}…"`]);
});
