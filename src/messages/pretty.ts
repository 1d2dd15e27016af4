import { writeJson } from "../json/safe-json.ts";
import { type MessageContent, textOfContent } from "./content.ts";
import type { InvalidToolCall, ToolCall } from "./tool-call.ts";

/** How many columns a banner takes. */
const COLUMNS = 80;

/** What is printed of a message. */
interface PrintedMessage {
  readonly type: string;
  readonly content: MessageContent;
  readonly name?: string | undefined;
  readonly tool_calls?: readonly ToolCall[] | undefined;
  readonly invalid_tool_calls?: readonly InvalidToolCall[] | undefined;
}

/**
 * A message as a person wants to read it in a terminal: a banner of 80 columns that says who speaks, then the tool calls of
 * a model or the name of a tool, then the text.
 */
export function formatPretty(message: PrintedMessage): string {
  const { type, name } = message;
  const title = ` ${type.charAt(0).toUpperCase()}${type.slice(1)} Message `;
  const lines = [title.padStart((COLUMNS + title.length) >> 1, "=").padEnd(COLUMNS, "=")];
  addCalls(lines, "Tool Calls:", message.tool_calls);
  addCalls(lines, "Invalid Tool Calls:", message.invalid_tool_calls);
  if (type === "tool" && name) lines.push(`Name: ${name}`);
  const text = textOfContent(message.content);
  if (text.trim() !== "") lines.push(lines.length > 1 ? `\n${text}` : text);
  return lines.join("\n");
}

function addCalls(lines: string[], title: string, calls: readonly (ToolCall | InvalidToolCall)[] | undefined): void {
  if (!calls?.length) return;
  lines.push(title);
  for (const call of calls) {
    lines.push(`  ${call.name} (${call.id})\n Call ID: ${call.id}`);
    if ("error" in call) lines.push(`  Error: ${call.error}`);
    lines.push("  Args:");
    if (typeof call.args === "string") lines.push(`    ${call.args}`);
    else for (const [key, value] of Object.entries(call.args ?? {})) lines.push(`    ${key}: ${formatArgument(value)}`);
  }
}

function formatArgument(value: unknown): string {
  return typeof value === "object" ? (writeJson(value) ?? "[Object]") : String(value);
}
