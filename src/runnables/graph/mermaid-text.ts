import { displayText } from "./display-text.ts";
import { numbered } from "./readable-ids.ts";

// Texts, made patterns when first used: of a literal an engine reads the tables of all letters when it loads the file.
/** What stays as it is in a label: what no reader of mermaid, of markdown or of HTML takes for anything but text. */
const PLAIN = "[\\p{L}\\p{M}\\p{N} _\\-.,()?!'=+/]|[^\\p{ASCII}]";
/** The letter by which mermaid marks its own codes. */
const MARK = "\ufb02";
/** Among it what is read as markup in its place: lists, emphasis, links, and a direction, for which lines are searched. */
const READ_IN_PLACE =
  "^[-+]|(?<=^\\d+)[.)]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])|(?<=direction) |(?<=www)\\.|(?<=\\w)-(?=-)";
/** Words that begin a statement, also behind digits, which mermaid reads by themselves. */
const KEYWORD =
  /^\d*(?:accdescr|acctitle|call|class|classdef|click|default|direction|end|flowchart|graph|href|interpolate|linkstyle|style|subgraph|swimlane|_self|_blank|_parent|_top)(?![a-z0-9_])/i;
const UNQUOTED = /^\w[\w -]*$/;

/** A label that reads as the text does, whatever is in it. */
export function mermaidLabel(text: string): string {
  const plain = new RegExp(PLAIN, "u");
  const codes = Array.from(displayText(text), (character) =>
    plain.test(character) && character !== MARK ? character : codeOf(character),
  );
  return codes.join("").replace(new RegExp(READ_IN_PLACE, "gu"), codeOf);
}

/** A label as it stands in a statement: in quotes, where it needs them. @param markup what is added as it is. */
export function quoted(label: string, markup: string = ""): string {
  return UNQUOTED.test(label) && markup === "" ? label : `"${label}${markup}"`;
}

/** The names that nodes and subgraphs have in the text: each its id, as far as that is a name to mermaid. */
export class MermaidNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** @param ids of nodes, and of subgraphs, which end in a colon; those that are names already keep them. */
  constructor(ids: readonly string[]) {
    const isName = (id: string): boolean => nameFrom(id) === id;
    for (const id of [...ids.filter(isName), ...ids.filter((other) => !isName(other))]) {
      const wanted = nameFrom(id);
      const name = this.#taken.has(wanted) || KEYWORD.test(wanted) ? numbered(wanted, this.#taken) : wanted;
      this.#taken.add(name);
      this.#names.set(id, name);
    }
  }

  of(id: string): string {
    return this.#names.get(id) as string;
  }
}

function nameFrom(id: string): string {
  // A hyphen that does not stand alone between two words is an arrow.
  const name = id.replace(/:$/, "").replace(/[^a-zA-Z0-9_-]|^-|-$|-(?=-)/g, "_") || "_";
  return KEYWORD.test(name) ? name.replaceAll("-", "_") : name;
}

function codeOf(character: string): string {
  return `#${character.codePointAt(0)};`;
}
