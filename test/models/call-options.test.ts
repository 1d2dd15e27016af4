import { describe, expect, it } from "vitest";
import { toCallOptions } from "../../src/models/call-options.ts";
import { hasOwnLimits, scopeOf } from "../../src/runnables/scoped-config.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { countControllers } from "../helpers/signals.ts";

const config = { stop: ["."], tags: ["a"], temperature: 1 };

describe("toCallOptions", () => {
  it("has what is no config of the call's, and a signal of nothing where nothing can end it", () => {
    expect(toCallOptions(config, undefined)).toEqual({ stop: ["."], signal: undefined, temperature: 1 });
    expect(Object.keys(toCallOptions(undefined, undefined))).toEqual(["stop", "signal"]);
  });

  it("has a signal of its own, made when first read and the same each time", async () => {
    const scope = new CancelScope();
    const made = await countControllers(() => {
      const options = toCallOptions(config, scope);
      expect(Object.keys(options)).toEqual(["stop", "signal", "temperature"]);
      expect(Object.getOwnPropertyDescriptor(options, "signal")?.get).toBeTypeOf("function");
    });
    expect(made).toBe(0);
    const options = toCallOptions(config, scope);
    expect(options.signal).toBe(scope.signal);
    expect(options.signal).toBe(options.signal);
  });

  it("hands the signal on to a copy, which has it as a value", () => {
    const scope = new CancelScope();
    const copy = { ...toCallOptions(config, scope), stop: ["!"] };
    expect(Object.getOwnPropertyDescriptor(copy, "signal")?.value).toBe(scope.signal);
    const cause = new Error("over");
    scope.cancel(cause);
    expect(copy.signal?.reason).toBe(cause);
  });

  it.each([
    ["the options", (options: object) => options],
    ["a copy of them", (options: object) => ({ ...options })],
  ])("%s, given to another call, are ended by the scope itself, without a signal of their own", (_what, given) => {
    const scope = new CancelScope();
    const handedOn = given(toCallOptions(config, scope));
    expect(scopeOf(handedOn)).toBe(scope);
    expect(hasOwnLimits(handedOn)).toBe(false);
  });
});
