import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { reportError, setErrorReporter } from "../../src/errors/reporter.ts";

describe("the error reporter", () => {
  let warn: MockInstance;
  beforeEach(() => {
    warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  });
  afterEach(() => {
    setErrorReporter(undefined);
    vi.restoreAllMocks();
  });

  test("warns once for each place and message", () => {
    reportError(new RangeError("once-a"), "here");
    reportError(new RangeError("once-a"), "here");
    reportError(new RangeError("once-a"), "there");
    reportError("once-b", "here");
    expect(warn.mock.calls).toEqual([
      ["linnet: an error in here: RangeError: once-a"],
      ["linnet: an error in there: RangeError: once-a"],
      ["linnet: an error in here: once-b"],
    ]);
  });

  test("forgets what it has told after a thousand messages", () => {
    for (let count = 0; count < 1_001; count += 1) reportError(`many-${count}`, "here");
    const before = warn.mock.calls.length;
    reportError("many-0", "here");
    expect(warn.mock.calls).toHaveLength(before + 1);
  });

  test("is silent where there is no console", () => {
    vi.stubGlobal("console", undefined);
    expect(() => reportError("no-console", "here")).not.toThrow();
    vi.unstubAllGlobals();
  });

  test("gives errors to the reporter that was set, and drops what that throws", () => {
    const told: unknown[] = [];
    const first = setErrorReporter((error, place) => {
      told.push([error, place]);
      throw new Error("reporter");
    });
    reportError("e", "p");
    expect(told).toEqual([["e", "p"]]);
    const second = setErrorReporter(first);
    expect(second).not.toBe(first);
    expect(setErrorReporter(undefined)).toBe(first);
    expect(warn).not.toHaveBeenCalled();
  });
});
