import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { FlushReport } from "../flush.ts";
import type { RunRecord } from "../run-record.ts";
import { BaseTracer, type BaseTracerInput } from "./base-tracer.ts";
import { type BoundedJson, boundedJson, utf8Bytes } from "./bounded-json.ts";
import { isLineTarget, LineSink, type LineTarget, notALineTarget } from "./line-sink.ts";
import { modelOf, usageOf, usagesOf } from "./run-usage.ts";

/** What a line may have where the tracer says nothing else: as much as the usual collectors of logs take. */
const MAX_BYTES = 262_144;
/** Has room for the names of all fields. */
const LEAST_MAX_BYTES = 2_048;

/** What the constructor of {@link JsonlTracer} takes. */
export interface JsonlTracerInput extends Omit<BaseTracerInput, "keepChildren" | "keepChunks"> {
  /**
   * Where the lines go, each with its line end: a function, a stream of Node's, the writer of a web stream. Runs wait for the
   * promise that is given back, and for a full stream to drain.
   */
  write: LineTarget;
  /** The longest line, in bytes of UTF-8. What is too long is cut, and the line has `"cut": true`. Default: 262,144. */
  maxBytes?: number | undefined;
}

/**
 * Writes each run as one line of JSON when it has closed, children before parents.
 *
 * A line has `id`, `trace_id`, `parent_run_id`, `name`, `run_type`, `start_time`, `end_time` (ISO 8601), `took_ms`, `tags`,
 * `metadata`, `inputs`, and where there are any `outputs`, `error` (`name`, `message`), `partial` (given before the error),
 * `cancelled`, `cached`, `model` and `usage` (of a model) and `cut`. Values that JSON cannot say are described; secrets are hidden. What else
 * must not be written is for the config's `redact`.
 *
 * Lines that cannot be written are reported once, counted by `lost`, and break no run.
 *
 * @throws LinnetError `INVALID_CONFIG` if `write` is neither a function nor has a method `write`, or if `maxBytes` is less than
 *   2,048.
 *
 * @example
 * ```ts
 * import { JsonlTracer, RunnableLambda } from "linnet";
 *
 * const lines: string[] = []; // Or a stream, such as `process.stdout` or that of a file.
 * const tracer = new JsonlTracer({ write: (line) => lines.push(line) });
 * await RunnableLambda.from((x: number) => x + 1).invoke(1, { callbacks: [tracer] });
 * console.log(JSON.parse(lines[0]!).outputs); // { output: 2 }
 * ```
 */
export class JsonlTracer extends BaseTracer {
  name = "jsonl_tracer";
  readonly maxBytes: number;
  readonly #sink: LineSink;

  /** @param given where the lines go, alone or among other options. */
  constructor(given: JsonlTracerInput | LineTarget) {
    const fields = toFields(given);
    super({ ...fields, keepChildren: false, keepChunks: false });
    const { write, maxBytes = MAX_BYTES } = fields;
    if (!(maxBytes >= LEAST_MAX_BYTES)) {
      throw new LinnetError(`Expected maxBytes to be at least ${LEAST_MAX_BYTES}, got ${describeValue(maxBytes)}.`, {
        code: "INVALID_CONFIG",
      });
    }
    if (!isLineTarget(write)) throw notALineTarget(write);
    this.maxBytes = maxBytes;
    this.#sink = new LineSink(write, this.name);
  }

  /** How many lines could not be written. */
  get lost(): number {
    return this.#sink.lost;
  }

  /** Nothing: runs are written one by one. */
  protected persistRun(): void {}

  override onRunUpdate(run: RunRecord): void | Promise<void> {
    return this.#sink.write(`${jsonLine(run, this.maxBytes)}\n`) as void | Promise<void>;
  }

  /**
   * Waits until all lines are written that wait for it now; those that a stream of Node's has taken, too, so that a program
   * may end after it.
   *
   * @param deadlineMs the longest wait, in milliseconds. Default: none.
   * @returns how much was not written by the deadline.
   * @throws LinnetError `INVALID_CONFIG` if the deadline is no number of milliseconds.
   */
  override flush(deadlineMs?: number): Promise<FlushReport> {
    return this.#sink.flush(deadlineMs, this);
  }
}

/** The options; an object of a class, such as a stream, is where the lines go. */
function toFields(given: JsonlTracerInput | LineTarget): Partial<JsonlTracerInput> {
  if (given === undefined || given === null) return {};
  return isPlainRecord(given) ? (given as unknown as JsonlTracerInput) : { write: given as LineTarget };
}

type Field = readonly [name: string, value: unknown];

/** A run's record as one line of JSON, in at most so many bytes, line end included. */
function jsonLine(run: RunRecord, maxBytes: number): string {
  const fields = fieldsOf(run).flatMap(([name, value]) => {
    const json = boundedJson(value, maxBytes);
    return json === undefined ? [] : [{ name, value, json, overhead: utf8Bytes(name) + 4 }];
  });
  const room = maxBytes - 3 - fields.reduce((sum, { overhead }) => sum + overhead, 0);
  if (fields.some(({ json }) => json.isCut) || sizeOf(fields) > room) {
    let rest = room - '"cut":true,'.length;
    // The shortest first: what they leave of their share goes to the longer ones.
    const byLength = [...fields].sort((one, other) => one.json.bytes - other.json.bytes);
    for (const [index, field] of byLength.entries()) {
      const share = Math.floor(rest / (byLength.length - index));
      if (field.json.bytes > share) field.json = boundedJson(field.value, share) as BoundedJson;
      rest -= field.json.bytes;
    }
    fields.push({ name: "cut", value: true, json: { text: "true", bytes: 4, isCut: false }, overhead: 0 });
  }
  return `{${fields.map(({ name, json }) => `"${name}":${json.text}`).join(",")}}`;
}

function sizeOf(fields: readonly { readonly json: BoundedJson }[]): number {
  return fields.reduce((sum, { json }) => sum + json.bytes, 0);
}

function fieldsOf(run: RunRecord): readonly Field[] {
  const end = run.end_time as number; // Runs are written when they have closed.
  const gave = run.outputs ?? run.partial;
  const isModel = run.run_type === "llm";
  return [
    ["id", run.id],
    ["trace_id", run.trace_id],
    ["parent_run_id", run.parent_run_id],
    ["name", run.name],
    ["run_type", run.run_type],
    ["start_time", new Date(run.start_time).toISOString()],
    ["end_time", new Date(end).toISOString()],
    ["took_ms", end - run.start_time],
    ["tags", run.tags],
    ["metadata", run.extra.metadata],
    ["inputs", run.inputs],
    ["outputs", run.outputs],
    ["error", run.error === undefined ? undefined : errorOf(run)],
    ["partial", run.partial],
    ["cancelled", run.cancelled],
    ["cached", run.cached],
    ["model", isModel ? nameOfModel(run, gave) : undefined],
    ["usage", isModel ? usageOf(gave) : undefined],
  ];
}

function nameOfModel({ extra }: RunRecord, gave: unknown): string | undefined {
  const said = usagesOf(gave).find(({ model }) => model !== undefined);
  return said?.model ?? modelOf(extra.metadata, extra.invocation_params);
}

/** What a run failed with: whatever was thrown has a name and a message here. */
function errorOf({ failure, error }: RunRecord): unknown {
  return failure instanceof Error ? failure : { name: "Error", message: error };
}
