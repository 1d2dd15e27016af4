import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import "../../src/runnables/log/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";

const leaf = RunnableLambda.from((text: string) => text, { name: "leaf" });

/** The names and parents of the chains that were told to start. */
function starts(calls: readonly Call[]): unknown[] {
  return calls.filter(([method]) => method === "handleChainStart").map((call) => [call[8], call[4]]);
}

/** What is called in the context of a run once that run has ended. */
async function afterTheRun<Result>(call: () => Promise<Result>, outer: Call[] = []): Promise<Result> {
  let late: Promise<Result> | undefined;
  const root = RunnableLambda.from(
    (text: string) => {
      setTimeout(() => {
        late = call();
      });
      return text;
    },
    { name: "root" },
  );
  await root.invoke("a", { callbacks: [recordingHandler(outer)] });
  await new Promise((resolve) => setTimeout(resolve, 5));
  return late as Promise<Result>;
}

describe("a call in the context of a run that has ended", () => {
  beforeEach(() => installAsyncContext(new StorageContext(new AsyncLocalStorage())));
  afterEach(() => installAsyncContext(undefined));

  it("is a root, told to its own handlers and to those of the context", async () => {
    const outer: Call[] = [];
    const own: Call[] = [];
    await afterTheRun(() => leaf.invoke("b", { callbacks: [recordingHandler(own, { name: "own" })] }), outer);
    expect(starts(own)).toEqual([["leaf", undefined]]);
    expect(starts(outer)).toEqual([
      ["root", undefined],
      ["leaf", undefined],
    ]);
    expect(own.map(([method]) => method)).toEqual(["handleChainStart", "handleChainEnd"]);
  });

  it("streams its events and its log", async () => {
    const events = await afterTheRun(() => collect(leaf.streamEvents("b")));
    expect(events.map(({ event, parent_ids }) => [event, parent_ids])).toEqual([
      ["on_chain_start", []],
      ["on_chain_stream", []],
      ["on_chain_end", []],
    ]);
    expect(await afterTheRun(() => collect(leaf.streamLog("b")))).toHaveLength(3);
  });
});

describe("a call with the config of a run that has ended", () => {
  it("is told of as a root", async () => {
    const calls: Call[] = [];
    let kept: RunnableConfig | undefined;
    const root = RunnableLambda.from((text: string, config) => {
      kept = config;
      return text;
    });
    await root.invoke("a", { callbacks: [recordingHandler(calls)] });
    calls.length = 0;
    await leaf.invoke("b", kept);
    await collect(await leaf.stream("c", kept));
    expect(starts(calls)).toEqual([
      ["leaf", undefined],
      ["leaf", undefined],
    ]);
    expect(await collect(leaf.streamEvents("d", { ...kept, version: "v2" }))).toHaveLength(3);
  });

  it("neither reaches the events of that run nor waits for their reader", async () => {
    let kept: RunnableConfig | undefined;
    const root = RunnableLambda.from((text: string, config) => {
      kept = config;
      return text;
    });
    const events = root.streamEvents("a");
    const names: string[] = [];
    for (let next = await events.next(); !next.done; next = await events.next()) names.push(next.value.event);
    await leaf.batch(
      Array.from({ length: 100 }, () => "b"),
      kept,
    );
    await settle();
    expect(names).toEqual(["on_chain_start", "on_chain_stream", "on_chain_end"]);
    expect((await events.next()).done).toBe(true);
  });
});
