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
  #early: { readonly token: string; readonly chunk: unknown }[] | undefined = undefined;

  /** The author's own report. */
  report(token: string, chunk: unknown): void {
    const place = this.#reports;
    this.#reports += 1;
    if (chunk === undefined && place < this.#received) return;
    this.#early ??= [];
    this.#early.push({ token, chunk });
    if (this.#early.length > REPORT_LIMIT) this.#early.shift();
  }

  /** The token that a chunk is told with; undefined where the author said nothing of it. */
  receive(chunk: unknown): string | undefined {
    this.#received += 1;
    if (this.#early === undefined) return undefined;
    const exact = this.#early.findIndex((report) => report.chunk === chunk);
    const found = exact === -1 ? this.#early.findIndex((report) => report.chunk === undefined) : exact;
    if (found === -1) return undefined;
    const [report] = this.#early.splice(found, 1);
    if (this.#early.length === 0) this.#early = undefined;
    return report?.token;
  }
}
