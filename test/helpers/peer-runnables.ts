import type { PlainCall } from "../fixtures/event-plain.mjs";
import type { PlainOutcome } from "../fixtures/runnable-plain.mjs";
import { isRecord, rewrite, toModelChunk } from "./peer-events.ts";
import { asRecord, expectedCall, expectedValue } from "./peer-handler-calls.ts";
import { type Closing, type Recording, type RunTree, recordingOf, renamed, runsOf } from "./peer-run-trees.ts";

/**
 * What handlers of linnet are told of runnables, given what was recorded of the peer: the differences that
 * docs/decisions/0005 and 0006 permit, each a rule of its own.
 */

/** What a rule may look at, beside the recording of the peer, which it changes to what linnet does. */
export interface Case {
  readonly name: string;
  readonly verb: string;
}
type Rule = (recording: Recording, one: Case) => void;

/** The classes whose runs end, in the peer, with what all of a batch gave. */
const BATCHED: readonly string[] = ["RunnableSequence", "RunnableRetry"];

/** Of a batch, and of each item of a list, a run ends with its own output. */
const ownOutputs: Rule = ({ roots }, { verb }) => {
  const visit = (runs: readonly RunTree[], parentPlace: number, batched: boolean): void => {
    for (const run of runs) {
      const likes = runs.filter(({ of, tags }) => of === run.of && String(tags) === String(run.tags));
      const place = likes.length > 1 ? likes.indexOf(run) : parentPlace;
      if (batched && BATCHED.includes(run.of as string))
        run.closed = run.closed.map((closing) => ownOf(closing, place));
      visit(run.children, place, batched || run.of === "RunnableEach");
    }
  };
  visit(roots, 0, verb === "batch");
};

function ownOf(closing: Closing, place: number): Closing {
  const { outputs } = closing;
  if (!isRecord(outputs) || !Array.isArray(outputs.output)) return closing;
  const own: unknown = outputs.output[place];
  return isRecord(own) && "$error" in own ? { error: own } : { outputs: asRecord(own) };
}

/** A streamed run with fallbacks ends with what they gave. */
const summedFallbacks: Rule = ({ roots }, { verb }) => {
  if (verb !== "stream") return;
  for (const run of runsOf(roots).reverse()) {
    if (run.of !== "RunnableWithFallbacks") continue;
    run.closed = run.closed.map((closing) => (closing.error === undefined ? givenBy(run.children.at(-1)) : closing));
  }
};

/** What a run has given to what is around it: of a model, the message or the text. */
function givenBy(run: RunTree | undefined): Closing {
  const [closing = {}] = run?.closed ?? [];
  const { outputs } = closing;
  if (outputs === undefined) return closing;
  if (!isRecord(outputs) || !Array.isArray(outputs.generations)) return { outputs: asRecord(outputs) };
  const { $generationChunk: given } =
    (outputs.generations as { $generationChunk: Record<string, unknown> }[][])[0]?.[0] ?? {};
  return { outputs: asRecord(given?.message ?? given?.text) };
}

/** A map that is invoked is told of with its input as it is, as one that is streamed. */
const inputsOfMaps: Rule = ({ roots }) => {
  for (const run of runsOf(roots)) {
    const { input, ...rest } = run.inputs as Record<string, unknown>;
    if (run.of === "RunnableMap" && Object.keys(rest).length === 0 && isRecord(input)) run.inputs = input;
  }
};

/** The classes that give what is below them its input. */
const GIVE_INPUT: ReadonlySet<string> = new Set(["RunnableLambda"]);
/** The classes that hand a stream on to what is below them. */
const HAND_ON: ReadonlySet<string> = new Set([
  "RunnableSequence",
  "RunnableMap",
  "RunnableBranch",
  "RunnableWithFallbacks",
]);
/** The classes that read a stream, where the peer waits for their whole input before their run starts. */
const READ_ON: ReadonlySet<string> = new Set(["RunnableSequence", "RunnableWithFallbacks"]);
/** The name of the sequence that waits for its whole input here too: it has to load and to store in one go. */
const WAITS = "RunnableWithMessageHistory";

/** A run that is given its input knows it at its start; one that reads a stream tells of its input at the end. */
const knownInputs: Rule = ({ roots }, { verb }) => {
  if (verb !== "stream") return;
  for (const run of roots) run.readsStream = false;
  for (const run of runsOf(roots)) {
    for (const child of run.children) {
      if (GIVE_INPUT.has(run.of as string)) child.readsStream = false;
      const readsOn = READ_ON.has(child.of as string) && child.name !== WAITS;
      if (HAND_ON.has(run.of as string) && readsOn) child.readsStream = true;
    }
  }
};

/** A sequence is told of under the name that it was made with. */
const namedSequences: Rule = ({ roots }, { name }) => {
  if (name === "named sequence" || name === "sequence without tags") for (const run of roots) run.name = "sums";
};

/** A custom event has all the tags of its run. */
const tagsOfCustomEvents: Rule = ({ roots }) => {
  for (const run of runsOf(roots)) {
    for (const call of run.told as unknown[][]) if (call[0] === "handleCustomEvent") call[4] = run.tags;
  }
};

/** The listeners hear of every item of a batch, and of an input at the start where it is known. */
const heardLines: Rule = ({ outcomes }, { name, verb }) => {
  const heard = outcomes.filter(([kind]) => kind === "hears");
  if (name === "listeners in a chain" || heard.length === 0) return;
  const told = heard.map(([, line]) => line as [string, { inputs: unknown; outputs?: unknown }]);
  const inputs = told.at(-1)?.[1].inputs;
  for (const [, run] of told) {
    run.inputs = inputs;
    if (run.outputs !== undefined) run.outputs = ownOf({ outputs: run.outputs }, 0).outputs;
  }
  const places = outcomes[0]?.[0] === "gives" && verb === "batch" ? heard.length : 0;
  for (const outcome of heard.slice(0, places)) outcomes.splice(outcomes.indexOf(outcome), 0, structuredClone(outcome));
};

/** The options of a model that a streamed lambda calls are its own: they do not have the config in them. */
const ownOptions: Rule = ({ roots }) => {
  for (const run of runsOf(roots)) {
    const [given] = run.told;
    if (isRecord(given) && isRecord(given.options)) delete given.options.config;
  }
};

/** A function of a passthrough is called inside its run, which fails with it. */
const passthroughRuns: Rule = ({ roots, outcomes }, { name }) => {
  if (name !== "passthrough with a function that fails") return;
  const of = "RunnablePassthrough";
  const run = {
    of,
    name: of,
    runType: undefined,
    tags: [],
    metadata: {},
    inputs: { input: "hello" },
    readsStream: false,
  };
  roots.push({ id: "<run 1>", ...run, closed: [{ error: outcomes[0]?.[1] }], told: [], children: [] });
};

/** What is no object cannot be assigned to, by any verb; and nothing starts that does not end. */
const assignsToObjects: Rule = ({ roots, outcomes }, { name, verb }) => {
  if (name !== "assign to no object") return;
  outcomes.splice(0, 1, ["rejects", LIBRARY_ERROR]);
  if (verb !== "stream") roots.splice(0);
  for (const run of roots) Object.assign(run, { closed: [{ error: LIBRARY_ERROR }], children: [] });
};

/** An item that fails ends its batch: no further one starts. */
const stoppedBatches: Rule = ({ roots, outcomes }, { name, verb }) => {
  if (name === "each that fails") for (const run of roots) run.children.splice(1);
  if (verb === "batch" && outcomes[0]?.[0] === "rejects" && !LATER.includes(name)) roots.splice(1);
};
/** The cases whose items have all started before one fails. */
const LATER: readonly string[] = [
  "each that fails",
  "model that fails",
  "prompt, model that fails, parser",
  "sequence that fails late",
  "generator that fails late",
  "retry that fails",
  "retry of what fails late",
];

/** What is under way when an item fails ends with the batch: it is not tried again. */
const endedBatches: Rule = ({ roots, outcomes }, { name, verb }) => {
  if (verb !== "batch" || outcomes[0]?.[0] !== "rejects" || !name.startsWith("retry ")) return;
  for (const run of roots.slice(1)) {
    run.children.splice(-1);
    run.closed = [{ error: { $error: "AbortError", message: "Another item of the batch failed." } }];
  }
};

/** A model without a stream hook gives a chunk (docs/decisions/0007). */
const chunksOfModels: Rule = (recording, { name, verb }) => {
  if (name !== "history of a chat model" || verb !== "stream") return;
  for (const root of recording.roots) root.closed = rewrite(root.closed, toModelChunk) as Closing[];
  for (const outcome of recording.outcomes) outcome[1] = rewrite(outcome[1], toModelChunk);
};

/** A history keeps messages, not chunks. */
const storedMessages: Rule = ({ outcomes }) => {
  const toMessage = (value: unknown): unknown => {
    if (!isRecord(value) || value.$message !== "AIMessageChunk") return value;
    const { tool_call_chunks: _, ...message } = value;
    return { ...message, $message: "AIMessage" };
  };
  for (const outcome of outcomes) if (outcome[0] === "stores") outcome[1] = rewrite(outcome[1], toMessage);
};

/** What a handler of linnet is told where the peer's is told of `recording`, which is changed. */
export function applyRules(recording: Recording, one: Case): Recording {
  for (const rule of rules) rule(recording, one);
  return renamed(recording);
}

const rules: readonly Rule[] = [
  ownOutputs,
  summedFallbacks,
  inputsOfMaps,
  knownInputs,
  namedSequences,
  tagsOfCustomEvents,
  ownOptions,
  heardLines,
  passthroughRuns,
  assignsToObjects,
  stoppedBatches,
  endedBatches,
  chunksOfModels,
  storedMessages,
];

/** The cases that reject with an error of the library, which has words of its own. */
const LIBRARY_ERRORS: readonly string[] = [
  "assign to no object",
  "prompt that fails",
  "router without the key",
  "history without a session",
];
const LIBRARY_ERROR = { $error: "an error of the library" };

/** The cases whose streams are tried again, as their invocations are; the peer streams the first attempt alone. */
export const RETRIED_STREAMS: readonly string[] = [
  "retry, twice failed",
  "retry of a part of a batch",
  "retry of a chain",
  "retry in a chain",
  "retry with a name",
  "retry of what is named",
  "retry that fails",
  "prompt, model with retry, parser",
  "chain with retry",
];

/** The runs of a retried stream: those of the invocation, without a run around the attempts, each reading a stream. */
function asStreamed({ roots, outcomes }: Recording): Recording {
  const attempts = (runs: readonly RunTree[]): RunTree[] =>
    runs.flatMap((run): RunTree[] => {
      const children = attempts(run.children);
      if (run.of !== "RunnableRetry") return [{ ...run, children, readsStream: true }];
      const own = (run.tags as string[]).filter((tag) => tag.startsWith("seq:"));
      return children.map((child) => ({ ...child, tags: [...(child.tags as string[]), ...own] }));
    });
  const [gives, value] = outcomes[0] ?? ["gives"];
  return renamed({ roots: attempts(roots), outcomes: [[gives, gives === "gives" ? [value] : value]] });
}

/** The cases whose chunks come from branches that the peer interleaves by its scheduler. */
const SCHEDULED: readonly string[] = ["map in a map"];

/** The chunks of branches in the order of their keys. */
function sortChunks({ outcomes }: Recording): void {
  for (const outcome of outcomes) {
    outcome[1] = [...(outcome[1] as object[])].sort((left, right) =>
      String(Object.keys(left)).localeCompare(String(Object.keys(right))),
    );
  }
}

function hookOf([kind, line]: PlainOutcome): string {
  return kind === "hears" ? String((line as unknown[])[0]) : "";
}

type Lines = readonly (PlainCall | PlainOutcome)[];

/** What was recorded, as it can be compared. */
export function comparableRecording(lines: Lines, one: Case): Recording {
  const recording = recordingOf(lines);
  if (one.verb === "stream" && SCHEDULED.includes(one.name)) sortChunks(recording);
  // Which item of a batch is heard of first is the scheduler's.
  if (one.verb === "batch") recording.outcomes.sort((left, right) => hookOf(left).localeCompare(hookOf(right)));
  if (!LIBRARY_ERRORS.includes(one.name)) return recording;
  const replace = (value: unknown): unknown => (isRecord(value) && "$error" in value ? LIBRARY_ERROR : value);
  return rewrite(recording, replace) as Recording;
}

/** What is expected to be recorded of linnet. */
export function expectedRecording(recorded: Readonly<Record<string, Lines>>, one: Case): Recording {
  const { name, verb } = one;
  const isRetried = verb === "stream" && RETRIED_STREAMS.includes(name);
  const lines = recorded[`${name}: ${isRetried ? "invoke" : verb}`] ?? [];
  const expected = lines.map((line) =>
    line[0].startsWith("handle") ? expectedCall(line as PlainCall) : (expectedValue(line) as PlainOutcome),
  );
  let recording = comparableRecording(expected, one);
  if (isRetried) recording = asStreamed(recording);
  return applyRules(recording, one);
}
