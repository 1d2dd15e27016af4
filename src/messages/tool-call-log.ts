import type { ToolCallChunk, ToolCalls } from "./tool-call.ts";
import {
  addArguments,
  copyPiece,
  foldPiece,
  goesOnWith,
  isPlainPiece,
  type Places,
  type ToolCallFold,
} from "./tool-call-fold.ts";

/** A piece as it came, with what pieces right after it added to its arguments; and what came before. */
interface Run {
  readonly piece: ToolCallChunk;
  readonly args: string | undefined;
  readonly before: Run | undefined;
}

/** What stays while pieces add to the arguments of one call; logs share it. */
interface Tip {
  /** The first piece of the last run; its arguments as they are by now are the log's own. */
  readonly piece: ToolCallChunk;
  /** The runs before it. */
  readonly before: Run | undefined;
  /** The place of the call that it went to. */
  readonly last: number;
  /** Whether no piece so far has fields of a provider's own. */
  readonly isPlain: boolean;
  /** Where the calls stand, until somebody takes it along to a next tip. */
  places: Places | undefined;
}

/**
 * The calls that pieces fold to, and what they were folded from. A sum that stands on the right of another is folded anew,
 * piece by piece, onto what stands on the left; folding its folded list instead would depend on how a stream was cut.
 */
export class ToolCallLog {
  /** The list that this tells of, and its length. A message that has another one has no use for the log. */
  declare list: readonly ToolCallChunk[];
  declare count: number;
  declare readonly folded: ToolCallChunk[];
  declare tip: Tip | undefined;
  /** The arguments of the last run. */
  declare args: string | undefined;
  /** The calls that the pieces stand for, once somebody has read them. */
  declare calls: ToolCalls | undefined;

  constructor(folded: ToolCallChunk[], tip: Tip | undefined, args: string | undefined) {
    this.list = folded;
    this.count = folded.length;
    this.folded = folded;
    this.tip = tip;
    this.args = args;
    this.calls = undefined;
  }

  /** The log of a list of pieces as they came. */
  static of(list: readonly ToolCallChunk[]): ToolCallLog {
    const log = new ToolCallLog([], undefined, undefined);
    log.add(list);
    log.list = list;
    log.count = list.length;
    return log;
  }

  /** A log of the same calls for another message, with its own list of them. */
  copy(): ToolCallLog {
    const { folded, tip, args } = this;
    const calls = folded.slice();
    for (let place = 0; place < calls.length; place += 1) {
      calls[place] = copyPiece(calls[place] as ToolCallChunk, tip?.isPlain === true);
    }
    return new ToolCallLog(calls, tip, args);
  }

  /** Whether this tells of a list: nothing was added to it or taken from it since. */
  isOf(list: readonly ToolCallChunk[]): boolean {
    return list === this.list && list.length === this.count;
  }

  /** Adds more pieces as they came; from then on this tells of its own calls. */
  add(pieces: readonly ToolCallChunk[]): void {
    const { folded } = this;
    for (const piece of pieces) {
      const { tip } = this;
      const call = folded[tip?.last ?? -1];
      if (tip !== undefined && call !== undefined && goesOnWith(tip.piece, piece)) {
        this.args = (this.args as string) + piece.args;
        addArguments(call, piece.args as string);
      } else this.#begin(piece);
    }
    this.list = folded;
    this.count = folded.length;
  }

  /** Begins a run. */
  #begin(piece: ToolCallChunk): void {
    const { folded, tip, args } = this;
    const isPlain = isPlainPiece(piece);
    const fold: ToolCallFold = { folded, last: tip?.last ?? -1, places: tip?.places };
    // The places will be true of only one of those who share the tip; whoever goes on is likely to be the last.
    if (tip !== undefined) tip.places = undefined;
    foldPiece(fold, piece, isPlain);
    this.tip = {
      piece: copyPiece(piece, isPlain),
      before: tip && { piece: tip.piece, args, before: tip.before },
      last: fold.last,
      isPlain: isPlain && tip?.isPlain !== false,
      places: fold.places,
    };
    this.args = piece.args;
  }

  /** The pieces in the order they came, runs of them as one. */
  pieces(): ToolCallChunk[] {
    const pieces: ToolCallChunk[] = [];
    let run: Run | undefined = this.tip && { ...this.tip, args: this.args };
    for (; run !== undefined; run = run.before) {
      const { piece, args } = run;
      pieces.push(args === piece.args ? piece : { ...piece, args });
    }
    return pieces.reverse();
  }
}
