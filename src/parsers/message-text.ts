import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { textOfContent } from "../messages/content.ts";

/** What a parser is given: a text, or a message or chunk of one. */
export type ParserInput = string | BaseMessage;

/**
 * The text of what a model said: of content blocks the text ones, joined; reasoning, tool calls and blocks of kinds that are
 * not known are skipped.
 *
 * @throws LinnetError `INVALID_INPUT` for what is neither a string nor a message.
 */
export function textOfInput(input: ParserInput): string {
  if (typeof input === "string") return input;
  const content = typeof input === "object" && input !== null ? input.content : undefined;
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return textOfContent(content);
  throw new LinnetError(`Expected a string or a message to parse, got ${describeValue(input)}.`, {
    code: "INVALID_INPUT",
  });
}
