import { describe, expect, it } from "vitest";
import type { BaseRunManager } from "../../src/callbacks/run-manager.ts";
import type { RunnableBatchOptions } from "../../src/runnables/batch.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";

type Options = RunnableConfig & { loudness?: number; runType?: string };

/** A runnable written on the verbs that subclasses are given. */
class Shout extends Runnable<string, string, Options> {
  readonly seen: { configs: RunnableConfig[]; runs: (BaseRunManager | undefined)[]; calls: number } = {
    configs: [],
    runs: [],
    calls: 0,
  };

  override invoke(input: string, options?: Partial<Options>): Promise<string> {
    return this._callWithConfig(
      (text, config, run) => {
        this.seen.configs.push(config);
        this.seen.runs.push(run);
        return text.toUpperCase();
      },
      input,
      options,
    );
  }

  override transform(input: AsyncGenerator<string>, options?: Partial<Options>): AsyncGenerator<string> {
    const { seen } = this;
    return this._transformStreamWithConfig(
      input,
      async function* (chunks, run) {
        seen.runs.push(run);
        for await (const chunk of chunks) yield chunk.toUpperCase();
      },
      options,
    );
  }

  all(
    inputs: string[],
    options?: Partial<Options> | Partial<Options>[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<(string | Error)[]> {
    return this._batchWithConfig(
      async (texts, configs, runs) => {
        this.seen.calls += 1;
        this.seen.configs.push(...configs);
        this.seen.runs.push(...runs);
        if (texts.includes("all")) throw new Error("nothing works");
        return texts.map((text) => (text === "" ? new Error("silence") : text.toUpperCase()));
      },
      inputs,
      options,
      batchOptions,
    );
  }
}

describe("_callWithConfig and _transformStreamWithConfig", () => {
  it("give the author the run, and name its type as the options say", async () => {
    const calls: Call[] = [];
    const shout = new Shout();
    const config = { callbacks: [recordingHandler(calls)], runType: "parser" };
    expect(await shout.invoke("a", config)).toBe("A");
    const chunks: string[] = [];
    for await (const chunk of shout.transform(
      (async function* () {
        yield "b";
      })(),
      config,
    ))
      chunks.push(chunk);
    expect(chunks).toEqual(["B"]);
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((call) => call[7])).toEqual(["parser", "parser"]);
    expect(starts.map((call) => call[3])).toEqual(shout.seen.runs.map((run) => run?.runId));
  });

  it("keep the type from what is called inside, and from the caller's options", async () => {
    const shout = new Shout();
    const config = { runType: "parser", tags: ["t"] };
    await shout.invoke("a", config);
    expect(shout.seen.configs).toEqual([expect.objectContaining({ tags: ["t"] })]);
    expect(shout.seen.configs[0]).not.toHaveProperty("runType");
    expect(config).toEqual({ runType: "parser", tags: ["t"] });
  });

  it("give no run where nobody observes", async () => {
    const shout = new Shout();
    await shout.invoke("a");
    for await (const chunk of shout.transform(
      (async function* () {
        yield "b";
      })(),
    ))
      expect(chunk).toBe("B");
    expect(shout.seen.runs).toEqual([undefined, undefined]);
  });
});

describe("_batchWithConfig", () => {
  it("makes one call for all inputs, in a run for each with its own output", async () => {
    const calls: Call[] = [];
    const shout = new Shout();
    const options = ["x", "y"].map((tag) => ({ tags: [tag], callbacks: [recordingHandler(calls)] }));
    expect(await shout.all(["a", "b"], options)).toEqual(["A", "B"]);
    expect(shout.seen.calls).toBe(1);
    expect(shout.seen.configs.map((config) => config.tags)).toEqual([["x"], ["y"]]);
    const ends = calls.filter(([method]) => method === "handleChainEnd");
    expect(ends.map(([, output, runId]) => [output, runId])).toEqual(
      ["A", "B"].map((output, index) => [{ output }, shout.seen.runs[index]?.runId]),
    );
  });

  it("fails the run of an error alone, and the whole unless errors are asked for", async () => {
    const log = new RunLog();
    const config = { callbacks: [log.handler] };
    await expect(new Shout().all(["a", ""], config)).rejects.toThrow("silence");
    expect(log.lines).toEqual(["start Shout", "start Shout", "end Shout", "error Shout"]);
    const outputs = await new Shout().all(["", "a"], config, { returnExceptions: true });
    expect(outputs).toEqual([new Error("silence"), "A"]);
    expect(faultsOf(log)).toEqual([]);
  });

  it.each([[false], [true]])("fails every run where the call itself fails (errors returned: %s)", async (returned) => {
    const log = new RunLog();
    const batch = new Shout().all(["all", "b"], { callbacks: [log.handler] }, { returnExceptions: returned });
    const error = new Error("nothing works");
    if (returned) expect(await batch).toEqual([error, error]);
    else await expect(batch).rejects.toThrow(error);
    expect(log.lines.filter((line) => line === "error Shout")).toHaveLength(2);
  });

  it("fails all where one cannot start, instead of waiting for it", async () => {
    const shout = new Shout();
    const log = new RunLog();
    const options = [{ callbacks: [log.handler] }, { signal: AbortSignal.abort(new Error("too late")) }];
    await expect(shout.all(["a", "b"], options)).rejects.toThrow("too late");
    expect(shout.seen.calls).toBe(0);
    expect(faultsOf(log)).toEqual([]);
  });

  it("gives nothing for nothing", async () => {
    expect(await new Shout().all([])).toEqual([]);
  });
});

describe("the helpers for options", () => {
  it("tell the config from what else a call was told", () => {
    const signal = new AbortController().signal;
    const given = { tags: ["t"], signal, loudness: 3, ["__proto__"]: 4 } as Partial<Options>;
    const [config, callOptions] = new Shout()._separateRunnableConfigFromCallOptions(given);
    expect(config).toEqual({ tags: ["t"], signal });
    expect(callOptions).toEqual({ loudness: 3, ["__proto__"]: 4 });
    expect(new Shout()._separateRunnableConfigFromCallOptions()).toEqual([{}, {}]);
  });

  it("make a list of options as long as the inputs, an id only for the first", () => {
    const list = new Shout()._getOptionsList({ runId: "r", loudness: 1 }, 2);
    expect(list).toEqual([{ runId: "r", loudness: 1 }, { loudness: 1 }]);
    expect(new Shout()._getOptionsList([{ loudness: 1 }], 1)).toEqual([{ loudness: 1 }]);
    expect(() => new Shout()._getOptionsList([{ loudness: 1 }], 2)).toThrow("Expected one config for all inputs");
  });
});
