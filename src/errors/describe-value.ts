/** How many characters of a string a description shows. */
const SHOWN_CHARACTERS = 40;
/** How many keys of an object a description names. */
const SHOWN_KEYS = 6;
/** The fields whose short string values are shown, because they say what an object is meant to be. */
const TELLING_FIELDS: readonly string[] = ["type", "role"];
/** An unbroken run of letters and digits this long may be a key or a token. */
const LIKE_A_CREDENTIAL = /(?=[^\s]*\d)[^\s]{16,}/;

/**
 * Says in a few words what a value is, for an error message: `a string "hello"`, `an array of 3`,
 * `an object with keys role, content`. Never runs a getter, never throws, never shows what may be a credential (a long
 * unbroken run of letters and digits), and stays under about 400 characters.
 */
export function describeValue(value: unknown): string {
  try {
    return describe(value);
  } catch {
    // A revoked proxy, or one whose traps throw.
    return `${typeof value === "function" ? "a function" : "an object"} that cannot be looked into`;
  }
}

function describe(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "string":
      return describeString(value);
    case "number":
    case "boolean":
      return `a ${typeof value} ${value}`;
    case "bigint":
      return "a bigint";
    case "symbol":
      return "a symbol";
    case "function":
      return describeFunction(value);
    default:
      return value === null ? "null" : describeObject(value as object);
  }
}

function describeString(text: string): string {
  if (text === "") return "an empty string";
  if (LIKE_A_CREDENTIAL.test(text.slice(0, 120))) return `a string of ${text.length} characters`;
  return text.length > SHOWN_CHARACTERS
    ? `a string ${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}… of ${text.length} characters`
    : `a string ${JSON.stringify(text)}`;
}

function describeFunction(value: object): string {
  const name = ownString(value, "name");
  return name ? `a function ${shorten(name)}` : "a function";
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  const className = classNameOf(value);
  if (className !== undefined && className !== "Object") return `an instance of ${shorten(className)}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "an empty object";
  const shown = keys.slice(0, SHOWN_KEYS).map((key) => describeField(value, key));
  const rest = keys.length > SHOWN_KEYS ? ` and ${keys.length - SHOWN_KEYS} more` : "";
  return `an object with ${keys.length === 1 ? "key" : "keys"} ${shown.join(", ")}${rest}`;
}

function describeField(value: object, key: string): string {
  if (!TELLING_FIELDS.includes(key)) return shorten(key);
  const told = ownString(value, key);
  return told === undefined || LIKE_A_CREDENTIAL.test(told) ? key : `${key}: ${JSON.stringify(shorten(told))}`;
}

function classNameOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return undefined;
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof owner === "function" ? ownString(owner, "name") : undefined;
}

/** A field's value if it is a string and no getter has to run for it. */
function ownString(value: object, key: string): string | undefined {
  const field: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
  return typeof field === "string" ? field : undefined;
}

function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
