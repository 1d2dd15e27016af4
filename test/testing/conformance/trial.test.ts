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
});

describe("waitUntil", () => {
  test("needs no clock for what is over soon", async () => {
    vi.stubGlobal("setTimeout", () => expect.fail("a timer"));
    let turns = 0;
    await waitUntil(() => ++turns > 10, 5);
    expect(turns).toBe(12);
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
