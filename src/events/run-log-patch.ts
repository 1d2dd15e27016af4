import { applyJsonPatch, type JsonPatchOperation } from "../json/json-patch.ts";
import { INSPECT } from "../messages/inspect.ts";
import { LazySum } from "./lazy-sum.ts";
import type { RunState } from "./run-state.ts";

/** What a patch is made of. */
export interface RunLogPatchFields {
  /** Default: none. */
  readonly ops?: JsonPatchOperation[] | undefined;
}

/** What a log is made of. */
export interface RunLogFields extends RunLogPatchFields {
  /** Default: a state without any field yet. */
  readonly state?: RunState | undefined;
}

/**
 * One or more changes of a run log, as JSON patch operations. What `streamLog` gives: `JSON.stringify` writes it for the
 * other end of a wire, where `new RunLogPatch(JSON.parse(text))` reads it.
 */
export class RunLogPatch {
  declare readonly ops: JsonPatchOperation[];

  constructor({ ops = [] }: RunLogPatchFields = {}) {
    this.ops = ops;
  }

  /** This and then another, as a log. */
  concat(other: RunLogPatch): RunLog {
    return RunLog.fromRunLogPatch(this).concat(other);
  }
}

/**
 * All changes so far, and the state that they make. The state is made when it is read, so that many patches can be put
 * together at the cost of one pass; it shares what has not changed with the states before it: do not write to it.
 *
 * @example
 * ```ts
 * import { RunLog, RunnableLambda } from "linnet";
 *
 * const chain = RunnableLambda.from((x: number) => x + 1).pipe((x) => x * 2);
 * let log = new RunLog();
 * for await (const patch of chain.streamLog(20)) log = log.concat(patch);
 * console.log(log.state.final_output); // { output: 42 }
 * ```
 */
export class RunLog extends RunLogPatch {
  declare readonly state: RunState;
  #ops: LazySum<JsonPatchOperation[], JsonPatchOperation> | undefined = undefined;
  #state: LazySum<unknown, JsonPatchOperation> | undefined = undefined;

  /** Without fields: a log of nothing, to add patches to. */
  constructor({ ops, state = {} as RunState }: RunLogFields = {}) {
    super({ ops });
    this.state = state;
  }

  /** A log of one patch. */
  static fromRunLogPatch(patch: RunLogPatch): RunLog {
    return new RunLog().concat(patch);
  }

  /**
   * A log with more changes; this one stays as it is.
   *
   * @throws LinnetError `INVALID_INPUT`, when the state is read, where a change does not fit what was there.
   */
  override concat({ ops }: RunLogPatch): RunLog {
    const log = new RunLog();
    const allOps = (this.#ops ?? new LazySum(this.ops, joinOps)).plus(ops);
    const state = (this.#state ?? new LazySum<unknown, JsonPatchOperation>(this.state, applyJsonPatch)).plus(ops);
    log.#ops = allOps;
    log.#state = state;
    // In place of the fields that are there, so that the log is written and compared as if it had them.
    Object.defineProperties(log, {
      ops: { get: () => allOps.value },
      state: { get: () => state.value },
      [INSPECT]: { value: () => ({ ops: log.ops, state: log.state }) },
    });
    return log;
  }
}

function joinOps(former: JsonPatchOperation[], added: readonly JsonPatchOperation[]): JsonPatchOperation[] {
  return [...former, ...added];
}
