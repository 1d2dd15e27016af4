import { isRecord, own } from "./schema-place.ts";

/** How many parts of a schema are searched for names. */
const MAX_PARTS = 100_000;
/** What holds values, and no schemas. */
const DATA: ReadonlySet<string> = new Set(["const", "default", "enum", "examples", "example"]);

/** Finds what references in a schema name: places, anchors, and schemas with an `$id`. */
export class SchemaIndex {
  readonly #root: unknown;
  #names: Map<string, unknown> | undefined = undefined;

  constructor(root: unknown) {
    this.#root = root;
  }

  /** The schema that a reference names; undefined where there is none. Nothing is fetched. */
  resolve(ref: unknown): unknown {
    if (typeof ref !== "string") return undefined;
    const at = ref.indexOf("#");
    const [id, place] = at < 0 ? [ref, ""] : [ref.slice(0, at), ref.slice(at + 1)];
    const holder = id === "" ? this.#root : this.#named(id);
    if (place === "") return holder;
    return place.startsWith("/") ? placeIn(holder, place) : this.#named(`#${decode(place)}`);
  }

  #named(name: string): unknown {
    this.#names ??= namesIn(this.#root);
    return this.#names.get(name);
  }
}

/** The parts of a schema that have a name: `#` and an anchor, or an id. The first of a name counts. */
function namesIn(root: unknown): Map<string, unknown> {
  const names = new Map<string, unknown>();
  const parts: unknown[] = [root];
  // The list grows while it is read.
  for (const part of parts) {
    if (!isRecord(part) && !Array.isArray(part)) continue;
    for (const [key, mark] of [
      ["$id", ""],
      ["$anchor", "#"],
    ] as const) {
      const name = isRecord(part) ? own(part, key) : undefined;
      const known = typeof name === "string" ? mark + name.replace(/#$/, "") : undefined;
      if (known !== undefined && !names.has(known)) names.set(known, part);
    }
    for (const [key, value] of Object.entries(part)) {
      if (parts.length < MAX_PARTS && !DATA.has(key)) parts.push(value);
    }
  }
  return names;
}

/** The part of a schema at a JSON Pointer. */
function placeIn(root: unknown, pointer: string): unknown {
  let place: unknown = root;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof place !== "object" || place === null) return undefined;
    place = own(place as Record<string, unknown>, decode(part).replace(/~1/g, "/").replace(/~0/g, "~"));
  }
  return place;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // Percent signs may be there for themselves.
  }
}
