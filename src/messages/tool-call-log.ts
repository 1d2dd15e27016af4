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
  readonly piece: ToolCallChunk | undefined;
  readonly args: string | undefined;
  readonly before: Run | undefined;
}

/**
 * The calls that pieces fold to, and what they were folded from. A sum that stands on the right of another is folded anew,
 * piece by piece, onto what stands on the left; folding its folded list instead would depend on how a stream was cut.
 */
export class ToolCallLog implements Run, ToolCallFold {
  /** The list that this tells of, and its length. A message that has another one has no use for the log. */
  list: readonly ToolCallChunk[];
  count: number;
  readonly folded: ToolCallChunk[];
  last: number;
  places: Places | undefined;
  /** The last run. It is written to; those before are shared with other logs. */
  piece: ToolCallChunk | undefined;
  args: string | undefined;
  before: Run | undefined;
  /** Whether no piece has fields of a provider's own. */
  isPlain: boolean;
  /** The calls that the pieces stand for, once somebody has read them. */
  calls: ToolCalls | undefined;

  constructor(
    folded: ToolCallChunk[],
    last: number,
    isPlain: boolean,
    places: Places | undefined,
    run: Run | undefined,
  ) {
    this.list = folded;
    this.count = folded.length;
    this.folded = folded;
    this.last = last;
    this.isPlain = isPlain;
    this.places = places;
    this.piece = run?.piece;
    this.args = run?.args;
    this.before = run?.before;
    this.calls = undefined;
  }

  /** The log of a list of pieces as they came. */
  static of(list: readonly ToolCallChunk[]): ToolCallLog {
    const log = new ToolCallLog([], -1, true, undefined, undefined);
    log.add(list);
    log.list = list;
    log.count = list.length;
    return log;
  }

  /** A log of the same calls for another message, with its own list of them. */
  copy(): ToolCallLog {
    const { folded, last, isPlain, places } = this;
    // They will be true of only one of us; whoever goes on is likely to be the copy.
    this.places = undefined;
    return new ToolCallLog(
      folded.map((call) => copyPiece(call, isPlain)),
      last,
      isPlain,
      places,
      this,
    );
  }

  /** Whether this tells of a list: nothing was added to it or taken from it since. */
  isOf(list: readonly ToolCallChunk[]): boolean {
    return list === this.list && list.length === this.count;
  }

  /** Adds more pieces as they came; from then on this tells of its own calls. */
  add(pieces: readonly ToolCallChunk[]): void {
    for (const piece of pieces) {
      const call = this.folded[this.last];
      if (call !== undefined && this.piece !== undefined && goesOnWith(this.piece, piece)) {
        this.args = (this.args as string) + piece.args;
        addArguments(call, piece.args as string);
      } else {
        const { piece: first, args, before } = this;
        if (first !== undefined) this.before = { piece: first, args, before };
        const isPlain = isPlainPiece(piece);
        this.isPlain &&= isPlain;
        this.piece = copyPiece(piece, isPlain);
        this.args = piece.args;
        foldPiece(this, piece, isPlain);
      }
    }
    this.list = this.folded;
    this.count = this.folded.length;
  }

  /** The pieces in the order they came, runs of them as one. */
  pieces(): ToolCallChunk[] {
    const pieces: ToolCallChunk[] = [];
    for (let run: Run | undefined = this; run?.piece !== undefined; run = run.before) {
      const { piece, args } = run;
      pieces.push(args === piece.args ? piece : { ...piece, args });
    }
    return pieces.reverse();
  }
}
