import { afterEach, describe, expect, it } from "vitest";
import { asyncContext, installAsyncContext } from "../../src/callbacks/async-context.ts";

describe("installAsyncContext", () => {
  afterEach(() => installAsyncContext(undefined));

  it("has none at first, then the one that was installed, until it is taken away", () => {
    expect(asyncContext()).toBeUndefined();
    const context = { get: () => undefined, run: <Result>(_value: unknown, call: () => Result) => call() };
    installAsyncContext(context);
    expect(asyncContext()).toBe(context);
    installAsyncContext(undefined);
    expect(asyncContext()).toBeUndefined();
  });
});
