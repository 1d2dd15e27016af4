import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import type { RunRecord } from "../run-record.ts";
import { BaseTracer, type BaseTracerInput } from "./base-tracer.ts";

/** What the constructor of {@link RunCollectorCallbackHandler} takes; everything may be left out. */
export interface RunCollectorInput extends BaseTracerInput {
  /** Noted in each record as `reference_example_id`. Default: nothing. */
  exampleId?: string | undefined;
  /** How many records are kept; the oldest goes when there are more. Default: all. */
  maxRuns?: number | undefined;
}

/** A record that names the example it was made for. */
export interface CollectedRun extends RunRecord {
  reference_example_id?: string;
}

/**
 * Keeps the trees of the runs that it was told of, each once its root has closed.
 *
 * @throws LinnetError `INVALID_CONFIG` if `maxRuns` is no whole number from 1.
 *
 * @example
 * ```ts
 * import { RunCollectorCallbackHandler, RunnableLambda } from "linnet";
 *
 * const collector = new RunCollectorCallbackHandler({ maxRuns: 100 });
 * await RunnableLambda.from((x: number) => x + 1).invoke(1, { callbacks: [collector] });
 * console.log(collector.tracedRuns.map((run) => run.outputs)); // [ { output: 2 } ]
 * ```
 */
export class RunCollectorCallbackHandler extends BaseTracer {
  name = "run_collector";
  readonly exampleId: string | undefined;
  /** The records, the oldest first. */
  tracedRuns: CollectedRun[] = [];
  readonly #maxRuns: number;

  constructor(fields: RunCollectorInput = {}) {
    super(fields);
    const { exampleId, maxRuns = Number.POSITIVE_INFINITY } = fields;
    if (maxRuns !== Number.POSITIVE_INFINITY && !(Number.isInteger(maxRuns) && maxRuns >= 1)) {
      throw new LinnetError(`Expected maxRuns to be a whole number from 1, got ${describeValue(maxRuns)}.`, {
        code: "INVALID_CONFIG",
      });
    }
    this.exampleId = exampleId;
    this.#maxRuns = maxRuns;
  }

  protected persistRun(run: RunRecord): void {
    const { exampleId, tracedRuns } = this;
    tracedRuns.push(exampleId === undefined ? run : { ...run, reference_example_id: exampleId });
    if (tracedRuns.length > this.#maxRuns) tracedRuns.splice(0, tracedRuns.length - this.#maxRuns);
  }
}
