import fc from "fast-check";
import { afterAll } from "vitest";
import "../../src/entries/node.ts";
import { type AsyncContext, asyncContext, installAsyncContext } from "../../src/callbacks/async-context.ts";
import type { EventFilter } from "../../src/events/event-filter.ts";
import { text } from "../helpers/laws/domains.ts";
import { drive } from "../helpers/laws/drive.ts";
import { kinds } from "../helpers/laws/engine.ts";
import { copiedForm, faultyForms } from "../helpers/laws/faulty-forms.ts";
import { type Form, forms } from "../helpers/laws/forms.ts";
import { type Domain, type Kinds, programs } from "../helpers/laws/kind.ts";
import { moves } from "../helpers/laws/moves.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import { expectedOf, type Observer, Reading } from "../helpers/laws/reading.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { collectReports } from "../helpers/reports.ts";

collectReports();
const rejections = watchRejections();

/** What a law is asked of. */
interface Engine {
  readonly kinds: Kinds;
  readonly forms: readonly Form[];
  /** What carries the context to nested calls that are handed no config. Default: nothing, and there are no such calls. */
  readonly context?: AsyncContext | undefined;
}

const own = asyncContext();

afterAll(() => installAsyncContext(undefined));

const observers = fc.constantFrom<Observer[]>("none", "quick", "slow", "failing", "raising");

/** Names, types and tags that programs have, and some that they have not. */
const words: Record<string, readonly string[]> = {
  Names: [
    "RunnableSequence",
    "RunnableLambda",
    "plain",
    "source",
    "bound",
    "ScriptedModel",
    "StringOutputParser",
    "no",
  ],
  Types: ["chain", "prompt", "parser", "chat_model", "llm", "tool"],
  Tags: ["seq:step:1", "seq:step:2", "map:key:left", "bound", "chat", "no"],
};

const filters: fc.Arbitrary<EventFilter | undefined> = fc.option(
  fc.record(
    Object.fromEntries(
      Object.entries(words).flatMap(([kind, of]) => {
        const some = fc.subarray([...of], { maxLength: 3 });
        return [
          [`include${kind}`, some],
          [`exclude${kind}`, some],
        ];
      }),
    ),
    { requiredKeys: [], noNullPrototype: true },
  ),
  { nil: undefined },
);

const showsTheTruth: Law<Engine> = ({ kinds: of, forms: known, context }) => {
  installAsyncContext(context);
  const domain: Domain = { without: context === undefined ? ["implicit"] : [], empties: true };
  return fc.asyncProperty(
    programs(of, domain).text,
    fc.record({ verb: fc.constantFrom(...known.map(({ name }) => name)), observer: observers, input: text }),
    filters,
    moves(),
    fc.scheduler(),
    async (program, drawn, filter, commands, scheduler) => {
      const call = { ...drawn, filter, form: known.find(({ name }) => name === drawn.verb) };
      const expected = await expectedOf(program, of, call);
      let reading: Reading | undefined;
      const setup = () => {
        reading = new Reading(program, of, call, scheduler, expected);
        return { model: reading.model, real: reading };
      };
      await drive(scheduler, fc.asyncModelRun(setup, commands), "a move");
      const finished = reading as unknown as Reading;
      await drive(scheduler, finished.finish(), "the end");
      const faults = await drive(scheduler, finished.faults(), "what comes after it");
      const all = [...faults, ...rejections.taken().map((error) => `unheard: ${String(error)}`)];
      if (all.length > 0) throw new Error(all.join("\n"));
    },
  );
};

proveLaw(
  "every form of events shows what happens, in its order: a start, chunks, one closing for each run, inside its parent",
  showsTheTruth,
  3_000,
  { kinds, forms: [...forms, copiedForm] },
  faultyForms.map(([what, form, complaint]) => [what, { kinds, forms: [form] }, complaint]),
);

proveLaw(
  "so they do where nested calls find their parents by the async context",
  showsTheTruth,
  1_000,
  { kinds, forms, context: own },
  [],
);
