import { diffJson } from "../json/json-diff.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { markSnapshot } from "../streams/snapshots.ts";
import type { ParsableGeneration } from "./base-llm-output-parser.ts";
import { BaseTransformOutputParser } from "./base-transform-output-parser.ts";
import { type CumulativeReader, GatheringReader } from "./cumulative-reader.ts";
import type { ParserInput } from "./message-text.ts";

/** The fields of a {@link BaseCumulativeTransformOutputParser}. */
export interface BaseCumulativeTransformOutputParserInput {
  /** Whether a stream gives the changes from one value to the next instead of the values. Default: no. */
  readonly diff?: boolean | undefined;
}

/**
 * A parser whose value grows with the stream: each chunk gives the whole value so far, where that is another than before. The
 * last value is the one that `invoke` gives, and a stream whose whole cannot be parsed fails at its end, as `invoke` does.
 *
 * Values of a stream share what did not change from one to the next: do not write to them.
 *
 * @typeParam Parsed what it gives.
 *
 * @example
 * ```ts
 * import { BaseCumulativeTransformOutputParser, type ParsableGeneration } from "linnet";
 *
 * class Lines extends BaseCumulativeTransformOutputParser<string[]> {
 *   parse(text: string): string[] {
 *     return text.split("\n");
 *   }
 *   parsePartialResult([first]: readonly ParsableGeneration[]): string[] | undefined {
 *     return first && this.parse(first.text).slice(0, -1);
 *   }
 * }
 *
 * for await (const lines of new Lines().transform(["one\ntw", "o"])) console.log(lines);
 * // [ 'one' ]
 * // [ 'one', 'two' ]
 * ```
 */
export abstract class BaseCumulativeTransformOutputParser<Parsed = unknown> extends BaseTransformOutputParser<Parsed> {
  /** Whether a stream gives the changes from one value to the next. */
  declare readonly diff: boolean;

  constructor(fields: BaseCumulativeTransformOutputParserInput = {}) {
    super();
    this.diff = fields.diff ?? false;
  }

  /**
   * Parses what there is of an answer so far, in the first generation; with a chunk's message where the stream is of
   * messages. It may be async. Undefined where nothing can be told yet.
   */
  abstract parsePartialResult(generations: readonly ParsableGeneration[]): MaybePromise<Parsed | undefined>;

  /** Nothing: every answer will do. */
  getFormatInstructions(): string {
    return "";
  }

  /** @internal For subclasses: what a stream with `diff` gives. By default a JSON patch. */
  protected _diff(previous: Parsed | undefined, next: Parsed): unknown {
    return diffJson(previous, next);
  }

  /** @internal What reads one stream. */
  "~reader"(): CumulativeReader<Parsed> {
    return new GatheringReader(this);
  }

  /** @internal */
  override async *_transform(input: AsyncGenerator<ParserInput>): AsyncGenerator<Parsed> {
    const reader = this["~reader"]();
    const isDiffed = this.diff && !reader.givesChanges;
    let previous: Parsed | undefined;
    // Given as the type says where diff is off; where it is on the type is the peer's.
    const told = (next: Parsed): Parsed => {
      const change = isDiffed ? (this._diff(previous, next) as Parsed) : next;
      previous = next;
      // Summed for a run's end, or for a step that waits for all, the last one is the whole.
      if (!this.diff) markSnapshot(next);
      return change;
    };
    for await (const chunk of input) {
      const read = reader.read(chunk);
      const next = isPromiseLike(read) ? await read : read;
      if (next !== undefined) yield told(next);
    }
    const whole = await reader.end();
    if (whole !== undefined) yield told(whole);
  }
}
