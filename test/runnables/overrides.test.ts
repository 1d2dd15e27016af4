import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import { Upper } from "../helpers/runnables.ts";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const lambda = (): RunnableLambda<string, string> => RunnableLambda.from((text: string) => `${text}.`);

/** Everything that has a step, built around one. */
const around: [string, (step: Runnable<string, string>) => Runnable<string, unknown>, (output: string) => unknown][] = [
  [
    "a sequence, as the first step",
    (step) => RunnableSequence.from([step, (text: string) => text]),
    (output) => output,
  ],
  [
    "a sequence, as the last step",
    (step) => RunnableSequence.from<string, string>([(text: string) => text, step]),
    (output) => output,
  ],
  ["a map", (step) => RunnableMap.from({ key: step }), (output) => ({ key: output })],
  ["a binding", (step) => step.withConfig({ tags: ["t"] }), (output) => output],
  ["a lambda that returns it", (step) => RunnableLambda.from(() => step), (output) => output],
];

describe.each(around)("a step in %s", (_name, build, shape) => {
  it("is called by its own invoke, where a test or a subclass replaced it", async () => {
    const step = lambda();
    const spy = vi.spyOn(step, "invoke").mockResolvedValue("spied");
    const built = build(step);
    expect(await built.invoke("a")).toEqual(shape("spied"));
    expect(await built.batch(["a"])).toEqual([shape("spied")]);
    expect(spy).toHaveBeenCalledTimes(2);
    expect(spy.mock.calls[0]?.[0]).toBe("a");
    class Own extends RunnableLambda<string, string> {
      override async invoke(input: string, options?: RunnableConfig): Promise<string> {
        return `own ${await super.invoke(input, options)}`;
      }
    }
    expect(await build(new Own({ func: (text: string) => `${text}.` })).invoke("a")).toEqual(shape("own a."));
  });

  it("is streamed by its own transform, where a test or a subclass replaced it", async () => {
    const step = lambda();
    const spy = vi.spyOn(step, "transform").mockImplementation(async function* (input) {
      for await (const text of input) yield `spied ${text}`;
    });
    const built = build(step);
    for (const config of [undefined, { callbacks: [{ handleChainEnd: () => {} }] }]) {
      expect(await collect(await built.stream("a", config))).toEqual([shape("spied a")]);
      expect(await collect(built.transform(["a"], config))).toEqual([shape("spied a")]);
    }
    expect(spy).toHaveBeenCalledTimes(4);
  });

  it("is looked at when it is called, not when it was composed", async () => {
    const step = lambda();
    const built = build(step);
    expect(await built.invoke("a")).toEqual(shape("a."));
    const spy = vi.spyOn(step, "invoke").mockResolvedValue("later");
    expect(await built.invoke("a")).toEqual(shape("later"));
    spy.mockRestore();
    expect(await built.invoke("a")).toEqual(shape("a."));
  });

  it("that has invoke alone is streamed by it", async () => {
    class Plain extends Runnable<string, string> {
      override async invoke(input: string): Promise<string> {
        return `${input}.`;
      }
    }
    expect(await collect(await build(new Plain()).stream("a"))).toEqual([shape("a.")]);
  });

  it("that has _streamIterator is streamed by it", async () => {
    class Letters extends Runnable<string, string> {
      override async invoke(input: string): Promise<string> {
        return input;
      }
      override async *_streamIterator(input: string): AsyncGenerator<string> {
        yield* input;
      }
    }
    const built = build(new Letters());
    if (_name.includes("first step")) expect(await collect(await built.stream("ab"))).toEqual(["ab"]);
    else expect(await collect(await built.stream("ab"))).toEqual([shape("a"), shape("b")]);
  });
});

describe("a replaced verb at the root", () => {
  it("is used by the others", async () => {
    const step = lambda();
    vi.spyOn(step, "transform").mockImplementation(async function* (input) {
      for await (const text of input) yield `spied ${text}`;
    });
    expect(await collect(await step.stream("a"))).toEqual(["spied a"]);
    expect(await collect(step.astream("a"))).toEqual(["spied a"]);
    vi.spyOn(step, "invoke").mockResolvedValue("spied");
    expect(await step.batch(["a", "b"])).toEqual(["spied", "spied"]);
  });

  it("may call the base's", async () => {
    class Twice extends Upper {
      override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
        for await (const chunk of super.transform(input, options)) yield chunk + chunk;
      }
    }
    expect(await collect(await new Twice().stream("a"))).toEqual(["AA"]);
    expect(await collect(await lambda().pipe(new Twice()).stream("a"))).toEqual(["A.A."]);
  });

  it("of a sequence is not bypassed by what takes it as a step", async () => {
    class Own extends RunnableSequence<string, string> {
      override async invoke(): Promise<string> {
        return "own";
      }
    }
    const own = new Own({ first: lambda(), last: lambda() });
    expect(await lambda().pipe(own).invoke("a")).toBe("own");
    const spied = lambda().pipe(lambda());
    vi.spyOn(spied, "invoke").mockResolvedValue("spied");
    expect(await lambda().pipe(spied).invoke("a")).toBe("spied");
  });
});
