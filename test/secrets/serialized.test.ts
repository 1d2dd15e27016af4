import { describe, expect, test } from "vitest";
import { Secret } from "../../src/secrets/secret.ts";
import { toSerialized } from "../../src/secrets/serialized.ts";

const at = { namespace: ["linnet", "models"], name: "Parrot" };
const kwargsOf = (kwargs: Record<string, unknown>, secrets?: Record<string, string>): unknown =>
  toSerialized({ ...at, kwargs, secrets }).kwargs;

describe("toSerialized", () => {
  test("only names an object without arguments", () => {
    expect(toSerialized(at)).toEqual({ lc: 1, type: "not_implemented", id: ["linnet", "models", "Parrot"] });
  });

  test("tells an object's arguments as copies", () => {
    const kwargs = { model: "bird", stop: ["a", { b: 1 }], nothing: null, count: 3n, on: true };
    const serialized = toSerialized({ ...at, kwargs });
    expect(serialized).toEqual({
      lc: 1,
      type: "constructor",
      id: ["linnet", "models", "Parrot"],
      kwargs: { model: "bird", stop: ["a", { b: 1 }], nothing: null, count: "3", on: true },
    });
    expect(serialized.kwargs?.stop).not.toBe(kwargs.stop);
  });

  test("marks secrets, by their class and by their field's name", () => {
    const kwargs = {
      own: new Secret("s1"),
      apiKey: "s2",
      deep: { apiKey: "s3", other: "x" },
      list: [new Secret("s4")],
    };
    const copied = kwargsOf(kwargs, { apiKey: "API_KEY" });
    expect(copied).toEqual({
      own: { lc: 1, type: "secret", id: ["own"] },
      apiKey: { lc: 1, type: "secret", id: ["API_KEY"] },
      deep: { apiKey: { lc: 1, type: "secret", id: ["API_KEY"] }, other: "x" },
      list: [{ lc: 1, type: "secret", id: ["list"] }],
    });
    expect(JSON.stringify(copied)).not.toMatch(/s[1-4]/);
  });

  test("marks a nested secret that is named by its path, and no other of that name", () => {
    expect(kwargsOf({ name: "shown", auth: { name: "hidden" } }, { "auth.name": "AUTH" })).toEqual({
      name: "shown",
      auth: { name: { lc: 1, type: "secret", id: ["AUTH"] } },
    });
  });

  test("does not mark a secret field that holds nothing", () => {
    expect(kwargsOf({ apiKey: undefined, token: null }, { apiKey: "A", token: "T" })).toEqual({ token: null });
  });

  test("leaves out functions, symbols and undefined, and runs no getter", () => {
    let ran = 0;
    const kwargs = { f: () => 1, s: Symbol("s"), u: undefined, list: [() => 1, 2] };
    Object.defineProperty(kwargs, "getter", { enumerable: true, get: () => (ran += 1) });
    expect(kwargsOf(kwargs)).toEqual({ list: [null, 2] });
    expect(ran).toBe(0);
  });

  test("names objects of a class, unless they serialize themselves", () => {
    class Client {}
    class Broken {
      toJSON(): never {
        throw new Error("no");
      }
    }
    class Step {
      "~serialized"(): unknown {
        return { lc: 1, type: "not_implemented", id: ["Step"] };
      }
      toJSON(): string {
        return "not asked";
      }
    }
    expect(
      kwargsOf({
        client: new Client(),
        at: new Date(0),
        broken: new Broken(),
        step: new Step(),
        odd: Object.create({ constructor: 1 }),
      }),
    ).toEqual({
      client: { lc: 1, type: "not_implemented", id: ["Client"] },
      at: "1970-01-01T00:00:00.000Z",
      step: { lc: 1, type: "not_implemented", id: ["Step"] },
      odd: { lc: 1, type: "not_implemented", id: ["Object"] },
    });
    expect(
      kwargsOf({ bare: Object.create(Object.create(null, { constructor: { value: undefined } }) as object) }),
    ).toEqual({
      bare: {},
    });
  });

  test("marks secrets in what an object says of itself", () => {
    const step = new (class Step {
      toJSON(): unknown {
        return { apiKey: "hidden" };
      }
    })();
    expect(kwargsOf({ step }, { apiKey: "KEY" })).toEqual({ step: { apiKey: { lc: 1, type: "secret", id: ["KEY"] } } });
  });

  test("keeps hostile keys as data", () => {
    const kwargs = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"x":1}}') as Record<string, unknown>;
    const copied = kwargsOf(kwargs) as Record<string, unknown>;
    expect(Object.keys(copied)).toEqual(["__proto__", "constructor"]);
    expect(copied.polluted).toBeUndefined();
    expect(kwargsOf({ toString: "x" }, {})).toEqual({ toString: "x" });
  });

  test("ends on cycles, depth and width", () => {
    const cyclic: Record<string, unknown> = { a: 1 };
    cyclic.self = cyclic;
    cyclic.list = [cyclic];
    expect(kwargsOf(cyclic)).toEqual({ a: 1, list: [null] });
    let deep: Record<string, unknown> = { bottom: true };
    for (let level = 0; level < 100_000; level += 1) deep = { deep };
    expect(JSON.stringify(kwargsOf(deep))).not.toContain("bottom");
    const wide = kwargsOf({ wide: Array.from({ length: 20_000 }, () => 1) }) as { wide: unknown[] };
    expect(wide.wide.filter((item) => item === 1)).toHaveLength(9_999);
    const doubling: unknown[] = [];
    let list: unknown[] = doubling;
    for (let level = 0; level < 14; level += 1) list = [list, list, list];
    expect(JSON.stringify(kwargsOf({ list })).length).toBeLessThan(100_000);
  });
});
