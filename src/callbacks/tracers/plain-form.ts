import { describeValue } from "../../errors/describe-value.ts";
import { isError, toPlainError } from "../../errors/plain-error.ts";
import { BaseMessage } from "../../messages/base-message.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import { Secret } from "../../secrets/secret.ts";

/** What stands in place of a secret. */
const HIDDEN = "**********";

/** A value in a form that can be written, and the fields of it that are hidden. */
export interface Plain {
  readonly value: unknown;
  readonly hidden?: readonly string[] | undefined;
}

/** The keys of a record, also of fields that are not enumerable: one that is not says nothing when it is read. */
export function keysOf(record: object): readonly string[] {
  try {
    return Reflect.ownKeys(record).filter((key) => typeof key === "string");
  } catch {
    return [];
  }
}

/** A field or item, read without running its getter. */
export function readPlain(holder: object, key: string | number, hidden: readonly string[] | undefined): Plain {
  if (typeof key === "string" && hidden?.includes(key)) return { value: HIDDEN };
  try {
    const field = Object.getOwnPropertyDescriptor(holder, key);
    const plain = toPlain(field?.enumerable ? field.value : undefined);
    return hidden === undefined ? plain : { value: plain.value, hidden: [...hidden, ...(plain.hidden ?? [])] };
  } catch {
    return { value: undefined };
  }
}

/** A value in a form that can be written: undefined, a string, a number, a boolean, null, a list or a record. */
export function toPlain(value: unknown): Plain {
  switch (typeof value) {
    case "bigint":
      return { value: String(value) };
    case "number":
      return { value: Number.isFinite(value) ? value : String(value) };
    case "function":
    case "symbol":
      return { value: describeValue(value) };
    case "object":
      return value === null ? { value } : objectToPlain(value);
    default:
      return { value };
  }
}

function objectToPlain(object: object): Plain {
  try {
    if (Secret.isInstance(object)) return { value: HIDDEN };
    const hidden = hiddenFieldsOf(object);
    if (Array.isArray(object) || isPlainRecord(object)) return { value: object, hidden };
    return { value: formOf(object), hidden };
  } catch {
    return { value: describeValue(object) };
  }
}

/** The form of an object of a class. */
function formOf(object: object): unknown {
  if (BaseMessage.isInstance(object)) return object.toDict();
  if (isError(object)) return toPlainError(object);
  if (object instanceof Map || object instanceof Set) return [...object];
  if (ArrayBuffer.isView(object)) return describeValue(object);
  const { toChatMessages, toJSON } = object as { toChatMessages?: unknown; toJSON?: unknown };
  if (typeof toChatMessages === "function") return { messages: toChatMessages.call(object) };
  if (typeof toJSON === "function") {
    const form: unknown = toJSON.call(object);
    // A form that is again an object of a class is not asked for its own: it might never end.
    return typeof form === "object" ? form : toPlain(form).value;
  }
  return Object.keys(object).length === 0 ? describeValue(object) : object;
}

/** The names of the fields that an object keeps secret, of paths the last. */
function hiddenFieldsOf(object: object): readonly string[] | undefined {
  const secrets = (object as { lc_secrets?: unknown }).lc_secrets;
  if (typeof secrets !== "object" || secrets === null) return undefined;
  return Object.keys(secrets).map((path) => path.slice(path.lastIndexOf(".") + 1));
}
