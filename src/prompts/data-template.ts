import { mapPlain } from "./plain-data.ts";
import { toInputValues } from "./prompt-input.ts";
import { Template, type TemplateOptions } from "./template.ts";

/** Plain data in which every string is a template, such as a block of a message. */
export interface DataTemplate {
  /** The names of the values that it is filled with, each once. */
  readonly inputVariables: readonly string[];
  /**
   * @internal Fills it: a copy of the data. What it is, its maker knows.
   *
   * @throws LinnetError as a template of text does.
   */
  "~block"(values: object): never;
}

/**
 * Reads plain data as a template: its strings, however deep, not its keys. The data is never written to.
 *
 * @throws LinnetError `INVALID_TEMPLATE` for a string that cannot be read as a template, and for data that has no end.
 */
export function readData(data: unknown, options?: TemplateOptions): DataTemplate {
  const variables: string[] = [];
  const read = mapPlain(data, (leaf) => {
    if (typeof leaf !== "string") return leaf;
    const template = new Template(leaf, options);
    variables.push(...template.variables);
    return template;
  });
  const inputVariables = [...new Set(variables)];
  return {
    inputVariables,
    "~block": (values) => {
      const input = toInputValues(values, inputVariables);
      return mapPlain(read, (leaf) => (leaf instanceof Template ? leaf.render(input) : leaf)) as never;
    },
  };
}
