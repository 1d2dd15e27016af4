/**
 * Measures linnet under heavy loads, each in a process of its own with a ceiling for its heap: see bench/loads.mjs.
 *
 * Usage: npm run loads -- [--only words] [--strict]
 *   --only    the loads whose name has this in it
 *   --strict  exit code 1 where a figure is over its limit
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { withLinnet } from "../bench/load-linnet.mjs";
import { loads } from "../bench/loads.mjs";
import { isMainModule } from "./lib/run-as-script.mjs";

const runLoad = fileURLToPath(new URL("../bench/run-load.mjs", import.meta.url));

/**
 * Runs one load under its ceiling, with the entries of linnet that it needs.
 *
 * @param {{ name: string, ceilingMb: number, entries?: string }} load
 * @returns {Promise<{ figure: string, value: number, atMost: number, unit: string, isTime?: boolean }[]>}
 */
export async function measureLoad({ name, ceilingMb, entries = "index" }) {
  const flags = ["--expose-gc", `--max-old-space-size=${ceilingMb}`];
  return withLinnet(entries, async (url) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, runLoad, url, name]);
    return JSON.parse(stdout);
  });
}

async function main() {
  const { values } = parseArgs({
    options: { only: { type: "string", default: "" }, strict: { type: "boolean", default: false } },
  });
  const over = [];
  for (const load of loads.filter(({ name }) => name.includes(values.only))) {
    console.log(`${load.name} (${load.ceilingMb} MB)`);
    for (const { figure, value, atMost, unit } of await measureLoad(load)) {
      const isOver = value > atMost;
      const shown = Number.isInteger(value) ? String(value) : value.toPrecision(3);
      if (isOver) over.push(`${load.name}: ${figure}`);
      console.log(`  ${figure.padEnd(40)} ${shown.padStart(9)} of ${atMost} ${unit}${isOver ? "  OVER" : ""}`);
    }
  }
  if (over.length === 0) return;
  console.log(`\nOver the limit: ${over.join("; ")}.`);
  if (values.strict) process.exitCode = 1;
}

if (isMainModule(import.meta.url)) await main();
