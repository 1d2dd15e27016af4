import fc from "fast-check";
import { flushCallbacks } from "../../src/callbacks/flush.ts";
import type { RunEndInfo } from "../../src/callbacks/handler.ts";
import type { RunRecord } from "../../src/callbacks/run-record.ts";
import { BaseTracer, type BaseTracerInput } from "../../src/callbacks/tracers/base-tracer.ts";
import { ConsoleCallbackHandler } from "../../src/callbacks/tracers/console.ts";
import { JsonlTracer } from "../../src/callbacks/tracers/jsonl.ts";
import type { MaybePromise } from "../../src/streams/maybe-promise.ts";
import { text } from "../helpers/laws/domains.ts";
import { drive } from "../helpers/laws/drive.ts";
import { kinds } from "../helpers/laws/engine.ts";
import { type Domain, programs } from "../helpers/laws/kind.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import { expectedOf, type Observer, Reading, type Verb } from "../helpers/laws/reading.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { StartTree, type ToldRun } from "../helpers/laws/start-tree.ts";
import { collectReports } from "../helpers/reports.ts";
import { settle } from "../helpers/timing.ts";

const reports = collectReports();
const rejections = watchRejections();

/** Keeps the trees that it is given, and counts what its hooks hear of. */
class KeepingTracer extends BaseTracer {
  declare readonly trees: RunRecord[];
  /** What its hooks heard that they must not. */
  declare readonly faults: string[];
  declare readonly created: Map<string, RunRecord>;
  declare readonly updated: Set<string>;
  override name = "keeping_tracer";

  constructor(fields?: BaseTracerInput) {
    super(fields);
    this.trees = [];
    this.faults = [];
    this.created = new Map();
    this.updated = new Set();
  }

  /** How many runs it holds. */
  get held(): number {
    return this.runMap.size;
  }

  override onRunCreate(run: RunRecord): void {
    if (this.created.has(run.id)) this.faults.push("a run was created twice");
    const parent = this.created.get(String(run.parent_run_id));
    if (parent !== undefined && !parent.child_runs.includes(run)) this.faults.push("a run without a place");
    this.created.set(run.id, run);
  }

  override onRunUpdate(run: RunRecord): void {
    if (!this.created.has(run.id)) this.faults.push("an update of a run that was not created");
    if (this.updated.has(run.id)) this.faults.push("a run was updated twice");
    if (run.end_time === undefined) this.faults.push("an update of a run that is open");
    this.updated.add(run.id);
  }

  protected override persistRun(run: RunRecord): void {
    this.trees.push(run);
  }
}

/** The tree of a record, in the terms of what plain handlers are told. */
function told(run: RunRecord): ToldRun {
  const closing = run.error !== undefined ? "error" : run.cancelled === true ? "cancelled" : "end";
  return {
    id: run.id,
    name: run.name,
    type: run.run_type,
    closing: run.end_time === undefined ? "open" : closing,
    below: run.child_runs.map(told),
  };
}

/** What a tree says of itself: its ids, its places, its times. */
function faultsIn(run: RunRecord, root: RunRecord = run, parent?: RunRecord): string[] {
  const faults: string[] = [];
  if (run.trace_id !== root.id) faults.push("a run of another trace");
  if (parent !== undefined && run.parent_run_id !== parent.id) faults.push("a run below another parent");
  const order = String(run.dotted_order);
  const above = parent === undefined ? "" : `${parent.dotted_order}.`;
  if (!order.startsWith(above) || !order.endsWith(run.id)) faults.push(`the order ${order} below ${above}`);
  const orders = run.child_runs.map(({ dotted_order }) => String(dotted_order));
  if ([...orders].sort().join() !== orders.join()) faults.push("an order that is not that of the starts");
  if ((run.end_time ?? 0) < run.start_time) faults.push("an end before the start");
  return [...faults, ...run.child_runs.flatMap((child) => faultsIn(child, root, run))];
}

/** A tracer, and what is wrong with what it made of the runs that a plain handler was told of. */
interface Traced {
  readonly tracer: BaseTracer;
  faults(plain: StartTree): string[];
}

type MakeTracer = (fields?: BaseTracerInput) => Traced;

const keeping =
  (Tracer: new (fields?: BaseTracerInput) => KeepingTracer): MakeTracer =>
  (fields) => {
    const tracer = new Tracer(fields);
    return { tracer, faults: (plain) => faultsOfTrees(tracer, plain) };
  };

const ANY: Domain = { without: ["implicit"], empties: true };

const fate = fc.record({
  verb: fc.constantFrom<Verb[]>("invoke", "batch", "stream", "astream", "transform", "v2", "events"),
  observer: fc.constantFrom<Observer[]>("none", "quick", "slow", "failing"),
  input: text,
  reads: fc.nat({ max: 4 }),
  then: fc.constantFrom("finish", "finish", "leave", "abort", "break"),
  place: fc.nat({ max: 7 }),
});

const seesTheTree: Law<MakeTracer> = (makeTracer) =>
  fc.asyncProperty(
    fc.array(fc.tuple(programs(kinds, ANY).text, fate), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
    fc.scheduler(),
    async (calls, isAwaited, scheduler) => {
      const { tracer, faults } = makeTracer({ _awaitHandler: isAwaited });
      const plain = new StartTree();
      const readings = await Promise.all(
        calls.map(async ([program, one]) => {
          const call = { ...one, handlers: [plain.handler, tracer] };
          return new Reading(program, kinds, call, scheduler, await expectedOf(program, kinds, one));
        }),
      );
      const doing = readings.map(async (reading, index) => {
        const [, { reads, then, place }] = calls[index] as (typeof calls)[number];
        if (then === "break") reading.breakAt(place);
        for (let read = 0; read < reads && !reading.model.over; read += 1) await reading.read();
        if (then === "leave") await reading.leave();
        if (then === "abort") await reading.abort();
        await reading.finish();
      });
      await drive(scheduler, Promise.all(doing), "a call");
      for (const reading of readings) await drive(scheduler, reading.faults(), "what comes after it");
      await drive(scheduler, flushCallbacks(undefined, [tracer]), "the flush");
      for (let turn = 0; turn < 40 && faults(plain).length > 0; turn += 1) await settle(1);
      const all = faults(plain);
      for (const { error, place } of reports.splice(0)) {
        if (place.includes(tracer.name)) all.push(`reported: ${String(error)}`);
      }
      all.push(...rejections.taken().map((error) => `unheard: ${String(error)}`));
      if (all.length > 0) throw new Error(all.join("\n"));
    },
  );

function faultsOfTrees(tracer: KeepingTracer, plain: StartTree): string[] {
  const faults = [...tracer.faults, ...tracer.trees.flatMap((tree) => faultsIn(tree))];
  if (tracer.held > 0) faults.push(`${tracer.held} runs held`);
  if (tracer.updated.size !== tracer.created.size) faults.push("a run without an update");
  const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);
  const seen = JSON.stringify(tracer.trees.map(told).sort(byId));
  const expected = JSON.stringify([...plain.roots].sort(byId));
  if (seen !== expected) faults.push(`another tree: ${seen}, and not ${expected}`);
  return faults;
}

/** Puts a run below the one that started last. */
class Nesting extends KeepingTracer {
  #last: string | undefined;

  override handleChainStart(...[chain, inputs, id, , ...rest]: Parameters<BaseTracer["handleChainStart"]>) {
    const last = this.getRunById(this.#last)?.id;
    this.#last = id;
    return super.handleChainStart(chain, inputs, id, last, ...rest);
  }
}

/** Misses the end of what was left. */
class Holding extends KeepingTracer {
  override handleChainEnd(
    outputs: Record<string, unknown>,
    id: string,
    parent?: string,
    tags?: string[],
    info?: RunEndInfo,
  ): MaybePromise<RunRecord | undefined> {
    if (info?.cancelled) return undefined;
    return super.handleChainEnd(outputs, id, parent, tags, info);
  }
}

/** Takes an abort for an end. */
class Calm extends KeepingTracer {
  override handleChainError(_error: unknown, id: string): MaybePromise<RunRecord | undefined> {
    return super.handleChainEnd({}, id);
  }
}

/** Persists a tree before its root has closed. */
class Hasty extends KeepingTracer {
  override onRunCreate(run: RunRecord): void {
    super.onRunCreate(run);
    if (run.parent_run_id === undefined) this.trees.push(run);
  }

  protected override persistRun(): void {}

  override onRunUpdate(run: RunRecord): void {
    super.onRunUpdate(run);
    if (run.parent_run_id === undefined) run.child_runs.reverse();
  }
}

proveLaw(
  "the tree of a tracer is that of the starts that a plain handler is told of, each run closed as it closed, and none is held",
  seesTheTree,
  1_000,
  keeping(KeepingTracer),
  [
    ["a tracer that puts runs below the last", keeping(Nesting), /another tree/],
    ["a tracer that holds what was left", keeping(Holding), /held|another tree|without an update/],
    ["a tracer that takes failures for ends", keeping(Calm), /another tree/],
    ["a tracer that turns its children around", keeping(Hasty), /another tree|order/],
  ],
);

/** What the lines of a JSON tracer say, in the form of what a plain handler is told. */
interface Line {
  readonly id: string;
  readonly parent_run_id?: string;
  readonly trace_id: string;
  readonly name: string;
  readonly run_type: string;
  readonly error?: unknown;
  readonly cancelled?: true;
}

const jsonLines =
  (sink: (line: string, lines: string[]) => unknown): MakeTracer =>
  (fields) => {
    const lines: string[] = [];
    const tracer = new JsonlTracer({ ...fields, write: (line) => sink(line, lines) as undefined });
    return { tracer, faults: (plain) => faultsOfLines(lines, plain) };
  };

function faultsOfLines(lines: readonly string[], plain: StartTree): string[] {
  const faults: string[] = [];
  const runs = lines.map((line) => {
    if (line.indexOf("\n") !== line.length - 1) faults.push(`more than a line: ${line}`);
    return JSON.parse(line) as Line;
  });
  const places = new Map(runs.map(({ id }, place) => [id, place]));
  if (places.size !== runs.length) faults.push("a run on two lines");
  for (const [place, { parent_run_id: parent }] of runs.entries()) {
    if (parent !== undefined && !((places.get(parent) ?? -1) > place)) faults.push("a parent before its child");
  }
  const seen = runs.map((run) => {
    const closing = run.error !== undefined ? "error" : run.cancelled ? "cancelled" : "end";
    return [run.id, run.parent_run_id, run.trace_id, run.name, run.run_type, closing].join(" ");
  });
  const linesOf = (run: ToldRun, root: ToldRun, parent?: ToldRun): string[] => [
    [run.id, parent?.id, root.id, run.name, run.type, run.closing].join(" "),
    ...run.below.flatMap((child) => linesOf(child, root, run)),
  ];
  const expected = plain.roots.flatMap((root) => linesOf(root, root));
  if (seen.sort().join("\n") !== expected.sort().join("\n")) faults.push(`other runs: ${seen}, and not ${expected}`);
  return faults;
}

proveLaw(
  "the lines of a JSON tracer are those runs, one line each, children before parents",
  seesTheTree,
  700,
  jsonLines((line, lines) => void lines.push(line)),
  [
    [
      "a sink that loses lines",
      jsonLines((line, lines) => line.includes("plain") || lines.push(line)),
      /other runs|before/,
    ],
    ["one that turns lines around", jsonLines((line, lines) => void lines.unshift(line)), /before its child/],
  ],
);

proveLaw(
  "so they are where the sink takes its time",
  seesTheTree,
  150,
  jsonLines(async (line, lines) => {
    await settle(1);
    lines.push(line);
  }),
  [],
);

/** The console's lines, of which each run has one with its name, and none is left in the tracer. */
const onConsole: MakeTracer = (fields) => {
  const lines: string[] = [];
  const tracer = new ConsoleCallbackHandler({ ...fields, columns: 300, write: (line) => lines.push(line) });
  return { tracer, faults: (plain) => faultsOfConsole(lines, plain) };
};

function faultsOfConsole(lines: readonly string[], plain: StartTree): string[] {
  const counts = new Map<string, number>();
  const count = (run: ToldRun): void => {
    counts.set(run.name, (counts.get(run.name) ?? 0) + 1);
    for (const child of run.below) count(child);
  };
  for (const root of plain.roots) count(root);
  return [...counts].flatMap(([name, runs]) => {
    const shown = lines.filter((line) => line.includes(name)).length;
    return shown >= runs ? [] : [`${runs} runs are called ${name}, and ${shown} lines`];
  });
}

proveLaw("the console has a line for each of them", seesTheTree, 300, onConsole, [
  ["one that is silent", (fields) => ({ ...onConsole(fields), tracer: new KeepingTracer(fields) }), /runs are called/],
]);
