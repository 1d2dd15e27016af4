/**
 * Measures the costs of linnet alone, from its source: what message operations take, how sums grow with their stream, and
 * the limits that these have to keep. `peers/bench.mjs` measures the same side by side with other libraries.
 *
 * Usage: npm run bench -- [--rounds N] [--only words] [--strict]
 *   --rounds  samples per figure, default 31
 *   --only    the rows whose name has this in it
 *   --strict  exit code 1 where a limit is broken
 *
 * npm gives it a young generation of one fixed, roomy size. In a small one, the engine copies a large sum several times
 * while it is built, which makes a linear cost look like more; one that grows makes early samples slower.
 */
import { parseArgs } from "node:util";
import { fittedExponent, formatTime, quantile, timeInTurns, touchMemory } from "../bench/clock.mjs";
import { loadLinnet } from "../bench/load-linnet.mjs";
import { messageRows } from "../bench/messages.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "31" },
    only: { type: "string", default: "" },
    strict: { type: "boolean", default: false },
  },
});
const rounds = Math.max(5, Number(values.rounds));
const broken = [];

const { operations, growths, limits } = messageRows(await loadLinnet());
const wanted = (rows) => rows.filter((row) => row.name.includes(values.only));

touchMemory();
printOperations(wanted(operations));
printGrowths(wanted(growths));
printLimits(wanted(limits));
if (broken.length > 0) {
  console.log(`\nOver the limit: ${broken.join("; ")}.`);
  if (values.strict) process.exitCode = 1;
}

/** What one operation takes. */
function printOperations(rows) {
  if (rows.length === 0) return;
  console.log(
    `operation                                           per operation (median of ${rounds} rounds; middle half)`,
  );
  for (const { name, per = 1, prepare } of rows) {
    const [{ ns, low, high }] = timeInTurns([prepare()], { rounds });
    const each = (time) => formatTime(time / per);
    console.log(`${name.padEnd(50)} ${each(ns).padStart(9)}   ${each(low)} to ${each(high)}`);
  }
}

/** How a cost grows while the stream doubles three times. */
function printGrowths(rows) {
  if (rows.length === 0) return;
  const title = "n  per chunk at n, 2n, 4n, 8n             doublings         exponent";
  console.log(`\n${"growth".padEnd(55)}${title}`);
  for (const { name, n, prepare, bound = 2.3 } of rows) {
    const sizes = [n, 2 * n, 4 * n, 8 * n];
    const works = sizes.map(prepare);
    const { costs, doublings } = best(
      () => measureGrowth(works),
      (growth) => Math.max(...growth.doublings) < bound,
    );
    const over = Math.max(...doublings) >= bound;
    if (over) broken.push(`${name}: a doubling costs ${Math.max(...doublings).toFixed(2)}x, at most ${bound}x`);
    const each = sizes.map((size, place) => formatTime(costs[place] / size).padStart(9)).join("");
    const factors = doublings.map((factor) => `${factor.toFixed(2)}x`).join(" ");
    const exponent = fittedExponent(sizes, costs).toFixed(2);
    console.log(`${name.padEnd(50)} ${String(n).padStart(5)} ${each}  ${factors}  ${exponent}${over ? "  OVER" : ""}`);
  }
}

function measureGrowth(works) {
  const times = timeInTurns(works, { rounds, warmUpMs: 30, sampleMs: 5 });
  // Of neighbours in one round, so that what slows the machine for a while slows both.
  const doublings = times.slice(1).map(({ samples }, place) =>
    quantile(
      samples.map((time, round) => time / times[place].samples[round]),
      0.5,
    ),
  );
  return { costs: times.map(({ ns }) => ns), doublings };
}

/** Figures to keep: a time in milliseconds, or by how much one work is cheaper than another. */
function printLimits(rows) {
  if (rows.length === 0) return;
  console.log(`\n${"limit".padEnd(50)}   measured     bound`);
  for (const { name, prepare, against, atMostMs, atLeast } of rows) {
    const works = against === undefined ? [prepare()] : [prepare(), against()];
    const isHeld = ([own, other]) => (other === undefined ? own.ns / 1e6 < atMostMs : other.ns / own.ns >= atLeast);
    const times = best(() => timeInTurns(works, { rounds }), isHeld);
    const [own, other] = times;
    const measured = other === undefined ? formatTime(own.ns) : `${(other.ns / own.ns).toFixed(1)}x`;
    const bound = other === undefined ? `< ${atMostMs} ms` : `>= ${atLeast}x`;
    if (!isHeld(times)) broken.push(`${name}: ${measured}, to be ${bound}`);
    console.log(`${name.padEnd(50)} ${measured.padStart(10)}  ${bound.padStart(8)}${isHeld(times) ? "" : "  OVER"}`);
  }
}

/** Measures up to three times, until a bound is held: a busy machine can break one, but never mend one that is broken. */
function best(measure, isHeld) {
  for (let attempt = 1; ; attempt += 1) {
    const measured = measure();
    if (attempt === 3 || isHeld(measured)) return measured;
  }
}
