import { setOwn } from "../secrets/plain-record.ts";
import { WORD_CHARACTER, wholeWord } from "./complete-json.ts";
import { JsonChanges, type OpenContainer } from "./json-changes.ts";
import type { JsonPatchOperation } from "./json-patch.ts";
import { readJson } from "./safe-json.ts";

/** What may come next. After the end nothing may. */
type Expected = "value" | "item or ]" | "key" | "key or }" | ":" | ", or ]" | ", or }" | "end";

/** A list or object that is still open; what it holds is complete. */
interface Frame extends OpenContainer {
  key: string;
  /** How much a copy of it costs, in nanoseconds or so. */
  cost: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const HEX = /^[\da-fA-F]{4}$/;
/** How long a number may be and still be shown before it is whole: each piece reads it anew. */
const SHOWN_WORD = 1000;

/**
 * Reads JSON that is still being written, piece by piece, each character once. What it shows on the way is what
 * `parsePartialJson` gives for the text so far; the two differ only in that this one goes on from where it was.
 */
export class JsonReader {
  readonly #maxDepth: number;
  readonly #changes: JsonChanges | undefined;
  readonly #open: Frame[] = [];
  #expected: Expected = "value";
  #root: unknown = undefined;
  /** What is still being read: a text as far as it can be shown, or the beginning of a word. */
  #text: string | undefined = undefined;
  #word = "";
  #isKey = false;
  /** The first half of a character, which waits for the other. */
  #half = "";
  /** The beginning of an escape. */
  #escape = "";
  #shownWord: unknown = undefined;
  /** Whether there is more to show than at the last snapshot. */
  changed = false;
  /** Whether it is no JSON, or nested too deep. */
  broken = false;

  /**
   * @param maxDepth how deep lists and objects may be nested.
   * @param givesPatches whether patches will be asked for, and not snapshots.
   */
  constructor(maxDepth: number = 256, givesPatches: boolean = false) {
    this.#maxDepth = maxDepth;
    this.#changes = givesPatches ? new JsonChanges() : undefined;
  }

  /** Whether the value is complete; a number may go on, though. */
  get isWhole(): boolean {
    return this.#expected === "end" && !this.broken;
  }

  /** Whether a list or object has begun. */
  get isOpen(): boolean {
    return this.#open.length > 0 || typeof this.#root === "object";
  }

  /** How much a snapshot costs, in nanoseconds or so: what is open is copied. */
  get cost(): number {
    return this.#open.reduce((sum, { cost }) => sum + cost, 0);
  }

  /**
   * Reads on.
   *
   * @returns how far it came: not to the end of the text where it broke, or where something follows the value.
   */
  read(text: string, start: number = 0): number {
    let place = start;
    while (place < text.length && !this.broken) {
      const from = place;
      if (this.#text !== undefined) place = this.#readText(text, place);
      else if (this.#word !== "" || this.#begins(text[place] as string)) place = this.#readWord(text, place);
      else if (this.#take(text[place] as string)) place += 1;
      else return from;
    }
    if (this.#word !== "") this.#showWord();
    return place;
  }

  /** There is no more. @returns whether the value is complete. */
  end(): boolean {
    if (this.#word !== "") this.#endWord();
    return this.isWhole;
  }

  /** What is read so far; undefined where that is nothing. What is complete is shared with later snapshots. */
  snapshot(): unknown {
    this.changed = false;
    return this.#expected === "end" ? this.#root : this.#shownFrom(0);
  }

  /** What changed since the last patch, or since the beginning. */
  patch(): JsonPatchOperation[] {
    this.changed = false;
    return this.#changes?.take(this.#open, (depth) => this.#shownFrom(depth)) ?? [];
  }

  /** What is open, from a depth on, as if it were complete. */
  #shownFrom(outermost: number): unknown {
    let inner = this.#isKey ? undefined : (this.#text ?? this.#shownWord);
    for (let depth = this.#open.length - 1; depth >= outermost; depth--) {
      const { items, key } = this.#open[depth] as Frame;
      const copy = copyOf(items);
      if (inner !== undefined) put(copy, key, inner);
      inner = copy;
    }
    return inner;
  }

  #begins(character: string): boolean {
    return this.#wantsValue() && WORD_CHARACTER.test(character);
  }

  #wantsValue(): boolean {
    return this.#expected === "value" || this.#expected === "item or ]";
  }

  /** Takes one character outside of texts and words. */
  #take(character: string): boolean {
    if (character === " " || character === "\n" || character === "\r" || character === "\t") return true;
    if (this.#expected === "end") return false;
    if (character === '"' && (this.#wantsValue() || this.#expected.startsWith("key"))) {
      this.#isKey = !this.#wantsValue();
      this.#text = "";
      this.changed ||= !this.#isKey;
    } else if ((character === "{" || character === "[") && this.#wantsValue() && this.#open.length < this.#maxDepth) {
      this.#open.push({ items: character === "[" ? [] : {}, key: "", cost: 1 });
      this.#expected = character === "[" ? "item or ]" : "key or }";
      this.changed = true;
    } else if (character === ":" && this.#expected === ":") this.#expected = "value";
    else if (character === "," && this.#expected.startsWith(","))
      this.#expected = this.#expected === ", or ]" ? "value" : "key";
    else if ((character === "]" || character === "}") && this.#expected.endsWith(character))
      this.#complete(this.#open.pop()?.items);
    else this.broken = true;
    return !this.broken;
  }

  #complete(value: unknown): void {
    this.#changes?.complete(this.#open, value);
    const frame = this.#open[this.#open.length - 1];
    if (frame === undefined) {
      this.#root = value;
      this.#expected = "end";
    } else {
      put(frame.items, frame.key, value);
      const isList = Array.isArray(frame.items);
      // As measured: objects take longer than lists, and large ones longer still.
      frame.cost += isList ? 4 : frame.cost < 2000 ? 12 : 56;
      this.#expected = isList ? ", or ]" : ", or }";
    }
  }

  /** Reads the characters of a text up to its end, or to that of the piece. */
  #readText(piece: string, start: number): number {
    let place = start;
    if (this.#escape !== "") {
      this.#escape += piece[place];
      this.#endEscape();
      return place + 1;
    }
    while (place < piece.length) {
      const code = piece.charCodeAt(place);
      if (code === 0x22 || code === 0x5c) break;
      place += 1;
    }
    this.#say(piece.slice(start, place));
    if (place === piece.length) return place;
    if (piece[place] === "\\") this.#escape = "\\";
    else this.#endText();
    return place + 1;
  }

  #endEscape(): void {
    const [, kind = "", ...hex] = this.#escape;
    if (kind === "u" && hex.length < 4) return;
    const digits = hex.join("");
    if (kind === "u" && HEX.test(digits)) this.#say(String.fromCharCode(Number.parseInt(digits, 16)));
    else if (kind !== "u" && Object.hasOwn(ESCAPES, kind)) this.#say(ESCAPES[kind] as string);
    else this.broken = true;
    this.#escape = "";
  }

  /** More of the text; half a character at its end is not shown yet. */
  #say(more: string): void {
    if (more === "") return;
    const isHalf = (more.charCodeAt(more.length - 1) & 0xfc00) === 0xd800;
    const shown = this.#half + (isHalf ? more.slice(0, -1) : more);
    this.#half = isHalf ? (more[more.length - 1] as string) : "";
    this.#text += shown;
    this.changed ||= shown !== "" && !this.#isKey;
  }

  #endText(): void {
    const text = `${this.#text}${this.#half}`;
    this.changed ||= this.#half !== "" && !this.#isKey;
    this.#half = "";
    this.#text = undefined;
    if (this.#isKey) {
      (this.#open[this.#open.length - 1] as Frame).key = text;
      this.#expected = ":";
    } else this.#complete(text);
    this.#isKey = false;
  }

  #readWord(piece: string, start: number): number {
    let place = start;
    while (place < piece.length && WORD_CHARACTER.test(piece[place] as string)) place += 1;
    this.#word += piece.slice(start, place);
    if (place < piece.length) this.#endWord();
    return place;
  }

  /** Shows what the beginning of a word stands for. */
  #showWord(): void {
    if (this.#word === "-" || this.#word.length > SHOWN_WORD) return;
    const value = readJson(wholeWord(this.#word));
    if (value === undefined) this.broken = true;
    else if (value !== this.#shownWord) this.changed = true;
    this.#shownWord = value;
  }

  #endWord(): void {
    const value = readJson(this.#word);
    if (value === undefined) this.broken = true;
    else {
      this.changed ||= value !== this.#shownWord;
      this.#word = "";
      this.#shownWord = undefined;
      this.#complete(value);
    }
  }
}

/** Key by key: engines take several times as long to spread an object of more than some keys. */
function copyOf(items: unknown[] | Record<string, unknown>): unknown[] | Record<string, unknown> {
  if (Array.isArray(items)) return items.slice();
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(items)) setOwn(copy, key, items[key]);
  return copy;
}

function put(items: unknown[] | Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(items)) items.push(value);
  else setOwn(items, key, value);
}
