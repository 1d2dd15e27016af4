import { isPlanned } from "./world.ts";

/** What a program gives when nobody disturbs it. */
export interface Expected {
  /** Its chunks, where they do not depend on timing. */
  readonly chunks: readonly unknown[] | undefined;
  /** Whether it fails in the end, and what its error says; which of several is first may depend on timing. */
  readonly fails: boolean;
  readonly error?: unknown;
}

/**
 * What a reader may be told, whatever it does and whatever breaks: a beginning of what the program gives, then one end or
 * one error, then nothing; once it has left, nothing at all.
 */
export class ReaderModel {
  readonly faults: string[] = [];
  /** Whether it is about to leave, and whether it has left. */
  leaving: boolean = false;
  left: boolean = false;
  aborted: boolean = false;
  /** Whether something was made to fail that would not fail by itself. */
  #broken: boolean = false;
  over: boolean = false;
  error: unknown = undefined;
  reads: number = 0;
  #place: number = 0;
  #expected: Expected;
  readonly #reason: unknown;

  constructor(expected: Expected, reason: unknown) {
    this.#expected = expected;
    this.#reason = reason;
  }

  /** Something breaks. @param recovers whether the program may go on with another text. */
  break(recovers: boolean): void {
    this.#broken = true;
    if (recovers) this.#expected = { ...this.#expected, chunks: undefined };
  }

  item(value: unknown): void {
    const { chunks } = this.#expected;
    if (this.left) this.faults.push("an item after the reader left");
    if (this.over) this.faults.push("an item after the end");
    if (chunks !== undefined && chunks[this.#place] !== value) {
      this.faults.push(`item ${this.#place} is ${String(value)}, not ${String(chunks[this.#place])}`);
    }
    this.#place += 1;
  }

  end(): void {
    if (this.leaving || this.over) return;
    this.over = true;
    const { chunks, fails } = this.#expected;
    if (this.#broken) return;
    if (fails) this.faults.push("an end without the error");
    else if (chunks !== undefined && this.#place < chunks.length) this.faults.push("an end before the last item");
  }

  fail(error: unknown): void {
    if (this.left) this.faults.push("an error after the reader left");
    if (this.over) this.faults.push("an error after the end");
    this.over = true;
    this.error = error;
    const { fails, error: expected } = this.#expected;
    const isOwn = (this.#broken || fails) && (isPlanned(error) || (error as Error).message === expected);
    const isPossible = error === this.#reason ? this.aborted : isOwn;
    if (!isPossible) this.faults.push(`an error that nothing explains: ${String(error)}`);
  }
}
