import { LinnetError } from "../errors/linnet-error.ts";
import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";

/** One change of a document, as RFC 6902 has it; places are JSON pointers. */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value?: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string };

type Container = Record<string, unknown> | unknown[];

/**
 * A document with changes made to it. Nothing that was given is written to: an object or list is copied before its first
 * change, and only then, so that many changes cost what they change.
 *
 * `replace` also sets a key that is not there, as logs of the peer do.
 *
 * @param document plain data; values that the operations bring may be anything, and are put in as they are.
 * @throws LinnetError `INVALID_INPUT` for an operation that does not fit the document; nothing is changed then.
 */
export function applyJsonPatch(document: unknown, operations: Iterable<JsonPatchOperation>): unknown {
  const patched = new PatchedDocument(document);
  for (const operation of operations) patched.apply(operation);
  return patched.root;
}

/** A pointer to what is under these keys. */
export function toJsonPointer(...keys: string[]): string {
  return keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

class PatchedDocument {
  root: unknown;
  /** What was made here, and may be written to. */
  #own = new WeakSet<object>();

  constructor(document: unknown) {
    this.root = document;
  }

  apply(operation: JsonPatchOperation): void {
    if (!isPlainRecord(operation)) throw misfit(undefined, "an operation", "another value");
    const { op, path } = operation;
    switch (op) {
      case "add":
      case "replace":
        return this.#put(path, operation.value, op === "add");
      case "remove":
        this.#remove(path);
        return;
      case "move":
        if (path.startsWith(`${operation.from}/`))
          throw misfit(operation.from, "something outside of what is moved", op);
        return this.#put(path, this.#remove(operation.from), true);
      case "copy": {
        const value = this.#get(operation.from);
        // It is in two places now, and may be written to in neither.
        this.#own = new WeakSet();
        return this.#put(path, value, true);
      }
      case "test":
        if (!isSameJson(this.#get(path), operation.value)) throw misfit(path, "the value of the test", "another");
        return;
      default:
        throw misfit(path, "add, remove, replace, move, copy or test", op satisfies never);
    }
  }

  #get(path: string): unknown {
    let value = this.root;
    for (const key of keysOf(path)) value = read(containerAt(value, path), key, path);
    return value;
  }

  #put(path: string, value: unknown, isAdded: boolean): void {
    const place = this.#placeOf(path);
    if (place === undefined) this.root = value;
    else if (!Array.isArray(place.holder)) setOwn(place.holder, place.key, value);
    else place.holder.splice(indexOf(place.key, place.holder, path, isAdded), isAdded ? 0 : 1, value);
  }

  #remove(path: string): unknown {
    const place = this.#placeOf(path);
    const value = place === undefined ? this.root : read(place.holder, place.key, path);
    if (place === undefined) this.root = undefined;
    else if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
    else delete place.holder[place.key];
    return value;
  }

  /** Where the last key of a path is, in a container that may be written to; undefined for the whole document. */
  #placeOf(path: string): { readonly holder: Container; readonly key: string } | undefined {
    const keys = keysOf(path);
    const last = keys.pop();
    if (last === undefined) return undefined;
    let holder = this.#owned(this.root, path);
    this.root = holder;
    for (const key of keys) {
      const inner = this.#owned(read(holder, key, path), path);
      setOwn(holder as Record<string, unknown>, key, inner);
      holder = inner;
    }
    return { holder, key: last };
  }

  #owned(value: unknown, path: string): Container {
    const container = containerAt(value, path);
    if (this.#own.has(container)) return container;
    const copy = Array.isArray(container) ? container.slice() : { ...container };
    this.#own.add(copy);
    return copy;
  }
}

function keysOf(path: string): string[] {
  if (path === "") return [];
  if (typeof path !== "string" || !path.startsWith("/")) throw misfit(path, 'a pointer that begins with "/"', "none");
  return path
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function containerAt(value: unknown, path: string): Container {
  if (Array.isArray(value) || isPlainRecord(value)) return value;
  throw misfit(path, "objects and lists on the way", value === undefined ? "nothing" : "another value");
}

function read(container: Container, key: string, path: string): unknown {
  if (Array.isArray(container)) return container[indexOf(key, container, path)];
  if (Object.hasOwn(container, key)) return container[key];
  throw misfit(path, `the key ${JSON.stringify(key)}`, "none");
}

/** The place in a list that a key names; what is added may stand behind the last item too, which has a key of its own. */
function indexOf(key: string, list: readonly unknown[], path: string, isAdded: boolean = false): number {
  if (isAdded && key === "-") return list.length;
  const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  if (index < list.length || (isAdded && index === list.length)) return index;
  throw misfit(path, `a place in a list of ${list.length}`, JSON.stringify(key));
}

function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => isSameJson(item, other[index]));
  }
  if (!isPlainRecord(one) || !isPlainRecord(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]));
}

function misfit(path: unknown, expected: string, got: string): LinnetError {
  return new LinnetError(
    `Expected ${expected} at ${JSON.stringify(path)}, got ${got}. Apply every patch once, in order, from the first.`,
    { code: "INVALID_INPUT", data: { path } },
  );
}
