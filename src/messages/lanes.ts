/** What tells which earlier item of a list a streamed item goes on with: its index, or its id where it has no index. */
export type LaneKey = string | number;

/** An index as providers write it: a number, or the same number as a string. Undefined where there is none. */
export function indexKeyOf(index: unknown): LaneKey | undefined {
  if (typeof index === "number") return index;
  if (typeof index !== "string" || index === "") return undefined;
  const number = Number(index);
  return String(number) === index ? number : `index ${index}`;
}

/** The key of an item of a list; undefined for an item that stands for itself. */
export function laneKeyOf(item: object): LaneKey | undefined {
  const { index, id } = item as { readonly index?: unknown; readonly id?: unknown };
  const key = indexKeyOf(index);
  if (key !== undefined) return key;
  return typeof id === "string" && isRealId(id) ? `id ${id}` : undefined;
}

/** Whether an id tells two things apart; some providers fill it with a placeholder. */
export function isRealId(id: unknown): id is string | number {
  return id != null && id !== "" && id !== "null";
}

/** Where the last item with each key stands in a list. */
export function placesBy<Item, Key>(list: readonly Item[], keyOf: (item: Item) => Key): Map<Key, number> {
  return new Map(list.map((item, place) => [keyOf(item), place]));
}

/** The places of keyed items in the lists of a sum, so that a long list is not searched for each item. */
export class Lanes {
  #places: Map<readonly unknown[], Map<LaneKey | undefined, number>> | undefined = undefined;

  /** The places in a list of the sum, which whoever adds to the list keeps up. */
  of(list: readonly unknown[]): Map<LaneKey | undefined, number> {
    this.#places ??= new Map();
    let places = this.#places.get(list);
    if (places === undefined) {
      places = placesBy(list, (item) => (typeof item === "object" && item !== null ? laneKeyOf(item) : undefined));
      this.#places.set(list, places);
    }
    return places;
  }
}
