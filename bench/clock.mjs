/** Timing for benches: works take turns, so that all of them see the same machine, and the median of many rounds counts. */

/** Where results go, so that an engine cannot leave out work whose result nobody uses. */
let sink;

/**
 * Times works against each other. Each is warmed up, and how often it runs in one sample follows from how long it takes.
 *
 * @param {readonly (() => unknown)[]} works each returns what it made.
 * @param {{ rounds?: number, warmUpMs?: number, sampleMs?: number, beforeSample?: () => void }} [options] samples per work
 *   (default 31); warm-up of each in milliseconds (default 60); how long one sample lasts at least, in milliseconds (default 1).
 *   Works of different sizes need samples long enough for each to have its share of garbage collections, or only the large ones
 *   show it. `beforeSample` is called before each, for instance to collect what a neighbour left.
 * @returns {{ ns: number, low: number, high: number, samples: number[] }[]} per work, nanoseconds per run: the median, the
 *   middle half of the samples, and every sample in the order it was taken.
 */
export function timeInTurns(works, { rounds = 31, warmUpMs = 60, sampleMs = 1, beforeSample } = {}) {
  const repeats = works.map((work) => warmUp(work, warmUpMs, sampleMs));
  const taken = works.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < works.length; turn += 1) {
      // Every other round goes backwards: what a work leaves behind for its neighbour evens out.
      const place = round % 2 === 0 ? turn : works.length - 1 - turn;
      beforeSample?.();
      taken[place].push(sample(works[place], repeats[place]));
    }
  }
  return taken.map(summarize);
}

/**
 * The same for works that give promises: one run is awaited before the next begins. Where one run takes seconds, a warm-up of 0
 * leaves it out: the first round, which is cold, then hardly moves the median.
 */
export async function timeAsyncInTurns(works, { rounds = 31, warmUpMs = 60, sampleMs = 1, beforeSample } = {}) {
  const repeats = [];
  for (const work of works) repeats.push(warmUpMs === 0 ? 1 : await warmUpAsync(work, warmUpMs, sampleMs));
  const taken = works.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < works.length; turn += 1) {
      const place = round % 2 === 0 ? turn : works.length - 1 - turn;
      beforeSample?.();
      taken[place].push(await sampleAsync(works[place], repeats[place]));
    }
  }
  return taken.map(summarize);
}

/**
 * Touches the whole young generation. Its pages cost ten times an allocation when they are first used, which would fall to
 * whatever is measured first.
 */
export function touchMemory() {
  for (let megabyte = 0; megabyte < 400; megabyte += 1)
    sink = Array.from({ length: 1_000 }, () => new Array(128).fill(0));
}

/** Runs a work until it is warm; returns how often it is to run in one sample. */
function warmUp(work, milliseconds, sampleMs) {
  let runs = 0;
  const start = performance.now();
  do {
    sink = work();
    runs += 1;
  } while (performance.now() - start < milliseconds || runs < 3);
  const each = sample(work, Math.max(1, Math.ceil(runs / 10))) / 1e6;
  return Math.max(1, Math.ceil(sampleMs / each));
}

function sample(work, repeats) {
  const start = performance.now();
  for (let run = 0; run < repeats; run += 1) sink = work();
  return ((performance.now() - start) * 1e6) / repeats;
}

async function warmUpAsync(work, milliseconds, sampleMs) {
  let runs = 0;
  const start = performance.now();
  do {
    sink = await work();
    runs += 1;
  } while (performance.now() - start < milliseconds || runs < 3);
  const each = (await sampleAsync(work, Math.max(1, Math.ceil(runs / 10)))) / 1e6;
  return Math.max(1, Math.ceil(sampleMs / each));
}

async function sampleAsync(work, repeats) {
  const start = performance.now();
  for (let run = 0; run < repeats; run += 1) sink = await work();
  return ((performance.now() - start) * 1e6) / repeats;
}

function summarize(samples) {
  return { ns: quantile(samples, 0.5), low: quantile(samples, 0.25), high: quantile(samples, 0.75), samples };
}

/** A quantile of numbers: the median at 0.5. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** The exponent of a cost that grows as a power of the size: the slope of a line through the logarithms. */
export function fittedExponent(sizes, costs) {
  const xs = sizes.map(Math.log);
  const ys = costs.map(Math.log);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const slope = xs.reduce((sum, each, place) => sum + (each - x) * (ys[place] - y), 0);
  return slope / xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
}

/** Time in the unit that fits it. */
export function formatTime(ns) {
  if (ns < 1_000) return `${ns.toFixed(ns < 100 ? 1 : 0)} ns`;
  return ns < 1_000_000 ? `${(ns / 1_000).toFixed(2)} us` : `${(ns / 1_000_000).toFixed(2)} ms`;
}

/** What was made last; only to keep it alive. */
export const lastResult = () => sink;
