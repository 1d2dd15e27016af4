/**
 * Measures the costs of linnet alone, from its source, in less than a minute: the rows of peers/scenarios beside the limit
 * of the language (the author's own code, called bare), single operations of messages, how costs grow with their size, and
 * figures to keep. `peers/bench.mjs` measures the same rows side by side with other libraries.
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
import { fittedExponent, formatTime, quantile, timeAsyncInTurns, timeInTurns, touchMemory } from "../bench/clock.mjs";
import { growthRows } from "../bench/growths.mjs";
import { withLinnet } from "../bench/load-linnet.mjs";
import { messageRows } from "../bench/messages.mjs";
import { loadRows } from "../peers/load-rows.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "31" },
    only: { type: "string", default: "" },
    strict: { type: "boolean", default: false },
  },
});
const rounds = Math.max(5, Number(values.rounds));
const maxExponent = 1.1;
const broken = [];

const linnet = await withLinnet("index", (url) => import(url));
const { operations, growths, limits } = messageRows(linnet);
const scenarios = (await loadRows("linnet")).filter(({ name }) => !/^(concat|accumulator)/.test(name));
const wanted = (rows) => rows.filter((row) => row.name.includes(values.only));

touchMemory();
await printOperations(wanted([...scenarios, ...operations]));
await printGrowths(wanted([...growthRows(linnet), ...growths]));
await printLimits(wanted(limits));
if (broken.length > 0) {
  console.log(`\nOver the limit: ${broken.join("; ")}.`);
  if (values.strict) process.exitCode = 1;
}

/** What one operation takes, and what it takes without a library. */
async function printOperations(rows) {
  if (rows.length === 0) return;
  const spread = `median of ${rounds} rounds; middle half`;
  console.log(`${"operation".padEnd(57)}linnet   ${spread.padEnd(40)}bare     ratio`);
  for (const { name, per = 1, prepare, bare, isAsync, rounds: heavyRounds, atMostBare } of rows) {
    const works = [prepare(linnet), ...(bare === undefined ? [] : [bare(linnet)])];
    const options = heavyRounds === undefined ? { rounds } : { rounds: heavyRounds, warmUpMs: 0 };
    const [{ ns, low, high, samples }, limit] = await clock(isAsync)(works, options);
    const each = (time) => formatTime(time / per);
    const ratio =
      limit &&
      quantile(
        samples.map((time, round) => time / limit.samples[round]),
        0.5,
      );
    const shown = `${name.padEnd(53)} ${each(ns).padStart(9)}   ${`${each(low)} to ${each(high)}`.padEnd(36)}`;
    if (ratio > atMostBare) broken.push(`${name}: ${ratio.toFixed(2)}x the bare one, at most ${atMostBare}x`);
    const beside = limit === undefined ? "" : `${each(limit.ns).padStart(9)} ${`${ratio.toFixed(1)}x`.padStart(9)}`;
    console.log(`${shown}${beside}${ratio > atMostBare ? "  OVER" : ""}`.trimEnd());
  }
}

/** How a cost grows while the size doubles three times. */
async function printGrowths(rows) {
  if (rows.length === 0) return;
  const title = "n  of each at n, 2n, 4n, 8n               doublings         exponent";
  console.log(`\n${"growth".padEnd(55)}${title}`);
  for (const { name, n, prepare, isAsync } of rows) {
    const sizes = [n, 2 * n, 4 * n, 8 * n];
    const works = sizes.map(prepare);
    const { costs, doublings, exponent } = await best(
      () => measureGrowth(sizes, works, isAsync),
      (growth) => growth.exponent <= maxExponent,
    );
    const isOver = exponent > maxExponent;
    if (isOver) broken.push(`${name}: grows with the power ${exponent.toFixed(2)} of its size, at most ${maxExponent}`);
    const each = sizes.map((size, place) => formatTime(costs[place] / size).padStart(9)).join("");
    const factors = doublings.map((factor) => `${factor.toFixed(2)}x`).join(" ");
    const shown = `${factors}  ${exponent.toFixed(2)}${isOver ? "  OVER" : ""}`;
    console.log(`${name.padEnd(50)} ${String(n).padStart(5)} ${each}  ${shown}`);
  }
}

/** Of neighbours in one round, so that what slows the machine for a while slows both; the costs follow from the first. */
async function measureGrowth(sizes, works, isAsync) {
  const times = await clock(isAsync)(works, { rounds, warmUpMs: 30, sampleMs: 4 });
  const doublings = times.slice(1).map(({ samples }, place) =>
    quantile(
      samples.map((time, round) => time / times[place].samples[round]),
      0.5,
    ),
  );
  let steady = 1;
  const growing = [1, ...doublings.map((factor) => (steady *= factor))];
  return { costs: times.map(({ ns }) => ns), doublings, exponent: fittedExponent(sizes, growing) };
}

/** Figures to keep: a time in milliseconds, or by how much one work is cheaper than another. */
async function printLimits(rows) {
  if (rows.length === 0) return;
  console.log(`\n${"limit".padEnd(50)}   measured     bound`);
  for (const { name, prepare, against, atMostMs, atLeast } of rows) {
    const works = against === undefined ? [prepare()] : [prepare(), against()];
    const isHeld = ([own, other]) => (other === undefined ? own.ns / 1e6 < atMostMs : other.ns / own.ns >= atLeast);
    const times = await best(() => timeInTurns(works, { rounds }), isHeld);
    const [own, other] = times;
    const measured = other === undefined ? formatTime(own.ns) : `${(other.ns / own.ns).toFixed(1)}x`;
    const bound = other === undefined ? `< ${atMostMs} ms` : `>= ${atLeast}x`;
    if (!isHeld(times)) broken.push(`${name}: ${measured}, to be ${bound}`);
    console.log(`${name.padEnd(50)} ${measured.padStart(10)}  ${bound.padStart(8)}${isHeld(times) ? "" : "  OVER"}`);
  }
}

function clock(isAsync) {
  return isAsync ? timeAsyncInTurns : timeInTurns;
}

/** Measures up to three times, until a bound is held: a busy machine can break one, but never mend one that is broken. */
async function best(measure, isHeld) {
  for (let attempt = 1; ; attempt += 1) {
    const measured = await measure();
    if (attempt === 3 || isHeld(measured)) return measured;
  }
}
