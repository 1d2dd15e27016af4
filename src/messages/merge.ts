import { type Holder, isHeldBy, isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { indexKeyOf, isRealId, Lanes, laneKeyOf } from "./lanes.ts";

/** How deep outside data is merged; from there on the later value wins. */
const MAX_DEPTH = 64;
/** How deep outside data is copied; from there on it is shared. */
const MAX_COPY_DEPTH = 512;

/**
 * What becomes of two values of one name. Objects merge by the same rules and lists follow each other; of booleans, and of
 * values that change type, the last stands. An empty text never replaces another.
 */
export interface MergeRules {
  readonly texts: "join" | "last";
  readonly numbers: "add" | "last";
  /**
   * Names with rules of their own. Of texts and numbers under a `first` the first stands, of texts under a `last` the last;
   * of objects under a `whole` the last too, since they come whole each time.
   */
  readonly names: ReadonlyMap<string, "first" | "last" | "whole">;
}

/** `additional_kwargs`: what a provider streams in pieces of its own making. */
export const KWARGS_RULES: MergeRules = {
  texts: "join",
  numbers: "add",
  names: /* @__PURE__ */ namesOf({
    first: "type index created timestamp",
    last: "id name role model_provider output_version",
  }),
};

/** `response_metadata`: facts, each told as a whole, often more than once. */
export const METADATA_RULES: MergeRules = { texts: "last", numbers: "last", names: new Map() };

/** `usage_metadata`: counts. */
export const USAGE_RULES: MergeRules = { texts: "last", numbers: "add", names: new Map() };

/** Content blocks: what is said comes in pieces, what it is said to be comes whole. */
export const BLOCK_RULES: MergeRules = {
  texts: "join",
  numbers: "last",
  names: /* @__PURE__ */ namesOf({
    first: "type index id name role toolCallId tool_call_id",
    last: "mimeType mime_type media_type format encoding source_type status title url fileId file_id",
    whole: "args input output",
  }),
};

function namesOf(words: Readonly<Partial<Record<"first" | "last" | "whole", string>>>): MergeRules["names"] {
  const entries = Object.entries(words) as [keyof typeof words, string][];
  return new Map(entries.flatMap(([rule, names]) => names.split(" ").map((name) => [name, rule] as const)));
}

type Data = Record<string, unknown>;

/**
 * A copy of outside data that shares nothing with it that can be written to, but for objects of a class. A reference back
 * to what holds it is left out.
 */
export function copyData<Value>(value: Value, depth?: number, holder?: Holder): Value;
export function copyData(value: unknown, depth = 0, holder?: Holder): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_COPY_DEPTH) return value;
  if (isHeldBy(value, holder)) return undefined;
  if (Array.isArray(value)) {
    const here: Holder = { object: value, holder };
    return value.map((item: unknown) => copyData(item, depth + 1, here));
  }
  return isPlainRecord(value) ? copyRecord(value, depth, holder) : value;
}

function copyRecord(record: Readonly<Data>, depth: number, holder?: Holder): Data {
  const copy: Data = { ...record };
  let here: Holder | undefined;
  for (const key in copy) {
    const value = copy[key];
    if (typeof value !== "object" || value === null || !Object.hasOwn(copy, key)) continue;
    here ??= { object: record, holder };
    setOwn(copy, key, copyData(value, depth + 1, here));
  }
  return copy;
}

/** Whether an object has no fields. */
export function isEmptyRecord(record: object | null | undefined): record is null | undefined {
  for (const _key in record) return false;
  return true;
}

/** The merger of two objects of outside data, of which neither is written to. */
export function mergeRecords(left: Readonly<Data>, right: Readonly<Data>, rules: MergeRules): Data {
  const merged = copyRecord(left, 0);
  mergeInto(merged, right, rules);
  return merged;
}

/**
 * Merges an object of outside data into one of ours.
 *
 * @param lanes where the lists of ours have their indexed items; of a sum that goes on. Default: found out anew.
 */
export function mergeInto(
  ours: Data,
  other: Readonly<Data>,
  rules: MergeRules,
  lanes: Lanes = new Lanes(),
  depth = 0,
  holder?: Holder,
): void {
  const here: Holder = { object: other, holder };
  for (const key of Object.keys(other)) {
    const right = other[key];
    if (!Object.hasOwn(ours, key)) setOwn(ours, key, copyData(right, depth + 1, here));
    else if (right != null && !isHeldBy(right, here)) {
      setOwn(ours, key, mergeValues(ours[key], right, key, rules, lanes, depth + 1, here));
    }
  }
}

/** The merger of two values under a name, the right one not nothing; the left one is ours, and may be written to. */
export function mergeValues(
  left: unknown,
  right: unknown,
  key: string,
  rules: MergeRules,
  lanes: Lanes,
  depth: number,
  holder?: Holder,
): unknown {
  if (typeof left !== "object" && typeof right !== "object") return mergeScalars(left, right, key, rules);
  if (depth > MAX_DEPTH || rules.names.get(key) === "whole") return copyData(right, depth, holder);
  if (Array.isArray(left) && Array.isArray(right)) {
    const here: Holder = { object: right, holder };
    for (const item of right) appendItem(left, item, rules, lanes, depth + 1, here);
    return left;
  }
  if (isPlainRecord(left) && isPlainRecord(right)) {
    mergeInto(left, right, rules, lanes, depth, holder);
    return left;
  }
  return copyData(right, depth, holder);
}

function mergeScalars(left: unknown, right: unknown, key: string, rules: MergeRules): unknown {
  const rule = rules.names.get(key);
  if (rule === "first") return left === "" || left == null ? right : left;
  if (typeof left === "string" && typeof right === "string") {
    if (left === "" || right === "") return left + right;
    return rules.texts === "last" || rule === "last" ? right : left + right;
  }
  if (typeof left === "number" && typeof right === "number" && rules.numbers === "add") {
    return finite(left) + finite(right);
  }
  return right;
}

/** A number to add: what is no number to count with counts as 0. */
export function finite(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/**
 * Adds an item to a list of ours. An item that goes on with an earlier one is merged into it: the last that has the same
 * index (or, without index, the same id), if its type and id, where given, are the same. Any other is a new one.
 *
 * Only the last can be gone on with: otherwise the outcome would depend on where a stream was cut into chunks.
 */
export function appendItem(
  list: unknown[],
  item: unknown,
  rules: MergeRules,
  lanes: Lanes,
  depth: number,
  holder?: Holder,
): void {
  if (!isPlainRecord(item) || isHeldBy(item, holder)) {
    list.push(copyData(item, depth, holder));
    return;
  }
  if (joinText(list[list.length - 1], item, rules)) return;
  const key = laneKeyOf(item);
  const places = key === undefined ? undefined : lanes.of(list);
  const last = list[places?.get(key) ?? -1];
  if (isPlainRecord(last) && goesOnWith(last, item)) {
    const { id } = last;
    mergeInto(last, item, rules, lanes, depth, holder);
    // A placeholder, which is no other id, must not take the place of the real one.
    if (id !== undefined) last.id = id;
  } else {
    places?.set(key, list.length);
    list.push(copyData(item, depth, holder));
  }
}

/** Joins a text that goes on with that of the last item. Every token of a stream of blocks passes here. */
function joinText(last: unknown, item: Readonly<Data>, rules: MergeRules): boolean {
  const { index, type } = item;
  if (!isPlainRecord(last) || last.index !== index || last.type !== type || indexKeyOf(index) === undefined)
    return false;
  let name: string | undefined;
  for (const key in item) {
    if (key === "type" || key === "index") continue;
    if (name !== undefined) return false;
    name = key;
  }
  if (name === undefined || rules.texts !== "join" || rules.names.has(name) || !Object.hasOwn(item, name)) return false;
  const text = item[name];
  const before = last[name];
  if (typeof text !== "string" || typeof before !== "string") return false;
  last[name] = before + text;
  return true;
}

function goesOnWith(last: Readonly<Data>, item: Readonly<Data>): boolean {
  if (isRealId(item.id) && item.id !== last.id) return false;
  return item.type == null || baseType(item.type) === baseType(last.type);
}

/** Providers name the pieces of a block `text_delta` where the block is a `text`. */
function baseType(type: unknown): unknown {
  return typeof type === "string" && type.endsWith("_delta") ? type.slice(0, -"_delta".length) : type;
}
