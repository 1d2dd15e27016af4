import { describe, expect, test } from "vitest";
import { WatchedHooks } from "../../../src/testing/conformance/watched-hooks.ts";

type Hooks = Record<string, (...parameters: never[]) => unknown>;

function watched(hooks: Hooks): { model: Hooks; hooks: WatchedHooks } {
  const model = Object.create(hooks) as Hooks;
  return { model, hooks: new WatchedHooks(model) };
}

function call(model: Hooks, name: string): unknown {
  const hook = model[name] as () => unknown;
  return hook.call(model);
}

describe("hooks that answer", () => {
  test.each(["_agenerate", "_generate", "_acall", "_call"])("%s is open until its answer is there", async (name) => {
    const { model, hooks } = watched({ [name]: async (one: string, two: string) => one + two });
    const answer = model[name]?.("a" as never, "b" as never);
    expect([hooks.open, hooks.started]).toEqual([1, 1]);
    expect(await answer).toBe("ab");
    expect([hooks.open, hooks.started]).toEqual([0, 1]);
  });

  test("are closed by a failure, early or late", async () => {
    const { model, hooks } = watched({
      _call: () => {
        throw new Error("early");
      },
      _generate: () => Promise.reject(new Error("late")),
      _acall: () => "at once",
    });
    expect(() => call(model, "_call")).toThrow("early");
    await expect(call(model, "_generate")).rejects.toThrow("late");
    expect(call(model, "_acall")).toBe("at once");
    expect([hooks.open, hooks.started]).toEqual([0, 3]);
  });

  test("keep their model as `this`, and are themselves again in the end", () => {
    const { model, hooks } = watched({
      _call(this: unknown) {
        return this;
      },
    });
    expect(call(model, "_call")).toBe(model);
    expect(Object.keys(model)).toEqual([]);
    hooks.unwatch();
    expect(Reflect.ownKeys(model)).toEqual([]);
  });

  test("of the object itself are watched too, and stand in their place in the end", () => {
    const own = () => "own";
    const model: Hooks = { _call: own };
    const before = Object.getOwnPropertyDescriptor(model, "_call");
    const hooks = new WatchedHooks(model);
    expect([model._call?.(), hooks.started, hooks.open]).toEqual(["own", 1, 0]);
    hooks.unwatch();
    expect(Object.getOwnPropertyDescriptor(model, "_call")).toEqual(before);
  });

  test.each([
    ["fixed", Object.freeze({ _call: () => "own" })],
    ["of a model that takes no more", Object.preventExtensions(Object.create({ _call: () => "own" }))],
  ])("that are %s are left in place", (_what, model) => {
    const hooks = new WatchedHooks(model);
    expect([model._call(), hooks.started]).toEqual(["own", 0]);
    hooks.unwatch();
    expect(model._call()).toBe("own");
  });

  test("are watched once, by the first of several, whatever the order in which they leave", () => {
    const { model, hooks } = watched({ _call: () => "said" });
    const second = new WatchedHooks(model);
    expect([call(model, "_call"), hooks.started, second.started]).toEqual(["said", 1, 0]);
    hooks.unwatch();
    second.unwatch();
    expect(Reflect.ownKeys(model)).toEqual([]);
  });
});

describe("hooks that stream", () => {
  const forms: [string, Hooks[string]][] = [
    [
      "a plain generator",
      function* () {
        yield 1;
        yield 2;
      },
    ],
    [
      "an async generator",
      async function* () {
        yield 1;
        yield 2;
      },
    ],
    [
      "a promise of one",
      async () =>
        (async function* () {
          yield 1;
          yield 2;
        })(),
    ],
  ];

  test.each(forms)("by %s are open until their end", async (_form, hook) => {
    const { model, hooks } = watched({ _stream: hook });
    const read: unknown[] = [];
    for await (const item of (await call(model, "_stream")) as AsyncIterable<unknown>) {
      read.push(item);
      expect(hooks.open).toBe(1);
    }
    expect([read, hooks.open]).toEqual([[1, 2], 0]);
  });

  test.each(forms)("by %s are closed by a reader who leaves", async (_form, hook) => {
    const { model, hooks } = watched({ _stream: hook });
    for await (const _item of (await call(model, "_stream")) as AsyncIterable<unknown>) break;
    expect([hooks.open, hooks.cannotLeave]).toEqual([0, false]);
  });

  test("are closed at once where they give a list", () => {
    const { model, hooks } = watched({ _stream: () => [1, 2] });
    expect([call(model, "_stream"), hooks.started, hooks.open, hooks.cannotLeave]).toEqual([[1, 2], 1, 0, false]);
  });

  test("may be stepped through by hand", () => {
    const { model, hooks } = watched({
      *_stream() {
        try {
          yield 1;
        } catch {
          yield 2;
        }
      },
    });
    const stream = call(model, "_stream") as Generator<number>;
    expect([...(call(model, "_stream") as Generator<number>)]).toEqual([1]);
    expect([stream.next().value, stream.throw(new Error("in")).value, hooks.open]).toEqual([1, 2, 1]);
    expect(() => stream.throw(new Error("out"))).toThrow("out");
    expect(hooks.open).toBe(0);
  });

  test("are closed by a failure of theirs", async () => {
    const { model, hooks } = watched({
      async *_stream() {
        yield await Promise.reject(new Error("late"));
      },
      _astream: () => Promise.reject(new Error("before")),
    });
    await expect((call(model, "_stream") as AsyncGenerator).next()).rejects.toThrow("late");
    await expect(call(model, "_astream")).rejects.toThrow("before");
    expect(hooks.open).toBe(0);
  });

  test("end once, however often they are asked for more", () => {
    const { model, hooks } = watched({ *_stream() {} });
    const first = call(model, "_stream") as Generator;
    call(model, "_stream");
    for (let time = 0; time < 3; time += 1) expect(first.next().done).toBe(true);
    expect(hooks.open).toBe(1);
  });

  test("that cannot be left are noticed, and what is no stream passes through", () => {
    const { model, hooks } = watched({
      _stream: () => ({ [Symbol.iterator]: () => ({ next: () => ({ done: true, value: undefined }) }) }),
      _astream: () => 7,
      _streamResponseChunks: () => undefined,
    });
    expect([call(model, "_astream"), call(model, "_streamResponseChunks"), hooks.open]).toEqual([7, undefined, 0]);
    expect([...(call(model, "_stream") as Iterable<unknown>), hooks.open]).toEqual([0]);
    expect(hooks.cannotLeave).toBe(true);
  });
});
