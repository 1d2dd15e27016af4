import { largestFitting } from "./largest-fitting.ts";

/** How often the size of a window is estimated before it is searched for by halving. */
const MAX_ESTIMATES = 4;

/** Tokens, and of how many messages. */
export interface Count {
  readonly tokens: number;
  readonly messages: number;
}

/** What is looked for: how many units, counted from one end of a conversation, may be kept. */
export interface WindowSearch {
  /** How many units there are. */
  readonly units: number;
  /** How many tokens may be kept. */
  readonly maxTokens: number;
  /** What is kept in any case. */
  readonly base: Count;
  /** A unit, counted message by message. */
  countUnit(unit: number): Promise<Count>;
  /** A window of so many units with what is kept in any case, counted as one list. */
  countWindow(units: number): Promise<number>;
}

/** The largest window that fits. */
export interface FittingWindow {
  readonly units: number;
  /** What the counter says of it as one list. */
  readonly tokens: number;
  /** How many tokens a message costs less in a list than alone. */
  readonly saving: number;
}

/**
 * Finds the largest window that fits, given that a larger one never counts less.
 *
 * Each message is counted alone once, and the sums tell how many fit. That is an estimate, since counters may add something
 * to each list. So the window is counted as one list, which also tells how much less a message costs in a list than alone,
 * and the estimate is made anew, until one unit more is known not to fit. A counter that only adds needs two lists for that,
 * one that also adds something to each list three; for any other the search goes on by halving.
 */
export async function largestWindow(search: WindowSearch): Promise<FittingWindow> {
  const finder = new WindowFinder(search);
  await finder.find();
  return finder;
}

class WindowFinder implements FittingWindow {
  units = 0;
  tokens: number;
  saving = 0;
  /** The fewest units that are known not to fit. */
  #tooMany: number;
  /** What any number of units counts, message by message, as far as it was asked for. */
  readonly #sums: Count[];
  readonly #search: WindowSearch;

  constructor(search: WindowSearch) {
    this.tokens = search.base.tokens;
    this.#tooMany = search.units + 1;
    this.#sums = [search.base];
    this.#search = search;
  }

  async find(): Promise<void> {
    for (let tries = 0; tries < MAX_ESTIMATES && this.#isOpen(); tries += 1) {
      const units = Math.max(await this.#estimate(), this.units + 1);
      const tokens = await this.#count(units);
      const sum = await this.#sumOf(units);
      // A message alone tells nothing of lists.
      if (sum.messages > 1) this.saving = (sum.tokens - tokens) / (sum.messages - 1);
    }
    const least = this.units;
    await largestFitting(this.#tooMany - 1 - least, async (more) => {
      return (await this.#count(least + more)) <= this.#search.maxTokens;
    });
  }

  #isOpen(): boolean {
    return this.#tooMany - this.units > 1;
  }

  /** How many units fit, to go by what is known so far. */
  async #estimate(): Promise<number> {
    for (let units = this.units; ; units += 1) {
      if (units + 1 >= this.#tooMany) return units;
      const sum = await this.#sumOf(units + 1);
      if (sum.tokens - this.saving * (sum.messages - 1) > this.#search.maxTokens) return units;
    }
  }

  async #sumOf(units: number): Promise<Count> {
    let sum = this.#sums[Math.min(units, this.#sums.length - 1)] as Count;
    while (this.#sums.length <= units) {
      const unit = await this.#search.countUnit(this.#sums.length - 1);
      sum = { tokens: sum.tokens + unit.tokens, messages: sum.messages + unit.messages };
      this.#sums.push(sum);
    }
    return sum;
  }

  /** Counts a window of a size that is not known to fit or not, and takes note of which it is. */
  async #count(units: number): Promise<number> {
    const tokens = await this.#search.countWindow(units);
    if (tokens > this.#search.maxTokens) this.#tooMany = units;
    else [this.units, this.tokens] = [units, tokens];
    return tokens;
  }
}
