import { describe, expectTypeOf, it } from "vitest";
import { RunnableAssign } from "../../src/runnables/assign.ts";
import { RunnableBranch } from "../../src/runnables/branch.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableEach } from "../../src/runnables/each.ts";
import { RunnableGenerator } from "../../src/runnables/generator.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { RunnablePassthrough } from "../../src/runnables/passthrough.ts";
import { RunnablePick } from "../../src/runnables/pick.ts";
import { RouterRunnable } from "../../src/runnables/router.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";

interface Bird {
  name: string;
  age: number;
}

declare const length: Runnable<string, number>;
declare const catchBird: Runnable<string, Bird>;

describe("RunnableSequence.from", () => {
  it("gives each function what the step before gives", () => {
    const chain = RunnableSequence.from([
      (text: string) => text.length,
      (count) => {
        expectTypeOf(count).toEqualTypeOf<number>();
        return count > 3;
      },
      async (isLong) => {
        expectTypeOf(isLong).toEqualTypeOf<boolean>();
        return { isLong, at: new Date() };
      },
      ({ isLong, at }, config) => {
        expectTypeOf(isLong).toEqualTypeOf<boolean>();
        expectTypeOf(config).toEqualTypeOf<RunnableConfig>();
        return at;
      },
    ]);
    expectTypeOf(chain).toEqualTypeOf<RunnableSequence<string, Date>>();
  });

  it("takes runnables, functions and objects in one list", () => {
    const chain = RunnableSequence.from([
      length,
      { plus: (count: number) => count + 1, text: (count: number) => `${count}` },
      ({ plus, text }) => text.repeat(plus),
      RunnableLambda.from((text: string) => text.split("")),
    ]);
    expectTypeOf(chain).toEqualTypeOf<RunnableSequence<string, string[]>>();
    const asked = RunnableSequence.from([
      { question: new RunnablePassthrough<string>(), size: (text: string) => text.length },
      ({ question, size }) => question.repeat(size),
    ]);
    expectTypeOf(asked).toEqualTypeOf<RunnableSequence<string, string>>();
  });

  it("takes an object of annotated functions and runnables after a function that is not annotated", () => {
    const chain = RunnableSequence.from([
      (x: number) => x + 1,
      (x) => [`${x}`],
      { size: (texts: string[]) => texts.length, lengths: length.map(), same: (texts) => texts },
      ({ size, lengths, same }) => {
        expectTypeOf(same).toEqualTypeOf<string[]>();
        return [size, ...lengths];
      },
    ]);
    expectTypeOf(chain).toEqualTypeOf<RunnableSequence<number, number[]>>();
  });

  it("takes a name, and more steps than it knows the types of", () => {
    const add = (x: number): number => x + 1;
    const nine = RunnableSequence.from([add, add, add, add, add, add, add, add, (x) => `${x}`], "nine");
    expectTypeOf(nine).toEqualTypeOf<RunnableSequence<number, string>>();
    const twelve = RunnableSequence.from([add, add, add, add, add, add, add, add, add, add, add, () => "last"], {
      name: "twelve",
    });
    expectTypeOf(twelve).toEqualTypeOf<RunnableSequence<number, string>>();
  });

  it("believes types that it is told, and lists of any length", () => {
    const told = RunnableSequence.from<string, boolean>([
      length,
      (x: number) => `${x}`,
      (text: string) => text === "1",
    ]);
    expectTypeOf(told).toEqualTypeOf<RunnableSequence<string, boolean>>();
    const list: Runnable[] = [];
    expectTypeOf(RunnableSequence.from(list)).toEqualTypeOf<RunnableSequence>();
  });

  it("knows the two ends where the steps do not say enough of each other", () => {
    const kept = RunnableSequence.from([{ q: new RunnablePassthrough(), n: (text: string) => text.length }, length]);
    expectTypeOf(kept.invoke).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(kept).toExtend<Runnable<string, number>>();
    const assigned = RunnableSequence.from([
      RunnablePassthrough.assign({ history: async () => ["a"] }),
      (input: { text: string; history: string[] }) => input.history.length,
    ]);
    expectTypeOf(assigned.invoke({ text: "a" })).resolves.toEqualTypeOf<number>();
    const last = RunnableSequence.from([new RunnablePassthrough(), (text: string) => text]);
    expectTypeOf(last.invoke("a")).resolves.toEqualTypeOf<string>();
  });

  it("does not compile for what is no sequence", () => {
    // @ts-expect-error one step
    void RunnableSequence.from([length]);
    // @ts-expect-error no steps
    void RunnableSequence.from([]);
    // @ts-expect-error no step
    void RunnableSequence.from([length, 5]);
    // @ts-expect-error a last step that gives another type than it was told
    void RunnableSequence.from<string, string>([length, (x: number) => x]);
  });
});

describe("pipe", () => {
  it("goes through every class", () => {
    const chain = length
      .pipe(new RunnablePassthrough<number>())
      .pipe({ more: (x) => x + 1, text: (x) => `${x}` })
      .pipe(RunnablePassthrough.assign({ sum: ({ more, text }: { more: number; text: string }) => more + text.length }))
      .pick("sum");
    expectTypeOf(chain.invoke).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(chain.invoke("a")).resolves.toEqualTypeOf<number>();
  });

  it("does not compile where a step does not fit", () => {
    // @ts-expect-error a text where a number comes
    void length.pipe((text: string) => text);
    // @ts-expect-error a value of a map that takes another type
    void length.pipe({ a: (text: string) => text });
  });
});

describe("maps", () => {
  it("give an entry for each", () => {
    const inner = RunnableMap.from({ loud: (text: string) => text.toUpperCase() });
    const map = RunnableMap.from({ first: (text: string) => text[0], size: length, inner });
    expectTypeOf(map.invoke).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(map.invoke("a")).resolves.toEqualTypeOf<{
      first: string | undefined;
      size: number;
      inner: { loud: string };
    }>();
    // @ts-expect-error values that take different inputs
    void RunnableMap.from({ size: length, more: (x: number) => x });
  });
});

describe("assign", () => {
  it("adds keys that are made of the output", () => {
    const chain = catchBird.assign({
      old: (bird) => {
        expectTypeOf(bird).toEqualTypeOf<Bird>();
        return bird.age > 5;
      },
      size: async ({ name }) => name.length,
    });
    expectTypeOf(chain.invoke).parameter(0).toEqualTypeOf<string>();
    const bird = null as unknown as Awaited<ReturnType<typeof chain.invoke>>;
    expectTypeOf(bird.name).toEqualTypeOf<string>();
    expectTypeOf(bird.age).toEqualTypeOf<number>();
    expectTypeOf(bird.old).toEqualTypeOf<boolean>();
    expectTypeOf(bird.size).toEqualTypeOf<number>();
  });

  it("replaces the type of a key that was there", () => {
    const chain = catchBird.assign({ age: ({ age }) => `${age}` });
    expectTypeOf(chain.pick("age").invoke("a")).resolves.toEqualTypeOf<string>();
    expectTypeOf(chain.pick("name").invoke("a")).resolves.toEqualTypeOf<string>();
  });

  it("stands by itself", () => {
    const assign = RunnablePassthrough.assign({ size: (bird: Bird) => bird.name.length });
    expectTypeOf(assign.invoke).parameter(0).toEqualTypeOf<Bird>();
    expectTypeOf(assign.pick("size").invoke({ name: "Polly", age: 3 })).resolves.toEqualTypeOf<number>();
    expectTypeOf(new RunnableAssign(RunnableMap.from({ size: length })).invoke).returns.resolves.toEqualTypeOf<
      Record<string, unknown>
    >();
  });

  it("does not compile where it does not fit", () => {
    // @ts-expect-error a field that the output does not have
    void catchBird.assign({ colour: ({ colour }) => colour });
    // @ts-expect-error a value that takes another type
    void catchBird.assign({ size: length });
  });
});

describe("pick", () => {
  it("gives one key, or an object of several", () => {
    expectTypeOf(catchBird.pick("age").invoke("a")).resolves.toEqualTypeOf<number>();
    expectTypeOf(catchBird.pick(["age", "name"]).invoke("a")).resolves.toEqualTypeOf<{ age: number; name: string }>();
    expectTypeOf(catchBird.pick(["age"]).stream).returns.resolves.toExtend<AsyncIterable<{ age: number }>>();
    expectTypeOf(new RunnablePick<Bird, string>("name").invoke).returns.resolves.toEqualTypeOf<string>();
  });

  it("does not compile for a key that is not there", () => {
    // @ts-expect-error no such key
    void catchBird.pick("colour");
    // @ts-expect-error no such key among several
    void catchBird.pick(["age", "colour"]);
  });
});

describe("branches", () => {
  it("take their input from the first condition, their output from what they run", () => {
    const branch = RunnableBranch.from([
      [(bird: Bird) => bird.age > 5, (bird) => bird.name],
      [
        async (bird) => {
          expectTypeOf(bird).toEqualTypeOf<Bird>();
          return bird.age > 3;
        },
        async (bird) => bird.name,
      ],
      (bird) => {
        expectTypeOf(bird).toEqualTypeOf<Bird>();
        return bird.name;
      },
    ]);
    expectTypeOf(branch).toEqualTypeOf<RunnableBranch<Bird, string>>();
  });

  it("take runnables, also where the outputs differ", () => {
    const branch = RunnableBranch.from<string, number | boolean>([
      [(text: string) => text === "", () => false],
      [RunnableLambda.from((text: string) => text === "a"), length],
      () => true,
    ]);
    expectTypeOf(branch.invoke("a")).resolves.toEqualTypeOf<number | boolean>();
    const made = new RunnableBranch({ branches: [[(text: string) => text === "", length]], default: length });
    expectTypeOf(made).toEqualTypeOf<RunnableBranch<string, number>>();
  });

  it("do not compile where they do not fit", () => {
    // @ts-expect-error a condition that gives no boolean
    void RunnableBranch.from([[(text: string) => text, length], length]);
    // @ts-expect-error a branch that takes another input
    void RunnableBranch.from([[(text: string) => text === "", (x: number) => x], (text: string) => text.length]);
    // @ts-expect-error no default
    void new RunnableBranch({ branches: [[(text: string) => text === "", length]] });
  });
});

describe("routers", () => {
  it("take a key and what the runnables take", () => {
    const router = new RouterRunnable({ runnables: { size: length, same: (text: string) => text.length } });
    expectTypeOf(router.invoke({ key: "size", input: "a" })).resolves.toEqualTypeOf<number>();
    // @ts-expect-error an input of another type
    void router.invoke({ key: "size", input: 5 });
    // @ts-expect-error no key
    void router.invoke({ input: "a" });
  });
});

describe("each", () => {
  it("takes a list and gives a list", () => {
    expectTypeOf(length.map().invoke(["a"])).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(
      length
        .map()
        .map()
        .invoke([["a"]]),
    ).resolves.toEqualTypeOf<number[][]>();
    expectTypeOf(new RunnableEach({ bound: length }).invoke(["a"])).resolves.toEqualTypeOf<number[]>();
    // @ts-expect-error one item
    void length.map().invoke("a");
    // @ts-expect-error items of another type
    void length.map().invoke([5]);
  });
});

describe("passthroughs", () => {
  it("give what they are given, and show it to their function", () => {
    const passthrough = new RunnablePassthrough({
      func: (bird: Bird, config) => {
        expectTypeOf(config).toEqualTypeOf<RunnableConfig>();
        return bird.name;
      },
    });
    expectTypeOf(passthrough).toEqualTypeOf<RunnablePassthrough<Bird>>();
    expectTypeOf(passthrough.invoke).returns.resolves.toEqualTypeOf<Bird>();
    // @ts-expect-error a function that takes another type
    void new RunnablePassthrough<string>({ func: (x: number) => x });
  });
});

describe("generators", () => {
  it("take their types from their function", () => {
    const sizes = RunnableGenerator.from(async function* (input: AsyncGenerator<string>, config) {
      expectTypeOf(config).toEqualTypeOf<RunnableConfig>();
      for await (const text of input) yield text.length;
    });
    expectTypeOf(sizes).toEqualTypeOf<RunnableGenerator<string, number>>();
    expectTypeOf(RunnableGenerator.from((_input: AsyncGenerator<string>) => [1])).toEqualTypeOf<
      RunnableGenerator<string, number>
    >();
    // @ts-expect-error no stream
    void RunnableGenerator.from((_input: AsyncGenerator<string>) => 5);
  });
});
