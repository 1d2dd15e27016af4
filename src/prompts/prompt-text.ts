import { noTemplate } from "./prompt-errors.ts";
import { PromptTemplate } from "./prompt-template.ts";
import { Template } from "./template.ts";

type TagValues<Names extends readonly string[]> = { [Name in Names[number]]: unknown };

/**
 * Makes a prompt of a template literal: what stands in `${}` is the name of a variable, and every brace of the text is
 * text, so that JSON and code need no doubled braces.
 *
 * @param texts the pieces of text.
 * @param names the names of the variables between them; one may come more than once.
 * @throws LinnetError `INVALID_TEMPLATE` for a name that is no identifier, and for a piece with an escape that says nothing.
 * @example
 * ```ts
 * import { promptText } from "linnet";
 *
 * const prompt = promptText`Answer ${"question"} as {"answer": {"text": "..."}}.`;
 * console.log(await prompt.format({ question: "why" })); // Answer why as {"answer": {"text": "..."}}.
 * ```
 */
export function promptText<const Names extends readonly string[]>(
  texts: TemplateStringsArray,
  ...names: Names
): PromptTemplate<TagValues<Names>> {
  const pieces = names.map((name, index) => {
    const variable = `{${name}}`;
    if (new Template(variable).variables[0] !== name) throw noTemplate("an identifier as the name of a variable", name);
    return escaped(texts[index]) + variable;
  });
  return new PromptTemplate<TagValues<Names>>({ template: pieces.join("") + escaped(texts[names.length]) });
}

/** A piece of text as an f-string. */
function escaped(text: string | undefined): string {
  if (text === undefined) throw noTemplate("a text without undefined escapes in a template literal", text);
  return text.replace(/[{}]/g, "$&$&");
}
