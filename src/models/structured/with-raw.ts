import { describeValue } from "../../errors/describe-value.ts";
import { isError } from "../../errors/plain-error.ts";
import type { BaseMessage } from "../../messages/base-message.ts";
import { OutputParserException } from "../../parsers/output-parser-exception.ts";
import type { RunnableConfig } from "../../runnables/config.ts";
import { callWithRun } from "../../runnables/run-call.ts";
import type { RunContext } from "../../runnables/run-context.ts";
import { transformWithRun } from "../../runnables/run-source.ts";
import { callStep, Runnable, transformStep } from "../../runnables/runnable.ts";
import { concatAll } from "../../streams/accumulator.ts";
import { MapSource } from "../../streams/map-source.ts";
import { isPromiseLike, type MaybePromise } from "../../streams/maybe-promise.ts";
import { MergeSource } from "../../streams/merge-source.ts";
import { markSnapshot } from "../../streams/snapshots.ts";
import type { Sink, Source } from "../../streams/source.ts";
import { teeSource } from "../../streams/tee-source.ts";
import type { StructuredOutputWithRaw } from "./structured-options.ts";

type WithRaw<Output> = StructuredOutputWithRaw<Output>;

/** Why the parser failed. */
class Unparsed {
  readonly error: Error;

  constructor(thrown: unknown) {
    this.error = isError(thrown)
      ? thrown
      : new OutputParserException(`Expected the parser to throw an error, got ${describeValue(thrown)}.`);
  }
}

/**
 * A message and what a parser makes of it, or why it cannot. Streamed, pieces of the message and values of the parser come as
 * they are there, each under its key; a parser that fails ends with a chunk that stands for all before it: the message so
 * far, null, and the error.
 */
export class ParsedWithRaw<Output> extends Runnable<BaseMessage, WithRaw<Output>> {
  readonly #parser: Runnable<BaseMessage, Output>;

  constructor(parser: Runnable<BaseMessage, Output>) {
    super();
    this.#parser = parser;
  }

  static override lc_name(): string {
    return "ParsedWithRaw";
  }

  /** @internal */
  override "~call"(raw: BaseMessage, config: RunnableConfig | undefined): MaybePromise<WithRaw<Output>> {
    return callWithRun(this, raw, config, (context) => {
      const pair = (parsed: Output | Unparsed): WithRaw<Output> => pairOf(raw, parsed);
      // An abort ends the run by itself, whatever this makes of it.
      const failed = (error: unknown): WithRaw<Output> => pair(new Unparsed(error));
      try {
        const parsed = callStep(this.#parser, raw, context.childConfig());
        return isPromiseLike(parsed) ? parsed.then(pair, failed) : pair(parsed);
      } catch (error) {
        return failed(error);
      }
    });
  }

  /** @internal */
  override "~transform"(source: Source<BaseMessage>, config: RunnableConfig | undefined): Source<WithRaw<Output>> {
    return transformWithRun(this, source, config, (chunks, context) => this.#stream(chunks, context));
  }

  #stream(chunks: Source<BaseMessage>, context: RunContext): Source<WithRaw<Output>> {
    let modelFailed = false;
    const model = new CatchSource(chunks, () => {
      modelFailed = true;
      return undefined;
    });
    const [pieces, read] = teeSource(model, 2) as [Source<BaseMessage>, Source<BaseMessage>];
    const values = transformStep(this.#parser, read, context.childConfig());
    const parsed = new CatchSource<Output | Unparsed>(values, (error) =>
      modelFailed ? undefined : new Unparsed(error),
    );
    const raws: BaseMessage[] = [];
    const merged = new MergeSource<"raw" | "parsed", unknown>([
      ["raw", pieces],
      ["parsed", parsed],
    ]);
    return new MapSource(merged, ([key, value]) => {
      if (key === "raw") raws.push(value as BaseMessage);
      if (!(value instanceof Unparsed)) return { [key]: value } as unknown as WithRaw<Output>;
      const whole = pairOf<Output>(concatAll(raws) as BaseMessage, value);
      // Summed with values from before, null would leave one of them, which nobody has checked.
      markSnapshot(whole);
      return whole;
    });
  }
}

function pairOf<Output>(raw: BaseMessage, parsed: Output | Unparsed): WithRaw<Output> {
  return parsed instanceof Unparsed ? { raw, parsed: null, parsing_error: parsed.error } : { raw, parsed };
}

/** Gives a last item in place of a failure that has one. */
class CatchSource<Item> implements Source<Item>, Sink<Item> {
  readonly #source: Source<Item>;
  readonly #lastOf: (error: unknown) => Item | undefined;
  #sink: Sink<Item> | undefined = undefined;
  #isOver = false;

  constructor(source: Source<Item>, lastOf: (error: unknown) => Item | undefined) {
    this.#source = source;
    this.#lastOf = lastOf;
  }

  pull(sink: Sink<Item>): void {
    if (this.#isOver) return sink.end();
    this.#sink = sink;
    this.#source.pull(this);
  }

  item(value: Item): void {
    this.#take()?.item(value);
  }

  end(): void {
    this.#take()?.end();
  }

  fail(error: unknown): void {
    const sink = this.#take();
    const last = this.#lastOf(error);
    if (last === undefined) return sink?.fail(error);
    this.#isOver = true;
    sink?.item(last);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#isOver ? undefined : this.#source.close(cause);
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
