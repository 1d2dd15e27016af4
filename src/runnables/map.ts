import { AbortError } from "../errors/abort-error.ts";
import { CancelScope } from "../streams/cancel-scope.ts";
import { MapSource } from "../streams/map-source.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { MergeSource } from "../streams/merge-source.ts";
import { mapPool } from "../streams/pool.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import { teeSource } from "../streams/tee-source.ts";
import type { RunnableConfig } from "./config.ts";
import { attachLimit, limitOf, sharedLimit } from "./limited-config.ts";
import { mergeConfigs } from "./merge-configs.ts";
import { callWithRun } from "./run-call.ts";
import { RunContext } from "./run-context.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { callStep, coerceLike, openStep, Runnable, transformStep } from "./runnable.ts";
import type { RunnableLike, RunnableMapLike } from "./runnable-like.ts";

type Steps = Record<string, Runnable<unknown, unknown>>;

/**
 * Several runnables given the same input, side by side; the output has an entry for each. Streamed, the entries come as
 * they are made, each chunk an object with one key.
 *
 * @example
 * ```ts
 * import { RunnableMap } from "linnet";
 *
 * const both = RunnableMap.from({ plus: (x: number) => x + 1, minus: (x: number) => x - 1 });
 * console.log(await both.invoke(1)); // { plus: 2, minus: 0 }
 * ```
 */
export class RunnableMap<
  RunInput = unknown,
  RunOutput extends Record<string, unknown> = Record<string, unknown>,
> extends Runnable<RunInput, RunOutput> {
  declare readonly steps: Steps;

  constructor(fields: { steps: RunnableMapLike<RunInput, RunOutput> }) {
    super();
    const steps: Steps = Object.create(null);
    for (const [key, like] of Object.entries(fields.steps)) steps[key] = coerceLike(like as RunnableLike);
    this.steps = steps;
  }

  static override lc_name(): string {
    return "RunnableMap";
  }

  /** Makes a map of an object of runnables, functions or further objects. */
  static from<RunInput, RunOutput extends Record<string, unknown> = Record<string, unknown>>(
    steps: RunnableMapLike<RunInput, RunOutput>,
  ): RunnableMap<RunInput, RunOutput> {
    return new RunnableMap({ steps });
  }

  /** The keys of its output. */
  getStepsKeys(): string[] {
    return Object.keys(this.steps);
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callWithRun(this, input, config, (context) =>
      this.#callAll(input, limited(context)),
    ) as MaybePromise<RunOutput>;
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, (context) =>
      this.#merge(context, (step, own) =>
        // Observed, a branch is told of as one that reads a stream, as it is in the middle of a chain.
        context.run === undefined
          ? openStep(step, input, own)
          : transformStep(step, new SingleSource<unknown>(input), own),
      ),
    );
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    return transformWithRun(this, source, config, (chunks, context) => {
      const branches = teeSource(chunks, Object.keys(this.steps).length);
      return this.#merge(context, (step, own, index) => transformStep(step, branches[index] as Source<unknown>, own));
    });
  }

  #callAll(input: RunInput, given: RunContext): MaybePromise<Record<string, unknown>> {
    const keys = Object.keys(this.steps);
    const shared = limitOf(given.config);
    const { context, scope } = withBranchScope(given);
    const call = this.#caller(input, context);
    const left = (error: unknown): never => {
      // What works beside the branch that failed is not asked for any more.
      scope.cancel(new AbortError({ message: "Another branch of the map failed.", cause: error }));
      throw error;
    };
    const record = (outputs: readonly unknown[]): Record<string, unknown> => {
      scope.dispose();
      return toRecord(keys, outputs);
    };
    if (shared !== undefined) return mapPool(keys, call, { shared }).then(record, left);
    const outputs: unknown[] = [];
    try {
      for (const key of keys) outputs.push(call(key));
    } catch (error) {
      // Nobody will wait for the branches that are under way: what they reject with must not go unhandled.
      for (const output of outputs.filter(isPromiseLike)) output.then(undefined, () => undefined);
      return left(error);
    }
    if (!outputs.some(isPromiseLike)) return record(outputs);
    return Promise.all(outputs).then(record, left);
  }

  /** Calls a branch by its key. */
  #caller(input: RunInput, context: RunContext): (key: string) => MaybePromise<unknown> {
    // Unobserved, one config serves all branches.
    const one = context.run === undefined ? context.childConfig() : undefined;
    return (key) => {
      context.scope?.throwIfCancelled();
      return callStep(this.steps[key] as Runnable, input, one ?? this.#configOf(key, context));
    };
  }

  #merge(
    given: RunContext,
    open: (step: Runnable, config: RunnableConfig | undefined, index: number) => Source<unknown>,
  ): Source<RunOutput> {
    const context = limited(given);
    const branches = Object.entries(this.steps).map(
      ([key, step], index) => [key, open(step, this.#configOf(key, context), index)] as const,
    );
    const merged = new MergeSource(branches, limitOf(context.config));
    return new MapSource(merged, ([key, chunk]) => toRecord([key], [chunk]) as RunOutput);
  }

  #configOf(key: string, context: RunContext): RunnableConfig | undefined {
    return context.childConfig(context.run === undefined ? undefined : `map:key:${key}`);
  }
}

/** The peer's other name of `RunnableMap`. */
export const RunnableParallel: typeof RunnableMap = RunnableMap;

/** The context with a scope of the branches, by which one that fails ends the others. */
function withBranchScope({ config, scope: parent, run }: RunContext): { context: RunContext; scope: CancelScope } {
  const scope = new CancelScope(parent && { parent });
  // The map itself answers at once where it is aborted; a branch keeps its turn until its work has ended.
  scope.isPatient = true;
  scope.givesSignal = parent?.givesSignal ?? false;
  return { context: new RunContext(config, scope, run), scope };
}

/** The context of a map whose branches, and all that is below them, share the limit that the config sets. */
function limited(context: RunContext): RunContext {
  const { config } = context;
  const limit = sharedLimit(config);
  if (limit === limitOf(config)) return context;
  const shared = mergeConfigs(config);
  attachLimit(shared, limit);
  return new RunContext(shared, context.scope, context.run);
}

/** Keys come from outside: `__proto__` is one like any other. */
function toRecord(keys: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
}
