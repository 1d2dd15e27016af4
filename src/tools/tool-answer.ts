import { describeValue } from "../errors/describe-value.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { ContentBlock, MessageContent } from "../messages/content.ts";
import { isBaseMessage } from "../messages/guards.ts";
import { ToolMessage } from "../messages/tool.ts";
import type { AskedTool } from "./asked-tool.ts";
import { RunToolsOutput } from "./run-tools-output.ts";
import type { DirectToolOutput } from "./tool-types.ts";

/** Whether a value is to be taken as a tool's whole answer. */
export function isDirectToolOutput(value: unknown): value is DirectToolOutput {
  return typeof value === "object" && value !== null && (value as DirectToolOutput).lc_direct_tool_output === true;
}

/** What a tool gives beside the content. */
export interface AnswerParts {
  readonly artifact?: unknown;
  readonly status: "success" | "error";
  readonly metadata: Record<string, unknown> | undefined;
}

/** The answer to whoever asked: a message to a model's call, and the bare value to code. */
export function toAnswer(tool: string, asked: AskedTool, output: unknown, parts: AnswerParts): unknown {
  if (isDirectToolOutput(output) || asked.id === undefined) return output;
  return new ToolMessage({
    content: toContent(output),
    tool_call_id: asked.id,
    name: tool,
    status: parts.status,
    artifact: parts.artifact,
    metadata: parts.metadata && { ...parts.metadata },
  });
}

/**
 * A text and a list of content parts as they are, nothing as an empty text, of messages and of what a loop of tools gave what
 * they say, all else as JSON.
 */
function toContent(output: unknown): MessageContent {
  if (typeof output === "string") return output;
  if (isBaseMessage(output)) return saidIn(output);
  if (output instanceof RunToolsOutput && output.message !== undefined) return saidIn(output.message);
  if (Array.isArray(output) && output.length > 0 && output.every(isBaseMessage)) return saidInAll(output);
  if (Array.isArray(output) && output.every(isContentBlock)) return [...output];
  return toText(output);
}

/** Types of parts that are a model's own doing; providers refuse them in an answer. */
const OWN_DOING = /reasoning|thinking|tool|function_call|input_json/;

/** What a message says, without what its model thought and asked for. */
function saidIn({ content }: BaseMessage): MessageContent {
  if (typeof content === "string") return content;
  const said = content.filter(({ type }) => !OWN_DOING.test(type));
  return said.length === 0 ? "" : said;
}

/** Texts as paragraphs, and with anything else among them as a list of parts. */
function saidInAll(messages: readonly BaseMessage[]): MessageContent {
  const contents = messages.map(saidIn);
  if (contents.every((content) => typeof content === "string")) return contents.filter(Boolean).join("\n\n");
  return contents.flatMap((content) => (typeof content === "string" ? { type: "text", text: content } : content));
}

/** A value as text. */
export function toText(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "";
  } catch {
    // What holds itself, and what throws when it is read.
    return describeValue(value);
  }
}

function isContentBlock(value: unknown): value is ContentBlock {
  return typeof value === "object" && value !== null && typeof (value as ContentBlock).type === "string";
}
