import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeValue } from "../../src/errors/describe-value.ts";
import { Secret } from "../../src/secrets/secret.ts";

class Bird {}

describe("describeValue", () => {
  test.each([
    [undefined, "undefined"],
    [null, "null"],
    ["", "an empty string"],
    ["hello", 'a string "hello"'],
    [
      "say hello to the bird that sings at night",
      'a string "say hello to the bird that sings at nigh"… of 41 characters',
    ],
    ["sk-live-0123456789abcdef", "a string of 24 characters"],
    ["my key: sk-live-0123456789abcdef", "a string of 32 characters"],
    [12, "a number 12"],
    [true, "a boolean true"],
    [12n, "a bigint"],
    [Symbol("s"), "a symbol"],
    [describeValue, "a function describeValue"],
    [
      (
        () => () =>
          1
      )(),
      "a function",
    ],
    [[], "an empty array"],
    [[1, 2], "an array of 2"],
    [{}, "an empty object"],
    [{ a: 1 }, "an object with key a"],
    [{ role: "robot", content: "x" }, 'an object with keys role: "robot", content'],
    [{ type: "text", role: 3 }, 'an object with keys type: "text", role'],
    [{ type: "k0123456789abcdefghij" }, "an object with key type"],
    [{ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1 }, "an object with keys a, b, c, d, e, f and 2 more"],
    [Object.create(null), "an empty object"],
    [new Bird(), "an instance of Bird"],
    [new Secret("hidden"), "an instance of Secret"],
    [new TypeError("boom"), "an instance of TypeError"],
    [Object.create({}), "an empty object"],
    [Object.create({ constructor: 3 }), "an empty object"],
  ])("says of %o what it is", (value, words) => {
    expect(describeValue(value)).toBe(words);
  });

  test("runs no getter", () => {
    let ran = 0;
    const hostile = Object.defineProperties(
      {},
      {
        type: { enumerable: true, get: () => (ran += 1) },
        role: { enumerable: true, get: () => (ran += 1) },
      },
    );
    expect(describeValue(hostile)).toBe("an object with keys type, role");
    expect(ran).toBe(0);
  });

  test("does not throw on proxies that do", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    const callable = Proxy.revocable(() => 1, {});
    revoke();
    callable.revoke();
    expect(describeValue(proxy)).toBe("an object that cannot be looked into");
    expect(describeValue(callable.proxy)).toBe("a function that cannot be looked into");
  });

  test("shortens long names", () => {
    const key = "k".repeat(500);
    expect(describeValue({ [key]: 1 })).toBe(`an object with key ${"k".repeat(40)}…`);
    const type = "wide words ".repeat(50);
    expect(describeValue({ type })).toBe(`an object with key type: ${JSON.stringify(`${type.slice(0, 40)}…`)}`);
  });

  test("stays short for whatever comes", () => {
    fc.assert(fc.property(fc.anything(), (value) => describeValue(value).length <= 400));
  });
});
