/** How many reports an author may be ahead of the chunks they belong to; the oldest is dropped beyond that. */
const REPORT_LIMIT = 64;

/**
 * Decides with which token each streamed chunk is told, so that one chunk is one report however the author reports:
 * before the yield, after it, never, or twice.
 *
 * The framework tells of a chunk when it receives it. An author's report that came before is where the token is taken
 * from: the one made for this very chunk, or the k-th report for the k-th chunk. A report that comes after its chunk has
 * nothing left to do.
 */
export class TokenLedger {
  #received = 0;
  #reports = 0;
  /** The reports that came before their chunks, as two lists: a token makes no object here. */
  readonly #tokens: string[] = [];
  readonly #chunks: unknown[] = [];

  /** The author's own report. */
  report(token: string, chunk: unknown): void {
    const place = this.#reports;
    this.#reports += 1;
    if (chunk === undefined && place < this.#received) return;
    this.#tokens.push(token);
    this.#chunks.push(chunk);
    if (this.#tokens.length > REPORT_LIMIT) this.#take(0);
  }

  /** The token that a chunk is told with; undefined where the author said nothing of it. */
  receive(chunk: unknown): string | undefined {
    this.#received += 1;
    if (this.#tokens.length === 0) return undefined;
    const exact = this.#chunks.indexOf(chunk);
    return this.#take(exact === -1 ? this.#chunks.indexOf(undefined) : exact);
  }

  #take(place: number): string | undefined {
    if (place === -1) return undefined;
    // Nearly always the only one: `splice` would make a list of it.
    if (place === this.#tokens.length - 1) {
      this.#chunks.pop();
      return this.#tokens.pop();
    }
    this.#chunks.splice(place, 1);
    return this.#tokens.splice(place, 1)[0];
  }
}
