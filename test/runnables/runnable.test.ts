import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { outcomeOf, settle } from "../helpers/timing.ts";

/** Implements `invoke` alone, as the simplest subclasses do. */
class Shout extends Runnable<string, string> {
  readonly calls: [string, RunnableConfig | undefined][] = [];

  override async invoke(input: string, options?: RunnableConfig): Promise<string> {
    this.calls.push([input, options]);
    return `${input}!`;
  }
}

/** Implements `_streamIterator`. */
class Spell extends Runnable<string, string> {
  override async invoke(input: string): Promise<string> {
    return input;
  }

  override async *_streamIterator(input: string): AsyncGenerator<string> {
    yield* input;
  }
}

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("Runnable", () => {
  it("tells runnables from anything else", () => {
    expect(Runnable.isRunnable(new Shout())).toBe(true);
    // One of another copy of the package.
    expect(Runnable.isRunnable({ "~runnable": true })).toBe(true);
    for (const value of [null, undefined, 5, "text", () => {}, {}, { invoke: () => {} }]) {
      expect(Runnable.isRunnable(value)).toBe(false);
    }
    expect(new Shout().lc_runnable).toBe(true);
  });

  it("is named by its class, its lc_name, or its own name, with a suffix where asked", () => {
    class Named extends Shout {
      static override lc_name(): string {
        return "StableName";
      }
    }
    expect(Shout.lc_name()).toBe("Shout");
    expect(new Shout().getName()).toBe("Shout");
    expect(new Shout().getName("Input")).toBe("ShoutInput");
    const named = new Named();
    expect(named.getName()).toBe("StableName");
    named.name = "mine";
    expect(named.getName()).toBe("mine");
    expect(named.getName("Input")).toBe("mineInput");
  });

  it("says so where a subclass does not implement invoke", async () => {
    class Empty extends Runnable {}
    await expect(new Empty().invoke(1)).rejects.toMatchObject({
      code: "NOT_SUPPORTED",
      message: "Expected Empty to implement invoke(input, options), and it does not.",
    });
  });

  it("is named by what it is and where it lives in the serialized form", async () => {
    class Kept extends Shout {
      override lc_kwargs = { loud: true, key: "hush" };
      override get lc_secrets(): Record<string, string> {
        return { key: "SHOUT_KEY" };
      }
    }
    const shout = new Shout();
    expect(shout["~serialized"]()).toEqual({ lc: 1, type: "not_implemented", id: ["linnet", "runnables", "Shout"] });
    const kept = new Kept()["~serialized"]();
    expect(kept).toMatchObject({ lc: 1, type: "constructor", id: ["linnet", "runnables", "Kept"] });
    expect(kept).toMatchObject({ kwargs: { loud: true, key: { lc: 1, type: "secret", id: ["SHOUT_KEY"] } } });
    expect(JSON.stringify(kept)).not.toContain("hush");
  });
});

describe("stream and astream", () => {
  it("give the one answer of invoke, with the config", async () => {
    const shout = new Shout();
    const stream = await shout.stream("a", { tags: ["t"] });
    expect(stream).toBeInstanceOf(IterableReadableStream);
    expect(await collect(stream)).toEqual(["a!"]);
    expect(shout.calls).toHaveLength(1);
    expect(shout.calls[0]?.[1]?.tags).toEqual(["t"]);
  });

  it("give what _streamIterator yields, where a subclass has it", async () => {
    expect(await collect(await new Spell().stream("abc"))).toEqual(["a", "b", "c"]);
    expect(await collect(new Spell().astream("abc"))).toEqual(["a", "b", "c"]);
  });

  it("the base's _streamIterator yields the answer of invoke", async () => {
    const shout = new Shout();
    expect(await collect(shout._streamIterator("a", { tags: ["t"] }))).toEqual(["a!"]);
    expect(shout.calls).toEqual([["a", { tags: ["t"] }]]);
  });

  it("stream waits for the first chunk, and rejects with what fails before it", async () => {
    const error = new Error("early");
    class Broken extends Runnable<number, number> {
      override invoke(): Promise<number> {
        return Promise.reject(error);
      }
    }
    await expect(new Broken().stream(1)).rejects.toBe(error);
    class Hanging extends Runnable<number, number> {
      override invoke(): Promise<number> {
        return new Promise(() => {});
      }
    }
    expect(await outcomeOf(new Hanging().stream(1))).toBe("pending");
  });

  it("astream starts nothing until it is read, and fails at the read", async () => {
    const shout = new Shout();
    const stream = shout.astream("a");
    expect(stream).toBeInstanceOf(IterableReadableStream);
    await settle();
    expect(shout.calls).toEqual([]);
    await stream.next();
    expect(shout.calls).toHaveLength(1);
    const broken = new Shout();
    vi.spyOn(broken, "invoke").mockRejectedValue(new Error("late"));
    const failing = broken.astream("a");
    await expect(failing.next()).rejects.toThrow("late");
  });

  it("stream rejects where astream throws", async () => {
    const shout = new Shout();
    vi.spyOn(shout, "astream").mockImplementation(() => {
      throw new Error("no stream");
    });
    await expect(shout.stream("a")).rejects.toThrow("no stream");
  });
});

describe("transform", () => {
  it("sums its input by default, and streams the sum", async () => {
    const shout = new Shout();
    expect(await collect(shout.transform(["a", "b", "c"]))).toEqual(["abc!"]);
    expect(await collect(new Spell().transform(["a", "b"]))).toEqual(["a", "b"]);
    expect(shout.calls.map(([input]) => input)).toEqual(["abc"]);
  });

  it("is given nothing where its input is empty", async () => {
    const shout = new Shout();
    expect(await collect(shout.transform([]))).toEqual(["undefined!"]);
    expect(shout.calls.map(([input]) => input)).toEqual([undefined]);
  });

  it("reads nothing before it is read, and takes async input", async () => {
    let isStarted = false;
    const input = (async function* () {
      isStarted = true;
      yield "a";
      yield "b";
    })();
    const output = new Shout().transform(input);
    await settle();
    expect(isStarted).toBe(false);
    expect(await collect(output)).toEqual(["ab!"]);
  });

  it("has the methods of a generator, and closes its input when left", async () => {
    let closed = 0;
    const input = async function* () {
      try {
        yield "a";
        await new Promise(() => {});
      } finally {
        closed += 1;
      }
    };
    class Same extends Runnable<string, string> {
      override async invoke(text: string): Promise<string> {
        return text;
      }
      override transform(chunks: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
        return this._transformStreamWithConfig(chunks, (given) => given, options);
      }
    }
    const output = new Same().transform(input());
    expect(await output.next()).toEqual({ value: "a", done: false });
    expect(await output.return(undefined)).toEqual({ value: undefined, done: true });
    await settle();
    expect(closed).toBe(1);
    const thrown = new Same().transform(input());
    await thrown.next();
    await expect(thrown.throw(new Error("by the reader"))).rejects.toThrow("by the reader");
    expect(closed).toBe(2);
  });

  it("ends by its config's signal", async () => {
    const controller = new AbortController();
    const output = new Shout().transform(
      (async function* (): AsyncGenerator<string> {
        await new Promise(() => {});
        yield "never";
      })(),
      { signal: controller.signal },
    );
    const first = output.next();
    await settle();
    controller.abort(new Error("over"));
    await expect(first).rejects.toThrow("over");
  });
});

describe("_callWithConfig", () => {
  class Counted extends Runnable<number, number> {
    override invoke(input: number, options?: RunnableConfig): Promise<number> {
      return this._callWithConfig(
        (given, config) => {
          this.seen = config;
          if (given < 0) throw new Error("negative");
          return given * 2;
        },
        input,
        options,
      );
    }
    seen: RunnableConfig | undefined = undefined;
  }

  it("calls the function as a run of the runnable, with a config of its own", async () => {
    const calls: Call[] = [];
    const counted = new Counted();
    const config = { callbacks: [recordingHandler(calls)], tags: ["t"], runName: "my run" };
    expect(await counted.invoke(2, config)).toBe(4);
    expect(calls.map(([method]) => method)).toEqual(["handleChainStart", "handleChainEnd"]);
    expect(calls[0]?.[8]).toBe("my run");
    expect(calls[1]?.[1]).toEqual({ output: 4 });
    expect(counted.seen).not.toBe(config);
    expect(counted.seen?.runName).toBeUndefined();
    expect(counted.seen?.tags).toEqual(["t"]);
    await expect(counted.invoke(-1, config)).rejects.toThrow("negative");
    expect(calls.at(-1)?.[0]).toBe("handleChainError");
  });
});

describe("_transformStreamWithConfig", () => {
  class Upper extends Runnable<string, string> {
    override async invoke(input: string): Promise<string> {
      return input.toUpperCase();
    }
    override transform(chunks: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
      return this._transformStreamWithConfig(
        chunks,
        async function* (given, runManager, config) {
          seen.push([runManager, config.tags]);
          for await (const chunk of given) yield chunk.toUpperCase();
        },
        options,
      );
    }
  }
  const seen: unknown[] = [];

  it("streams through the generator as a run, whose end has the sums", async () => {
    const calls: Call[] = [];
    const output = new Upper().transform(
      (async function* () {
        yield "a";
        yield "b";
      })(),
      { callbacks: [recordingHandler(calls)], tags: ["t"] },
    );
    expect(await collect(output)).toEqual(["A", "B"]);
    expect(seen).toEqual([[expect.objectContaining({ runId: calls[0]?.[3] }), ["t"]]]);
    expect(calls.map(([method, first]) => [method, first])).toEqual([
      ["handleChainStart", expect.anything()],
      ["handleChainEnd", { output: "AB" }],
    ]);
    expect(calls[0]?.[2]).toEqual({ input: "" });
    expect(calls[0]?.[9]).toEqual({ lc_defers_inputs: true });
    expect(calls[1]?.[5]).toEqual({ inputs: { input: "ab" } });
  });

  it("works unobserved, and in a sequence, chunk by chunk", async () => {
    expect(await collect(await new Spell().pipe(new Upper()).stream("abc"))).toEqual(["A", "B", "C"]);
    expect(await collect(new Upper().astream("abc"))).toEqual(["ABC"]);
  });
});
