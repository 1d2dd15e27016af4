/**
 * The first 1,800 calls of a row, in a process that has done nothing before; prints the nanoseconds that one took.
 *
 * Usage: node run-cold.mjs <library> <folder of linnet> <name of the row>
 */
import { loadLibrary } from "./libraries.mjs";
import { loadRows } from "./load-rows.mjs";

const CALLS = 1_800;
const [name, folder, rowName] = process.argv.slice(2);
const library = await loadLibrary(name, folder);
const row = (await loadRows(name)).find((candidate) => candidate.name === rowName);
const work = (name === "sdk" ? row.sdk : row.prepare)(library);
const start = performance.now();
for (let calls = 0; calls < CALLS; calls += row.per) await work();
process.stdout.write(String(((performance.now() - start) * 1e6) / CALLS));
