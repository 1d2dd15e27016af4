import { isSameData } from "../json/json-diff.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { type Accumulator, accumulate } from "../streams/accumulator.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import type { ParsableGeneration } from "./base-llm-output-parser.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";

/** What a parser makes of one stream: reads it chunk by chunk, and shows what it has so far. */
export interface CumulativeReader<Parsed> {
  /** Whether it gives what changed, as JSON patches, instead of what there is so far. */
  readonly givesChanges?: boolean | undefined;
  /** Reads on. @returns what is parsed so far; undefined where that is nothing, or nothing new. */
  read(chunk: ParserInput): MaybePromise<Parsed | undefined>;
  /** There is no more. @returns the whole, likewise. It throws or rejects where it cannot be read. */
  end(): MaybePromise<Parsed | undefined>;
}

/** What parses what was gathered of a stream so far. */
interface GatheringParser<Parsed> {
  parsePartialResult(generations: readonly ParsableGeneration[]): MaybePromise<Parsed | undefined>;
  parseResult(generations: readonly ParsableGeneration[]): MaybePromise<Parsed | undefined>;
}

/**
 * Keeps what is shown on the way linear: to show all that there is with each of many pieces costs their number times their
 * sum. Each piece pays for a part of it, and what is not paid for yet is shown with a later piece, or at the end.
 */
export class ShowingBudget {
  #saved = 0;

  /**
   * @param characters how long the piece is.
   * @param cost what it takes to show all that there is, in nanoseconds or so.
   * @returns whether to show it.
   */
  pays(characters: number, cost: number): boolean {
    this.#saved += 512 + 32 * characters;
    if (this.#saved < cost) return false;
    this.#saved = 0;
    return true;
  }
}

/** Gathers a stream and parses it anew with each chunk. */
export class GatheringReader<Parsed> implements CumulativeReader<Parsed> {
  readonly #parser: GatheringParser<Parsed>;
  readonly #sizeOf: ((chunk: ParserInput) => number) | undefined;
  readonly #budget: ShowingBudget = new ShowingBudget();
  #size = 0;
  #text = "";
  #message: Accumulator<BaseMessage> | undefined = undefined;
  #shown: Parsed | undefined = undefined;

  /** @param sizeOf how much there is to parse in a chunk; without it every chunk is parsed at once. */
  constructor(parser: GatheringParser<Parsed>, sizeOf?: (chunk: ParserInput) => number) {
    this.#parser = parser;
    this.#sizeOf = sizeOf;
  }

  read(chunk: ParserInput): MaybePromise<Parsed | undefined> {
    this.#text += textOfInput(chunk);
    if (typeof chunk !== "string") {
      if (this.#message === undefined) this.#message = accumulate(chunk);
      else this.#message.add(chunk);
    }
    const size = this.#sizeOf?.(chunk) ?? 0;
    this.#size += size;
    if (!this.#budget.pays(size, 2 * this.#size)) return undefined;
    return this.#news(this.#parser.parsePartialResult(this.#generations()));
  }

  end(): MaybePromise<Parsed | undefined> {
    return this.#news(this.#parser.parseResult(this.#generations()));
  }

  #generations(): ParsableGeneration[] {
    const message = this.#message;
    if (message === undefined) return [{ text: this.#text }];
    let built: BaseMessage | undefined;
    // To build it takes time, and most parsers need the text alone.
    const build = (): BaseMessage => {
      built ??= message.value();
      return built;
    };
    return [
      {
        text: this.#text,
        get message() {
          return build();
        },
      },
    ];
  }

  #news(parsed: MaybePromise<Parsed | undefined>): MaybePromise<Parsed | undefined> {
    return andThen(parsed, (value) => {
      if (value === undefined || isSameData(this.#shown, value)) return undefined;
      this.#shown = value;
      return value;
    });
  }
}
