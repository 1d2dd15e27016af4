import { completeJson, escapeControls } from "../json/complete-json.ts";
import { readJson } from "../json/safe-json.ts";

/** How many characters arguments may have. 1 MiB. */
export const MAX_ARGUMENTS = 1_048_576;

/** JSON of so many characters cannot be nested deeper than 256, which is as deep as JSON is completed. */
const SHORT = 512;

/**
 * The arguments of a tool call as a model wrote them: a JSON object, whole or, while it is still being streamed, its
 * beginning. At most 2^20 characters, nested at most 256 deep.
 *
 * @param isWhole whether they are said to be whole, so that a beginning is no answer. Default: false.
 * @returns undefined where it is no object, no JSON or beyond a limit; `{}` where it is empty.
 */
export function parseToolArguments(text: string, isWhole = false): Record<string, unknown> | undefined {
  const json = text.trim();
  if (json === "") return {};
  if (json[0] !== "{" || json.length > MAX_ARGUMENTS) return undefined;
  // Most are short, and whole when they are read.
  const whole = json.endsWith("}") && json.length <= SHORT ? readJson(json) : undefined;
  if (whole !== undefined) return whole as Record<string, unknown>;
  const completed = completeJson(json);
  if (completed === undefined) return undefined;
  return readJson(isWhole ? escapeControls(json) : completed) as Record<string, unknown> | undefined;
}
