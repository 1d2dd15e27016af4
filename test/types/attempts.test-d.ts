import { describe, expectTypeOf, test } from "vitest";
import {
  type Runnable,
  type RunnableConfig,
  RunnableLambda,
  RunnableRetry,
  RunnableWithFallbacks,
  type TimeoutLimits,
} from "../../src/entries/runnables.ts";

const step = RunnableLambda.from((input: number) => String(input)) as Runnable<number, string>;

describe("withRetry", () => {
  test("keeps the types of what is tried", () => {
    expectTypeOf(step.withRetry()).toEqualTypeOf<Runnable<number, string, RunnableConfig>>();
    expectTypeOf(step.withRetry({ stopAfterAttempt: 2 }).invoke(1)).resolves.toBeString();
    expectTypeOf(
      step
        .withRetry()
        .pipe((text) => text.length)
        .invoke(1),
    ).resolves.toBeNumber();
  });

  test("types its options", () => {
    step.withRetry({
      onFailedAttempt: (error, input) => expectTypeOf([error, input]).items.toBeUnknown(),
      shouldRetry: (error, attempt) => {
        expectTypeOf(error).toBeUnknown();
        expectTypeOf(attempt).toBeNumber();
        return true;
      },
    });
    // @ts-expect-error a number
    step.withRetry({ stopAfterAttempt: "3" });
  });

  test("is made by hand as for the peer", () => {
    const retry = new RunnableRetry({ bound: step, kwargs: {}, config: {}, maxAttemptNumber: 2 });
    expectTypeOf(retry.invoke(1)).resolves.toBeString();
    expectTypeOf(retry.withConfig({ tags: ["a"] })).toEqualTypeOf<RunnableRetry<number, string, RunnableConfig>>();
    expectTypeOf(retry.maxAttemptNumber).toBeNumber();
  });
});

describe("withFallbacks", () => {
  test("takes what takes and gives the same", () => {
    expectTypeOf(step.withFallbacks([(input) => String(input + 1)]).invoke(1)).resolves.toBeString();
    expectTypeOf(step.withFallbacks({ fallbacks: [step], exceptionKey: "error" })).toEqualTypeOf<
      Runnable<number, string, RunnableConfig>
    >();
    // @ts-expect-error gives a number
    step.withFallbacks([(input: number) => input]);
    // @ts-expect-error takes a text
    step.withFallbacks([(input: string) => input]);
  });

  test("types shouldFallback", () => {
    step.withFallbacks([step], {
      shouldFallback: (error, index) => {
        expectTypeOf(error).toBeUnknown();
        expectTypeOf(index).toBeNumber();
        return false;
      },
    });
  });

  test("is made by hand as for the peer", () => {
    const made = new RunnableWithFallbacks<number, string>({ runnable: step, fallbacks: [step] });
    expectTypeOf(made.runnable).toEqualTypeOf<Runnable<number, string>>();
    expectTypeOf([...made.runnables()]).items.toEqualTypeOf<Runnable<number, string>>();
  });
});

test("timeout is a number, or limits by part", () => {
  expectTypeOf<RunnableConfig["timeout"]>().toEqualTypeOf<number | TimeoutLimits | undefined>();
  step.invoke(1, { timeout: { firstChunkMs: 5, chunkMs: 1, totalMs: 9 } });
  // @ts-expect-error no such part
  step.invoke(1, { timeout: { stepMs: 5 } });
});
