import type { HandlerResult } from "../handler.ts";
import type { RunListeners } from "../run-listeners.ts";
import type { RunRecord } from "../run-record.ts";
import { BaseTracer, type BaseTracerInput } from "./base-tracer.ts";

/** What the constructor of {@link RootListenersTracer} takes; everything may be left out. */
export interface RootListenersInput<Config> extends BaseTracerInput, RunListeners<Config> {
  /** What the listeners get besides the run. */
  config?: Config;
}

/**
 * Tells functions of the roots among the runs that it is told of, each with the whole tree below it.
 *
 * @example
 * ```ts
 * import { RootListenersTracer, RunnableLambda } from "linnet";
 *
 * const tracer = new RootListenersTracer({ onEnd: (run) => console.log(run.name, run.child_runs.length) });
 * const chain = RunnableLambda.from((x: number) => x + 1).pipe((x) => `${x}`);
 * await chain.invoke(1, { callbacks: [tracer] }); // RunnableSequence 2
 * ```
 */
export class RootListenersTracer<Config = unknown> extends BaseTracer {
  name = "RootListenersTracer";
  readonly config: Config | undefined;
  readonly #listeners: RunListeners<Config>;

  constructor(fields: RootListenersInput<Config> = {}) {
    super(fields);
    const { config, onStart, onEnd, onError } = fields;
    this.config = config;
    this.#listeners = { onStart, onEnd, onError };
  }

  /** Nothing: listeners are told by `onRunUpdate`. */
  protected persistRun(): void {}

  override onRunCreate(run: RunRecord): HandlerResult {
    return this.#tell("onStart", run);
  }

  override onRunUpdate(run: RunRecord): HandlerResult {
    return this.#tell(run.error === undefined ? "onEnd" : "onError", run);
  }

  #tell(listener: keyof RunListeners, run: RunRecord): HandlerResult {
    return run.id === run.trace_id ? this.#listeners[listener]?.(run, this.config) : undefined;
  }
}
