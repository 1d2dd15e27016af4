import type { ToolCallChunk, ToolCalls } from "./tool-call.ts";
import { copyPiece, foldPiece, goesWithRun, isPlainPiece, PlacesByName } from "./tool-call-fold.ts";

/** A piece as it came, with what pieces right after it added to its arguments; and what came before. Not written to. */
class Run {
  readonly piece: ToolCallChunk;
  readonly args: string | undefined;
  readonly before: Run | undefined;

  constructor(piece: ToolCallChunk, args: string | undefined, before: Run | undefined) {
    this.piece = piece;
    this.args = args;
    this.before = before;
  }
}

/**
 * What a folded list of tool call pieces was folded from. A sum that stands on the right of another is folded anew, piece
 * by piece, onto what stands on the left; folding its folded list instead would depend on how a stream was cut.
 */
export class ToolCallLog {
  /** The list that this tells of. A message that has another one has no use for the log. */
  readonly list: readonly ToolCallChunk[];
  /** One piece per call. */
  readonly folded: ToolCallChunk[];
  readonly runs: Run | undefined;
  /** The place of the call that the last piece went to. */
  readonly last: number;
  /** Whether no piece has fields of a provider's own. */
  readonly isPlain: boolean;
  readonly count: number;
  /** The calls that the pieces stand for, once somebody has read them. */
  calls: ToolCalls | undefined;

  constructor(
    list: readonly ToolCallChunk[],
    folded: ToolCallChunk[],
    runs: Run | undefined,
    last: number,
    isPlain: boolean,
  ) {
    this.list = list;
    this.folded = folded;
    this.runs = runs;
    this.last = last;
    this.isPlain = isPlain;
    this.count = list.length;
    this.calls = undefined;
  }

  /** The log of a list of pieces as they came. */
  static of(list: ToolCallChunk[]): ToolCallLog {
    const [piece] = list;
    if (piece === undefined) return new ToolCallLog(list, list, undefined, -1, true);
    if (list.length === 1)
      return new ToolCallLog(list, list, new Run(piece, piece.args, undefined), 0, isPlainPiece(piece));
    const sum = new ToolCallSum();
    for (const next of list) sum.add(next);
    return sum.log(list);
  }

  /** The log of these calls and then of more pieces as they came. */
  join(pieces: readonly ToolCallChunk[]): ToolCallLog {
    let { runs, last, isPlain } = this;
    const folded: ToolCallChunk[] = [];
    for (const call of this.folded) folded.push(copyPiece(call, isPlain));
    for (const piece of pieces) {
      const isPlainToo = isPlainPiece(piece);
      runs =
        isPlainToo && runs !== undefined && goesWithRun(runs.piece, piece)
          ? new Run(runs.piece, (runs.args as string) + piece.args, runs.before)
          : new Run(copyPiece(piece, isPlainToo), piece.args, runs);
      last = foldPiece(folded, last, piece, isPlainToo, undefined);
      isPlain &&= isPlainToo;
    }
    return new ToolCallLog(folded, folded, runs, last, isPlain);
  }

  /** A log of the same calls for another message, with its own list of them. */
  copy(): ToolCallLog {
    return this.join([]);
  }

  /** Whether this tells of a list: nothing was added to it or taken from it since. */
  isOf(list: readonly ToolCallChunk[]): boolean {
    return list === this.list && list.length === this.count;
  }

  /** The pieces in the order they came, runs of them as one. */
  pieces(): ToolCallChunk[] {
    const pieces: ToolCallChunk[] = [];
    for (let run = this.runs; run !== undefined; run = run.before) {
      pieces.push(run.args === run.piece.args ? run.piece : { ...run.piece, args: run.args });
    }
    return pieces.reverse();
  }
}

/** The tool calls of a stream: runs of pieces are joined as they come, and folded when they are asked for. */
export class ToolCallSum {
  readonly #runs: ToolCallChunk[] = [];
  #run: ToolCallChunk | undefined = undefined;

  add(piece: ToolCallChunk): void {
    const isPlain = isPlainPiece(piece);
    if (isPlain && this.#run !== undefined && goesWithRun(this.#run, piece)) {
      this.#run.args = (this.#run.args as string) + piece.args;
    } else {
      this.#run = copyPiece(piece, isPlain);
      this.#runs.push(this.#run);
    }
  }

  /**
   * The log so far; what is added after does not show in it.
   *
   * @param list the list that it is to tell of. Default: the folded one.
   */
  log(list?: readonly ToolCallChunk[]): ToolCallLog {
    const folded: ToolCallChunk[] = [];
    const places = new PlacesByName();
    let before: Run | undefined;
    let last = -1;
    let isPlain = true;
    for (const run of this.#runs) {
      const isPlainToo = isPlainPiece(run);
      before = new Run(copyPiece(run, isPlainToo), run.args, before);
      last = foldPiece(folded, last, run, isPlainToo, places);
      isPlain &&= isPlainToo;
    }
    return new ToolCallLog(list ?? folded, folded, before, last, isPlain);
  }
}
