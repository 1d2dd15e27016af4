import { describe, expect, expectTypeOf, test } from "vitest";
import { type LinnetMatchers, linnetMatchers } from "../../../src/testing/matchers/linnet-matchers.ts";
import type { MatcherResult } from "../../../src/testing/matchers/matcher.ts";

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the parameters have to be those of vitest.
  interface Matchers<T = any> extends LinnetMatchers<T> {}
}

describe("the types of matchers", () => {
  test("are taken by expect.extend, and are there on what expect gives", () => {
    expect.extend(linnetMatchers);
    expect("x").not.toBeAIMessage({ content: expect.any(String) });
    expect("x").toHaveToolCalls([{ name: "a", args: { q: expect.anything() } }]);
    // @ts-expect-error A count is a number.
    expect("x").toHaveToolCallCount("1");
    // @ts-expect-error No such part of a call.
    expect("x").toContainToolCall({ arguments: {} });
    // @ts-expect-error No such count.
    void expect("x").toHaveStreamUsage({ tokens: 1 });
  });

  test("those of streams are promises, which linters want awaited", () => {
    expectTypeOf(expect("x").toHaveStreamText).returns.toExtend<Promise<unknown>>();
    expectTypeOf<LinnetMatchers<void>["toBeAIMessage"]>().returns.toEqualTypeOf<void>();
  });

  test("every matcher has a type on expect, and the other way round", () => {
    expectTypeOf<keyof LinnetMatchers>().toEqualTypeOf<keyof typeof linnetMatchers>();
  });

  test("a matcher may be called by itself", () => {
    expectTypeOf(linnetMatchers.toBeAIMessage("x")).toEqualTypeOf<MatcherResult>();
    expectTypeOf(linnetMatchers.toHaveStreamText("x", "y")).toEqualTypeOf<Promise<MatcherResult>>();
    const { toHaveToolCallCount } = linnetMatchers;
    expectTypeOf(toHaveToolCallCount("x", 1)).toEqualTypeOf<MatcherResult>();
  });
});
