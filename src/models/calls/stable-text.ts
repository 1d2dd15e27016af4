import { newRunId } from "../../callbacks/run-id.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";

/** Deeper than this a value stands for itself alone: no request nests like that, and a walk must not overflow the stack. */
const MAX_DEPTH = 200;

/**
 * A text that two values share only if they say the same: the names of every object in order, bytes in full. What cannot be
 * read, such as a function or a blob, stands for itself: it has a name that no other has, here or in another process.
 */
export function stableText(value: unknown, depth: number = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return String(value);
  if (typeof value === "function") return nameOf(value);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "0" : String(value);
  if (depth > MAX_DEPTH) return nameOf(value);
  const text = (item: unknown): string => stableText(item, depth + 1);
  if (Array.isArray(value)) return `[${value.map(text).join()}]`;
  if (isPlainRecord(value)) return textOfRecord(value, text);
  const plain = plainOf(value);
  return plain === undefined ? nameOf(value) : `${kindOf(value)}${text(plain)}`;
}

/** What an object of a class is made of, where that can be told. */
function plainOf(value: object): unknown {
  if (ArrayBuffer.isView(value)) return hexOf(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return hexOf(new Uint8Array(value));
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  if (value instanceof RegExp) return String(value);
  // Secrets give a mark here: what is kept under the key may be shown.
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value) : undefined;
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value);
}

function textOfRecord(record: Record<string, unknown>, text: (item: unknown) => string): string {
  const parts: string[] = [];
  for (const key of Object.keys(record).sort()) {
    // What is left out and what is undefined are the same to every provider.
    if (record[key] !== undefined) parts.push(`${JSON.stringify(key)}:${text(record[key])}`);
  }
  return `{${parts.join()}}`;
}

function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

let names: WeakMap<object, string> | undefined;

function nameOf(value: object): string {
  names ??= new WeakMap();
  const known = names.get(value);
  if (known !== undefined) return known;
  const name = `<${newRunId()}>`;
  names.set(value, name);
  return name;
}
