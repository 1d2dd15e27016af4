import { describe, expectTypeOf, it } from "vitest";
import type { CustomEventData, StreamEvent } from "../../src/events/stream-event.ts";
import type { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import type { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";

declare const length: Runnable<string, number>;

describe("the verbs of a runnable", () => {
  it("are typed by its input and output", () => {
    expectTypeOf(length.invoke).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(length.invoke("a")).resolves.toEqualTypeOf<number>();
    expectTypeOf(length.stream("a")).resolves.toEqualTypeOf<IterableReadableStream<number>>();
    expectTypeOf(length.astream("a")).toEqualTypeOf<IterableReadableStream<number>>();
    expectTypeOf(length.transform(["a"])).toEqualTypeOf<AsyncGenerator<number>>();
    // @ts-expect-error an input of another type
    void length.invoke(5);
    // @ts-expect-error a config with a field of another type
    void length.invoke("a", { tags: "t" });
  });

  it("give errors in a batch only where they are asked for", () => {
    expectTypeOf(length.batch(["a"])).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(length.batch(["a"], { maxConcurrency: 2 })).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(length.batch(["a"], {}, { returnExceptions: true })).resolves.toEqualTypeOf<(number | Error)[]>();
  });
});

describe("pipe", () => {
  it("goes from the first input to the last output", () => {
    const chain = length.pipe((count) => {
      expectTypeOf(count).toEqualTypeOf<number>();
      return `${count}!`;
    });
    expectTypeOf(chain.invoke).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(chain.invoke("a")).resolves.toEqualTypeOf<string>();
    expectTypeOf(length.pipe(async (count) => count > 1).invoke("a")).resolves.toEqualTypeOf<boolean>();
  });

  it("takes an object of steps as a map", () => {
    const both = length.pipe({ plus: (count: number) => count + 1, text: (count: number) => `${count}` });
    expectTypeOf(both.invoke("a")).resolves.toEqualTypeOf<{ plus: number; text: string }>();
  });
});

describe("lambdas, maps and sequences", () => {
  it("take their types from their functions", () => {
    expectTypeOf(RunnableLambda.from((text: string) => text.length).invoke("a")).resolves.toEqualTypeOf<number>();
    expectTypeOf(RunnableLambda.from(async (text: string) => text.length).invoke("a")).resolves.toEqualTypeOf<number>();
    RunnableLambda.from((_text: string, config) => {
      expectTypeOf(config).toEqualTypeOf<RunnableConfig>();
      return 1;
    });
    const map = RunnableMap.from({ a: (text: string) => text.length, b: (text: string) => text });
    expectTypeOf(map.invoke("a")).resolves.toEqualTypeOf<{ a: number; b: string }>();
    const chain = RunnableSequence.from<string, number>([(text: string) => text, (text: string) => text.length]);
    expectTypeOf(chain.invoke("a")).resolves.toEqualTypeOf<number>();
    // @ts-expect-error a sequence of no steps
    void RunnableSequence.from<string, number>([]);
  });
});

describe("a runnable with a config", () => {
  it("keeps its types", () => {
    expectTypeOf(length.withConfig({ tags: ["t"] }).invoke("a")).resolves.toEqualTypeOf<number>();
    expectTypeOf(length.bind({}).invoke("a")).resolves.toEqualTypeOf<number>();
  });
});

describe("streamEvents", () => {
  it("gives a union that is told apart by its event", () => {
    expectTypeOf(length.streamEvents("a")).toEqualTypeOf<IterableReadableStream<StreamEvent>>();
    const tell = (event: StreamEvent): void => {
      if (event.event === "on_chat_model_stream") expectTypeOf(event.data.chunk).toEqualTypeOf<AIMessageChunk>();
      if (event.event === "on_chain_error") expectTypeOf(event.data.error).toEqualTypeOf<unknown>();
      if (event.event === "on_custom_event") expectTypeOf(event.data).toEqualTypeOf<CustomEventData>();
      // @ts-expect-error there is no such event
      if (event.event === "on_chain_begin") return;
    };
    expectTypeOf(tell).returns.toBeVoid();
    // @ts-expect-error a version that there is not
    void length.streamEvents("a", { version: "v4" });
  });
});
