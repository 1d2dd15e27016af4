import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toEventJson } from "../../src/events/event-json.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";

/** An object that holds itself, which JSON cannot say. */
const round = (fields: object = {}): object => {
  const object: Record<string, unknown> = { ...fields };
  object.self = object;
  return object;
};

const tellsAll = (): Error =>
  Object.assign(new Error("broken"), { toJSON: () => ({ stack: "at home", headers: { key: "k" } }) });

describe("toEventJson", () => {
  it.each<[string, unknown]>([
    ["data", { a: [1, null, "b", { c: true }], d: {} }],
    ["what JSON leaves out", { a: undefined, b: () => 1, c: [undefined], d: Symbol("s"), e: Number.NaN }],
    ["a date", { at: new Date(0) }],
    ["a message", { data: { output: new AIMessage({ content: "hi", id: "1" }) } }],
    ["a chunk of one", { chunk: new AIMessageChunk("h") }],
    ["what says itself how", { toJSON: () => ({ said: 1 }) }],
    ["a secret", { key: new Secret("hidden") }],
  ])("is JSON of %s as it is", (_name, value) => {
    expect(toEventJson(value)).toBe(JSON.stringify(value));
  });

  it.each<[string, unknown, unknown]>([
    ["an error", { error: new TypeError("broken") }, { error: { name: "TypeError", message: "broken" } }],
    ["errors in a list", [new Error("a"), 1], [{ name: "Error", message: "a" }, 1]],
    [
      "an error deep inside",
      { a: { b: [{ c: new Error("a") }] } },
      { a: { b: [{ c: { name: "Error", message: "a" } }] } },
    ],
    [
      "an error with a code",
      { e: Object.assign(new Error("a"), { code: "X" }) },
      { e: { name: "Error", message: "a", code: "X" } },
    ],
    ["an error that would tell all", { error: tellsAll() }, { error: { name: "Error", message: "broken" } }],
    [
      "the same beside what JSON cannot say",
      { error: tellsAll(), n: 1n },
      { error: { name: "Error", message: "broken" }, n: "1" },
    ],
    [
      "an error with a cause",
      { e: new Error("a", { cause: new Error("inner") }) },
      { e: { name: "Error", message: "a" } },
    ],
  ])("says of %s no more than its name, message and code", (_name, value, expected) => {
    expect(JSON.parse(toEventJson(value))).toEqual(expected);
  });

  it.each<[string, unknown, unknown]>([
    ["a bigint", { a: 12345678901234567890n, b: [1n] }, { a: "12345678901234567890", b: ["1"] }],
    ["an object that holds itself", round({ a: 1 }), { a: 1, self: "[circular]" }],
    ["lists that hold each other", { list: [round()] }, { list: [{ self: "[circular]" }] }],
    ["one object twice", { n: 1n, a: [{ b: 1 }], ...twice() }, { n: "1", a: [{ b: 1 }], one: { c: 1 }, two: { c: 1 } }],
    ["a getter that throws", { a: 1, ...guarded() }, { a: 1 }],
    ["a toJSON that throws", { a: throwing("toJSON"), b: 2 }, { a: "[unreadable]", b: 2 }],
    ["a toJSON beside what JSON cannot say", { n: 1n, at: new Date(0) }, { n: "1", at: "1970-01-01T00:00:00.000Z" }],
    ["a toJSON that gives a bigint", { toJSON: () => 5n }, "5"],
    ["a toJSON that gives itself", { n: 1n, a: itself() }, { n: "1", a: { b: 1 } }],
    ["a toJSON of its own that gives itself", ownItself(), { n: "1" }],
    ["a toJSON that gives what holds it", { n: 1n, a: holding() }, { n: "1", a: { held: "[circular]" } }],
    ["a toJSON that is none", { n: 1n, toJSON: 5 }, { n: "1", toJSON: 5 }],
    ["a revoked proxy", { a: revoked(), b: 2 }, { a: "[unreadable]", b: 2 }],
    ["functions beside what JSON cannot say", { n: 1n, f: () => 1, list: [() => 1] }, { n: "1", list: [null] }],
    ["null beside what JSON cannot say", { n: 1n, a: null, b: undefined }, { n: "1", a: null }],
    [
      "a message beside what JSON cannot say",
      { n: 1n, m: new AIMessage("hi") },
      { n: "1", m: JSON.parse(JSON.stringify(new AIMessage("hi"))) },
    ],
  ])("says what it can of %s", (_name, value, expected) => {
    expect(JSON.parse(toEventJson(value))).toEqual(expected);
  });

  it("says where a getter throws", () => {
    expect(JSON.parse(toEventJson({ a: throwing("field"), b: 2 }))).toEqual({ a: { field: "[unreadable]" }, b: 2 });
  });

  it("takes a key called __proto__ as data", () => {
    const value = { n: 1n, a: JSON.parse('{"__proto__": {"polluted": 1}}') };
    expect(toEventJson(value)).toBe('{"n":"1","a":{"__proto__":{"polluted":1}}}');
    assertNoPoisoning();
  });

  it.each([1_000, 100_000])("says what is %i deep as far as it goes", (depth) => {
    let deep: unknown = 1n;
    for (let level = 0; level < depth; level += 1) deep = [deep];
    const json = toEventJson({ deep, beside: 1 });
    expect(json).toContain("[unreadable]");
    expect(JSON.parse(json)).toMatchObject({ beside: 1 });
  });

  it("is one line, for readers of any line ends", () => {
    const text = "a\nb\rc\r\nd\u2028e\u2029f\u0085g\u000b\u000c";
    const json = toEventJson({ [text]: text });
    expect(json).not.toMatch(/[\n\r\u2028\u2029\u0085\v\f]/);
    expect(JSON.parse(json)).toEqual({ [text]: text });
  });

  it("is one line of well-formed JSON that says the same, of any data", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.string({ unit: "binary" }), (value, key) => {
        const json = toEventJson({ [key]: value });
        expect(json.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(1);
        expect(() => encodeURIComponent(json)).not.toThrow();
        expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify({ [key]: value }));
      }),
    );
  });

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withNullPrototype: true,
          withTypedArray: true,
          withSparseArray: true,
          withBoxedValues: true,
        }),
        (value) => {
          expect(() => JSON.parse(toEventJson({ value, round: round() }))).not.toThrow();
          expect(() => JSON.parse(toEventJson({ value }))).not.toThrow();
        },
      ),
    );
  });
});

function throwing(name: string): object {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get: () => {
      throw new Error("no");
    },
  });
}

/** A getter that nobody enumerates is not read. */
function guarded(): object {
  return Object.defineProperty({}, "hidden", {
    get: () => {
      throw new Error("no");
    },
  });
}

function twice(): object {
  const shared = { c: 1 };
  return { one: shared, two: shared };
}

function itself(): object {
  const object = { b: 1 };
  return Object.defineProperty(object, "toJSON", { value: () => object });
}

function ownItself(): object {
  return {
    n: 1n,
    toJSON(): unknown {
      return this;
    },
  };
}

function holding(): object {
  const object = {};
  return Object.defineProperty(object, "toJSON", { value: () => ({ held: object }) });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
