import { type Found, findIn, findInInput, itemsOf } from "./mustache-values.ts";
import { invalidPromptInput, missingVariable, unusableValue } from "./prompt-errors.ts";
import type { InputValues } from "./prompt-input.ts";
import { type MustacheStep, type MustacheTag, parseMustacheSteps } from "./read-mustache.ts";
import type { ReadTemplate } from "./read-template.ts";
import { textOfValue } from "./template-value.ts";

/** How many steps one filling may take: sections in sections multiply, also where they give no text. */
const MAX_STEPS: number = 8_388_608;

/** A section that is being gone through. */
interface Section {
  readonly items: readonly unknown[];
  readonly from: number;
  index: number;
}

/** Reads a mustache template. @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read. */
export function readMustache(template: string, strict: boolean): ReadTemplate {
  const steps = parseMustacheSteps(template);
  const names = steps.flatMap((step) => (typeof step === "string" || step.kind === "/" ? [] : (step.path[0] ?? [])));
  return { variables: names, expand: (values) => expand(steps, values, strict) };
}

/** One step after the other, without recursion: a section jumps. */
function* expand(steps: readonly MustacheStep[], values: InputValues, strict: boolean): Generator<string> {
  const sections: Section[] = [];
  let taken = 0;
  for (let at = 0; at < steps.length; at += 1) {
    taken += 1;
    if (taken > MAX_STEPS) {
      throw invalidPromptInput(
        `Expected sections of at most ${MAX_STEPS} steps in all, got more. Give shorter lists, or nest less.`,
        { maxSteps: MAX_STEPS },
      );
    }
    const step = steps[at] as MustacheStep;
    if (typeof step === "string") yield step;
    else if (step.kind === "/") {
      const section = sections.at(-1) as Section;
      section.index += 1;
      if (section.index < section.items.length) at = section.from;
      else sections.pop();
    } else {
      const value = lookUp(step, sections, values, strict);
      if (step.kind === "") {
        if (value != null) yield textOfValue(step.name, value);
        continue;
      }
      const found = itemsOf(value);
      const items = step.kind === "#" ? found : found.length === 0 ? [contextOf(sections, values)] : [];
      if (items.length === 0) at = step.end;
      else sections.push({ items, from: at, index: 0 });
    }
  }
}

function contextOf(sections: readonly Section[], values: InputValues): unknown {
  const section = sections.at(-1);
  return section === undefined ? values : section.items[section.index];
}

/** What a name stands for: in the innermost context that has it. */
function lookUp(tag: MustacheTag, sections: readonly Section[], values: InputValues, strict: boolean): unknown {
  if (tag.path.length === 0) return contextOf(sections, values);
  let found: Found;
  for (let depth = sections.length - 1; depth >= 0 && found === undefined; depth -= 1) {
    const section = sections[depth] as Section;
    found = findIn(section.items[section.index], tag.path);
  }
  const { value } = found ?? findInInput(values, tag.path) ?? { value: undefined };
  if (typeof value === "function")
    throw unusableValue(tag.name, "a value", "a function; call it, and give what it gives");
  if (strict && value === undefined && tag.kind === "") throw missingVariable(tag.name, values);
  return value;
}
