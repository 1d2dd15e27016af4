/**
 * Loads whose heap is watched, each run once in a process of its own. Prints what is used before and after; the engine prints
 * what is used at each collection.
 *
 * Usage: node --expose-gc --trace-gc heap-loads.mjs <library> <folder of linnet> <name of the load>
 */
import { isMainModule } from "../scripts/lib/run-as-script.mjs";
import { loadLibrary } from "./libraries.mjs";
import { chainOf, input, readAll, streamingModel, threeLambdas } from "./parts.mjs";
import { parseJson, trim } from "./scenarios/texts.mjs";

/** @type {{ name: string, prepare: (library: object) => () => Promise<unknown> }[]} */
export const heapLoads = [
  {
    name: "10,000 streams at once, 20 tokens each",
    prepare: (library) => {
      const chain = chainOf(library, streamingModel(library, 20));
      return () => Promise.all(Array.from({ length: 10_000 }, async () => readAll(await chain.stream(input))));
    },
  },
  {
    name: "one chain stream of 100,000 tokens",
    prepare: (library) => {
      const chain = chainOf(library, streamingModel(library, 100_000));
      return async () => readAll(await chain.stream(input));
    },
  },
  {
    name: "streamEvents v2 of 20,000 tokens",
    prepare: (library) => {
      const chain = chainOf(library, streamingModel(library, 20_000));
      return () => readAll(chain.streamEvents(input, { version: "v2" }));
    },
  },
  {
    name: "batch of 100,000",
    prepare: (library) => {
      const chain = threeLambdas(library);
      const inputs = Array.from({ length: 100_000 }, (_, place) => place);
      return () => chain.batch(inputs);
    },
  },
  { name: "JSON parser, 17 kB", prepare: parseJson(1_300) },
  { name: "trimMessages, 2,000 messages", prepare: trim(2_000) },
];

async function run(name, folder, loadName) {
  const library = await loadLibrary(name, folder);
  const work = heapLoads.find((load) => load.name === loadName).prepare(library);
  const used = () => (process.memoryUsage().heapUsed / 1024 / 1024).toFixed(2);
  globalThis.gc();
  console.log(`base ${used()}`);
  await work();
  console.log(`end ${used()}`);
}

if (isMainModule(import.meta.url)) await run(...process.argv.slice(2));
