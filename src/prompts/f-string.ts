import type { LinnetError } from "../errors/linnet-error.ts";
import { invalidTemplate } from "./prompt-errors.ts";
import type { ReadTemplate, TemplatePart } from "./read-template.ts";

/**
 * The name of a variable, as a pattern in a text: of a literal an engine reads the tables of all letters when it loads the file,
 * which takes half a millisecond.
 */
export const VARIABLE_NAME = "[\\p{ID_Start}_$][\\p{ID_Continue}$]*";

let token: RegExp | undefined;

/**
 * Reads an f-string. `{name}` is a variable where the name is an identifier; `{{` and `}}` stand for one brace. Any other
 * brace is text, and the one that closes it is too, so that JSON may be pasted as it is: in `{"a": {"b": 1}}` nothing
 * changes. Pieces of text may be empty.
 *
 * @param strict whether such other braces are errors.
 * @throws LinnetError `INVALID_TEMPLATE` for them.
 */
export function parseFString(template: string, strict: boolean): TemplatePart[] {
  token ??= new RegExp(`\\{\\{|\\{(${VARIABLE_NAME})\\}|\\{|\\}\\}?`, "gu");
  token.lastIndex = 0;
  const parts: TemplatePart[] = [];
  /** The braces that stand as text and are still to be closed: doubled ones and lone ones. */
  const open: string[] = [];
  let text = "";
  let at = 0;
  for (let found = token.exec(template); found !== null; found = token.exec(template)) {
    const variable = found[1];
    let brace = found[0];
    text += template.slice(at, found.index);
    if (variable !== undefined) {
      parts.push(text, { variable });
      text = "";
    } else {
      // A lone opening brace is closed by one, so that the next may close what is around it.
      const closesLone = brace[0] === "}" && open.at(-1) === "{";
      if (closesLone) brace = "}";
      if (strict && brace.length === 1) throw loneBrace(brace, found.index);
      if (brace[0] === "{") open.push(brace);
      // One brace does not close a doubled one.
      else if (closesLone || brace === "}}") open.pop();
      text += brace[0];
    }
    at = found.index + brace.length;
    token.lastIndex = at;
  }
  parts.push(text + template.slice(at));
  return parts;
}

/** Reads an f-string, as {@link parseFString} does. */
export function readFString(template: string, strict: boolean): ReadTemplate {
  const parts = parseFString(template, strict);
  const pieces = parts.filter((part) => part !== "");
  return { variables: pieces.flatMap((part) => (typeof part === "string" ? [] : part.variable)), expand: () => pieces };
}

function loneBrace(brace: string, index: number): LinnetError {
  return invalidTemplate(
    `Expected a variable such as {name}, got a lone ${brace} at character ${index + 1}. Write ${brace}${brace} for a brace that is text.`,
    { index },
  );
}
