import type { GenerationChunk } from "../../outputs/generation.ts";
import type { LLMResult } from "../../outputs/llm-result.ts";
import { type Accumulator, accumulate } from "../../streams/accumulator.ts";
import { type MaybePromise, whenSettled } from "../../streams/maybe-promise.ts";
import type { Sink, Source } from "../../streams/source.ts";
import type { AnyHookedModel } from "../hooked-model.ts";
import { resultOfSum } from "./result-of-sum.ts";

/** Hands on what a stream hook gives, and keeps the sum once it is whole: a stream that fails or is left is not kept. */
export class FillingSource implements Source<unknown>, Sink<unknown> {
  readonly #source: Source<unknown>;
  readonly #model: AnyHookedModel;
  readonly #keep: (result: LLMResult) => MaybePromise<void>;
  #sum: Accumulator<GenerationChunk> | undefined = undefined;
  #sink: Sink<unknown> | undefined = undefined;

  constructor(source: Source<unknown>, model: AnyHookedModel, keep: (result: LLMResult) => MaybePromise<void>) {
    this.#source = source;
    this.#model = model;
    this.#keep = keep;
  }

  pull(sink: Sink<unknown>): void {
    this.#sink = sink;
    this.#source.pull(this);
  }

  item(given: unknown): void {
    try {
      const chunk = this.#model["~toChunk"](given, "");
      if (this.#sum === undefined) this.#sum = accumulate(chunk);
      else this.#sum.add(chunk);
    } catch (error) {
      whenSettled(this.#source.close(), () => this.#take()?.fail(error));
      return;
    }
    this.#take()?.item(given);
  }

  end(): void {
    if (this.#sum === undefined) return this.#take()?.end();
    let kept: MaybePromise<void>;
    try {
      kept = this.#keep(resultOfSum(this.#model, this.#sum.value(), ""));
    } catch (error) {
      return this.#take()?.fail(error);
    }
    whenSettled(kept, () => this.#take()?.end());
  }

  fail(error: unknown): void {
    this.#take()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#source.close(cause);
  }

  #take(): Sink<unknown> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
