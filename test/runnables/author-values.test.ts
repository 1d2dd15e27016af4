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

describe("what an author's function writes to its config", () => {
  it("stays its own: not the caller's, no sibling's, and not that of later calls", async () => {
    const write = RunnableLambda.from((x: number, config) => {
      config.tags?.push("mine");
      Object.assign(config.metadata ?? {}, { mine: true });
      Object.assign(config.configurable ?? {}, { mine: true });
      return x;
    });
    const look = RunnableLambda.from((_: number, { tags, metadata, configurable }) => ({
      tags,
      metadata,
      configurable,
    }));
    const given = { tags: ["t"], metadata: { a: 1 }, configurable: { b: 2 } };
    const copy = structuredClone(given);
    const map = RunnableMap.from({ write, look });
    expect((await map.invoke(1, given)).look).toEqual(copy);
    expect(given).toEqual(copy);
    const bound = RunnableMap.from({ write, look }).withConfig(given);
    given.tags.push("late");
    await bound.invoke(1);
    expect((await bound.invoke(1)).look).toEqual(copy);
  });
});

describe("a class with an invoke of its own", () => {
  class Waiting extends Runnable<number, number> {
    reason: unknown;
    override invoke(_input: number, options?: { signal?: AbortSignal }): Promise<number> {
      return new Promise((_resolve, reject) => {
        options?.signal?.addEventListener("abort", () => {
          this.reason = options.signal?.reason;
          reject(this.reason);
        });
      });
    }
  }

  it("is held to a time limit that is bound to it, and given the signal of it", async () => {
    const waiting = new Waiting();
    await expect(waiting.withConfig({ timeout: 1 }).invoke(1)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(waiting.reason).toMatchObject({ name: "TimeoutError" });
    expect(
      await waiting
        .withConfig({ timeout: 1 })
        .withFallbacks([() => 2])
        .invoke(1),
    ).toBe(2);
  });

  it("is shown by its class alone", () => {
    const shown = JSON.parse(JSON.stringify(new Waiting().withConfig({ configurable: { key: "sk-1" } })));
    expect(shown).toEqual({ lc: 1, type: "not_implemented", id: ["linnet", "runnables", "RunnableBinding"] });
  });
});
