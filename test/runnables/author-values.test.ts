import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { RunnableGenerator } from "../../src/runnables/generator.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { RunnablePassthrough } from "../../src/runnables/passthrough.ts";
import { Runnable } from "../../src/runnables/runnable.ts";

async function read<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("promises that a sync iterator gives", () => {
  const letters = function* (): Generator<Promise<string>> {
    yield Promise.resolve("a");
    yield Promise.resolve("b");
  };

  it("are waited for, as for await does, in every class that reads one", async () => {
    const lambda = RunnableLambda.from(letters as unknown as (input: number) => Generator<string>);
    expect(await read(lambda.astream(1))).toEqual(["a", "b"]);
    expect(await lambda.invoke(1)).toBe("ab");
    const generator = RunnableGenerator.from(letters as unknown as () => Generator<string>);
    expect(await read(generator.astream(1))).toEqual(["a", "b"]);
    const given = [Promise.resolve("a")] as unknown as string[];
    expect(await read(new RunnablePassthrough<string>().transform(given))).toEqual(["a"]);
  });

  it("end the stream where they reject, and the iterator's finally runs", async () => {
    let left = 0;
    const failing = RunnableLambda.from(function* (_: number): Generator<string> {
      try {
        yield Promise.reject(new Error("no")) as unknown as string;
      } finally {
        left += 1;
      }
    });
    await expect(read(failing.astream(1))).rejects.toThrow("no");
    expect(left).toBe(1);
  });
});

describe("a value with a then that gives nothing back", () => {
  /** Waited for by `await`, but no promise. */
  const seven = {
    // biome-ignore lint/suspicious/noThenProperty: such values exist.
    then(resolve: (value: number) => void): void {
      resolve(7);
    },
  } as unknown as Promise<number>;

  it("is waited for, wherever an author may give one", async () => {
    const lambda = RunnableLambda.from((_: number) => seven);
    expect(await lambda.invoke(1)).toBe(7);
    expect(await read(lambda.astream(1))).toEqual([7]);
    expect(await RunnableMap.from({ a: lambda }).invoke(1)).toEqual({ a: 7 });
    expect(await lambda.pipe((x: number) => x + 1).invoke(1)).toBe(8);
    class Thenable extends Runnable<number, number> {
      override invoke(): Promise<number> {
        return seven;
      }
    }
    expect(await new Thenable().pipe((x) => x + 1).batch([1])).toEqual([8]);
    class Author extends Runnable<number, number> {
      override invoke(input: number): Promise<number> {
        return this._callWithConfig(() => seven, input);
      }
    }
    expect(await new Author().invoke(1)).toBe(7);
    expect(await new RunnablePassthrough<number>({ func: () => seven as unknown as Promise<void> }).invoke(1)).toBe(1);
    const failing = RunnableLambda.from((_: number): number => {
      throw new Error("no");
    });
    const retried = failing.withRetry({ stopAfterAttempt: 2, initialDelayMs: 0, onFailedAttempt: () => seven });
    await expect(retried.invoke(1)).rejects.toThrow("no");
  });

  it("is waited for where a handler gives it", async () => {
    const lambda = RunnableLambda.from((x: number) => x);
    expect(await lambda.invoke(1, { callbacks: [{ handleChainStart: () => seven }] })).toBe(1);
  });
});

describe("assigning to an object of a class", () => {
  it("gives its keys and the new ones", async () => {
    class Page {
      readonly text: string = "a";
      get size(): number {
        return this.text.length;
      }
    }
    const sized = RunnablePassthrough.assign({ size: (page: Page) => page.size + 1 });
    expect(await sized.invoke(new Page())).toEqual({ text: "a", size: 2 });
    expect(await read(sized.astream(new Page()))).toEqual([{ text: "a" }, { size: 2 }]);
  });
});

describe("a result of an iterator that cannot be read", () => {
  it.each(["value", "done"])("fails the stream (%s)", async (key) => {
    const result = Object.defineProperty({ done: false, value: "a" }, key, {
      get() {
        throw new Error("unreadable");
      },
    });
    for (const next of [() => result, async () => result]) {
      const kind = next() instanceof Promise ? Symbol.asyncIterator : Symbol.iterator;
      const iterable = { [kind]: () => ({ next }) } as unknown as AsyncIterable<string>;
      await expect(read(new RunnablePassthrough<string>().transform(iterable))).rejects.toThrow("unreadable");
    }
  });
});
