import { declaredVariables } from "./base-prompt-template.ts";
import { parseFString as partsOfFString } from "./f-string.ts";
import { noTemplate } from "./prompt-errors.ts";
import type { InputValues } from "./prompt-input.ts";
import { parseMustacheSteps } from "./read-mustache.ts";
import { Template, type TemplateFormat } from "./template.ts";

/** A piece of a template that was read. */
export type ParsedTemplateNode =
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "variable"; readonly name: string };

/** The same; f-strings and mustache templates have the same pieces. */
export type ParsedFStringNode = ParsedTemplateNode;

/** The pieces of an f-string: texts and variables. */
export function parseFString(template: string): ParsedTemplateNode[] {
  return partsOfFString(template, false).flatMap((part) => {
    if (typeof part !== "string") return toVariable(part.variable);
    return part === "" ? [] : toLiteral(part);
  });
}

/** The pieces of a mustache template, those of its sections too. @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read. */
export function parseMustache(template: string): ParsedTemplateNode[] {
  return parseMustacheSteps(template).flatMap((step) => {
    if (typeof step === "string") return step === "" ? [] : toLiteral(step);
    return step.kind === "/" ? [] : toVariable(step.path[0] ?? "");
  });
}

/** The pieces of a template. @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read. */
export function parseTemplate(template: string, templateFormat: TemplateFormat): ParsedTemplateNode[] {
  if (templateFormat === "f-string") return parseFString(template);
  if (templateFormat === "mustache") return parseMustache(template);
  throw noTemplate('"f-string" or "mustache" as the templateFormat', templateFormat);
}

/**
 * Reads a template and fills it, at once. What is filled often is better a {@link PromptTemplate}, which is read once.
 *
 * @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read, `INVALID_PROMPT_INPUT` for a variable without a value.
 */
export function renderTemplate(template: string, templateFormat: TemplateFormat, inputValues: InputValues): string {
  return new Template(template, { templateFormat }).render(inputValues);
}

/** The same for an f-string. @throws LinnetError as {@link renderTemplate} does. */
export function interpolateFString(template: string, values: InputValues): string {
  return renderTemplate(template, "f-string", values);
}

/** The same for a mustache template. @throws LinnetError as {@link renderTemplate} does. */
export function interpolateMustache(template: string, values: InputValues): string {
  return renderTemplate(template, "mustache", values);
}

/** What fills a template of each format. */
export const DEFAULT_FORMATTER_MAPPING: Readonly<
  Record<TemplateFormat, (template: string, values: InputValues) => string>
> = { "f-string": interpolateFString, mustache: interpolateMustache };

/** What reads a template of each format. */
export const DEFAULT_PARSER_MAPPING: Readonly<Record<TemplateFormat, (template: string) => ParsedTemplateNode[]>> = {
  "f-string": parseFString,
  mustache: parseMustache,
};

/** Checks that a template has no variable but the given ones. @throws LinnetError `INVALID_TEMPLATE` where it has one. */
export function checkValidTemplate(
  template: string,
  templateFormat: TemplateFormat,
  inputVariables: readonly string[],
): void {
  declaredVariables(new Template(template, { templateFormat }).variables, { templateFormat, inputVariables });
}

function toLiteral(text: string): ParsedTemplateNode {
  return { type: "literal", text };
}

function toVariable(name: string): ParsedTemplateNode {
  return { type: "variable", name };
}
