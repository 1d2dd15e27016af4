import type { JsonPatchOperation } from "./json-patch.ts";
import { JsonReader } from "./json-reader.ts";

/** Where in the text the reader is: before anything, among words, at a fence's language, in JSON, behind it, or done. */
type Place = "start" | "words" | "language" | "json" | "after" | "done";

const LANGUAGE_CHARACTER = /[\w+#-]/;

/**
 * Reads the JSON in what a model says, piece by piece: the text itself, or the first fenced block that is JSON, whatever
 * language it is said to be in. Where the text begins as JSON and does not go on so, the fenced blocks behind are tried.
 * Outside of a fence a value that is no list and no object is known only once the text has ended.
 */
export class JsonMarkdownReader {
  readonly #newReader: () => JsonReader;
  #json: JsonReader;
  #place: Place = "start";
  #ticks = 0;
  #said = "";
  #isFenced = false;
  #from = 0;
  #to = 0;

  /**
   * @param maxDepth how deep lists and objects may be nested.
   * @param givesPatches whether patches will be asked for, and not snapshots.
   */
  constructor(maxDepth?: number, givesPatches?: boolean) {
    const newReader = (): JsonReader => new JsonReader(maxDepth, givesPatches);
    this.#newReader = newReader;
    this.#json = newReader();
  }

  /** All that was said. */
  get said(): string {
    return this.#said;
  }

  /** Whether there is more to show than at the last snapshot. */
  get changed(): boolean {
    return this.#isShown && this.#json.changed && !this.#json.broken;
  }

  /** Whether a list or object has begun. */
  get isOpen(): boolean {
    return this.#json.isOpen;
  }

  /** How much a snapshot costs. */
  get cost(): number {
    return this.#json.cost;
  }

  get #isShown(): boolean {
    return this.#place === "json" || this.#place === "after" || this.#place === "done";
  }

  /** Reads on. */
  read(piece: string): void {
    const before = this.#said.length;
    this.#said += piece;
    for (let at = 0; at < piece.length && this.#place !== "done"; ) {
      const character = piece[at] as string;
      if (this.#place === "json") {
        at = this.#json.read(piece, at);
        this.#to = before + at;
        if (this.#json.broken) this.#place = "words";
        else if (at < piece.length) this.#place = "after";
        this.#ticks = 0;
      } else if (this.#place === "start" && character !== "{" && character !== "[") {
        at += character.trim() === "" ? 1 : 0;
        if (character.trim() !== "") this.#place = "words";
      } else if (this.#place === "start" || (this.#place === "language" && !LANGUAGE_CHARACTER.test(character))) {
        this.#isFenced = this.#place === "language";
        this.#json = this.#newReader();
        this.#from = before + at;
        this.#place = "json";
      } else {
        at += 1;
        if (this.#place !== "language") this.#countTicks(character);
      }
    }
  }

  #countTicks(character: string): void {
    this.#ticks = character === "`" ? this.#ticks + 1 : 0;
    if (this.#ticks === 3) this.#place = this.#place === "after" ? "done" : "language";
    // Something other than a closing fence follows: it was no JSON.
    else if (this.#place === "after" && this.#ticks === 0 && character.trim() !== "") this.#place = "words";
  }

  /** There is no more. @returns whether there was JSON, and it is complete. */
  end(): boolean {
    if (this.#isShown) return this.#json.end();
    const bare = this.#bare();
    if (bare === undefined || !bare.end()) return false;
    this.#json = bare;
    this.#to = this.#said.length;
    this.#place = "done";
    return true;
  }

  /** What is read so far; undefined where that is nothing, or no JSON. */
  snapshot(): unknown {
    return this.#isShown && !this.#json.broken ? this.#json.snapshot() : undefined;
  }

  /** What changed since the last patch. Where other JSON is found to be the one that is meant, it takes the place of all. */
  patch(): JsonPatchOperation[] {
    return this.#json.patch();
  }

  /** What is read so far, also of a text that is itself a value and may go on. */
  partial(): unknown {
    return this.#isShown ? this.snapshot() : this.#bare()?.snapshot();
  }

  /** The text of the JSON, as far as it goes; all that was said where there is none. */
  get json(): string {
    return (this.#isShown ? this.#said.slice(this.#from, this.#to) : this.#said).trim();
  }

  /** All that was said, read as JSON; undefined where it is none. */
  #bare(): JsonReader | undefined {
    if (this.#isFenced || this.#place === "language") return undefined;
    const bare = this.#newReader();
    return bare.read(this.#said) === this.#said.length && !bare.broken ? bare : undefined;
  }
}
