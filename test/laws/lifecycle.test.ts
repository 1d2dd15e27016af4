import fc from "fast-check";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { text } from "../helpers/laws/domains.ts";
import { drive } from "../helpers/laws/drive.ts";
import { kinds, withKinds } from "../helpers/laws/engine.ts";
import {
  Dangling,
  Detaching,
  Disguising,
  Forgetting,
  faultyBound,
  faultyPlain,
  Persistent,
  ReadingAhead,
  Swallowing,
} from "../helpers/laws/faulty-kinds.ts";
import { formNamed, forms } from "../helpers/laws/forms.ts";
import { builderIn, type Domain, type Kinds, programs, type StepKind } from "../helpers/laws/kind.ts";
import { moves } from "../helpers/laws/moves.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import { expectedOf, handlersOf, type Observer, Reading, type Verb } from "../helpers/laws/reading.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { type TextStep, World } from "../helpers/laws/world.ts";
import { retryBy } from "../helpers/laws/wrappers.ts";
import { collectReports } from "../helpers/reports.ts";
import { settle } from "../helpers/timing.ts";

collectReports();
const rejections = watchRejections();

/** Also generators that end without a chunk. */
const ANY: Domain = { without: ["implicit"], empties: true };

const call = fc.record({
  verb: fc.constantFrom<Verb[]>(
    "invoke",
    "batch",
    "stream",
    "astream",
    "astream",
    "transform",
    "v1",
    "v2",
    "events",
    "log",
  ),
  observer: fc.constantFrom<Observer[]>("none", "quick", "slow", "failing", "raising"),
  input: text,
});

/** What a law is asked of. */
interface Engine {
  readonly kinds: Kinds;
  /** The kinds that programs are made of. Default: all. */
  readonly names?: readonly string[] | undefined;
}

const isLawful: Law<Engine> = ({ kinds: of, names }) =>
  fc.asyncProperty(
    programs(of, { ...ANY, names }).text,
    call,
    moves(),
    fc.scheduler(),
    async (program, one, commands, scheduler) => {
      const expected = await expectedOf(program, of, one);
      let reading: Reading | undefined;
      const setup = () => {
        reading = new Reading(program, of, one, scheduler, expected);
        return { model: reading.model, real: reading };
      };
      await drive(scheduler, fc.asyncModelRun(setup, commands), "a move");
      const finished = reading as unknown as Reading;
      await drive(scheduler, finished.finish(), "the end");
      noFaults(await drive(scheduler, finished.faults(), "what comes after it"));
    },
  );

function faulty(kind: StepKind, names?: readonly string[]): Engine {
  return { kinds: withKinds(kind), names };
}

/** Kinds of which most programs have something that has to be closed. */
const FORGETTABLE = ["bound", "source", "iterator", "pipe", "upper"];

function noFaults(faults: readonly string[]): void {
  const all = [...faults, ...rejections.taken().map((error) => `unheard: ${String(error)}`)];
  if (all.length > 0) throw new Error(all.join("\n"));
}

proveLaw(
  "whatever its reader does and whatever breaks, in any order of promises, a call ends once and leaves nothing behind",
  isLawful,
  2_000,
  { kinds },
  [
    [
      "a step that does not close what it reads",
      faulty(faultyBound(Forgetting), FORGETTABLE),
      /generators entered|after the reader left/,
    ],
    ["a step that tells of its start and not always of its end", faulty(faultyBound(Dangling)), /never closed/],
    ["a step that gives no error", faulty(faultyBound(Swallowing)), /an end without the error|item \d is|and no error/],
    ["a step that gives another error", faulty(faultyBound(Disguising)), /nothing explains/],
    [
      "a retry after the first chunk",
      faulty(
        retryBy((tried) => new Persistent(tried)),
        ["retry", "source", "failsLate", "letters"],
      ),
      /one text of 2 attempts/,
    ],
    [
      "a step that lets a rejection go unheard",
      faulty(
        faultyPlain((input) => {
          void Promise.reject(new Error("unheard"));
          return input;
        }),
      ),
      /unheard/,
    ],
    [
      "a step that writes to what all objects inherit",
      faulty(
        faultyPlain((input) => {
          Object.assign(Object.prototype, { polluted: input });
          return input;
        }),
      ),
      /Object.prototype.polluted/,
    ],
  ],
);

/** Work that listens to its signal. */
const LISTENING: Domain = { without: ["implicit"], empties: true, deaf: false };

const reachesAtOnce: Law<Engine> = ({ kinds: of, names }) =>
  fc.asyncProperty(
    programs(of, { ...LISTENING, names }).text,
    call,
    fc.nat({ max: 6 }),
    fc.boolean(),
    fc.scheduler(),
    async (program, { verb, input, observer }, turns, leaves, scheduler) => {
      const one = { verb, input, observer: observer === "none" ? observer : ("quick" as const) };
      const reading = new Reading(program, of, one, scheduler, await expectedOf(program, of, one));
      const finishing = reading.finish();
      for (let turn = 0; turn < turns; turn += 1) {
        await settle(1);
        if (scheduler.count() > 0) await scheduler.waitOne();
      }
      // A call that has failed already can no longer be told of an end, nor can what ran beside the failure.
      await settle(1);
      if (reading.model.over) return;
      // From here on nothing that the work waits for comes any more. A stream that is not there yet can only be aborted, and
      // what a caller makes for `transform` to read listens to the caller's signal alone.
      const ended = leaves && verb !== "stream" && verb !== "transform" ? reading.leave() : reading.abort();
      await settle(5);
      if (!reading.isQuiet()) throw new Error("work goes on after it was told to end");
      if (!reading.model.over && !reading.model.left) throw new Error("the reader is not told of the end");
      await Promise.all([ended, finishing]);
      noFaults(await drive(scheduler, reading.faults(), "what comes after it"));
    },
  );

proveLaw(
  "work that listens to its signal ends at once when its reader leaves or aborts, wherever it is",
  reachesAtOnce,
  2_500,
  { kinds },
  [["a step that does not hand on its config", faulty(faultyBound(Detaching)), /goes on|not told/]],
);

const staysClose: Law<Engine> = ({ kinds: of, names }) =>
  fc.asyncProperty(
    programs(of, { only: "chunkwise", without: ["implicit", "late"], names }).text,
    fc.constantFrom<Observer[]>("none", "quick", "slow"),
    fc.option(fc.constantFrom(...forms.map(({ name }) => name)), { nil: undefined, freq: forms.length }),
    fc.nat({ max: 5 }),
    fc.scheduler(),
    async (program, observer, formName, reads, scheduler) => {
      const form = formName === undefined ? undefined : formNamed(formName);
      const world = new World((label) => scheduler.schedule(Promise.resolve(), label));
      let given = 0;
      const source = RunnableLambda.from<string, string>(async function* () {
        for (;;) {
          await scheduler.schedule(Promise.resolve(), "chunk");
          given += 1;
          yield "a";
        }
      });
      const { callbacks } = handlersOf(observer, scheduler);
      const chain = source.pipe(builderIn(world, of).text(program)) as TextStep;
      const stream: AsyncIterator<unknown> = form?.open(chain, "", { callbacks }) ?? chain.astream("", { callbacks });
      for (let read = 0; read < reads; read += 1) await drive(scheduler, stream.next(), "a read");
      const rest = async (): Promise<number> => {
        for (let turn = 0; turn < 300; turn += 1) {
          if (scheduler.count() > 0) await scheduler.waitOne();
          else await settle(1);
          if (scheduler.count() === 0 && turn > 20) break;
        }
        return given;
      };
      const stages = JSON.stringify(program).split('"kind"').length;
      const ahead = (await rest()) - reads;
      if (ahead > 2 * stages + (form === undefined ? 0 : 64 + stages))
        throw new Error(`${ahead} chunks ahead in ${stages} stages`);
      await drive(scheduler, Promise.resolve(stream.return?.()), "leaving");
      const before = given;
      // A pause that it was in is the last thing that it waits for.
      if ((await rest()) > before + 1) throw new Error("chunks after the reader left");
    },
  );

proveLaw(
  "a reader that stops is not waited for by more than two chunks a stage, or 64 events",
  staysClose,
  600,
  { kinds },
  [["a step that reads ahead", faulty(faultyBound(ReadingAhead)), /chunks ahead/]],
);
