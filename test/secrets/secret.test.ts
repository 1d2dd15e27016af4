import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/secrets/secret.ts";

const HIDDEN = "**********";

describe("Secret", () => {
  const secret = new Secret("sk-live");

  test("gives its string to whoever asks for it by name", () => {
    expect(secret.reveal()).toBe("sk-live");
  });

  test.each([
    ["String()", () => String(secret)],
    ["toString()", () => secret.toString()],
    ["a template", () => `${secret}`],
    ["addition", () => ["", secret].reduce((left, right) => (left as string) + (right as string)) as string],
    ["inspect", () => inspect(secret)],
    ["format", () => format("%s", secret)],
  ])("is hidden in %s", (_way, print) => {
    expect(print()).toBe(HIDDEN);
  });

  test("is hidden in JSON, in nested prints, by spreading and in errors", () => {
    expect(JSON.stringify({ key: secret })).toBe(`{"key":"${HIDDEN}"}`);
    expect(inspect({ deep: { er: [secret] } }, { showHidden: true, depth: 9 })).not.toContain("sk-live");
    expect({ ...secret }).toEqual({});
    expect(inspect(new Error("m", { cause: secret }))).not.toContain("sk-live");
    expect(Number.isNaN(Number(secret))).toBe(true);
  });

  test("is made of a string, and is taken as it is", () => {
    expect(Secret.from("a").reveal()).toBe("a");
    expect(Secret.from(secret)).toBe(secret);
  });

  test.each([[undefined], [null], [7], [{}]])("refuses %s, so that a missing variable is not kept", (value) => {
    expect(() => Secret.from(value as never)).toThrow(
      new TypeError(`Expected a secret to be a string, got ${typeof value}. Check that the variable is set.`),
    );
  });

  test("is known by its brand, also where it comes from another copy of the package", () => {
    const foreign = { [Symbol.for("linnet.secret")]: true };
    expect(Secret.isInstance(foreign)).toBe(true);
    expect(Secret.isInstance(secret)).toBe(true);
    for (const value of [undefined, null, "s", {}]) expect(Secret.isInstance(value)).toBe(false);
  });
});
