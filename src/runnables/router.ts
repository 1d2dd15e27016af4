import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import type { RunnableConfig } from "./config.ts";
import { callStep, coerceLike, openStep, Runnable } from "./runnable.ts";
import type { RunnableLike } from "./runnable-like.ts";

/** What a router is given: which runnable, and what to give it. */
export interface RouterInput {
  key: string;
  input: unknown;
}

/** What a router is made of. */
export interface RouterRunnableFields<RunnableInput, RunOutput> {
  /** What to choose from, by key. */
  runnables: Readonly<Record<string, RunnableLike<RunnableInput, RunOutput>>>;
}

/**
 * Runs the one of several runnables that its input names. It has no run of its own.
 *
 * @example
 * ```ts
 * import { RouterRunnable } from "linnet";
 *
 * const router = new RouterRunnable({
 *   runnables: { loud: (text: string) => text.toUpperCase(), twice: (text: string) => text + text },
 * });
 * console.log(await router.invoke({ key: "loud", input: "hello" })); // HELLO
 * ```
 */
export class RouterRunnable<
  RunInput extends RouterInput = RouterInput,
  RunnableInput = unknown,
  RunOutput = unknown,
> extends Runnable<RunInput & { input: RunnableInput }, RunOutput> {
  declare readonly runnables: Readonly<Record<string, Runnable<RunnableInput, RunOutput>>>;

  constructor(fields: RouterRunnableFields<RunnableInput, RunOutput>) {
    super();
    const runnables: Record<string, Runnable<RunnableInput, RunOutput>> = Object.create(null);
    for (const [key, like] of Object.entries(fields.runnables)) runnables[key] = coerceLike(like);
    this.runnables = runnables;
  }

  static override lc_name(): string {
    return "RouterRunnable";
  }

  override "~call"(
    input: RunInput & { input: RunnableInput },
    config: RunnableConfig | undefined,
  ): MaybePromise<RunOutput> {
    return callStep(this.#chosenBy(input), input.input, config);
  }

  override "~open"(input: RunInput & { input: RunnableInput }, config: RunnableConfig | undefined): Source<RunOutput> {
    return openStep(this.#chosenBy(input), input.input, config);
  }

  #chosenBy(input: RouterInput): Runnable<RunnableInput, RunOutput> {
    const key: unknown = typeof input === "object" && input !== null ? input.key : undefined;
    if (typeof key !== "string") {
      throw new LinnetError(`Expected { key, input } with the key of a runnable, got ${describeValue(input)}.`, {
        code: "INVALID_INPUT",
      });
    }
    const chosen = this.runnables[key];
    if (chosen !== undefined) return chosen;
    const known = Object.keys(this.runnables);
    throw new LinnetError(`Expected a key out of ${known.join(", ")}, got ${describeValue(key)}.`, {
      code: "INVALID_INPUT",
      data: { key, known },
    });
  }
}
