import { LinnetError } from "../errors/linnet-error.ts";
import { completeJson, type JsonLimits } from "./complete-json.ts";
import { readJson } from "./safe-json.ts";

/**
 * The value that JSON stands for, whole or, while it is still being written, its beginning: see {@link completeJson}. Whole
 * JSON is read as `JSON.parse` does.
 *
 * @returns undefined where it is no JSON, or where nothing can be told yet.
 * @throws LinnetError `OUTPUT_PARSING_FAILURE` beyond a limit.
 */
export function parsePartialJson(text: string, limits: JsonLimits = {}): unknown {
  const whole = completeJson(text, limits);
  if (whole !== undefined) return readJson(whole);
  const { maxDepth = 256, maxLength = Infinity } = limits;
  throw new LinnetError(
    `Expected JSON within { maxDepth: ${maxDepth}, maxLength: ${maxLength} }, got more of it. Raise the limit, or ask for less.`,
    { code: "OUTPUT_PARSING_FAILURE", data: { maxDepth, maxLength, length: text.length } },
  );
}
