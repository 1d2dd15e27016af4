import { setOwn } from "../secrets/plain-record.ts";

/** What an element holds: its text, or the elements in it. */
export type Content = string | undefined | { [tag: string]: Content }[];

/** An element by its tag. */
export type XMLResult = { [tag: string]: Content };

interface OpenElement {
  readonly tag: string;
  text: string;
  /** Whether the text is white space alone, which may turn out to stand between elements, and not to be one. */
  isBlank: boolean;
  readonly children: XMLResult[];
}

/** What is being read. */
type Place = "around" | "text" | "entity" | "<" | "tag" | "attributes" | "</" | "special" | "section" | "done";

const MAX_DEPTH = 256;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
// Texts, made patterns when first used: of a literal an engine reads the tables of all letters when it loads the file.
const NAME_START = "[\\p{L}_:]";
const NAME_CHARACTER = "[\\p{L}\\p{M}\\p{N}_:.-]";
const ENTITY_CHARACTER = /[#\w]/;
const NUMBERED = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/;
/** Markup that is no tag: what it begins with behind `<`, and what it ends with. */
const SECTIONS: Readonly<Record<string, string>> = { "!--": "-->", "![CDATA[": "]]>", "?": "?>" };

let nameStart: RegExp | undefined;
let nameCharacter: RegExp | undefined;

/**
 * Reads XML that is still being written, piece by piece, each character once. Knows elements, attributes (which are passed
 * over), comments, CDATA, processing instructions, the five entities and characters by number. Refuses document types, and so
 * whatever they could declare. Words around the root are passed over.
 */
export class XmlReader {
  readonly #open: OpenElement[] = [];
  #root: XMLResult | undefined = undefined;
  #place: Place = "around";
  /** What is read of a name, an entity or CDATA. */
  #pending = "";
  /** The last characters, where an end of several is looked for. */
  #last = "";
  #half = "";
  #quote = "";
  #section = "";
  #problem: string | undefined = undefined;
  /** Whether there is more to show than at the last snapshot. */
  changed = false;

  /** Why it is no XML; undefined as long as it is. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** How much a snapshot costs, in items of a list. */
  get cost(): number {
    return this.#open.reduce((sum, { children }) => sum + 2 * children.length + 8, 0);
  }

  /** Reads on. Nothing is read any more once there is a problem. */
  read(piece: string): void {
    let at = 0;
    while (at < piece.length && this.#problem === undefined) {
      if (this.#place === "text") at = this.#readText(piece, at);
      else this.#take(piece[at++] as string);
    }
  }

  /** What is read so far; what is still open is taken as closed. Undefined where there is no element. */
  snapshot(): XMLResult | undefined {
    this.changed = false;
    let inner: XMLResult | undefined;
    for (let depth = this.#open.length - 1; depth >= 0; depth--) {
      const { tag, text, isBlank, children } = this.#open[depth] as OpenElement;
      // More will be written to the list of an element that is open.
      const said = isBlank ? "" : text;
      inner = resultOf(tag, said, inner === undefined ? children.slice() : [...children, inner]);
    }
    return inner ?? this.#root;
  }

  #readText(piece: string, start: number): number {
    let at = start;
    while (at < piece.length && piece[at] !== "<" && piece[at] !== "&") at += 1;
    const text = this.#half + piece.slice(start, at);
    // The first half of a character waits for the other.
    const isCut = at === piece.length && (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
    this.#half = isCut ? text.slice(-1) : "";
    this.#say(isCut ? text.slice(0, -1) : text);
    if (at < piece.length) this.#goTo(piece[at] === "<" ? "<" : "entity");
    return at + 1;
  }

  #say(text: string): void {
    const element = this.#open[this.#open.length - 1];
    if (element === undefined || text === "") return;
    element.text += text;
    element.isBlank &&= !/\S/.test(text);
    this.changed ||= element.children.length === 0 && !element.isBlank;
  }

  #goTo(place: Place): void {
    this.#place = place;
    this.#pending = "";
    this.#last = "";
  }

  #take(character: string): void {
    switch (this.#place) {
      case "around":
        return this.#takeAround(character);
      case "entity":
        return this.#takeEntity(character);
      case "<":
        return this.#takeFirst(character);
      case "special":
        return this.#takeSpecial(character);
      case "section":
        return this.#takeSection(character);
      case "tag":
      case "</":
        if (this.#last === "" && isNameCharacter(character)) this.#pending += character;
        else if (this.#place === "</") this.#takeClosing(character);
        else this.#openTag(character);
        return;
      case "attributes":
        return this.#takeAttributes(character);
    }
  }

  /** Words around the root; the end of the fence that it stands in ends it all. */
  #takeAround(character: string): void {
    this.#last = (this.#last + character).slice(-3);
    if (character === "<") this.#goTo("<");
    else if (this.#last === "```" && this.#root !== undefined) this.#goTo("done");
  }

  #takeEntity(character: string): void {
    if (character !== ";") {
      if (ENTITY_CHARACTER.test(character) && this.#pending.length < 10) this.#pending += character;
      else this.#sayBack("&", character);
      return;
    }
    const text = characterOf(this.#pending);
    if (text === undefined) return this.#refuse(`&${this.#pending};`);
    this.#goTo("text");
    this.#say(text);
  }

  /** What looked like markup is text: models forget to escape. */
  #sayBack(start: string, character: string): void {
    const said = start + this.#pending;
    this.#goTo(this.#open.length > 0 ? "text" : "around");
    this.#say(said);
    this.read(character);
  }

  #takeFirst(character: string): void {
    if (startsName(character)) this.#goTo("tag");
    else if (character === "/") return this.#goTo("</");
    else if (character === "!" || character === "?") this.#goTo("special");
    else return this.#sayBack("<", character);
    if (this.#place === "special") this.#takeSpecial(character);
    else this.#pending = character;
  }

  #takeSpecial(character: string): void {
    this.#pending += character;
    const start = this.#pending;
    if (Object.hasOwn(SECTIONS, start)) {
      this.#section = SECTIONS[start] as string;
      this.#goTo("section");
    } else if (!Object.keys(SECTIONS).some((section) => section.startsWith(start))) this.#refuse(`<${start}`);
  }

  #takeSection(character: string): void {
    this.#last = (this.#last + character).slice(-3);
    const isText = this.#section === "]]>";
    if (isText) this.#pending += character;
    if (!this.#last.endsWith(this.#section)) return;
    const text = this.#pending.slice(0, -3);
    this.#goTo(this.#open.length > 0 ? "text" : "around");
    this.#say(text);
  }

  #openTag(character: string): void {
    if (this.#root !== undefined) return this.#refuse(`a second root, <${this.#pending}>`);
    if (this.#open.length === MAX_DEPTH) return this.#refuse(`elements more than ${MAX_DEPTH} deep`);
    this.#open.push({ tag: this.#pending, text: "", isBlank: true, children: [] });
    this.#goTo("attributes");
    this.#takeAttributes(character);
    this.changed = true;
  }

  #takeAttributes(character: string): void {
    if (this.#quote !== "") {
      if (character === this.#quote) this.#quote = "";
    } else if (character === '"' || character === "'") this.#quote = character;
    else if (character === "<") this.#refuse("< in a tag");
    else if (character !== ">") this.#last = character;
    else if (this.#last === "/") this.#close();
    else this.#goTo("text");
  }

  #takeClosing(character: string): void {
    const isOver = character === ">";
    if (isOver && this.#pending === this.#open[this.#open.length - 1]?.tag) this.#close();
    else if (isOver || character.trim() !== "") this.#refuse(`</${this.#pending}${this.#last}${character}`);
    else this.#last = " ";
  }

  #close(): void {
    const element = this.#open.pop() as OpenElement; // Only called with one open.
    const wasHidden = element.isBlank && element.text !== "" && element.children.length === 0;
    this.changed ||= wasHidden;
    const result = resultOf(element.tag, element.text, element.children);
    const outer = this.#open[this.#open.length - 1];
    if (outer === undefined) this.#root = result;
    else outer.children.push(result);
    this.#goTo(outer === undefined ? "around" : "text");
  }

  #refuse(got: string): void {
    this.#problem = got;
  }
}

function resultOf(tag: string, text: string, children: XMLResult[]): XMLResult {
  const result: XMLResult = {};
  setOwn(result, tag, children.length > 0 ? children : text);
  return result;
}

function characterOf(entity: string): string | undefined {
  if (Object.hasOwn(ENTITIES, entity)) return ENTITIES[entity];
  const [, hex, decimal] = NUMBERED.exec(entity) ?? [];
  const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function startsName(character: string): boolean {
  nameStart ??= new RegExp(NAME_START, "u");
  return nameStart.test(character);
}

function isNameCharacter(character: string): boolean {
  nameCharacter ??= new RegExp(NAME_CHARACTER, "u");
  return nameCharacter.test(character);
}
