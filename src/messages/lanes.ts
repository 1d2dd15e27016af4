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
  return typeof id === "string" && id !== "" && id !== "null" ? `id ${id}` : undefined;
}

/** The places of keyed items in the lists of a sum that goes on, so that a long list is not searched for each item. */
export class Lanes {
  readonly #places = new Map<readonly unknown[], Map<LaneKey, number>>();

  /** Notes that an item is about to be added at a list's end. */
  opened(list: readonly unknown[], key: LaneKey): void {
    this.#of(list).set(key, list.length);
  }

  /** Where the last item with a key stands. */
  placeOf(list: readonly unknown[], key: LaneKey): number | undefined {
    return this.#of(list).get(key);
  }

  #of(list: readonly unknown[]): Map<LaneKey, number> {
    let places = this.#places.get(list);
    if (places === undefined) {
      places = new Map();
      for (const [place, item] of list.entries()) {
        const key = typeof item === "object" && item !== null ? laneKeyOf(item) : undefined;
        if (key !== undefined) places.set(key, place);
      }
      this.#places.set(list, places);
    }
    return places;
  }
}

/** Where the last item with a key stands in a list: as noted, or searched for from its end. */
export function placeInLane(list: readonly unknown[], key: LaneKey, lanes: Lanes | undefined): number | undefined {
  if (lanes !== undefined) return lanes.placeOf(list, key);
  for (let place = list.length - 1; place >= 0; place -= 1) {
    const item = list[place];
    if (typeof item === "object" && item !== null && laneKeyOf(item) === key) return place;
  }
  return undefined;
}
