import { describeValue } from "../../errors/describe-value.ts";
import { oneLine } from "../../terminal/line-text.ts";

/** Text of outside on one line: each run of white space one space, other characters that would not show written out. */
export function displayText(text: string): string {
  return oneLine(text.replace(/\s+/g, " ").trim());
}

/** What a value in the metadata of a node looks like. */
export function displayValue(value: unknown): string {
  return displayText(typeof value === "string" ? value : (writtenOut(value) ?? describeValue(value)));
}

function writtenOut(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // It holds itself, or a bigint.
  }
}
