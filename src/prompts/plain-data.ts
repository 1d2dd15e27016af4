import { isPlainRecord } from "../secrets/plain-record.ts";
import { noTemplate } from "./prompt-errors.ts";

/** How deep plain data may be. */
const MAX_DEPTH = 1000;

/**
 * A copy of plain data, with something else for each of its leaves: what is no list and no plain object.
 *
 * @throws LinnetError `INVALID_TEMPLATE` for data that is too deep, or has no end.
 */
export function mapPlain(value: unknown, toLeaf: (leaf: unknown) => unknown, depth: number = 0): unknown {
  if (depth > MAX_DEPTH) throw noTemplate("data of at most 1000 levels", value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapPlain(item, toLeaf, depth + 1));
  if (!isPlainRecord(value)) return toLeaf(value);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, mapPlain(field, toLeaf, depth + 1)]));
}
