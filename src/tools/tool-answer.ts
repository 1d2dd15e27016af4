import { describeValue } from "../errors/describe-value.ts";
import type { ContentBlock, MessageContent } from "../messages/content.ts";
import { ToolMessage } from "../messages/tool.ts";
import type { AskedTool } from "./asked-tool.ts";
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

/** A text and a list of content parts as they are, nothing as an empty text, all else as JSON. */
function toContent(output: unknown): MessageContent {
  if (typeof output === "string") return output;
  if (Array.isArray(output) && output.every(isContentBlock)) return [...output];
  return toText(output);
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
