import { describe, expect, it } from "vitest";
import { andThen, isPromiseLike, toPromise } from "../../src/streams/maybe-promise.ts";

describe("isPromiseLike", () => {
  const callable = Object.assign(() => {}, { then: () => {} });
  it.each([
    ["a promise", Promise.resolve(), true],
    ["an object with a then method", { then: () => {} }, true],
    ["a function with a then method", callable, true],
    ["a plain function", () => {}, false],
    ["an object with a then value", { then: 1 }, false],
    ["null", null, false],
    ["undefined", undefined, false],
    ["a string", "then", false],
    ["a number", 0, false],
  ])("tells whether %s has to be waited for", (_name, value, expected) => {
    expect(isPromiseLike(value)).toBe(expected);
  });
});

describe("andThen", () => {
  it("goes on at once with a value, without a promise", () => {
    expect(andThen(2, (value) => value * 2)).toBe(4);
  });

  it("goes on after a promise", async () => {
    const next = andThen(Promise.resolve(2), (value) => value * 2);
    expect(next).toBeInstanceOf(Promise);
    expect(await next).toBe(4);
  });

  it("passes a rejection through without going on", async () => {
    let isCalled = false;
    const next = andThen(Promise.reject(new Error("no")), () => {
      isCalled = true;
    });
    await expect(next).rejects.toThrow("no");
    expect(isCalled).toBe(false);
  });

  it("passes a throw of the next step through", () => {
    expect(() =>
      andThen(1, () => {
        throw new Error("no");
      }),
    ).toThrow("no");
  });
});

describe("toPromise", () => {
  it("gives a promise that is there already as it is", () => {
    const promise = Promise.resolve(1);
    expect(toPromise(() => promise)).toBe(promise);
  });

  it("wraps a value, and a promise of another kind", async () => {
    expect(await toPromise(() => 1)).toBe(1);
    const foreign: PromiseLike<number> = { then: (resolve) => Promise.resolve(2).then(resolve) };
    const wrapped = toPromise(() => foreign);
    expect(wrapped).toBeInstanceOf(Promise);
    expect(await wrapped).toBe(2);
  });

  it("turns a throw into a rejection", async () => {
    const promise = toPromise(() => {
      throw new Error("no");
    });
    await expect(promise).rejects.toThrow("no");
  });
});
