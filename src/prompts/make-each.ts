import { andThen, isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";

/**
 * Makes something of each item, one after the other: a failure leaves none under way that nobody waits for.
 *
 * @returns all of it in the order of the items; a promise only where one of them gave one.
 */
export function makeEach<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => MaybePromise<Made>,
  made: Made[] = [],
): MaybePromise<Made[]> {
  while (made.length < items.length) {
    const one = make(items[made.length] as Item);
    if (isPromiseLike(one)) {
      return andThen(one, (some) => {
        made.push(some);
        return makeEach(items, make, made);
      });
    }
    made.push(one);
  }
  return made;
}

/** The variables of all parts of something, each once, in their order; a message as it is has none. */
export function variablesOf(parts: readonly object[]): readonly string[] {
  return [
    ...new Set(parts.flatMap((part: { readonly inputVariables?: readonly string[] }) => part.inputVariables ?? [])),
  ];
}
