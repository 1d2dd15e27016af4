import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newRunId, setRandomSource } from "../../src/callbacks/run-id.ts";
import { withoutGlobals } from "../helpers/runtime.ts";

const library = vi.hoisted(() => ({ calls: 0 }));

vi.mock("uuid", async (importOriginal) => {
  const original = await importOriginal<typeof import("uuid")>();
  return {
    ...original,
    v7: (...given: Parameters<typeof original.v7>) => {
      library.calls += 1;
      return original.v7(...given);
    },
  };
});

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The time that a uuid v7 says it was made at. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

describe("newRunId", () => {
  // Later than any id that was made before, and further on for each test.
  let now = Date.now() + 10_000_000;

  beforeEach(() => {
    now += 1_000_000;
    vi.spyOn(Date, "now").mockImplementation(() => now);
    library.calls = 0;
  });

  afterEach(() => {
    vi.restoreAllMocks();
    setRandomSource(undefined);
  });

  it("is a uuid v7 of the present time", () => {
    const id = newRunId();
    expect(id).toMatch(V7);
    expect(timeOf(id)).toBe(now);
  });

  it("asks the library once per millisecond", () => {
    for (let count = 0; count < 100; count += 1) newRunId();
    expect(library.calls).toBe(1);
    now += 1;
    for (let count = 0; count < 100; count += 1) newRunId();
    expect(library.calls).toBe(2);
  });

  it("differs from any other in its millisecond in the last 16 bits alone, counted up", () => {
    const ids = [newRunId(), newRunId(), newRunId()];
    expect(new Set(ids.map((id) => id.slice(0, -4))).size).toBe(1);
    expect(ids.map((id) => id.slice(-4))).toEqual(["0000", "0001", "0002"]);
  });

  it("is sorted by time of making, over many milliseconds", () => {
    const ids: string[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      for (let count = 0; count < 20; count += 1) ids.push(newRunId());
      now += turn % 3;
    }
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("stays sorted and unique past 65,536 in one millisecond", () => {
    const ids = Array.from({ length: 65_536 + 2 }, newRunId);
    expect(library.calls).toBe(2);
    expect(ids[65_535]?.slice(-4)).toBe("ffff");
    expect(ids[65_536]?.slice(-4)).toBe("0000");
    expect(timeOf(ids[65_535] as string)).toBe(now);
    expect(timeOf(ids[65_536] as string)).toBe(now + 1);
    expect(new Set(ids).size).toBe(ids.length);
    expect((ids[65_536] as string) > (ids[65_535] as string)).toBe(true);
    // The clock has reached what was taken ahead: no new call, and still in order.
    now += 1;
    const next = newRunId();
    expect(library.calls).toBe(2);
    expect(next > (ids[65_537] as string)).toBe(true);
  });

  it("stays sorted when the clock is set back", () => {
    const before = newRunId();
    now -= 60_000;
    const after = newRunId();
    expect(after > before).toBe(true);
    expect(library.calls).toBe(1);
    now += 60_001;
    expect(newRunId() > after).toBe(true);
    expect(library.calls).toBe(2);
  });

  it("draws 16 random bytes per millisecond from the source that was set", () => {
    const source = vi.fn((bytes: Uint8Array) => bytes.fill(0xff));
    setRandomSource(source);
    const id = newRunId();
    newRunId();
    expect(source).toHaveBeenCalledTimes(1);
    expect(source.mock.calls[0]?.[0]).toHaveLength(16);
    expect(id).toMatch(V7);
    expect(id.slice(26, 32)).toBe("ffffff");
  });

  it("draws anew at once when the source is replaced, and when the default is brought back", () => {
    newRunId();
    setRandomSource((bytes) => bytes.fill(0xab));
    expect(newRunId().slice(26, 32)).toBe("ababab");
    setRandomSource(undefined);
    expect(newRunId().slice(26, 32)).not.toBe("ababab");
  });

  it("draws from the platform's crypto by default", () => {
    const spy = vi.spyOn(globalThis.crypto, "getRandomValues");
    now += 1;
    newRunId();
    expect(spy).toHaveBeenCalledTimes(1);
  });

  it("draws from Math.random in a runtime without crypto", async () => {
    const spy = vi.spyOn(Math, "random").mockReturnValue(0.5);
    await withoutGlobals(["crypto"], () => {
      now += 1;
      const id = newRunId();
      expect(id).toMatch(V7);
      expect(id.slice(26, 32)).toBe("808080");
    });
    expect(spy).toHaveBeenCalledTimes(16);
  });
});
