import { isPlainRecord } from "../secrets/plain-record.ts";
import { Secret } from "../secrets/secret.ts";

/** How deep fields are shown; what lies deeper is only named. */
const MAX_DEPTH = 5;
/** How many items of a list or fields of an object are shown. */
const MAX_ITEMS = 100;
/** How many characters of a string are shown. */
const MAX_CHARACTERS = 10_000;
/** How long an object may be to stand on one line. */
const LINE_LENGTH = 76;

/** The brand of messages, which show the fields that say something. */
const MESSAGE = Symbol.for("linnet.message");
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * An object as a reader wants to see it: its class, then its fields, those left out that are empty. Secrets are hidden,
 * depth, width and length are bounded, and no getter runs.
 *
 * @param always a field that is shown even if it is empty.
 */
export function formatFields(name: string, fields: Readonly<Record<string, unknown>>, always: string): string {
  return formatShown(name, fields, always, []);
}

function formatShown(name: string, fields: object, always: string, above: readonly object[]): string {
  const shown = Object.entries(fields).filter(([key, value]) => key === always || !isEmpty(value));
  return joinItems(
    `${name} {`,
    shown.map(([key, value]) => `${formatKey(key)}: ${formatValue(value, above)}`),
    "}",
  );
}

/** Whether a field tells nothing: nothing at all, an empty list, or an object without fields. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  try {
    if (Array.isArray(value)) return value.length === 0;
    return isPlainRecord(value) && Object.keys(value).length === 0;
  } catch {
    // A revoked proxy cannot even be asked.
    return false;
  }
}

function formatValue(value: unknown, above: readonly object[]): string {
  switch (typeof value) {
    case "string":
      return formatString(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "[Function]";
    case "object":
      return value === null ? "null" : formatSafely(value, above);
    default:
      return String(value);
  }
}

function formatString(text: string): string {
  if (text.length <= MAX_CHARACTERS) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, MAX_CHARACTERS))}… ${text.length - MAX_CHARACTERS} more characters`;
}

function formatSafely(value: object, above: readonly object[]): string {
  try {
    return formatObject(value, above);
  } catch {
    // A revoked proxy, or a date out of range.
    return "[Object]";
  }
}

function formatObject(value: object, above: readonly object[]): string {
  if (above.includes(value)) return "[Circular]";
  if (Secret.isInstance(value)) return String(value);
  if (Array.isArray(value)) return formatList(value, above);
  if (value instanceof Error) return `[${value.name}: ${value.message}]`;
  if (value instanceof Date) return value.toISOString();
  if (!isPlainRecord(value) && Object.keys(value).length === 0) return `[${classNameOf(value)}]`;
  const name = isPlainRecord(value) ? "" : `${classNameOf(value)} `;
  if (above.length >= MAX_DEPTH || ArrayBuffer.isView(value)) return `[${name === "" ? "Object" : name.trim()}]`;
  const here = [...above, value];
  const message = value as { [MESSAGE]?: unknown; lc_kwargs: object };
  if (message[MESSAGE] === true) return formatShown(name.trim(), message.lc_kwargs, "content", here);
  return formatRecord(name, value, here);
}

function formatList(list: readonly unknown[], above: readonly object[]): string {
  if (above.length >= MAX_DEPTH) return `[Array of ${list.length}]`;
  const here = [...above, list];
  const items = list.slice(0, MAX_ITEMS).map((item) => formatValue(item, here));
  if (list.length > MAX_ITEMS) items.push(`… ${list.length - MAX_ITEMS} more items`);
  return joinItems("[", items, "]");
}

function formatRecord(name: string, record: object, above: readonly object[]): string {
  const keys = Object.keys(record);
  const items = keys.slice(0, MAX_ITEMS).map((key) => {
    const field = Object.getOwnPropertyDescriptor(record, key);
    return `${formatKey(key)}: ${field?.get ? "[Getter]" : formatValue(field?.value, above)}`;
  });
  if (keys.length > MAX_ITEMS) items.push(`… ${keys.length - MAX_ITEMS} more fields`);
  return joinItems(`${name}{`, items, "}");
}

function formatKey(key: string): string {
  return IDENTIFIER.test(key) ? key : JSON.stringify(key);
}

function classNameOf(value: object): string {
  const named = value.constructor as { lc_name?: () => string; name?: string } | undefined;
  return named?.lc_name?.() || named?.name || "Object";
}

function joinItems(open: string, items: readonly string[], close: string): string {
  if (items.length === 0) return open + close;
  const line = `${open} ${items.join(", ")} ${close}`;
  const packed = open === "[" ? `[${items.join(", ")}]` : line;
  if (packed.length <= LINE_LENGTH && !packed.includes("\n")) return packed;
  const lines = items.map((item) => `  ${item.replaceAll("\n", "\n  ")},\n`).join("");
  return `${open}\n${lines}${close}`;
}
