import type { LinnetError } from "../errors/linnet-error.ts";
import { invalidTemplate } from "./prompt-errors.ts";

/** How many sections may stand in one another. */
const MAX_DEPTH = 100;

/** A tag of a mustache template. */
export interface MustacheTag {
  /** A variable; a section; a section for what is nothing; the end of a section. */
  readonly kind: "" | "#" | "^" | "/";
  /** The name as it was written. */
  readonly name: string;
  /** Its parts; none for `.`, the item that a section is filled for. */
  readonly path: readonly string[];
  /** Of a section: the step that ends it. */
  end: number;
}

/** What is done one after the other to fill a mustache template: text is put in, or a tag is followed. */
export type MustacheStep = string | MustacheTag;

/**
 * Reads a mustache template. A line with nothing but sections, their ends and comments gives no line.
 *
 * @throws LinnetError `INVALID_TEMPLATE` for tags and sections that are not closed, or not open, and for partials and other
 *   delimiters, which there are none of here.
 */
export function parseMustacheSteps(template: string): MustacheStep[] {
  const steps: MustacheStep[] = [];
  const open: MustacheTag[] = [];
  let line = newLine();
  const endLine = (): void => {
    if (line.hasTag && !line.hasText) for (const index of line.spaces) steps[index] = "";
    line = newLine();
  };
  const addText = (text: string): void => {
    for (const piece of text.split(/(?<=\n)/)) {
      if (piece === "") continue;
      if (piece.trim() === "") line.spaces.push(steps.length);
      else line.hasText = true;
      steps.push(piece);
      if (piece.endsWith("\n")) endLine();
    }
  };
  let at = 0;
  for (let start = template.indexOf("{{"); start >= 0; start = template.indexOf("{{", at)) {
    addText(template.slice(at, start));
    const closing = template[start + 2] === "{" ? "}}}" : "}}";
    const from = start + closing.length;
    const end = template.indexOf(closing, from);
    if (end < 0) throw unreadable(`"${closing}" at the end of a tag`, "none", start);
    at = end + closing.length;
    const tag = toTag(template.slice(from, end).trim(), closing, start);
    if (tag?.kind === "") line.hasText = true;
    else line.hasTag = true;
    if (tag === undefined) continue;
    if (tag.kind === "/") endSection(open.pop(), tag, steps.length, start);
    else if (tag.kind !== "" && open.push(tag) > MAX_DEPTH) {
      throw unreadable(`at most ${MAX_DEPTH} sections in one another`, "more", start);
    }
    steps.push(tag);
  }
  addText(template.slice(at));
  endLine();
  const left = open.pop();
  if (left !== undefined) throw unreadable(`{{/${left.name}}} for the section`, "none", template.length);
  return steps;
}

/** What is known of the line that is being read. */
function newLine(): { hasTag: boolean; hasText: boolean; readonly spaces: number[] } {
  return { hasTag: false, hasText: false, spaces: [] };
}

/** The tag that a text between braces stands for; undefined for a comment. */
function toTag(text: string, closing: string, start: number): MustacheTag | undefined {
  const mark = closing === "}}" ? (/^[#^/&!>=]/.exec(text)?.[0] ?? "") : "";
  if (mark === "!") return undefined;
  const name = text.slice(mark.length).trim();
  if (mark === ">" || mark === "=" || name === "") {
    throw unreadable("a variable, a section or a comment", name === "" ? "a tag without a name" : `{{${mark}`, start);
  }
  const kind = mark === "&" ? "" : (mark as MustacheTag["kind"]);
  return { kind, name, path: name === "." ? [] : name.split("."), end: 0 };
}

function endSection(section: MustacheTag | undefined, tag: MustacheTag, end: number, start: number): void {
  if (section?.name !== tag.name) {
    const expected = section === undefined ? "an open section" : `{{/${section.name}}}`;
    throw unreadable(`${expected} before a section ends`, `{{/${tag.name}}}`, start);
  }
  section.end = end;
}

function unreadable(expected: string, came: string, index: number): LinnetError {
  return invalidTemplate(`Expected ${expected} in a mustache template, got ${came} at character ${index + 1}.`, {
    index,
  });
}
