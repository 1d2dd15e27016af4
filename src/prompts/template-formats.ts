import { readFString } from "./f-string.ts";
import { noTemplate } from "./prompt-errors.ts";
import type { TemplateReader } from "./read-template.ts";

const readers: Map<string, TemplateReader> = new Map([["f-string", readFString]]);

/** Makes a format known; called by `wiring.ts` alone. */
export function wireTemplateFormat(format: string, reader: TemplateReader): void {
  readers.set(format, reader);
}

/** What reads a format. @throws LinnetError `INVALID_TEMPLATE` for one that is not known, or not wired. */
export function readerOf(format: string): TemplateReader {
  const reader = readers.get(format);
  if (reader !== undefined) return reader;
  throw noTemplate('"f-string" as the templateFormat, or "mustache" where "linnet" is imported', format);
}
