import { readJson } from "../json/safe-json.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { BaseChatModel } from "../models/base-chat-model.ts";
import type { BaseLanguageModelInput } from "../models/base-language-model.ts";
import { OutputParserException } from "../parsers/output-parser-exception.ts";
import type { Runnable } from "../runnables/runnable.ts";

/** How a fake's structured answers are given. */
export interface FakeStructuredOptions {
  /** Whether the message comes along, as `{ raw, parsed }`; an answer that cannot be read is null there. Default: false. */
  readonly includeRaw?: boolean | undefined;
}

/** The value that a message stands for: the arguments of its first tool call, or else its text as JSON. */
function structuredOf(message: AIMessageChunk): unknown {
  const value = message.tool_calls[0]?.args ?? readJson(message.text);
  if (value !== undefined) return value;
  throw new OutputParserException(
    'Expected the scripted answer to be JSON or a tool call, and it is neither. Script an answer such as {"a":1}.',
    message.text,
  );
}

/** A model whose answers are read as values. */
export function withStructuredAnswers(
  model: BaseChatModel,
  { includeRaw }: FakeStructuredOptions = {},
): Runnable<BaseLanguageModelInput, unknown> {
  return model.pipe((message: AIMessageChunk) =>
    includeRaw ? { raw: message, parsed: parsedOf(message) } : structuredOf(message),
  );
}

/** A message and what it stands for. */
export interface RawAndParsed {
  readonly raw: BaseMessage;
  readonly parsed: unknown;
}

function parsedOf(message: AIMessageChunk): unknown {
  try {
    return structuredOf(message);
  } catch {
    return null;
  }
}
