import { LinnetError } from "../errors/linnet-error.ts";
import { Fifo } from "./fifo.ts";

/**
 * How much runs at once in a whole tree of fan-outs (batches, maps): the calls of the tree share its permits.
 *
 * Every fan-out has one turn of its own, which stands for the one that its parent holds, so that no fan-out ever waits
 * for what waits for it. The limit therefore has one permit less than its size; those who want one stand in line, and are
 * served in the order in which they came.
 */
export class ConcurrencyLimit {
  /** How much runs at once, at least 1. */
  readonly size: number;
  /** The limit of the tree around this one, which holds here too. */
  readonly outer: ConcurrencyLimit | undefined;
  /** Below zero while work that nobody waits for any more holds turns that were given away. */
  #spare: number;
  /** Those who wait; who has left meanwhile is passed over. It is empty while a permit is spare, but for being served. */
  readonly #line: Fifo<Turns> = new Fifo();
  #serving = false;

  constructor(size: number, outer?: ConcurrencyLimit) {
    this.size = checkedLimit(size);
    this.outer = outer;
    this.#spare = Math.floor(size) - 1;
  }

  /** @internal Takes a permit, or puts the one who asks in line. */
  "~take"(turns: Turns): boolean {
    // A permit may be spare because the line is being served: whoever stands there comes first.
    if (this.#spare > 0 && this.#line.size === 0) {
      this.#spare -= 1;
      return true;
    }
    this.#line.push(turns);
    return false;
  }

  /** @internal Counts work that goes on though its turn was given away. */
  "~owe"(): void {
    this.#spare -= 1;
  }

  /** @internal Takes a permit back, and serves the line. Those who are served may give permits back meanwhile. */
  "~give"(): void {
    this.#spare += 1;
    if (this.#serving || this.#line.size === 0) return;
    this.#serving = true;
    while (this.#spare > 0) {
      const turns = this.#line.shift();
      if (turns === undefined) break;
      if (!turns["~waitsFor"](this)) continue;
      this.#spare -= 1;
      turns["~granted"](this);
    }
    this.#serving = false;
  }
}

/** The turns of one fan-out below a limit: one of its own, and what it gets of the limit's permits. */
export class Turns {
  readonly #limit: ConcurrencyLimit;
  readonly #resume: () => void;
  #held = 0;
  /** The limit in whose line it stands; it holds a permit of each limit inside that one. */
  #waitsFor: ConcurrencyLimit | undefined = undefined;
  #granted = false;

  /** @param resume called when a turn is there for one who was refused it; whoever has no use for it does not take it. */
  constructor(limit: ConcurrencyLimit, resume: () => void) {
    this.#limit = limit;
    this.#resume = resume;
  }

  /** Takes a turn for one piece of work; false where it has to wait. */
  take(): boolean {
    if (this.#held > 0) {
      if (this.#granted) this.#granted = false;
      else if (!this.#reach(this.#limit)) return false;
    }
    this.#held += 1;
    return true;
  }

  /** Gives back the turn of work that ended. */
  give(): void {
    this.#held -= 1;
    if (this.#held > 0) this.#giveTo(undefined);
  }

  /**
   * Starts nothing more. Work that is still under way goes on without this fan-out's own turn, which its parent takes
   * back: it holds a permit instead, until it ends.
   */
  leave(): void {
    this.#leaveLine();
    if (this.#held === 0) return;
    this.#held += 1;
    for (let limit: ConcurrencyLimit | undefined = this.#limit; limit !== undefined; limit = limit.outer)
      limit["~owe"]();
  }

  /** Gives all turns back: nothing is under way any more. */
  end(): void {
    this.#leaveLine();
    while (this.#held > 0) this.give();
  }

  /** @internal */
  "~waitsFor"(limit: ConcurrencyLimit): boolean {
    return this.#waitsFor === limit;
  }

  /** @internal */
  "~granted"(limit: ConcurrencyLimit): void {
    this.#waitsFor = undefined;
    if (limit.outer !== undefined && !this.#reach(limit.outer)) return;
    this.#granted = true;
    this.#resume();
    if (!this.#granted) return;
    this.#granted = false;
    this.#giveTo(undefined);
  }

  #leaveLine(): void {
    const waitsFor = this.#waitsFor;
    if (waitsFor === undefined) return;
    this.#waitsFor = undefined;
    this.#giveTo(waitsFor);
  }

  /** Takes a permit of a limit and of all around it, as far as there are any. */
  #reach(from: ConcurrencyLimit): boolean {
    if (this.#waitsFor !== undefined) return false;
    for (let limit: ConcurrencyLimit | undefined = from; limit !== undefined; limit = limit.outer) {
      if (limit["~take"](this)) continue;
      this.#waitsFor = limit;
      return false;
    }
    return true;
  }

  /** Gives a permit back to every limit inside `end`. */
  #giveTo(end: ConcurrencyLimit | undefined): void {
    let limit: ConcurrencyLimit | undefined = this.#limit;
    for (; limit !== undefined && limit !== end; limit = limit.outer) limit["~give"]();
  }
}

/** A limit as it was given. @throws LinnetError `INVALID_CONFIG` for one below 1. */
export function checkedLimit(limit: number): number {
  if (typeof limit === "number" && limit >= 1) return limit;
  throw new LinnetError(`Expected maxConcurrency to be at least 1, got ${String(limit)}. Leave it out for no limit.`, {
    code: "INVALID_CONFIG",
    data: { maxConcurrency: limit },
  });
}
