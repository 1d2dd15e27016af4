import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { boundedJson, utf8Bytes } from "../../../src/callbacks/tracers/bounded-json.ts";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { ChatGeneration } from "../../../src/outputs/chat-generation.ts";
import { ChatPromptValue } from "../../../src/outputs/prompt-value.ts";
import { Secret } from "../../../src/secrets/secret.ts";

const MUCH = 1_000_000;

/** What the JSON of a value says. */
function said(value: unknown, maxBytes: number = MUCH): unknown {
  const json = boundedJson(value, maxBytes);
  return json === undefined ? "nothing" : JSON.parse(json.text);
}

class Point {
  x = 1;
  #hidden = 2;
  get y(): number {
    return this.#hidden;
  }
}
class Client {
  apiKey = "sk-1";
  nested = { token: "sk-2", other: 1 };
  lc_secrets = { apiKey: "API_KEY", "nested.token": "TOKEN" };
}
class Inheriting {
  apiKey = "sk-1";
  get lc_secrets(): Record<string, string> {
    return { apiKey: "API_KEY" };
  }
}
class Empty {}

function circular(): unknown {
  const object: Record<string, unknown> = { a: 1 };
  object.self = object;
  object.list = [object];
  return object;
}
function deep(levels: number): unknown {
  let value: unknown = "ground";
  for (let level = 0; level < levels; level += 1) value = { in: value };
  return value;
}
const throwing = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error("closed");
    },
    getPrototypeOf() {
      throw new Error("closed");
    },
    get() {
      throw new Error("closed");
    },
  },
);
const halfClosed = new Proxy(
  { a: 1, b: 2 },
  {
    getOwnPropertyDescriptor(target, key) {
      if (key === "a") throw new Error("closed");
      return Object.getOwnPropertyDescriptor(target, key);
    },
  },
);
const keysClosed = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error("closed");
    },
  },
);

describe("the JSON of a value", () => {
  it.each<[string, unknown, unknown]>([
    ["a string", 'a "b"\n\\', 'a "b"\n\\'],
    ["a number", 1.5, 1.5],
    ["true", true, true],
    ["null", null, null],
    ["nothing", undefined, "nothing"],
    ["an object", { a: 1, b: { c: [1, "2", null] } }, { a: 1, b: { c: [1, "2", null] } }],
    ["gaps", { a: undefined, b: [undefined, 1] }, { b: [null, 1] }],
    ["no object at all", {}, {}],
    ["an empty list", [], []],
    ["a bigint", { a: 12n }, { a: "12" }],
    ["no number", [Number.NaN, Number.POSITIVE_INFINITY], ["NaN", "Infinity"]],
    ["a function", { run: function go() {} }, { run: "a function go" }],
    ["a symbol", Symbol("x"), "a symbol"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a date that is none", new Date(Number.NaN), null],
    ["a map", new Map([["a", new Map([[1, 2]])]]), [["a", [[1, 2]]]]],
    ["a set", new Set([1, "a"]), [1, "a"]],
    ["bytes", new Uint8Array(9), "an instance of Uint8Array"],
    ["an object of a class", new Point(), { x: 1 }],
    ["an object of a class without data", new Empty(), "an instance of Empty"],
    ["a promise", Promise.resolve(), "an instance of Promise"],
    ["an error", new TypeError("wrong"), { name: "TypeError", message: "wrong" }],
    [
      "an error with a code",
      new LinnetError("wrong", { code: "INVALID_INPUT", data: { secret: 1 } }),
      { name: "LinnetError", message: "wrong", code: "INVALID_INPUT" },
    ],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [
      "keys of every name",
      JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
      JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
    ],
    ["a form of its own", { toJSON: 1, url: new URL("http://a.b/") }, { toJSON: 1, url: "http://a.b/" }],
    [
      "what has itself as its form",
      Object.assign(new Empty(), { a: 1, toJSON: returnThis }),
      { a: 1, toJSON: "a function returnThis" },
    ],
    ["an object that holds itself", circular(), { a: 1, self: "[circular]", list: ["[circular]"] }],
    ["one object twice", [DEFAULT(), DEFAULT()], [{ a: 1 }, { a: 1 }]],
    ["an object that cannot be looked into", { a: throwing }, { a: "an object that cannot be looked into" }],
    ["an object with a field that cannot be looked into", halfClosed, { b: 2 }],
    ["an object whose keys are not told", keysClosed, {}],
    ["an object whose form cannot be made", Object.assign(new Empty(), { toJSON: fails }), "an instance of Empty"],
    ["a message", new HumanMessage("hi"), { type: "human", data: expect.objectContaining({ content: "hi" }) }],
    [
      "messages in a list",
      [[new AIMessage("yo")]],
      [[{ type: "ai", data: expect.objectContaining({ content: "yo" }) }]],
    ],
    [
      "a prompt value",
      new ChatPromptValue([new HumanMessage("hi")]),
      { messages: [{ type: "human", data: expect.objectContaining({ content: "hi" }) }] },
    ],
    [
      "a generation",
      new ChatGeneration({ message: new AIMessage("yo") }),
      { text: "yo", message: { type: "ai", data: expect.objectContaining({ content: "yo" }) } },
    ],
  ])("says %s", (_what, value, expected) => {
    expect(said(value)).toEqual(expected);
    expect(boundedJson(value, MUCH)?.isCut ?? false).toBe(false);
  });

  it("runs no getter", () => {
    const getter = vi.fn(() => "ran");
    const value = Object.defineProperty({ a: 1 }, "b", { get: getter, enumerable: true });
    expect(said(value)).toEqual({ a: 1 });
    expect(getter).not.toHaveBeenCalled();
  });

  it.each<[string, unknown]>([
    ["a secret", Secret.from("sk-1")],
    ["a secret in a map", new Map([["key", Secret.from("sk-1")]])],
    ["fields that the object names", new Client()],
    ["fields that the class names", new Inheriting()],
    ["fields that an object above names", { client: { lc_secrets: { token: "T" }, deep: [{ token: "sk-1" }] } }],
    [
      "fields that several objects name",
      { lc_secrets: { a: "A" }, in: { lc_secrets: { b: "B" }, a: "sk-1", b: "sk-2" } },
    ],
  ])("hides %s", (_what, value) => {
    const text = boundedJson(value, MUCH)?.text;
    expect(text).not.toContain("sk-");
    expect(text).toContain("**********");
  });

  it("shows what is not named as a secret", () => {
    expect(said(new Client())).toMatchObject({ nested: { other: 1 } });
    expect(said({ lc_secrets: "none", a: 1 })).toEqual({ lc_secrets: "none", a: 1 });
  });

  it("is cut where it is too deep", () => {
    const json = boundedJson(deep(100), MUCH);
    expect(json?.isCut).toBe(true);
    expect(json?.text).not.toContain("ground");
    expect(boundedJson(deep(60), MUCH)).toMatchObject({ isCut: false, text: expect.stringContaining("ground") });
  });

  it.each(["\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\f"])("is one line, whatever is in it: %j", (end) => {
    const json = boundedJson({ [`key${end}`]: `a${end}b` }, MUCH);
    expect(json?.text).not.toMatch(/[\n\r\u2028\u2029\u0085\v\f]/);
    expect(JSON.parse(json?.text as string)).toEqual({ [`key${end}`]: `a${end}b` });
  });
});

describe("JSON that is too long", () => {
  it.each<[string, unknown, number, unknown]>([
    ["a string, with its length", "x".repeat(100), 40, `${"x".repeat(20)}… 100 characters`],
    ["a short string", "x".repeat(100), 12, `${"x".repeat(7)}…`],
    ["a string, where nothing fits", "xxxxxx", 5, "…"],
    ["a string of two bytes a character", "é".repeat(100), 40, `${"é".repeat(10)}… 100 characters`],
    ["a string of escapes", "\n".repeat(100), 40, `${"\n".repeat(10)}… 100 characters`],
    ["a pair, whole", "🐦🐦🐦", 12, "🐦…"],
    ["the middle of a pair, before it", "a🐦🐦🐦", 13, "a🐦…"],
    ["a half of a pair, before it", "\ud83d".repeat(9), 17, "\ud83d…"],
    ["characters of the last plane", "\uffff".repeat(9), 12, "\uffff\uffff…"],
    ["a number", 123_456_789, 5, "…"],
    ["a list", Array.from({ length: 100 }, () => 7), 50, [7, 7, 7, 7, 7, 7, "… 94 more"]],
    ["a list, where nothing fits", [1, 2, 3], 6, "…"],
    ["an object, where nothing fits", { a: 1 }, 6, "…"],
    ["fields", { a: 1, b: 2, c: "x".repeat(100), d: 4 }, 60, { a: 1, b: 2, c: "xxxxx…", d: 4 }],
    [
      "fields that have no room",
      { a: "x".repeat(100), b: "x", [`${"k".repeat(30)}`]: 1, d: 1 },
      60,
      { a: "xx… 100 characters", "…": 3 },
    ],
    ["a field of a long name", { [`${"k".repeat(100)}`]: 1 }, 60, { "…": 1 }],
    ["the first item", ["x".repeat(100), ["a", "b", "c"]], 60, ["xxxxxx… 100 characters", "…"]],
  ])("is cut at %s", (_where, value, maxBytes, expected) => {
    const json = boundedJson(value, maxBytes);
    expect(json?.isCut).toBe(true);
    expect(JSON.parse(json?.text as string)).toEqual(expected);
    expect(json?.bytes).toBeLessThanOrEqual(maxBytes);
  });

  it("leaves room for what follows", () => {
    const value = { context: "x".repeat(1_000), more: ["y".repeat(1_000), "z"], question: "why?" };
    const json = boundedJson(value, 300);
    expect(JSON.parse(json?.text as string)).toEqual({
      context: expect.stringMatching(/^x{50,}… 1000 characters$/),
      more: [expect.stringMatching(/^y+… 1000 characters$/), "z"],
      question: "why?",
    });
    expect(said({ first: "x".repeat(90), last: 1 }, 111)).toEqual({ first: "x".repeat(90), last: 1 });
  });

  it("is not cut where it fits to the byte", () => {
    expect(boundedJson("abc", 5)).toEqual({ text: '"abc"', bytes: 5, isCut: false });
    for (const value of [{}, [], { a: [{}] }, [[[1], 2], { b: "c", d: [] }], { a: 1, b: "x".repeat(50), c: [1, 2] }]) {
      const text = JSON.stringify(value);
      expect(boundedJson(value, text.length)).toEqual({ text, bytes: text.length, isCut: false });
      expect(boundedJson(value, Math.max(5, text.length - 1))?.isCut).toBe(text.length > 5);
    }
    expect(boundedJson("éb", 5)).toEqual({ text: '"éb"', bytes: 5, isCut: false });
  });

  it("looks no further than it has room", () => {
    const read = vi.fn(Reflect.getOwnPropertyDescriptor);
    const list = new Proxy(
      Array.from({ length: 100_000 }, () => "item"),
      { getOwnPropertyDescriptor: read },
    );
    boundedJson({ list }, 1_000);
    expect(read.mock.calls.length).toBeLessThan(400);
  });
});

describe("JSON of anything", () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  } as never);

  it("is valid, on one line, and no longer than it may be", () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 5, max: 400 }), (value, maxBytes) => {
        const json = boundedJson(value, maxBytes);
        if (json === undefined) return value === undefined;
        JSON.parse(json.text);
        expect(json.text).not.toMatch(/[\n\r\u2028\u2029\u0085]/);
        expect(json.bytes).toBe(Buffer.byteLength(json.text));
        return json.bytes <= maxBytes;
      }),
      { numRuns: 2_000 },
    );
  });

  it("says what JSON says of it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = boundedJson(value, MUCH);
        expect(JSON.parse(json?.text as string)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json?.isCut).toBe(false);
      }),
    );
  });

  it("has the size that is told", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

function returnThis(this: unknown): unknown {
  return this;
}
function fails(): never {
  throw new Error("no form");
}
function DEFAULT(): object {
  return SHARED;
}
const SHARED = { a: 1 };
