import { describe, expectTypeOf, it } from "vitest";
import {
  type Runnable,
  RunnableLambda,
  type RunnableLike,
  RunnableMap,
  RunnablePassthrough,
  RunnableSequence,
} from "../../src/entries/index.ts";

const text = RunnableLambda.from((x: number) => String(x));
const list = RunnableLambda.from((x: number) => [String(x)]);
const map = RunnableMap.from({ a: (x: number) => x });

describe("a runnable of any types", () => {
  it("is a runnable", () => {
    expectTypeOf(text).toExtend<Runnable>();
    expectTypeOf(list).toExtend<Runnable>();
    expectTypeOf(map).toExtend<Runnable>();
  });

  it("fits where any types are asked for, as ports write it", () => {
    // biome-ignore lint/suspicious/noExplicitAny: what is tested is that such code compiles.
    type Any = Runnable<any, any>;
    expectTypeOf(text).toExtend<Any>();
    expectTypeOf(list).toExtend<Any>();
    expectTypeOf(map).toExtend<Any>();
    expectTypeOf(RunnableLambda.from((x: number): string | undefined => String(x))).toExtend<Any>();
    expectTypeOf(RunnableLambda.from((_x: number): void => undefined)).toExtend<Any>();
    expectTypeOf<Any[]>().toEqualTypeOf<Any[]>();
  });

  it("is no text", () => {
    // @ts-expect-error a text is no runnable
    const wrong: RunnableLike<number, string> = "oops";
    // @ts-expect-error nor a fallback
    text.withFallbacks([wrong, "oops"]);
    // @ts-expect-error nor a step
    text.pipe("oops");
  });
});

describe("the type of the input alone", () => {
  it("may be given to a map and to a sequence", () => {
    expectTypeOf(RunnableMap.from<number>({ a: (x) => x + 1 }).invoke)
      .parameter(0)
      .toEqualTypeOf<number>();
    const chain = RunnableSequence.from<{ q: string }>([
      RunnablePassthrough.assign({ c: (input: { q: string }) => input.q }),
      (value: { c: string }) => value.c,
    ]);
    expectTypeOf(chain.invoke).parameter(0).toEqualTypeOf<{ q: string }>();
    expectTypeOf(chain.invoke({ q: "a" })).resolves.toBeUnknown();
  });
});

describe("assign", () => {
  it("infers what is assigned from the mapping, whatever is expected of it", () => {
    const sized: Runnable<{ a: string }, { a: string; n: number }> = RunnableLambda.from(
      (x: { a: string }) => x,
    ).assign({
      n: (x) => x.a.length,
    });
    expectTypeOf(sized.invoke({ a: "b" })).resolves.toEqualTypeOf<{ a: string; n: number }>();
  });
});
