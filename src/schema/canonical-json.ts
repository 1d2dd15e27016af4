/** How deep and how much of a value is told; what lies beyond is taken for the same. */
const MAX_DEPTH = 64;
const MAX_VALUES = 10_000;

/** A value as JSON with its keys in order, so that values that say the same are the same text. Never throws on data. */
export function canonicalJson(value: unknown): string {
  let left = MAX_VALUES;
  const write = (part: unknown, depth: number): string => {
    left -= 1;
    if (left < 0 || depth > MAX_DEPTH) return '"…"';
    if (Array.isArray(part)) return `[${part.map((item) => write(item, depth + 1)).join(",")}]`;
    if (typeof part !== "object" || part === null) return scalar(part);
    const keys = Object.keys(part).sort();
    const told = keys.map(
      (key) => `${JSON.stringify(key)}:${write((part as Record<string, unknown>)[key], depth + 1)}`,
    );
    return `{${told.join(",")}}`;
  };
  return write(value, 0);
}

function scalar(value: unknown): string {
  return typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? "null");
}
