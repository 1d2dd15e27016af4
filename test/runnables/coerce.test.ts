import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { coerceToRunnable } from "../../src/runnables/coerce.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";

describe("coerceToRunnable", () => {
  it("gives a runnable as it is", () => {
    const runnable = RunnableLambda.from((input: number) => input);
    expect(coerceToRunnable(runnable)).toBe(runnable);
  });

  it("makes a lambda of a function", async () => {
    const func = (input: number) => input + 1;
    const runnable = coerceToRunnable(func);
    expect(runnable).toBeInstanceOf(RunnableLambda);
    expect((runnable as unknown as RunnableLambda).func).toBe(func);
    expect(await runnable.invoke(1)).toBe(2);
  });

  it("makes a map of an object, to any depth", async () => {
    const runnable = coerceToRunnable({
      a: (input: number) => input + 1,
      deep: { b: (input: number) => input * 2 },
    } as never);
    expect(runnable).toBeInstanceOf(RunnableMap);
    expect(await runnable.invoke(5 as never)).toEqual({ a: 6, deep: { b: 10 } });
  });

  it.each([
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["a number", 5, "5"],
    ["a text", "text", '"text"'],
    ["an array", [() => 1], "array"],
    ["a promise", Promise.resolve(() => 1), "Promise"],
    ["a date", new Date(0), "Date"],
    ["a Map", new Map(), "Map"],
  ])("refuses %s, and shows what came", (_name, value, shown) => {
    const coerce = (): unknown => coerceToRunnable(value as never);
    expect(coerce).toThrow("Expected a runnable, a function or an object of them as a step, got ");
    expect(coerce).toThrow(shown);
    expect(coerce).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });
});
