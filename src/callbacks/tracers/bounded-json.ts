import { toSingleLine } from "../../json/safe-json.ts";
import { type Holder, isHeldBy } from "../../secrets/plain-record.ts";
import { keysOf, type Plain, readPlain, toPlain } from "./plain-form.ts";

/** Stands where something was left out, with how much it was where there is room. */
const CUT = "…";
/** What the mark takes with its quotes. */
const LEAST_BYTES = 5;
/** The longest mark at the end of a container, with its comma: that so many more are left out. */
const MARK_BYTES = 32;
const MAX_DEPTH = 64;

/** A value as JSON of a bounded size. */
export interface BoundedJson {
  readonly text: string;
  /** The size of the text in UTF-8. */
  readonly bytes: number;
  /** Whether something was left out: it had no room, or lies too deep. */
  readonly isCut: boolean;
}

/**
 * Any value as JSON, on one line, in at most so many bytes; undefined where JSON says nothing of it. Never throws.
 *
 * Own data alone is said, and no getter runs, but where a class has a `toJSON`: messages are said in their plain form, a `Map`
 * as its entries, an error by its name and message, a function by its description. Secrets are hidden: each `Secret`, and the
 * fields that `lc_secrets` of their object names.
 *
 * @param maxBytes 5 or more, the room that the shortest mark takes.
 */
export function boundedJson(value: unknown, maxBytes: number): BoundedJson | undefined {
  const plain = toPlain(value);
  if (plain.value === undefined) return undefined;
  const whole = written(plain, maxBytes, false);
  const { text, bytes, isCut, isDeep } = whole.isCut ? written(plain, maxBytes, true) : whole;
  return { text, bytes, isCut: isCut || isDeep };
}

function written(plain: Plain, maxBytes: number, isShared: boolean): Writer {
  const writer = new Writer(maxBytes, isShared);
  writer.write(plain, { holder: undefined, depth: 0, reserve: 0 });
  return writer;
}

/** The size of a text in UTF-8. A half of a pair counts as JSON writes it, escaped. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Both halves of a pair are counted, each as two.
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** Where a value stands. */
interface Place {
  readonly holder: Holder | undefined;
  readonly depth: number;
  /** The bytes that are needed to close what holds it. */
  readonly reserve: number;
}

class Writer {
  text = "";
  bytes = 0;
  /** Whether something was left out that had no room. */
  isCut = false;
  /** Whether something was left out that lies too deep. */
  isDeep = false;
  readonly #maxBytes: number;
  readonly #isShared: boolean;

  /** @param isShared whether values leave room for what follows. Without, the text is good only where it is not cut. */
  constructor(maxBytes: number, isShared: boolean) {
    this.#maxBytes = maxBytes;
    this.#isShared = isShared;
  }

  write({ value, hidden }: Plain, place: Place): void {
    if (typeof value === "string") return this.#string(value, place.reserve);
    if (typeof value !== "object" || value === null) return this.#scalar(JSON.stringify(value), place.reserve);
    if (isHeldBy(value, place.holder)) return this.#string("[circular]", place.reserve);
    const isTooDeep = place.depth >= MAX_DEPTH;
    if (isTooDeep || this.#room(place.reserve) < (this.#isShared ? MARK_BYTES : 0) + 2) {
      if (isTooDeep) this.isDeep = true;
      else this.isCut = true;
      return this.#scalar(`"${CUT}"`, place.reserve);
    }
    const inside = {
      holder: { object: value, holder: place.holder },
      depth: place.depth + 1,
      reserve: place.reserve + 1,
    };
    if (Array.isArray(value)) this.#array(value, hidden, inside);
    else this.#record(value, hidden, inside);
  }

  #array(list: readonly unknown[], hidden: readonly string[] | undefined, place: Place): void {
    this.#add("[");
    for (let index = 0; index < list.length; index += 1) {
      if (this.#isFull(1, place, index < list.length - 1)) {
        this.#add(`${index === 0 ? "" : ","}"${CUT} ${list.length - index} more"`);
        break;
      }
      if (index > 0) this.#add(",");
      const plain = readPlain(list, index, hidden);
      // An item that JSON says nothing of keeps its place.
      this.write(plain.value === undefined ? { value: null } : plain, this.#beforeMore(place, index < list.length - 1));
    }
    this.#add("]");
  }

  #record(record: object, hidden: readonly string[] | undefined, place: Place): void {
    const keys = keysOf(record);
    let isFirst = true;
    this.#add("{");
    for (const [index, key] of keys.entries()) {
      const plain = readPlain(record, key, hidden);
      if (plain.value === undefined) continue;
      const start = `${isFirst ? "" : ","}${quote(key)}:`;
      const isFollowed = index < keys.length - 1;
      if (this.#isFull(utf8Bytes(start), place, isFollowed)) {
        this.#add(`${isFirst ? "" : ","}"${CUT}":${keys.length - index}`);
        break;
      }
      this.#add(start);
      this.write(plain, this.#beforeMore(place, isFollowed));
      isFirst = false;
    }
    this.#add("}");
  }

  /** Where more follows, room has to be left for it, or at least to say that it was left out. */
  #beforeMore(place: Place, isFollowed: boolean): Place {
    if (!isFollowed || !this.#isShared) return place;
    const left = Math.floor(this.#room(place.reserve) / 2);
    return { ...place, reserve: place.reserve + Math.max(left, MARK_BYTES) };
  }

  /** Whether not even the shortest mark has room any more. */
  #isFull(startBytes: number, { reserve }: Place, isFollowed: boolean): boolean {
    // Without sharing a value finds out itself.
    const least = startBytes + (this.#isShared ? LEAST_BYTES + (isFollowed ? MARK_BYTES : 0) : 0);
    if (least <= this.#room(reserve)) return false;
    this.isCut = true;
    return true;
  }

  #room(reserve: number): number {
    return this.#maxBytes - this.bytes - reserve;
  }

  #string(text: string, reserve: number): void {
    const room = this.#room(reserve);
    // A character takes a byte at least: what lies behind the room need not be looked at.
    const whole = text.length > room ? undefined : quote(text);
    if (whole !== undefined && utf8Bytes(whole) <= room) return this.#add(whole);
    this.isCut = true;
    const mark = `${CUT} ${text.length} characters`;
    const isMarked = utf8Bytes(mark) + 2 <= room;
    const start = fitting(text, room - 2 - (isMarked ? utf8Bytes(mark) : utf8Bytes(CUT)));
    this.#add(quote(start + (isMarked ? mark : CUT)));
  }

  #scalar(text: string, reserve: number): void {
    if (text.length <= this.#room(reserve)) return this.#add(text);
    this.isCut = true;
    this.#add(`"${CUT}"`);
  }

  #add(text: string): void {
    this.text += text;
    this.bytes += utf8Bytes(text);
  }
}

/** The longest beginning of a text whose JSON has at most so many bytes, quotes aside. */
function fitting(text: string, maxBytes: number): string {
  let low = 0;
  let high = Math.max(0, Math.min(text.length, maxBytes));
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (utf8Bytes(quote(text.slice(0, middle))) - 2 <= maxBytes) low = middle;
    else high = middle - 1;
  }
  // The first half of a pair says nothing without the second.
  const last = text.charCodeAt(low - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? low - 1 : low);
}

function quote(text: string): string {
  return toSingleLine(JSON.stringify(text));
}
