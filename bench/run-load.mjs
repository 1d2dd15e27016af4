/**
 * Runs one load in this process, and prints its rows as JSON. Started by scripts/measure-loads.mjs with the load's ceiling.
 *
 * Usage: node --expose-gc --max-old-space-size=MB bench/run-load.mjs <address of a bundle of linnet> <name of the load>
 */
import { loads } from "./loads.mjs";

const [url, name] = process.argv.slice(2);
let unhandled = 0;
process.on("unhandledRejection", () => {
  unhandled += 1;
});
const load = loads.find((candidate) => candidate.name === name);
const rows = await load.run(await import(url));
await new Promise((resolve) => setTimeout(resolve, 5));
rows.push({ figure: "unhandled rejections", value: unhandled, atMost: 0, unit: "" });
process.stdout.write(JSON.stringify(rows));
