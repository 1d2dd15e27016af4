/** The value that JSON stands for; undefined where it is no JSON. */
export function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A value as JSON; undefined where JSON cannot say it, as with a bigint, an object that holds itself, or nothing at all. */
export function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Taken for line ends by some readers of lines, and not escaped by `JSON.stringify`. */
const OTHER_LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** JSON as one line, for whatever takes it for lines. */
export function toSingleLine(json: string): string {
  return json.replace(OTHER_LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
