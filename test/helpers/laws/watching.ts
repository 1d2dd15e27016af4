import type { EventFilter } from "../../../src/events/event-filter.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import type { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";
import type { Form } from "./forms.ts";
import type { ReaderModel } from "./reader-model.ts";
import type { Shown } from "./shown.ts";
import { isShown, momentFaults, Witness, type Witnessed } from "./witness.ts";
import type { TextStep } from "./world.ts";

/** One reading of a chain's runs in some form, beside a witness of the same runs. */
export class Watching {
  readonly form: Form;
  readonly filter: EventFilter | undefined;
  readonly witness: Witness = new Witness();
  readonly items: unknown[] = [];

  constructor(form: Form, filter: EventFilter | undefined) {
    this.form = form;
    this.filter = filter;
  }

  open(chain: TextStep, input: string, config: RunnableConfig): IterableReadableStream<unknown> {
    const callbacks = [...(config.callbacks as []), this.witness];
    return this.form.open(chain, input, { ...config, callbacks }, this.filter);
  }

  /** What is told to have failed by the items of a stream that has ended. */
  get failure(): Error | undefined {
    return this.form.failure?.(this.items);
  }

  /**
   * What breaks the laws of events, once all is over.
   *
   * @param isWaiting whether a handler may still be at work: an abort does not wait for it, nor for the closings behind it.
   */
  faults(model: ReaderModel, isWaiting: boolean): string[] {
    const { form, filter, witness } = this;
    const all = form.shown(this.items);
    // A root without a run of its own may have a start and chunks in a log, and no end.
    const shown = all.filter(({ id }) => form.ownRoot === undefined || witness.knows(id));
    const isRead = model.over && !model.left && !(model.aborted && isWaiting);
    // In the other forms, a run that failed is not shown to be over.
    const isWhole = isRead && form.errors;
    // A run inside one that is filtered out has nothing around it.
    const plain = filter === undefined ? shown : shown.map(({ moment, id }) => ({ moment, id }));
    const found = [
      ...momentFaults(plain, false),
      ...momentFaults(
        plain.filter(({ id }) => !this.#isLate(id)),
        isWhole,
      ),
    ];
    const faults = [...new Set(found)].map((fault) => `events: ${fault}`);
    if (isRead) faults.push(...(form.faults?.(this.items, model.error !== undefined) ?? []));
    return [...witness.faults(), ...faults, ...this.#faultsOfOrder(shown, isRead)];
  }

  /** What was shown is what happened, in its order, as far as it was read, without what the filter and the form leave out. */
  #faultsOfOrder(shown: readonly Shown[], isRead: boolean): string[] {
    const { form, filter = {}, witness } = this;
    const root = form.ownRoot?.includes("start") ? shown[0]?.id : witness.told[0]?.run.runId;
    const isOwn = ({ moment, id }: Shown): boolean => id === root && form.ownRoot?.includes(moment) === true;
    const line = ({ moment, id }: Shown): string => `${moment} ${id}`;
    const happened = witness.told
      .filter((one) => isShown(one, filter, form.isLog === true) && this.#hasPlace(one))
      .map(({ moment, run }) => ({ moment, id: run.runId }));
    const expected = happened.filter((one) => !isOwn(one)).map(line);
    const seen = shown.filter((one) => !isOwn(one)).map(line);
    const place = seen.findIndex((one, index) => one !== expected[index]);
    if (place >= 0) return [`events: number ${place} is ${seen[place]}, and not ${expected[place]}`];
    const missing = happened.filter((one) => !isOwn(one)).slice(seen.length);
    const lost = missing.filter(({ id }) => !this.#isLate(id));
    return isRead && lost.length > 0 ? [`events: ${lost.length} are missing`] : [];
  }

  /**
   * Whether a run is no part of the call: it began when the run around it had closed already, so that it is a root of its own.
   * The call's events end with the call, and need not have all of such a run.
   */
  #isLate(id: string): boolean {
    const [first] = this.witness.told;
    let run = this.witness.told.find((one) => one.run.runId === id)?.run;
    while (run?.parent !== undefined) run = run.parent;
    return run !== undefined && run.runId !== first?.run.runId;
  }

  #hasPlace({ moment, run }: Witnessed): boolean {
    if (moment === "custom") return this.form.isLog !== true;
    return moment !== "error" || this.form.errors || run.kind === "tool";
  }
}
