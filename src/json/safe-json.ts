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
