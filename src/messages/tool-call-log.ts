import type { ToolCallChunk } from "./tool-call.ts";
import { CallPlaces, continuesRun, copyPiece, foldPiece } from "./tool-call-fold.ts";

/** A piece as it came, or a run of pieces kept as one, and what came before; all of it ours, and not written to. */
class Run {
  readonly piece: ToolCallChunk;
  readonly before: Run | undefined;

  constructor(piece: ToolCallChunk, before: Run | undefined) {
    this.piece = piece;
    this.before = before;
  }
}

function addToRuns(runs: Run | undefined, piece: ToolCallChunk): Run {
  if (runs === undefined || !continuesRun(runs.piece, piece)) return new Run(copyPiece(piece), runs);
  const longer = copyPiece(runs.piece);
  longer.args = (runs.piece.args as string) + (piece.args as string);
  return new Run(longer, runs.before);
}

/**
 * What a folded list of tool call pieces was folded from. A sum that stands on the right of another is folded anew, piece
 * by piece, onto what stands on the left; folding its folded list instead would depend on how a stream was cut.
 */
export class ToolCallLog {
  /** One piece per call. A message that has another list than this one has no use for the log. */
  readonly folded: ToolCallChunk[];
  readonly runs: Run | undefined;
  /** The place of the call that the last piece went to. */
  readonly last: number;
  readonly count: number;

  constructor(folded: ToolCallChunk[], runs: Run | undefined, last: number) {
    this.folded = folded;
    this.runs = runs;
    this.last = last;
    this.count = folded.length;
  }

  /** The log of a list of pieces as they came; the list itself is not kept. */
  static of(list: readonly ToolCallChunk[]): ToolCallLog {
    const sum = new ToolCallSum();
    for (const piece of list) sum.add(piece);
    return sum.log();
  }

  /** The log of these calls and then those of another, or of pieces as they came. */
  join(other: ToolCallLog | readonly ToolCallChunk[]): ToolCallLog {
    const folded: ToolCallChunk[] = [];
    for (const call of this.folded) folded.push(copyPiece(call));
    let { runs, last } = this;
    for (const piece of other instanceof ToolCallLog ? other.pieces() : other) {
      runs = addToRuns(runs, piece);
      last = foldPiece(folded, last, piece);
    }
    return new ToolCallLog(folded, runs, last);
  }

  /** A log of the same calls for another message, with its own list of them. */
  copy(): ToolCallLog {
    return new ToolCallLog(this.folded.map(copyPiece), this.runs, this.last);
  }

  /** Whether this tells of a list: it is the folded one, and nothing was added to it or taken from it since. */
  isOf(list: readonly ToolCallChunk[]): boolean {
    return list === this.folded && list.length === this.count;
  }

  /** The pieces in the order they came, runs of them as one. */
  pieces(): ToolCallChunk[] {
    const pieces: ToolCallChunk[] = [];
    for (let run = this.runs; run !== undefined; run = run.before) pieces.push(run.piece);
    return pieces.reverse();
  }
}

/** The tool calls of a stream, folded in place as their pieces come. */
export class ToolCallSum {
  readonly #folded: ToolCallChunk[] = [];
  readonly #places: CallPlaces = new CallPlaces();
  /** The pieces as they came, runs of them as one. */
  readonly #pieces: ToolCallChunk[] = [];
  #last = -1;

  add(piece: ToolCallChunk): void {
    const before = this.#pieces[this.#pieces.length - 1];
    if (before !== undefined && continuesRun(before, piece)) before.args = (before.args as string) + piece.args;
    else this.#pieces.push(copyPiece(piece));
    this.#last = foldPiece(this.#folded, this.#last, piece, this.#places);
  }

  /** The log so far; what is added after does not show in it. */
  log(): ToolCallLog {
    let runs: Run | undefined;
    for (const piece of this.#pieces) runs = new Run(copyPiece(piece), runs);
    return new ToolCallLog(this.#folded.map(copyPiece), runs, this.#last);
  }
}
