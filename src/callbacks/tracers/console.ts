import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { reportError } from "../../errors/reporter.ts";
import { isPromiseLike } from "../../streams/maybe-promise.ts";
import type { BaseCallbackHandlerInput } from "../base-callback-handler.ts";
import type { RunRecord } from "../run-record.ts";
import { BaseTracer } from "./base-tracer.ts";
import { type LineFormat, lineOf } from "./console-line.ts";
import { type Branch, type OrderedView, RunOrder } from "./console-order.ts";
import { type ConsoleEntry, ConsoleNote, ConsoleRun, type LineMoment } from "./console-run.ts";
import { atLeast, terminalFormat } from "./console-terminal.ts";
import { isLineTarget, type LineTarget, notALineTarget } from "./line-sink.ts";

/** How long a run that has nothing below it may take to have one line for its start and its end. */
const PATIENCE_MS = 100;
/** Of a value, no more than this many characters are looked at, however wide the lines are. */
const LONGEST_PREVIEW = 1_000;

/** What the constructor of {@link ConsoleCallbackHandler} takes; everything may be left out. */
export interface ConsoleCallbackHandlerInput extends BaseCallbackHandlerInput {
  /**
   * Where lines go: a function gets each without its line break, a stream of Node's or the writer of a web stream with it.
   * Default: `console.log`, where the runtime has it.
   */
  write?: LineTarget | undefined;
  /**
   * Whether lines have colours. Default: on terminals, unless `NO_COLOR` is set; `FORCE_COLOR` asks for them elsewhere. Not
   * where `write` is given.
   */
  colors?: boolean | undefined;
  /** The width of lines, in columns; at least 40. Default: that of the terminal, elsewhere 100. */
  columns?: number | undefined;
}

/**
 * Prints runs as a tree, while they go on: what each was given and gave, how long it took, the tokens of models, failures,
 * retries, events. A run that is over within a tenth of a second, and has none below it, takes one line.
 *
 * Runs that go on side by side are printed one after the other, in the order of their starts. A second root that ends while
 * the first goes on is printed whole, each line after `┊`.
 *
 * @throws LinnetError `INVALID_CONFIG` if the columns are no number above 0, or lines cannot go where they should.
 *
 * @example
 * ```ts
 * import { ConsoleCallbackHandler, RunnableLambda } from "linnet";
 *
 * const double = RunnableLambda.from((x: number) => x * 2);
 * await double.pipe((x) => `${x}`).invoke(21, { callbacks: [new ConsoleCallbackHandler()] });
 * ```
 */
export class ConsoleCallbackHandler extends BaseTracer {
  name = "console_callback_handler";
  readonly #given: ConsoleCallbackHandlerInput;
  readonly #order: RunOrder<ConsoleEntry>;
  readonly #branches = new WeakMap<RunRecord, Branch<ConsoleEntry>>();
  #waitedFor: Branch<ConsoleEntry> | undefined = undefined;
  #waitsSince = 0;
  #hasTimer = false;

  constructor(fields: ConsoleCallbackHandlerInput = {}) {
    super({ ...fields, keepChildren: false });
    const { columns, write } = fields;
    if (write !== undefined && !isLineTarget(write)) throw notALineTarget(write);
    if (columns !== undefined && !(columns > 0)) {
      throw new LinnetError(`Expected columns to be a number above 0, got ${describeValue(columns)}.`, {
        code: "INVALID_CONFIG",
      });
    }
    this.#given = fields;
    this.#order = new RunOrder(this.#view());
  }

  override onRunCreate(run: RunRecord): void {
    const parent = this.getRunById(run.parent_run_id);
    const above = this.#branchOf(parent);
    const shown = new ConsoleRun(run, parent, above?.run as ConsoleRun | undefined, now(), this.#limit());
    this.#branches.set(run, this.#order.start(shown, above));
    this.#waitForUnshown();
  }

  override onRunUpdate(run: RunRecord): void {
    const branch = this.#branchOf(run);
    if (branch === undefined) return;
    (branch.run as ConsoleRun).close(run, now());
    this.#order.end(branch);
    this.#waitForUnshown();
  }

  override onText(run: RunRecord): void {
    this.#note(run, "text", run.events.at(-1)?.kwargs?.text);
  }

  override onAgentAction(run: RunRecord): void {
    this.#note(run, "agent action", run.actions?.at(-1));
  }

  override onAgentEnd(run: RunRecord): void {
    this.#note(run, "agent end", run.events.at(-1)?.kwargs?.action);
  }

  override handleCustomEvent(name: string, data: unknown, runId: string): void {
    const run = this.getRunById(runId);
    if (run !== undefined) this.#note(run, name, data);
  }

  /** Nothing: the tree was printed as it grew. */
  protected override persistRun(): void {}

  #note(run: RunRecord, name: string, value: unknown): void {
    const branch = this.#branchOf(run);
    if (branch === undefined) return;
    this.#order.start(new ConsoleNote(name, value, branch.run, this.#limit()), branch, true);
  }

  /** The place of a run; none once a run around it is over, with which it was shown as far as it had come. */
  #branchOf(run: RunRecord | undefined): Branch<ConsoleEntry> | undefined {
    const branch = run && this.#branches.get(run);
    return branch?.isOver ? undefined : branch;
  }

  /**
   * Shows a run whose turn it has been for a while, before it is over. Where there are no timers, it is shown when it is over,
   * or when another starts below it.
   */
  #waitForUnshown(): void {
    const { unshown } = this.#order;
    if (unshown !== this.#waitedFor) [this.#waitedFor, this.#waitsSince] = [unshown, now()];
    if (unshown === undefined || this.#hasTimer) return;
    const left = this.#waitsSince + PATIENCE_MS - now();
    if (left <= 0) return this.#order.reveal();
    const timer: unknown = globalThis.setTimeout?.(() => {
      this.#hasTimer = false;
      this.#waitForUnshown();
    }, left);
    this.#hasTimer = timer !== undefined;
    // Nobody should have to wait for a line before the process may end.
    (timer as { unref?: () => void } | undefined)?.unref?.();
  }

  #view(): OrderedView<ConsoleEntry> {
    const printAt =
      (moment: LineMoment) =>
      (entry: ConsoleEntry, isAside: boolean): void =>
        this.#print(lineOf({ ...entry.lineAt(moment), isAside }, this.#format()));
    return { opened: printAt("opened"), closed: printAt("closed"), whole: printAt("whole") };
  }

  #print(line: string): void {
    const report = (error: unknown): void => reportError(error, `write of ${this.name}`);
    try {
      const written: unknown = this.#write(line);
      if (isPromiseLike(written)) written.then(undefined, report);
    } catch (error) {
      report(error);
    }
  }

  #write(line: string): unknown {
    const { write = logLine } = this.#given;
    return typeof write === "function" ? write(line) : write.write(`${line}\n`);
  }

  #format(): LineFormat {
    const { write, columns, colors } = this.#given;
    const format = write === undefined ? terminalFormat() : PLAIN;
    return { columns: columns === undefined ? format.columns : atLeast(columns), colors: colors ?? format.colors };
  }

  #limit(): number {
    return Math.min(this.#format().columns, LONGEST_PREVIEW);
  }
}

/** How lines are made where it is not known what shows them. */
const PLAIN: LineFormat = { columns: 100, colors: false };

function logLine(line: string): void {
  // biome-ignore lint/suspicious/noConsole: to print on the console is what the handler is for.
  globalThis.console?.log(line);
}

/** Fractions of milliseconds, where the runtime has them. */
function now(): number {
  return globalThis.performance?.now() ?? Date.now();
}
