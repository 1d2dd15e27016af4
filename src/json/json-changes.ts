import { type JsonPatchOperation, toJsonPointer } from "./json-patch.ts";

/** A list or object that is being read; the value that is being read is not in it yet. */
export interface OpenContainer {
  readonly items: unknown[] | Record<string, unknown>;
  /** The key of the value that is being read. */
  readonly key: string;
}

/**
 * What changes while JSON is read, as patches. A patch costs what is new since the last one, where to compare two snapshots
 * costs what they hold.
 */
export class JsonChanges {
  #operations: JsonPatchOperation[] = [];
  /** Where the open containers are that the reader of the patches knows of: the outer ones. */
  readonly #told: string[] = [];
  /** What is told of the text or word that is being read; undefined where that is nothing. */
  #leaf: unknown = undefined;

  /** A value is complete. @param open what it is in, from the outside. */
  complete(open: readonly OpenContainer[], value: unknown): void {
    // Of a container that is known, so is all that came into it.
    if (this.#told.length > open.length) this.#told.pop();
    else this.#tell(open, value);
    this.#leaf = undefined;
  }

  /**
   * What changed since the last patch.
   *
   * @param shownFrom what there is so far of the open container at a depth, and of the text or word below them all.
   */
  take(open: readonly OpenContainer[], shownFrom: (depth: number) => unknown): JsonPatchOperation[] {
    const known = this.#told.length;
    this.#tell(open.slice(0, known), shownFrom(known));
    for (let depth = known; depth < open.length; depth++) this.#told.push(this.#placeIn(open[depth - 1]));
    this.#leaf = shownFrom(open.length);
    const operations = this.#operations;
    this.#operations = [];
    return operations;
  }

  /** What is in a container that is not known yet is told of with it. */
  #tell(open: readonly OpenContainer[], value: unknown): void {
    if (open.length > this.#told.length || value === undefined || value === this.#leaf) return;
    const holder = open[open.length - 1];
    const op = this.#leaf === undefined && holder !== undefined ? "add" : "replace";
    this.#operations.push({ op, path: this.#placeIn(holder), value });
  }

  /** Where the next value of the innermost known container is. */
  #placeIn(holder: OpenContainer | undefined): string {
    if (holder === undefined) return "";
    const { items, key } = holder;
    return this.#told[this.#told.length - 1] + toJsonPointer(Array.isArray(items) ? `${items.length}` : key);
  }
}
