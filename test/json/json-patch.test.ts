import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applyJsonPatch, type JsonPatchOperation, toJsonPointer } from "../../src/json/json-patch.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";

afterEach(() => {
  vi.restoreAllMocks();
  assertNoPoisoning();
});

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

const apply = (document: unknown, ...ops: JsonPatchOperation[]): unknown =>
  applyJsonPatch(frozen(document), frozen(ops));

describe("applyJsonPatch", () => {
  it.each<[string, unknown, JsonPatchOperation[], unknown]>([
    ["nothing", { a: 1 }, [], { a: 1 }],
    ["add: a key", { a: 1 }, [{ op: "add", path: "/b", value: 2 }], { a: 1, b: 2 }],
    ["add: a key that is there", { a: 1 }, [{ op: "add", path: "/a", value: 2 }], { a: 2 }],
    ["add: the key of no letters", { a: 1 }, [{ op: "add", path: "/", value: 2 }], { a: 1, "": 2 }],
    ["add: into a list", { a: [1, 3] }, [{ op: "add", path: "/a/1", value: 2 }], { a: [1, 2, 3] }],
    ["add: before a list's first", [1], [{ op: "add", path: "/0", value: 0 }], [0, 1]],
    ["add: behind a list, by number", [1], [{ op: "add", path: "/1", value: 2 }], [1, 2]],
    ["add: behind a list", [1], [{ op: "add", path: "/-", value: 2 }], [1, 2]],
    ["add: a list into a list", [1], [{ op: "add", path: "/-", value: [2, 3] }], [1, [2, 3]]],
    ["add: the whole", { a: 1 }, [{ op: "add", path: "", value: [2] }], [2]],
    ["add: nothing, as JSON leaves it", { a: 1 }, [{ op: "add", path: "/b" }], { a: 1, b: undefined }],
    ["add: deep", { a: { b: [{}] } }, [{ op: "add", path: "/a/b/0/c", value: 1 }], { a: { b: [{ c: 1 }] } }],
    ["replace: a key", { a: 1, b: 2 }, [{ op: "replace", path: "/a", value: 3 }], { a: 3, b: 2 }],
    ["replace: a key that is not there", {}, [{ op: "replace", path: "/a", value: 3 }], { a: 3 }],
    ["replace: in a list", [1, 2, 3], [{ op: "replace", path: "/1", value: 9 }], [1, 9, 3]],
    ["replace: the whole", 1, [{ op: "replace", path: "", value: { a: 1 } }], { a: 1 }],
    ["remove: a key", { a: 1, b: 2 }, [{ op: "remove", path: "/a" }], { b: 2 }],
    ["remove: from a list", [1, 2, 3], [{ op: "remove", path: "/1" }], [1, 3]],
    ["remove: the whole", { a: 1 }, [{ op: "remove", path: "" }], undefined],
    ["move: a key", { a: { b: 1 }, c: {} }, [{ op: "move", from: "/a/b", path: "/c/d" }], { a: {}, c: { d: 1 } }],
    ["move: in a list", [1, 2, 3], [{ op: "move", from: "/0", path: "/2" }], [2, 3, 1]],
    ["move: to where it is", { a: 1 }, [{ op: "move", from: "/a", path: "/a" }], { a: 1 }],
    ["move: to a key that begins alike", { a: 1 }, [{ op: "move", from: "/a", path: "/ab" }], { ab: 1 }],
    ["copy: a key", { a: [1] }, [{ op: "copy", from: "/a", path: "/b" }], { a: [1], b: [1] }],
    ["copy: the whole", { a: 1 }, [{ op: "copy", from: "", path: "/b" }], { a: 1, b: { a: 1 } }],
    ["pointers: ~0 and ~1", { "a/b": 1, "m~n": 2 }, [{ op: "remove", path: "/a~1b" }], { "m~n": 2 }],
    ["pointers: ~01 is ~1", { "~1": 1 }, [{ op: "replace", path: "/~01", value: 2 }], { "~1": 2 }],
    ["pointers: a number is a key of an object", { 0: "a" }, [{ op: "remove", path: "/0" }], {}],
    [
      "one after the other",
      {},
      [
        { op: "add", path: "/a", value: {} },
        { op: "add", path: "/a/b", value: [] },
        { op: "add", path: "/a/b/-", value: 1 },
        { op: "add", path: "/a/b/-", value: 2 },
        { op: "remove", path: "/a/b/0" },
      ],
      { a: { b: [2] } },
    ],
  ])("%s", (_name, document, ops, expected) => {
    expect(apply(document, ...ops)).toStrictEqual(expected);
  });

  it.each<[string, unknown, unknown, string]>([
    ["a key", { a: 1 }, { op: "test", path: "/a", value: 1 }, ""],
    [
      "a deep value, whatever the order of keys",
      { a: [{ b: 1, c: 2 }] },
      { op: "test", path: "/a/0", value: { c: 2, b: 1 } },
      "",
    ],
    ["the whole", [1, [2]], { op: "test", path: "", value: [1, [2]] }, ""],
    ["another value", { a: 1 }, { op: "test", path: "/a", value: "1" }, "/a"],
    ["another length", { a: [1] }, { op: "test", path: "/a", value: [1, 2] }, "/a"],
    ["another item", { a: [1] }, { op: "test", path: "/a", value: [2] }, "/a"],
    ["fewer keys", { a: { b: 1 } }, { op: "test", path: "/a", value: {} }, "/a"],
    ["other keys", { a: { b: 1 } }, { op: "test", path: "/a", value: { toString: 1 } }, "/a"],
    ["another field", { a: { b: 1 } }, { op: "test", path: "/a", value: { b: 2 } }, "/a"],
    ["a list in place of an object", { a: {} }, { op: "test", path: "/a", value: [] }, "/a"],
    ["an object in place of a list", { a: [] }, { op: "test", path: "/a", value: {} }, "/a"],
    ["null in place of an object", { a: {} }, { op: "test", path: "/a", value: null }, "/a"],
  ])("tests %s", (_name, document, op, failsAt) => {
    const call = (): unknown => apply(document, op as JsonPatchOperation);
    if (failsAt === "") expect(call()).toBe(document);
    else expect(call).toThrow(expect.objectContaining({ code: "INVALID_INPUT", data: { path: failsAt } }));
  });

  it.each<[string, unknown, unknown, string]>([
    ["a way through nothing", {}, { op: "add", path: "/a/b", value: 1 }, 'the key "a" at "/a/b", got none'],
    ["a way through a text", { a: "text" }, { op: "add", path: "/a/b", value: 1 }, "objects and lists on the way"],
    ["a way through undefined", undefined, { op: "add", path: "/a", value: 1 }, "got nothing"],
    [
      "a way through an object with a class",
      { a: new Date(0) },
      { op: "add", path: "/a/b", value: 1 },
      "objects and lists",
    ],
    ["a key that is inherited", {}, { op: "remove", path: "/toString" }, 'the key "toString"'],
    ["the prototype", {}, { op: "add", path: "/__proto__/polluted", value: 1 }, 'the key "__proto__"'],
    [
      "the constructor's prototype",
      {},
      { op: "add", path: "/constructor/prototype/polluted", value: 1 },
      "constructor",
    ],
    ["a list's method", { a: [] }, { op: "add", path: "/a/push", value: 1 }, 'a place in a list of 0 at "/a/push"'],
    ["a list's length", { a: [1] }, { op: "replace", path: "/a/length", value: 0 }, "a place in a list of 1"],
    ["a place too far", [1], { op: "add", path: "/2", value: 1 }, 'a place in a list of 1 at "/2", got "2"'],
    ["a place that is not there", [1], { op: "replace", path: "/1", value: 1 }, "a place in a list of 1"],
    ["a place behind, to remove", [1], { op: "remove", path: "/-" }, "a place in a list of 1"],
    ["a place behind, on the way", [{}], { op: "add", path: "/-/a", value: 1 }, "a place in a list of 1"],
    ["a place with a leading zero", [1, 2], { op: "remove", path: "/01" }, "a place in a list of 2"],
    ["a place below zero", [1, 2], { op: "remove", path: "/-1" }, "a place in a list of 2"],
    ["a place that is no whole number", [1, 2], { op: "remove", path: "/1e0" }, "a place in a list of 2"],
    ["the removal of nothing", { a: 1 }, { op: "remove", path: "/b" }, 'the key "b"'],
    ["a move of nothing", {}, { op: "move", from: "/a", path: "/b" }, 'the key "a"'],
    [
      "a move into itself",
      { a: { b: 1 } },
      { op: "move", from: "/a", path: "/a/c" },
      "something outside of what is moved",
    ],
    ["a move of the whole", { a: 1 }, { op: "move", from: "", path: "/b" }, "something outside of what is moved"],
    ["a move within a list, into what comes next", [1, {}], { op: "move", from: "/0", path: "/0/a" }, "outside"],
    ["a copy of nothing", {}, { op: "copy", from: "/a", path: "/b" }, 'the key "a"'],
    ["no pointer", {}, { op: "add", path: "a", value: 1 }, 'a pointer that begins with "/" at "a"'],
    ["a path that is no text", {}, { op: "add", path: 1, value: 1 }, "a pointer"],
    ["an operation that there is not", {}, { op: "merge", path: "/a" }, "add, remove, replace, move, copy or test"],
    ["no operation", {}, null, "an operation"],
    ["a list of what should be one", {}, [], "an operation"],
  ])("refuses %s", (_name, document, op, message) => {
    const call = (): unknown => apply(document, op as JsonPatchOperation);
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ name: "LinnetError", code: "INVALID_INPUT" }));
  });

  it("says what to do", () => {
    expect(() => apply({}, { op: "remove", path: "/a" })).toThrow(
      'Expected the key "a" at "/a", got none. Apply every patch once, in order, from the first.',
    );
  });

  it("takes a key called __proto__ as data", () => {
    const document = apply({}, { op: "add", path: "/__proto__", value: { polluted: 1 } }) as object;
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(Object.keys(document)).toEqual(["__proto__"]);
    expect((document as { polluted?: unknown }).polluted).toBeUndefined();
    const more = apply(document, { op: "add", path: "/__proto__/more", value: 2 }) as object;
    expect(JSON.stringify(more)).toBe('{"__proto__":{"polluted":1,"more":2}}');
    expect(JSON.stringify(apply(more, { op: "remove", path: "/__proto__" }))).toBe("{}");
  });

  it("puts values in as they are, and copies none it does not change", () => {
    const [kept, value] = [{ a: 1 }, new Date(0)];
    const document = apply({ kept }, { op: "add", path: "/value", value }) as { kept: unknown; value: unknown };
    expect(document.kept).toBe(kept);
    expect(document.value).toBe(value);
  });

  it("writes to no value that an operation brought", () => {
    const value: unknown[] = [];
    const document = applyJsonPatch({}, [
      { op: "add", path: "/a", value },
      { op: "add", path: "/a/-", value: 1 },
    ]);
    expect(document).toEqual({ a: [1] });
    expect(value).toEqual([]);
  });

  it("keeps what was copied apart from where it came from", () => {
    const document = apply(
      { a: { list: [1] } },
      { op: "add", path: "/a/list/-", value: 2 },
      { op: "copy", from: "/a", path: "/b" },
      { op: "add", path: "/a/list/-", value: 3 },
      { op: "add", path: "/b/list/-", value: 4 },
    );
    expect(document).toEqual({ a: { list: [1, 2, 3] }, b: { list: [1, 2, 4] } });
  });

  it("leaves the document as it was where an operation is refused", () => {
    const document = { a: [1] };
    const ops: JsonPatchOperation[] = [
      { op: "add", path: "/a/-", value: 2 },
      { op: "remove", path: "/b" },
    ];
    expect(() => applyJsonPatch(document, ops)).toThrow();
    expect(document).toEqual({ a: [1] });
  });

  it("copies a list once, however many items come", () => {
    const slice = vi.spyOn(Array.prototype, "slice");
    const ops = Array.from({ length: 1_000 }, (_, value): JsonPatchOperation => ({ op: "add", path: "/a/-", value }));
    const before = slice.mock.calls.length;
    const document = applyJsonPatch({ a: [] }, ops) as { a: unknown[] };
    const copies = slice.mock.calls.length - before;
    expect(document.a).toHaveLength(1_000);
    expect(copies).toBe(1);
  });
});

describe("toJsonPointer", () => {
  it.each([
    [[], ""],
    [["a"], "/a"],
    [["a", "b"], "/a/b"],
    [[""], "/"],
    [["a/b", "m~n"], "/a~1b/m~0n"],
    [["~1"], "/~01"],
  ])("%j is %j", (keys, pointer) => {
    expect(toJsonPointer(...keys)).toBe(pointer);
  });

  it("points to its key, whatever the key is", () => {
    const unit = fc.oneof(fc.constantFrom("~", "/", "0", "1", "\ud83d", "__proto__"), fc.string({ maxLength: 1 }));
    const key = fc.array(unit, { maxLength: 6 }).map((units) => units.join(""));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 6 }), fc.jsonValue(), (keys, value) => {
        const ops = keys.map((_, index): JsonPatchOperation => {
          const path = toJsonPointer(...keys.slice(0, index + 1));
          return { op: "add", path, value: index === keys.length - 1 ? value : {} };
        });
        let found = apply({}, ...ops) as Record<string, unknown>;
        for (const key of keys) {
          expect(Object.keys(found)).toEqual([key]);
          found = found[key] as Record<string, unknown>;
        }
        expect(found).toEqual(value);
      }),
    );
  });
});

describe("random changes", () => {
  /** A place in a document that there is, or one behind the items of a list. */
  const placesOf = (value: unknown, path = ""): string[] => {
    if (typeof value !== "object" || value === null) return [path];
    const inner = Object.entries(value).flatMap(([key, item]) => placesOf(item, path + toJsonPointer(key)));
    return [path, ...inner, Array.isArray(value) ? `${path}/-` : `${path}/new`];
  };
  const isEnd = (path: string): boolean => path.endsWith("/-") || path.endsWith("/new");

  it("come to what writing to a copy comes to, and leave what was there alone", () => {
    const choices = fc.array(fc.tuple(fc.nat(), fc.constantFrom("add", "replace", "remove"), fc.jsonValue()), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.jsonValue(), choices, (start, steps) => {
        const before = JSON.stringify(start);
        const ops: JsonPatchOperation[] = [];
        let oracle: unknown = structuredClone(start);
        for (const [at, op, value] of steps) {
          const places = placesOf(oracle).filter((path) => path !== "" && (op === "add" || !isEnd(path)));
          const path = places[at % Math.max(places.length, 1)];
          if (path === undefined) continue;
          ops.push({ op, path, value } as JsonPatchOperation);
          oracle = written(oracle, op, path, structuredClone(value));
        }
        const patched = applyJsonPatch(frozen(start), frozen(ops));
        expect(JSON.stringify(sorted(patched))).toBe(JSON.stringify(sorted(oracle)));
        expect(JSON.stringify(start)).toBe(before);
      }),
    );
  });

  /** The same by writing. */
  function written(document: unknown, op: string, path: string, value: unknown): unknown {
    const keys = path
      .slice(1)
      .split("/")
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop() as string;
    let holder = document as Record<string, unknown>;
    for (const key of keys) holder = holder[key] as Record<string, unknown>;
    if (Array.isArray(holder)) {
      const index = last === "-" ? holder.length : Number(last);
      if (op === "remove") holder.splice(index, 1);
      else holder.splice(index, op === "add" ? 0 : 1, value);
    } else if (op === "remove") delete holder[last];
    else Object.defineProperty(holder, last, { value, writable: true, enumerable: true, configurable: true });
    return document;
  }

  function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    return Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]);
  }
});
