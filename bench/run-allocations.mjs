/**
 * Counts in this process what the workload allocates, and prints it as JSON. Started by scripts/check-allocations.mjs, whose
 * flags make the counts the same every time.
 *
 * Usage: node <flags> bench/run-allocations.mjs <address of a bundle of linnet> bytes|promises [words that a row's name has]
 */
import { getHeapSpaceStatistics, promiseHooks } from "node:v8";
import { workload } from "./allocations.mjs";

/** What a measured loop allocates: much less than the young generation, or it would be collected meanwhile. */
const LOOP_BYTES = 2 * 1024 * 1024;
const ROUNDS = 3;

/** Where objects begin. Not the old space too, whose account jumps by most of a page (256 KB) now and then. */
const BIRTHPLACES = new Set(["new_space", "new_large_object_space", "large_object_space"]);

/** Where a work allocates next to nothing, a loop is this long. */
const MOST_RUNS = 16_384;

/** The clock stands still: a new millisecond costs a new id, and each 10 of them a turn of the event loop. */
const NOW = 1_700_000_000_000;
Date.now = () => NOW;
performance.now = () => 0;

const counters = { bytes: countBytes, promises: countPromises };
const [url, counted, words = ""] = process.argv.slice(2);
const rows = workload(await import(url));
const wanted = rows.filter(({ name }) => name.includes(words));
const named = new Set(wanted.flatMap(({ name, over }) => [name, over]));
const counts = {};
for (const { name, per, prepare } of rows.filter((row) => named.has(row.name))) {
  counts[name] = (await counters[counted](prepare(), name)) / per;
}
const perOperation = wanted.map(({ name, over }) => [name, counts[name] - (over === undefined ? 0 : counts[over])]);
process.stdout.write(JSON.stringify(Object.fromEntries(perOperation)));

/** The bytes that one run of a work allocates. */
async function countBytes(work, name) {
  // What a work allocates only at first would make the loops below too short.
  await repeat(work, 50);
  let runs = 8;
  let bytes = 0;
  while (bytes < LOOP_BYTES / 4) {
    if (runs === MOST_RUNS) return Math.max(0, bytes) / runs;
    runs *= 2;
    bytes = await allocatedBytes(work, runs);
  }
  runs = Math.ceil((runs * LOOP_BYTES) / bytes);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) least = Math.min(least, await allocatedBytes(work, runs));
  // A collection within the loop would pass for thrift.
  if (least < LOOP_BYTES / 2) throw new Error(`The bytes of "${name}" were collected while they were counted.`);
  return least / runs;
}

async function allocatedBytes(work, runs) {
  globalThis.gc();
  const before = usedBytes();
  await repeat(work, runs);
  return usedBytes() - before;
}

function usedBytes() {
  let bytes = 0;
  for (const space of getHeapSpaceStatistics()) if (BIRTHPLACES.has(space.space_name)) bytes += space.space_used_size;
  return bytes;
}

/** The promises that one run of a work makes. An `await` counts as one: while they are counted, the engine makes one for each. */
async function countPromises(work) {
  const runs = 10;
  await repeat(work, runs);
  return ((await madePromises(work, runs)) - (await madePromises(() => undefined, runs))) / runs;
}

async function madePromises(work, runs) {
  let promises = 0;
  const stop = promiseHooks.onInit(() => {
    promises += 1;
  });
  await repeat(work, runs);
  stop();
  return promises;
}

async function repeat(work, runs) {
  for (let run = 0; run < runs; run += 1) {
    const result = work();
    if (result instanceof Promise) await result;
  }
}
