import { type Holder, isHeldBy, isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { isSnapshot } from "./snapshots.ts";

/** How deep plain objects are summed key by key; from there on the later value wins. */
export const MAX_CONCAT_DEPTH = 100;

/** A value that sums itself. */
export interface Summable {
  concat(other: unknown): unknown;
}

/**
 * The sum of two items of a stream. Strings join, numbers add, arrays follow each other, plain objects are summed key by
 * key, and objects with a `concat` method (message chunks, generation chunks) use it. Null and undefined leave the
 * other as it is; a value that is the whole so far, as cumulative parsers give, takes the place of the other. Where the two are of different kinds, or of a kind that has no sum, the later one wins; nothing throws.
 *
 * @returns a new value, except where one side is taken as it is.
 *
 * @example
 * ```ts
 * import { concat } from "linnet";
 *
 * concat({ text: "Hel", count: 1 }, { text: "lo", count: 2 }); // { text: "Hello", count: 3 }
 * ```
 */
export function concat<Item>(left: Item, right: Item): Item;
export function concat(left: unknown, right: unknown): unknown;
export function concat(left: unknown, right: unknown): unknown {
  return concatAt(left, right, 0);
}

/**
 * The sum of two values that lie `depth` keys deep in their items.
 *
 * @param holder the objects that hold the right value; a reference back to one of them is not summed but taken as it is.
 */
export function concatAt(left: unknown, right: unknown, depth: number, holder?: Holder): unknown {
  if (left == null) return right;
  if (right == null) return left;
  if (isSnapshot(right)) return right;
  if (typeof left === "string") return typeof right === "string" ? left + right : right;
  if (typeof left === "number") return typeof right === "number" ? left + right : right;
  if (Array.isArray(left)) return Array.isArray(right) ? left.concat(right) : right;
  if (isSummable(left)) return isSummable(right) || isWholeOf(left, right) ? left.concat(right) : right;
  if (!isPlainRecord(left) || !isPlainRecord(right) || depth >= MAX_CONCAT_DEPTH || isHeldBy(right, holder))
    return right;
  return concatRecords(left, right, depth, { object: right, holder });
}

function concatRecords(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
  depth: number,
  here: Holder,
): Record<string, unknown> {
  const sum: Record<string, unknown> = {};
  for (const key of Object.keys(left)) setOwn(sum, key, left[key]);
  for (const key of Object.keys(right)) {
    setOwn(sum, key, Object.hasOwn(sum, key) ? concatAt(sum[key], right[key], depth + 1, here) : right[key]);
  }
  return sum;
}

/** Whether a value has a `concat` of its own kind; arrays are not meant. */
export function isSummable(value: unknown): value is Summable {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as Partial<Summable>).concat === "function"
  );
}

/** Whether a value is a whole of what the left one is a piece of: of a class that the piece's class extends. */
function isWholeOf(left: object, right: unknown): boolean {
  if (typeof right !== "object" || right === null || isPlainRecord(right)) return false;
  const { constructor: made } = right;
  return typeof made === "function" && left instanceof made;
}
