import type fc from "fast-check";
import type { CallbackHandler } from "../../../src/callbacks/handler.ts";
import type { EventFilter } from "../../../src/events/event-filter.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { faultsOf, RunLog, recordingHandler } from "../handlers.ts";
import { assertNoPoisoning } from "../poisoning.ts";
import { CountedSignal } from "../signals.ts";
import { settle } from "../timing.ts";
import { type Form, formNamed } from "./forms.ts";
import { builderIn, hasTrait, type Kinds, type Program, type Trait } from "./kind.ts";
import { outcomeOf } from "./outcomes.ts";
import { type Expected, ReaderModel } from "./reader-model.ts";
import { Watching } from "./watching.ts";
import { planned, type TextStep, World } from "./world.ts";

/** How a program is called; the verbs of a form of events are its names. */
export type Verb = "invoke" | "batch" | "stream" | "astream" | "transform" | (string & {});

/** Who observes it: `raising` breaks the run at a moment that the scheduler picks, `slow` takes as long as it likes. */
export type Observer = "none" | "quick" | "slow" | "failing" | "raising";

/** One call of a program, and all that can be seen of it from outside. */
export class Reading {
  readonly scheduler: fc.Scheduler;
  readonly world: World;
  readonly model: ReaderModel;
  readonly reason: Error = new Error("aborted by the test");
  readonly signal: CountedSignal = new CountedSignal();
  readonly log: RunLog;
  /** What is seen of its runs, where it is read as events. */
  readonly watching: Watching | undefined;
  readonly verb: Verb;
  readonly pending: Promise<unknown>[] = [];
  readonly #iterator: AsyncIterator<unknown>;
  readonly #observer: Observer;
  readonly #recovers: boolean;

  constructor(program: Program, kinds: Kinds, call: Call, scheduler: fc.Scheduler, expected: Expected) {
    const { verb, observer, input } = call;
    this.verb = verb;
    this.#observer = observer;
    this.scheduler = scheduler;
    this.world = new World((label) => scheduler.schedule(Promise.resolve(), label));
    this.#recovers = hasTrait(program, kinds, "recovers");
    const form = call.form ?? formNamed(verb);
    this.watching = form && new Watching(form, call.filter);
    this.model = new ReaderModel(form === undefined ? expected : { ...expected, chunks: undefined }, this.reason);
    // Whether what fails late beside others is recovered from depends on what of it comes first.
    const depends = ["racing", "late", "recovers"].every((trait) => hasTrait(program, kinds, trait as Trait));
    if (observer === "raising" || depends) this.model.break(this.#recovers);
    const { log, callbacks } = handlersOf(observer, scheduler);
    this.log = log;
    const config: RunnableConfig = { signal: this.signal.signal, callbacks: [...callbacks, ...(call.handlers ?? [])] };
    const chain = builderIn(this.world, kinds).text(program);
    this.#iterator = this.watching?.open(chain, input, config) ?? open(chain, verb, input, config, this.world);
  }

  /** Reads once; what comes of it the model is told. */
  read(): Promise<void> {
    this.model.reads += 1;
    const reading = this.#iterator.next().then(
      ({ value, done }) => {
        if (done) return this.#end();
        this.watching?.items.push(value);
        this.model.item(value);
      },
      (error) => this.model.fail(error),
    );
    this.pending.push(reading);
    return reading;
  }

  #end(): void {
    const isAnswered = this.model.over || this.model.leaving;
    const failure = isAnswered ? undefined : this.watching?.failure;
    if (failure === undefined) return this.model.end();
    // A form tells of an error by its message.
    this.model.fail(failure.message === this.reason.message ? this.reason : failure);
  }

  /** Leaves. From now on nothing more may be told; where the call cannot be left, it is aborted. */
  leave(): Promise<unknown> {
    const leaving = this.#leave();
    this.pending.push(leaving);
    return leaving;
  }

  async #leave(): Promise<void> {
    if (this.#iterator.return === undefined) return this.abort();
    this.model.leaving = true;
    // A stream that is not there yet cannot be left.
    if (this.verb === "stream") await this.pending[0];
    const returned = this.#iterator.return();
    // What was answered before is heard of first.
    for (let tick = this.verb === "stream" ? 15 : 2; tick > 0; tick -= 1) await undefined;
    this.model.left = true;
    await returned;
    this.world.isOver = true;
  }

  async abort(): Promise<void> {
    this.model.aborted = true;
    this.signal.abort(this.reason);
    this.world.isOver = true;
  }

  breakAt(place: number): void {
    if (this.model.over) return;
    this.model.break(this.#recovers);
    this.world.breakAt(place);
  }

  /** Reads to the end, or to the answer. */
  async finish(): Promise<void> {
    while (!this.model.over && !this.model.leaving) await this.read();
    await Promise.all(this.pending);
  }

  /** What went wrong, once all is over; empty where nothing did. */
  async faults(): Promise<string[]> {
    // Slow handlers of deep programs take some turns to hear of the end.
    for (let turn = 0; turn < 40 && !this.isQuiet(); turn += 1) await settle(1);
    const { world, log, model, signal } = this;
    const made = world.work + world.made;
    await settle(2);
    const faults = [...world.faults, ...model.faults, ...faultsOf(log)];
    if (world.entered !== world.closed) faults.push(`${world.entered} generators entered, ${world.closed} left`);
    if (world.work + world.made !== made) faults.push("work after the end");
    if (world.inFlight !== 0) faults.push("work under way after the end");
    if (signal.listeners !== 0) faults.push("a listener left on the signal");
    if (world.listened !== 0) faults.push("a run whose listeners heard of no closing");
    faults.push(
      ...this.#faultsOfRoot(),
      ...(this.watching?.faults(model, this.#observer !== "none" && this.#observer !== "quick") ?? []),
    );
    const after = this.#iterator.return === undefined ? { done: true } : await this.#iterator.next();
    if (!after.done) faults.push("an item after all was over");
    assertNoPoisoning();
    return faults;
  }

  isQuiet(): boolean {
    const { world } = this;
    const isStill = world.entered === world.closed && world.inFlight === 0 && world.listened === 0;
    return isStill && faultsOf(this.log).length === 0;
  }

  /** The root's run is closed as what the reader saw. */
  #faultsOfRoot(): string[] {
    if (this.#observer !== "quick" && this.#observer !== "slow") return [];
    const { model, log } = this;
    const root = log.moments.find(({ parent }) => parent === undefined);
    const closing = log.moments.find(({ id, moment }) => id === root?.id && moment !== "start");
    if (closing === undefined || this.verb === "batch") return [];
    if (model.error !== undefined && !model.aborted && closing.moment !== "error")
      return ["a failed run closed by its end"];
    if (model.error === undefined && !model.left && closing.moment !== "end")
      return ["a run closed by an error, and no error"];
    return [];
  }
}

/** How a program is called, and what is done to it. */
export interface Call {
  readonly verb: Verb;
  readonly observer: Observer;
  readonly input: string;
  /** The form of events that it is read in. Default: the one that the verb names, if it does. */
  readonly form?: Form | undefined;
  readonly filter?: EventFilter | undefined;
  /** Who is told besides the observer. */
  readonly handlers?: readonly CallbackHandler[];
}

function open(
  chain: TextStep,
  verb: Verb,
  input: string,
  config: RunnableConfig,
  world: World,
): AsyncIterator<unknown> {
  switch (verb) {
    case "invoke":
      return answer(() => chain.invoke(input, config));
    case "batch":
      return answer(async () => (await chain.batch([input, `${input}b`, input], config)).join("|"));
    case "stream":
      return primed(chain.stream(input, config));
    case "astream":
      return chain.astream(input, config);
    case "transform":
      return chain.transform(world.visit(piecesOf(input, world, config.signal)), config);
    default:
      throw new Error(`Expected a verb, got ${verb}.`);
  }
}

async function* piecesOf(input: string, world: World, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const place = world.newPlace();
  for (const letter of input === "" ? [""] : input) {
    await world.act(place, signal);
    yield letter;
  }
}

/** An answer, read as a stream of one that cannot be left. */
function answer(call: () => Promise<unknown>): AsyncIterator<unknown> {
  const answered = call();
  answered.catch(() => {});
  let reads = 0;
  return {
    next: async () => {
      reads += 1;
      if (reads === 1) return { value: await answered, done: false };
      await answered.catch(() => {});
      return { value: undefined, done: true };
    },
  };
}

/** A stream that is there only once its first chunk is. */
function primed(opening: Promise<AsyncIterableIterator<unknown>>): AsyncIterator<unknown> {
  opening.catch(() => {});
  let failed = false;
  return {
    next: async () => {
      if (failed) return { value: undefined, done: true };
      const stream = await opening.catch((error: unknown) => {
        if (failed) return undefined;
        failed = true;
        throw error;
      });
      return stream === undefined ? { value: undefined, done: true } : stream.next();
    },
    return: async () => {
      failed = true;
      const stream = await opening.catch(() => undefined);
      return stream?.return?.() ?? { value: undefined, done: true };
    },
  };
}

/** The handlers of an observer; slow ones take a turn of the scheduler. */
export function handlersOf(observer: Observer, scheduler: fc.Scheduler): { log: RunLog; callbacks: CallbackHandler[] } {
  const turn = (): Promise<void> => scheduler.schedule(Promise.resolve(), "handler");
  const answers: Partial<Record<Observer, () => unknown>> = {
    slow: turn,
    failing: () => turn().then(() => Promise.reject(new Error("handler"))),
  };
  const log = new RunLog(answers[observer]);
  if (observer === "none") return { log, callbacks: [] };
  if (observer !== "raising") return { log, callbacks: [log.handler] };
  let told = 0;
  const raising = recordingHandler([], { raiseError: true }, () => {
    told += 1;
    if (told % 5 === 3) throw planned("raised");
    return told % 5 === 4 ? turn().then(() => Promise.reject(planned("raised later"))) : undefined;
  });
  return { log, callbacks: [log.handler, raising] };
}

/** What a program gives when it is left alone, called in the same way. */
export async function expectedOf(program: Program, kinds: Kinds, { verb, input, form }: Call): Promise<Expected> {
  const world = new World();
  const called = form === undefined && formNamed(verb) === undefined ? verb : "astream";
  const chunks: unknown[] = [];
  const { error } = await outcomeOf(async () => {
    const iterator = open(builderIn(world, kinds).text(program), called, input, {}, world);
    for await (const chunk of { [Symbol.asyncIterator]: () => iterator }) chunks.push(chunk);
  });
  const fails = error !== undefined;
  // How far others come before one fails is a matter of timing.
  const isKnown = !fails || !hasTrait(program, kinds, "racing");
  return { chunks: isKnown ? chunks : undefined, fails, error };
}
