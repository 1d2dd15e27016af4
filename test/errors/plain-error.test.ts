import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { AbortError } from "../../src/errors/abort-error.ts";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { isError, toPlainError } from "../../src/errors/plain-error.ts";

const hostile = {
  get name(): string {
    throw new Error("name");
  },
  get message(): string {
    throw new Error("message");
  },
  get code(): string {
    throw new Error("code");
  },
};

describe("toPlainError", () => {
  it.each<[string, unknown, object]>([
    ["an error", new TypeError("broken"), { name: "TypeError", message: "broken" }],
    [
      "an error of ours",
      new LinnetError("wrong", { code: "INVALID_INPUT", data: { secret: 1 }, cause: new Error("inner") }),
      { name: "LinnetError", message: "wrong", code: "INVALID_INPUT" },
    ],
    [
      "an abort",
      new AbortError({ cause: "why" }),
      { name: "AbortError", message: expect.any(String), code: "ABORTED" },
    ],
    [
      "an error with a number as its code",
      Object.assign(new Error("b"), { code: 20 }),
      { name: "Error", message: "b", code: 20 },
    ],
    [
      "an error with an object as its code",
      Object.assign(new Error("b"), { code: {} }),
      { name: "Error", message: "b" },
    ],
    [
      "an error that holds more",
      Object.assign(new Error("b"), { config: { key: "k" } }),
      { name: "Error", message: "b" },
    ],
    ["an error of another realm", runInNewContext("new RangeError('far')"), { name: "RangeError", message: "far" }],
    ["a text", "broken", { name: "Error", message: "broken" }],
    ["an empty text", "", { name: "Error", message: "" }],
    ["an object like an error", { name: "Odd", message: "broken", stack: "at x" }, { name: "Odd", message: "broken" }],
    ["an object", { status: 500 }, { name: "Error", message: "an object with key status" }],
    ["undefined", undefined, { name: "Error", message: "undefined" }],
    ["null", null, { name: "Error", message: "null" }],
    ["a number", 5, { name: "Error", message: "a number 5" }],
    ["an object that cannot be read", hostile, { name: "Error", message: "an object with keys name, message, code" }],
  ])("says of %s its name, its message and its code", (_name, error, expected) => {
    const plain = toPlainError(error);
    expect(plain).toEqual(expected);
    expect(Object.keys(plain).sort()).toEqual(Object.keys(expected).sort());
  });
});

describe("isError", () => {
  it.each<[string, unknown, boolean]>([
    ["an error", new Error("a"), true],
    ["an error of another realm", runInNewContext("new Error('far')"), true],
    ["an abort of the platform", new DOMException("over", "AbortError"), true],
    ["an object like an error", { name: "Error", message: "a" }, false],
    ["a text", "Error", false],
    ["null", null, false],
    ["undefined", undefined, false],
  ])("of %s", (_name, value, expected) => {
    expect(isError(value)).toBe(expected);
  });
});
