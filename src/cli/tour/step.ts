import type { StreamEvent } from "../../entries/index.ts";

/** One call of the tour: the code as its reader would write it, and the same call to be made. */
export type TourStep = { readonly code: string } & (
  | { readonly shows: "nothing" }
  /** What the code gives, as `console.log` would print it. */
  | { readonly shows: "value"; readonly run: () => unknown }
  /** What the call fails with. */
  | { readonly shows: "failure"; readonly run: () => Promise<unknown> }
  /** Text that arrives piece by piece. */
  | { readonly shows: "pieces"; readonly run: () => AsyncIterable<string> }
  /** Events, one line each. */
  | { readonly shows: "events"; readonly run: () => AsyncIterable<StreamEvent> }
  /** Events, as a tree of the runs that they tell of. */
  | { readonly shows: "tree"; readonly run: () => AsyncIterable<StreamEvent> }
);

/** A stop of the tour: one idea, shown by a few calls. */
export interface TourStop {
  readonly title: string;
  /** What it is about, in a line. */
  readonly about: string;
  readonly steps: readonly TourStep[];
}

/** The first items of a stream; it is left after them. */
export async function* firstOf<Item>(items: AsyncIterable<Item>, count: number): AsyncGenerator<Item, void, undefined> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    taken += 1;
    if (taken === count) return;
  }
}

/** What is made of each item of a stream. */
export async function* mapOf<Item, Made>(
  items: AsyncIterable<Item> | Promise<AsyncIterable<Item>>,
  make: (item: Item) => Made,
): AsyncGenerator<Made, void, undefined> {
  for await (const item of await items) yield make(item);
}
