import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

/** One count: what is summed, how, and how long the stream is. */
export interface CountedSum {
  readonly stream: string;
  readonly summing: string;
  readonly length: number;
}

/**
 * Counts, in a thread of its own, how often each block of the source is run, and how much the runtime's own functions copy or
 * read. No clock is asked, so that a busy machine changes nothing. (The engine's counters are the ones that tell coverage; in
 * this thread they would count for the coverage of the tests.)
 */
const worker = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { Session } = require("node:inspector");
  const { runInThisContext } = require("node:vm");

  const session = new Session();
  session.connect();
  const ask = (method, params) => {
    let answer;
    session.post(method, params, (error, result) => {
      if (error) throw new Error(method + ": " + error.message);
      answer = result;
    });
    return answer;
  };
  ask("Profiler.enable");
  ask("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const { prepare } = runInThisContext("(() => {" + workerData.code + "; return summing; })()", "summing.js");

  let moved = 0;
  const watch = (owner, names, sizeOf) => {
    for (const name of names) {
      const original = owner[name];
      owner[name] = function (...args) {
        const result = original.apply(this, args);
        moved += sizeOf(this, args, result);
        return result;
      };
    }
  };
  const lengthOf = (value) => value?.length ?? 0;
  watch(Array.prototype, ["slice", "map", "filter", "concat", "reverse", "join", "indexOf", "includes"], lengthOf);
  watch(String.prototype, ["trim", "split", "replace"], lengthOf);
  watch(Object, ["keys", "entries"], (_, __, list) => list.length);
  watch(JSON, ["parse"], (_, [text]) => lengthOf(text));
  watch(JSON, ["stringify"], (_, __, text) => lengthOf(text));

  const counts = workerData.sums.map(({ stream, summing, length }) => {
    const sum = prepare(stream, summing, length);
    ask("Profiler.takePreciseCoverage");
    moved = 0;
    sum();
    const { result } = ask("Profiler.takePreciseCoverage");
    const script = result.find(({ url }) => url === "summing.js");
    const ranges = (script?.functions ?? []).flatMap((each) => each.ranges);
    return ranges.reduce((total, range) => total + range.count, moved);
  });
  parentPort.postMessage(counts);
`;

/** How many steps each sum takes. */
export async function countSteps(sums: readonly CountedSum[]): Promise<number[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./summing.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "summing",
    target: "es2022",
  });
  const thread = new Worker(worker, { eval: true, workerData: { code: outputFiles[0]?.text, sums } });
  try {
    return await new Promise((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
    });
  } finally {
    await thread.terminate();
  }
}
