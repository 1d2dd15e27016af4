import { isPlainRecord } from "../secrets/plain-record.ts";
import { type JsonPatchOperation, toJsonPointer } from "./json-patch.ts";

/**
 * What makes one document of another. What both share is passed over at once, so that the snapshots of a stream cost what
 * changed; what is no plain data is put in as it is.
 *
 * @param previous undefined where there was none: the next takes its place as a whole.
 */
export function diffJson(previous: unknown, next: unknown): JsonPatchOperation[] {
  const operations: JsonPatchOperation[] = [];
  addChanges(operations, "", previous, next);
  return operations;
}

/** Whether two values are the same plain data, or the same value. */
export function isSameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, place) => isSameData(item, other[place]));
  if (!isPlainRecord(one) || !isPlainRecord(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isSameData(one[key], other[key]));
}

function addChanges(operations: JsonPatchOperation[], path: string, previous: unknown, next: unknown): void {
  if (Object.is(previous, next)) return;
  if (Array.isArray(previous) && Array.isArray(next)) addListChanges(operations, path, previous, next);
  else if (isPlainRecord(previous) && isPlainRecord(next)) addRecordChanges(operations, path, previous, next);
  else operations.push({ op: "replace", path, value: next });
}

function addListChanges(
  operations: JsonPatchOperation[],
  path: string,
  previous: readonly unknown[],
  next: readonly unknown[],
): void {
  // From the end, so that the places before stay what they are.
  for (let place = previous.length - 1; place >= next.length; place--)
    operations.push({ op: "remove", path: `${path}/${place}` });
  for (let place = 0; place < next.length; place++) {
    const value = next[place];
    if (place >= previous.length) operations.push({ op: "add", path: `${path}/${place}`, value });
    else if (value !== previous[place]) addChanges(operations, `${path}/${place}`, previous[place], value);
  }
}

function addRecordChanges(
  operations: JsonPatchOperation[],
  path: string,
  previous: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
): void {
  for (const key of Object.keys(previous))
    if (!Object.hasOwn(next, key)) operations.push({ op: "remove", path: path + toJsonPointer(key) });
  for (const key of Object.keys(next)) {
    const value = next[key];
    const isThere = Object.hasOwn(previous, key);
    if (!isThere) operations.push({ op: "add", path: path + toJsonPointer(key), value });
    else if (value !== previous[key]) addChanges(operations, path + toJsonPointer(key), previous[key], value);
  }
}
