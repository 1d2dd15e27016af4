import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AbortError } from "../../src/errors/abort-error.ts";
import type { LinnetErrorCode } from "../../src/errors/codes.ts";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { TimeoutError } from "../../src/errors/timeout-error.ts";

describe("LinnetError", () => {
  test("carries a code, data and a cause", () => {
    const cause = new RangeError("inner");
    const error = new LinnetError("outer", { code: "INVALID_INPUT", data: { given: 1 }, cause });
    expect(error.message).toBe("outer");
    expect(error.code).toBe("INVALID_INPUT" satisfies LinnetErrorCode);
    expect(error.lc_error_code).toBe("INVALID_INPUT");
    expect(error.data).toEqual({ given: 1 });
    expect(error.cause).toBe(cause);
  });

  test("has empty data and no cause of its own by default", () => {
    const error = new LinnetError("m", { code: "NOT_WIRED" });
    expect(error.data).toEqual({});
    expect(Object.hasOwn(error, "cause")).toBe(false);
  });

  test.each([
    [new LinnetError("m", { code: "NOT_WIRED" }), "LinnetError: m"],
    [new AbortError({ message: "m" }), "AbortError: m"],
    [new TimeoutError(20), "TimeoutError: The work did not end within 20 ms."],
  ])("begins its stack and its print with its name: %s", (error, start) => {
    expect(error.stack?.startsWith(start)).toBe(true);
    expect(inspect(error).startsWith(start)).toBe(true);
    expect(String(error).startsWith(start)).toBe(true);
    expect(Object.keys(error)).toEqual(["code", "data"]);
  });

  test("lets a subclass or a program rename it", () => {
    class Own extends LinnetError {
      override name = "Own";
    }
    expect(new Own("m", { code: "NOT_WIRED" }).name).toBe("Own");
    const error = new LinnetError("m", { code: "NOT_WIRED" });
    error.name = "Renamed";
    expect(String(error)).toBe("Renamed: m");
    expect(new LinnetError("m", { code: "NOT_WIRED" }).name).toBe("LinnetError");
  });

  test("is known by its brand, also where it comes from another copy of the package", () => {
    const foreign = Object.assign(new Error("m"), { [Symbol.for("linnet.error")]: true, code: "ABORTED" });
    expect(LinnetError.isInstance(foreign)).toBe(true);
    expect(AbortError.isInstance(foreign)).toBe(true);
    expect(TimeoutError.isInstance(foreign)).toBe(false);
    expect(TimeoutError.isInstance(new TimeoutError(1))).toBe(true);
    expect(AbortError.isInstance(new AbortError())).toBe(true);
    expect(AbortError.isInstance(new LinnetError("m", { code: "TIMEOUT" }))).toBe(false);
  });

  test.each([undefined, null, "LinnetError", 1, {}, new Error("m"), { code: "ABORTED" }])("is not %s", (value) => {
    expect(LinnetError.isInstance(value)).toBe(false);
    expect(AbortError.isInstance(value)).toBe(false);
    expect(TimeoutError.isInstance(value)).toBe(false);
  });
});

describe("AbortError", () => {
  test("says that the work was aborted, unless told otherwise", () => {
    const plain = new AbortError();
    expect(plain).toBeInstanceOf(LinnetError);
    expect(plain.message).toBe("The work was aborted before it ended.");
    expect(plain.code).toBe("ABORTED");
    expect(plain.name).toBe("AbortError");
    expect(Object.hasOwn(plain, "cause")).toBe(false);
    const told = new AbortError({ message: "stop", cause: "reason", data: { at: 3 } });
    expect([told.message, told.cause, told.data]).toEqual(["stop", "reason", { at: 3 }]);
  });
});

describe("TimeoutError", () => {
  test("tells its limit", () => {
    const error = new TimeoutError(250);
    expect(error).toBeInstanceOf(LinnetError);
    expect(error.code).toBe("TIMEOUT");
    expect(error.data).toEqual({ milliseconds: 250, limit: "totalMs" });
    expect(error.message).toContain("250 ms");
    expect(error.message).toContain("config.timeout");
  });
});
