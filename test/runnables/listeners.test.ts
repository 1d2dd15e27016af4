import { afterEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/log/wiring.ts";
import type { RunListeners } from "../../src/callbacks/run-listeners.ts";
import type { RunRecord } from "../../src/callbacks/run-record.ts";
import { setErrorReporter } from "../../src/errors/reporter.ts";
import { RunnableBinding } from "../../src/runnables/binding.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";

/** What listeners were told, a line each: the moment, the run's name, what it was given and what it gave. */
function recording(mark = ""): { lines: string[]; listeners: RunListeners<RunnableConfig>; runs: RunRecord[] } {
  const lines: string[] = [];
  const runs: RunRecord[] = [];
  const tell = (moment: string, shown: (run: RunRecord) => unknown) => (run: RunRecord) => {
    runs.push(run);
    lines.push(`${mark}${moment} ${run.name} ${JSON.stringify(shown(run))}`);
  };
  return {
    lines,
    runs,
    listeners: {
      onStart: tell("start", (run) => run.inputs),
      onEnd: tell("end", (run) => run.outputs),
      onError: tell("error", (run) => run.error?.split("\n")[0]),
    },
  };
}

const double = RunnableLambda.from((x: number) => x * 2);
const failing = RunnableLambda.from((_x: number): number => {
  throw new Error("no luck");
});

async function read<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

afterEach(() => {
  setErrorReporter(undefined);
});

describe("withListeners", () => {
  const verbs: [string, (runnable: Runnable<number, number>, config?: RunnableConfig) => Promise<unknown>][] = [
    ["invoke", (runnable, config) => runnable.invoke(3, config)],
    ["batch", (runnable, config) => runnable.batch([3], config)],
    ["stream", async (runnable, config) => read(await runnable.stream(3, config))],
    ["astream", (runnable, config) => read(runnable.astream(3, config))],
    ["streamEvents", (runnable, config) => read(runnable.streamEvents(3, { ...config, version: "v2" }))],
  ];

  it.each(verbs)("tells of the start and the end of each run (%s)", async (_verb, call) => {
    const { lines, listeners } = recording();
    await call(double.withListeners(listeners));
    expect(lines).toEqual(['start RunnableLambda {"input":3}', 'end RunnableLambda {"output":6}']);
  });

  it.each(verbs)("tells of an error (%s)", async (_verb, call) => {
    const { lines, listeners } = recording();
    await expect(call(failing.withListeners(listeners))).rejects.toThrow("no luck");
    expect(lines).toEqual(['start RunnableLambda {"input":3}', 'error RunnableLambda "no luck"']);
  });

  it("tells of its own run alone, not of those inside, which stay unobserved", async () => {
    const { lines, listeners } = recording();
    const seen: unknown[] = [];
    const inner = RunnableLambda.from((x: number, config) => {
      const { callbacks } = config as { callbacks?: { handlers: unknown[] } };
      seen.push(callbacks?.handlers);
      return x + 1;
    });
    expect(await inner.pipe(double).withListeners(listeners).invoke(1)).toBe(4);
    expect(lines).toEqual(['start RunnableSequence {"input":1}', 'end RunnableSequence {"output":4}']);
    expect(seen).toEqual([[]]);
  });

  it("tells of each item of a batch by itself", async () => {
    const { lines, listeners } = recording();
    await double.withListeners(listeners).batch([1, 2]);
    expect(lines.filter((line) => line.startsWith("end"))).toEqual([
      'end RunnableLambda {"output":2}',
      'end RunnableLambda {"output":4}',
    ]);
  });

  it("tells of a reader that left, with what was given so far", async () => {
    const { lines, listeners } = recording();
    const letters = RunnableLambda.from(function* (text: string) {
      yield* text;
    });
    for await (const _letter of letters.withListeners(listeners).astream("abc")) break;
    expect(lines).toEqual(['start RunnableLambda {"input":"abc"}', 'end RunnableLambda {"output":"a"}']);
  });

  it("composes: with more listeners, before and after a config, in any order", async () => {
    const first = recording("1 ");
    const second = recording("2 ");
    const lines: string[] = [];
    const config = { runName: "named", tags: ["t"] };
    for (const made of [
      double.withListeners(first.listeners).withListeners(second.listeners).withConfig(config),
      double.withConfig(config).withListeners(first.listeners).bind({}).withListeners(second.listeners),
      double.withListeners(first.listeners).withConfig(config).withListeners(second.listeners),
    ]) {
      first.lines.length = 0;
      second.lines.length = 0;
      expect(await made.invoke(1)).toBe(2);
      lines.push([...first.lines, ...second.lines].join("; "));
    }
    const told =
      '1 start named {"input":1}; 1 end named {"output":2}; 2 start named {"input":1}; 2 end named {"output":2}';
    expect(lines).toEqual([told, told, told]);
    expect(first.runs.at(-1)?.tags).toEqual(["t"]);
  });

  it("goes beside handlers of the call, in a run of the same tree", async () => {
    const log = new RunLog();
    const { runs, listeners } = recording();
    const chain = double.pipe(double.withListeners(listeners));
    expect(await chain.invoke(1, { callbacks: [log.handler] })).toBe(4);
    expect(log.lines).toEqual([
      "start RunnableSequence",
      "start RunnableLambda",
      "end RunnableLambda",
      "start RunnableLambda",
      "end RunnableLambda",
      "end RunnableSequence",
    ]);
    expect(faultsOf(log)).toEqual([]);
    expect(runs[0]?.parent_run_id).toBe(log.moments[0]?.id);
    expect(runs[0]?.tags).toEqual(["seq:step:2"]);
  });

  it("gives listeners the config of the call", async () => {
    const onStart = vi.fn();
    const config = { metadata: { user: "a" } };
    await double.withListeners({ onStart }).invoke(1, config);
    expect(onStart.mock.calls[0]?.[1]).toEqual(config);
  });

  it("waits for a listener that is async, and survives one that fails", async () => {
    const told: unknown[] = [];
    setErrorReporter((error) => told.push(error));
    const order: string[] = [];
    const slow = {
      onStart: async () => {
        await null;
        order.push("told");
      },
      onEnd: () => {
        throw new Error("listener broke");
      },
    };
    const watched = RunnableLambda.from((x: number) => {
      order.push("ran");
      return x;
    }).withListeners(slow);
    expect(await watched.invoke(1)).toBe(1);
    expect(order).toEqual(["told", "ran"]);
    expect(told).toEqual([new Error("listener broke")]);
  });

  it("costs as much as there are listeners, however many", async () => {
    let heard = 0;
    const hear = (): void => {
      heard += 1;
    };
    let watched: Runnable<number, number> = double;
    for (let count = 0; count < 2_000; count += 1) watched = watched.withListeners({ onStart: hear });
    expect(await watched.invoke(1)).toBe(2);
    expect(heard).toBe(2_000);
  });

  it("keeps what a subclass of a binding does", async () => {
    class Shifted extends RunnableBinding<number, number> {
      override invoke(input: number, options?: RunnableConfig): Promise<number> {
        return super.invoke(input + 100, options);
      }
    }
    const { lines, listeners } = recording();
    const shifted = new Shifted({ bound: double });
    for (const made of [shifted.withListeners(listeners), shifted.withConfig({ tags: ["t"] }), shifted.bind({})]) {
      expect(await made.invoke(1)).toBe(202);
    }
    expect(lines).toHaveLength(2);
    expect(RunnableBinding.isRunnableBinding(shifted)).toBe(true);
    expect(RunnableBinding.isRunnableBinding(double)).toBe(false);
  });

  it("hears the whole of a retried call, and of fallbacks", async () => {
    let attempts = 0;
    const flaky = RunnableLambda.from((x: number) => {
      attempts += 1;
      if (attempts < 2) throw new Error("not yet");
      return x;
    });
    const retried = recording();
    expect(await flaky.withRetry({ initialDelayMs: 0 }).withListeners(retried.listeners).invoke(1)).toBe(1);
    expect(retried.lines.map((line) => line.split(" ")[0])).toEqual(["start", "end"]);
    const caught = recording();
    expect(await failing.withFallbacks([double]).withListeners(caught.listeners).invoke(1)).toBe(2);
    expect(caught.lines.map((line) => line.split(" ")[0])).toEqual(["start", "end"]);
  });
});
