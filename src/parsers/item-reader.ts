/** Finds the items of a list in a text that comes in pieces, each character looked at once. */
export interface ItemReader {
  /** The items that this piece ends. */
  read(piece: string): string[];
  /** The items that were still open. */
  end(): string[];
}

/** Items with a separator between them; the white space around each is no part of it, nor that around them all. */
export class SeparatedItemReader implements ItemReader {
  readonly #separator: string;
  #item = "";
  /** The end of what was read, which may be the beginning of a separator. */
  #held = "";
  /** White space that may be followed by more. */
  #space = "";
  #hasBegun = false;

  constructor(separator: string) {
    this.#separator = separator;
  }

  read(piece: string): string[] {
    const rest = this.#hasBegun ? piece : piece.trimStart();
    const text = rest.trimEnd();
    this.#hasBegun ||= text !== "";
    const space = text === "" ? this.#space + rest : this.#space;
    this.#space = text === "" ? space : rest.slice(text.length);
    if (text === "") return [];
    const parts = (this.#held + space + text).split(this.#separator);
    const open = parts.pop() as string; // A split text has a part at least.
    const items = parts.map((part, place) => (place === 0 ? this.#item + part : part).trim());
    if (items.length > 0) this.#item = "";
    const heldLength = Math.min(this.#separator.length - 1, open.length);
    this.#held = open.slice(open.length - heldLength);
    this.#item += open.slice(0, open.length - heldLength);
    return items;
  }

  end(): string[] {
    return [(this.#item + this.#held).trim()];
  }
}

/** Items that stand on a line each. */
export class LineItemReader implements ItemReader {
  readonly #itemOf: (line: string) => string | undefined;
  #line = "";

  /** @param itemOf the item of a line, if it has one; an empty one is none. */
  constructor(itemOf: (line: string) => string | undefined) {
    this.#itemOf = itemOf;
  }

  read(piece: string): string[] {
    const lines = piece.split("\n");
    const open = lines.pop() as string; // A split text has a part at least.
    const items = lines.flatMap((line, place) => this.#itemsOf(place === 0 ? this.#line + line : line));
    this.#line = lines.length === 0 ? this.#line + open : open;
    return items;
  }

  end(): string[] {
    return this.#itemsOf(this.#line);
  }

  #itemsOf(line: string): string[] {
    const item = this.#itemOf(line)?.trim();
    return item ? [item] : [];
  }
}
