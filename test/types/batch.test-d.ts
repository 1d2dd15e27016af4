import { describe, expectTypeOf, it } from "vitest";
import type { RunnableBatchOptions } from "../../src/runnables/batch.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { patchConfig, pickRunnableConfigKeys } from "../../src/runnables/merge-configs.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import type { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";

declare const length: Runnable<string, number>;

describe("batchAsCompleted", () => {
  it("gives each output with its index", () => {
    const outputs = length.batchAsCompleted(["a"]);
    expectTypeOf(outputs).toEqualTypeOf<IterableReadableStream<[number, number]>>();
    expectTypeOf(length.batchAsCompleted(["a"], { maxConcurrency: 2 })).toEqualTypeOf<typeof outputs>();
    expectTypeOf(length.batchAsCompleted(["a"], [{}], { maxConcurrency: 2 })).toEqualTypeOf<typeof outputs>();
    expectTypeOf(length.batchAsCompleted(["a"], {}, { returnExceptions: false })).toEqualTypeOf<typeof outputs>();
  });

  it("gives errors where they are asked for, and only there", () => {
    const kept = length.batchAsCompleted(["a"], {}, { returnExceptions: true, maxConcurrency: 1 });
    expectTypeOf(kept).toEqualTypeOf<IterableReadableStream<[number, number | Error]>>();
  });

  it("takes the runnable's inputs and configs", () => {
    // @ts-expect-error an input of another type
    void length.batchAsCompleted([5]);
    // @ts-expect-error a config with a field of another type
    void length.batchAsCompleted(["a"], { tags: "t" });
    // @ts-expect-error an option of another type
    void length.batchAsCompleted(["a"], {}, { maxConcurrency: "2" });
  });
});

describe("batch", () => {
  it("may have errors where its options are not known", () => {
    const options: RunnableBatchOptions = {};
    expectTypeOf(length.batch(["a"], {}, { returnExceptions: true })).resolves.toEqualTypeOf<(number | Error)[]>();
    expectTypeOf(length.batch(["a"], {}, options)).resolves.toEqualTypeOf<number[]>();
  });
});

describe("configurable parts", () => {
  it("keep the types of what they stand for", () => {
    const fields = length.configurableFields({ name: { id: "name" } });
    expectTypeOf(fields).toEqualTypeOf<Runnable<string, number>>();
    const chosen = length.configurableAlternatives(
      { id: "which" },
      { alternatives: { plus: (text: string) => text.length + 1, made: () => length } },
    );
    expectTypeOf(chosen).toEqualTypeOf<Runnable<string, number>>();
    // @ts-expect-error an alternative of another output
    void length.configurableAlternatives({ id: "which" }, { alternatives: { text: (text: string) => text } });
    // @ts-expect-error a field without an id
    void length.configurableFields({ name: {} });
  });
});

describe("configs", () => {
  it("are patched in what calls below may have of their own", () => {
    expectTypeOf(patchConfig({}, { runName: "n", configurable: { a: 1 } })).toEqualTypeOf<RunnableConfig>();
    expectTypeOf(pickRunnableConfigKeys({})).toEqualTypeOf<Partial<RunnableConfig>>();
    // @ts-expect-error tags are added by withConfig
    patchConfig({}, { tags: ["t"] });
  });
});
