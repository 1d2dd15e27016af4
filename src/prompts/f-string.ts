import { LinnetError } from "../errors/linnet-error.ts";

/** A piece of a template that was read: text, or the place of a variable. */
export type TemplatePart = string | { readonly variable: string };

/** An opening brace that was written twice, to stand for itself. */
const DOUBLED = 0;
/** An opening brace that begins no variable, such as those of JSON. */
const LONE = 1;

/**
 * Reads an f-string. `{name}` is a variable where the name is an identifier; `{{` and `}}` stand for one brace. Any other
 * brace is text, and the one that closes it is too, so that JSON may be pasted as it is: in `{"a": {"b": 1}}` nothing
 * changes.
 *
 * @param strict whether such other braces are errors.
 * @throws LinnetError `INVALID_TEMPLATE` for them.
 */
export function parseFString(template: string, strict: boolean): TemplatePart[] {
  return new FStringReader(template, strict).read();
}

class FStringReader {
  readonly #template: string;
  readonly #strict: boolean;
  readonly #parts: TemplatePart[] = [];
  /** The braces that stand as text and are still to be closed. */
  readonly #open: number[] = [];
  readonly #variable = /\{([\p{ID_Start}_$][\p{ID_Continue}$]*)\}/uy;
  #text = "";

  constructor(template: string, strict: boolean) {
    this.#template = template;
    this.#strict = strict;
  }

  read(): TemplatePart[] {
    const template = this.#template;
    const brace = /[{}]/g;
    let at = 0;
    for (let found = brace.exec(template); found !== null; found = brace.exec(template)) {
      this.#text += template.slice(at, found.index);
      at = found[0] === "{" ? this.#opening(found.index) : this.#closing(found.index);
      brace.lastIndex = at;
    }
    this.#text += template.slice(at);
    this.#flush();
    return this.#parts;
  }

  /** Reads what begins with `{`. @returns where to go on. */
  #opening(index: number): number {
    if (this.#template[index + 1] === "{") {
      this.#open.push(DOUBLED);
      this.#text += "{";
      return index + 2;
    }
    const variable = this.#variable;
    variable.lastIndex = index;
    const name = variable.exec(this.#template)?.[1];
    if (name !== undefined) {
      this.#flush();
      this.#parts.push({ variable: name });
      return variable.lastIndex;
    }
    this.#lone(index);
    this.#open.push(LONE);
    return index + 1;
  }

  /** Reads what begins with `}`. A lone opening brace is closed by one, so that the next may close what is around it. */
  #closing(index: number): number {
    const opened = this.#open.pop();
    if (opened !== LONE && this.#template[index + 1] === "}") {
      this.#text += "}";
      return index + 2;
    }
    // One brace does not close a doubled one.
    if (opened === DOUBLED) this.#open.push(opened);
    this.#lone(index);
    return index + 1;
  }

  #lone(index: number): void {
    const brace = this.#template[index] as string;
    if (this.#strict) {
      throw new LinnetError(
        `Expected every brace of the template to belong to a variable such as {name}, got a lone ${brace} at character ${index + 1}. Write ${brace}${brace} for a brace that is text.`,
        { code: "INVALID_TEMPLATE", data: { index } },
      );
    }
    this.#text += brace;
  }

  #flush(): void {
    if (this.#text !== "") this.#parts.push(this.#text);
    this.#text = "";
  }
}
