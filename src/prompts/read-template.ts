import type { InputValues } from "./prompt-input.ts";

/** A piece of a template: text, or the place of a variable. */
export type TemplatePart = string | { readonly variable: string };

/** A template as it was read. */
export interface ReadTemplate {
  /** The names of its variables; one may come more than once. */
  readonly variables: readonly string[];
  /** What it is made of for some values, in its order. */
  expand(values: InputValues): Iterable<TemplatePart>;
}

/** Reads templates of a format. */
export type TemplateReader = (template: string, strict: boolean) => ReadTemplate;
