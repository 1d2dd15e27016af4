import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageTest } from "./message-type.ts";
import { type PairedMessages, pairToolResults } from "./tool-pairs.ts";
import type { TrimPlan } from "./trim-fields.ts";

/** A conversation that is to be cut: what is kept in any case, and units, which are kept or not, counted from one end. */
export class CuttableMessages {
  /** What is kept in any case. */
  readonly system: readonly BaseMessage[];
  readonly #paired: PairedMessages;
  readonly #plan: TrimPlan;
  /** The places between units, from the end that is kept. */
  readonly #cuts: readonly number[];

  constructor(messages: readonly BaseMessage[], plan: TrimPlan) {
    const [first] = messages;
    const system = plan.includeSystem && first?.type === "system" ? [first] : [];
    this.#plan = plan;
    this.#paired = pairToolResults(messages.slice(system.length));
    const count = this.#paired.messages.length;
    const end = this.#isLast ? this.#endBefore(count) : count;
    // Where nothing is left to end on, a system message of another type is no end either.
    this.system = end === 0 && !system.every(plan.mayEnd) ? [] : system;
    const places = Array.from({ length: end + 1 }, (_, place) => place).filter(this.#paired.mayCut);
    this.#cuts = this.#isLast ? places.reverse() : places;
  }

  get units(): number {
    return this.#cuts.length - 1;
  }

  /** The messages of a unit; none where there is no such unit. */
  unitAt(unit: number): BaseMessage[] {
    return this.#between(this.#cuts[unit], this.#cuts[unit + 1]);
  }

  /** So many units and what is kept in any case, and at their edge a part of the next message. */
  keep(units: number, part?: BaseMessage): BaseMessage[] {
    return this.#join(part === undefined ? [] : [part], this.#between(this.#cuts[0], this.#cuts[units]));
  }

  /** The same, without those messages at the edge that the conversation may not start or end with. */
  keepToEdge(units: number): BaseMessage[] {
    const [near = 0] = this.#cuts;
    const far = this.#cuts[units] ?? near;
    return this.#join([], this.#between(near, this.#isLast ? this.#startBehind(far, near) : this.#endBefore(far)));
  }

  /** What is next to so many units, if it may stand at the edge: a message, or one with calls where results belong to it. */
  messageBehind(units: number): BaseMessage | undefined {
    const [next] = this.unitAt(units);
    const mayStand = this.#isLast ? this.#plan.mayStart : this.#plan.mayEnd;
    return next !== undefined && mayStand(next) ? next : undefined;
  }

  get #isLast(): boolean {
    return this.#plan.strategy === "last";
  }

  #join(part: readonly BaseMessage[], kept: readonly BaseMessage[]): BaseMessage[] {
    return this.#isLast ? [...this.system, ...part, ...kept] : [...kept, ...part];
  }

  #between(one = 0, other: number = one): BaseMessage[] {
    return this.#paired.messages.slice(Math.min(one, other), Math.max(one, other));
  }

  /** The first place from one on that the conversation may start at. */
  #startBehind(place: number, end: number): number {
    let start = place;
    while (start < end && !this.#mayBe(start, this.#plan.mayStart, start)) start += 1;
    return start;
  }

  /** The last place down from one that the conversation may end at. */
  #endBefore(place: number): number {
    let end = place;
    while (end > 0 && !this.#mayBe(end, this.#plan.mayEnd, end - 1)) end -= 1;
    return end;
  }

  /** Whether the conversation may be cut at a place, given the message that then stands at the edge. */
  #mayBe(place: number, test: MessageTest, edge: number): boolean {
    const message = this.#paired.messages[edge];
    return this.#paired.mayCut(place) && message !== undefined && test(message);
  }
}
