import { isError, toPlainError } from "../errors/plain-error.ts";
import { toSingleLine } from "../json/safe-json.ts";
import { type Holder, isHeldBy, setOwn } from "../secrets/plain-record.ts";

/** What is said in place of a value that holds itself, and of one that cannot be read. */
const CIRCULAR = "[circular]";
const UNREADABLE = "[unreadable]";

/** How deep a value that JSON cannot say is looked into. */
const MOST_DEPTH = 64;

/**
 * What an event says, as JSON on one line; messages and the like are written as `JSON.stringify` writes them. Errors are
 * written by name and message, wherever they stand: no stack goes to a client. Never throws: where JSON cannot say a value,
 * all that it can say is said, and a bigint is written as its digits.
 */
export function toEventJson(event: unknown): string {
  let json: string;
  try {
    json = JSON.stringify(event, replaceErrors);
  } catch {
    json = JSON.stringify(toPlain(event, undefined, 0));
  }
  return toSingleLine(json);
}

/** Looks at the value itself, since an error may have a `toJSON` that tells all. */
function replaceErrors(this: unknown, key: string, value: unknown): unknown {
  const given = (this as Record<string, unknown>)[key];
  return isError(given) ? toPlainError(given) : value;
}

/** A copy that JSON can say. */
function toPlain(value: unknown, holder: Holder | undefined, depth: number): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (isHeldBy(value, holder)) return CIRCULAR;
  if (depth > MOST_DEPTH) return UNREADABLE;
  const within: Holder = { object: value, holder };
  try {
    if (isError(value)) return toPlainError(value);
    const { toJSON } = value as { toJSON?: unknown };
    const said: unknown = typeof toJSON === "function" ? toJSON.call(value, "") : value;
    return said === value ? copyOf(value, within, depth) : toPlain(said, within, depth + 1);
  } catch {
    return UNREADABLE;
  }
}

function copyOf(value: object, within: Holder, depth: number): unknown {
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  for (const key of Object.keys(value)) {
    let field: unknown;
    try {
      field = toPlain((value as Record<string, unknown>)[key], within, depth + 1);
    } catch {
      field = UNREADABLE;
    }
    setOwn(copy as Record<string, unknown>, key, field);
  }
  return copy;
}
