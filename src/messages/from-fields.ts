import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { AIMessage } from "./ai.ts";
import type { BaseMessage } from "./base-message.ts";
import { ChatMessage } from "./chat.ts";
import { FunctionMessage } from "./function.ts";
import { HumanMessage } from "./human.ts";
import { RemoveMessage } from "./remove.ts";
import { SystemMessage } from "./system.ts";
import { ToolMessage } from "./tool.ts";
import { type InvalidToolCall, type ToolCall, type ToolCalls, toolCallsFromOpenAI } from "./tool-call.ts";

/** The fields of a message, as they come from outside. */
export type OutsideFields = Readonly<Record<string, unknown>>;

type MessageClass = new (fields: never) => BaseMessage;

/** The class of each type: what comes from outside names a type, never a class. */
const CLASSES: ReadonlyMap<string, MessageClass> = new Map<string, MessageClass>([
  ["human", HumanMessage],
  ["ai", AIMessage],
  ["system", SystemMessage],
  ["tool", ToolMessage],
  ["function", FunctionMessage],
  ["generic", ChatMessage],
  ["remove", RemoveMessage],
]);

/** The text that a message of a type cannot do without. */
const REQUIRED: ReadonlyMap<string, string> = new Map([
  ["tool", "tool_call_id"],
  ["function", "name"],
  ["generic", "role"],
  ["remove", "id"],
]);

/** Types whose content may be missing: providers send none beside tool calls. */
const MAY_BE_SILENT: ReadonlySet<string> = new Set(["ai", "remove"]);

/** Whether there is a message of a type. */
export function isMessageType(type: unknown): type is string {
  return CLASSES.has(type as string);
}

/**
 * The message of a type that is made of fields from outside; of these only own ones count, and null counts as none.
 *
 * @param type one that {@link isMessageType} knows.
 * @param given what the fields were found in, for the error.
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` if it lacks what a message of the type needs.
 */
export function messageFromFields(type: string, outside: OutsideFields, given: unknown): BaseMessage {
  // Python stores null for what is not there. Only an artifact can be null itself.
  const fields = Object.fromEntries(
    Object.entries(outside).filter(([field, value]) => value != null || field === "artifact"),
  );
  const content = fields.content ?? fields.contentBlocks;
  if (typeof fields.id !== "string") fields.id = typeof fields.id === "number" ? `${fields.id}` : undefined;
  if (typeof content !== "string" && !Array.isArray(content) && (content !== undefined || !MAY_BE_SILENT.has(type))) {
    throw refusal(
      `Expected the content of a message of type ${type} to be a string or an array of blocks, got ${describeValue(outside.content)}.`,
      given,
    );
  }
  const required = REQUIRED.get(type);
  if (typeof fields.tool_call_id === "number") fields.tool_call_id = String(fields.tool_call_id);
  if (required !== undefined && typeof fields[required] !== "string") {
    throw refusal(
      `Expected a message of type ${type} to have a string ${required}, got ${describeValue(outside[required])}. Pass it beside the content.`,
      given,
    );
  }
  if (type === "ai") readCalls(fields);
  return new (CLASSES.get(type) as MessageClass)(fields as never);
}

/** Makes a model's calls ones of ours: each may be in OpenAI's shape too, and its arguments an object or JSON. */
function readCalls(fields: Record<string, unknown>): void {
  const { "~wholeCalls": whole, tool_calls, invalid_tool_calls, tool_call_chunks } = fields;
  fields.invalid_tool_calls = recordsOf(invalid_tool_calls);
  // Those of a chunk that was spread.
  fields.tool_call_chunks = recordsOf(tool_call_chunks);
  fields["~wholeCalls"] = isPlainRecord(whole) ? readList(whole.tool_calls, whole.invalid_tool_calls) : undefined;
  if (Array.isArray(tool_calls)) Object.assign(fields, readList(tool_calls, invalid_tool_calls));
  else fields.tool_calls = undefined;
}

function readList(given: unknown, unread: unknown): ToolCalls {
  const calls: ToolCalls = { tool_calls: [], invalid_tool_calls: (recordsOf(unread) ?? []) as InvalidToolCall[] };
  for (const call of recordsOf(given) ?? []) {
    const { id, name, args } = call;
    if (isPlainRecord(args)) calls.tool_calls.push(call as unknown as ToolCall);
    else {
      const raw = isPlainRecord(call.function) ? call : { id, function: { name, arguments: args } };
      const read = toolCallsFromOpenAI([raw]);
      calls.tool_calls.push(...read.tool_calls);
      calls.invalid_tool_calls.push(...read.invalid_tool_calls);
    }
  }
  return calls;
}

function recordsOf(list: unknown): Record<string, unknown>[] | undefined {
  return Array.isArray(list) ? list.filter(isPlainRecord) : undefined;
}

/** The error of what is no message. */
export function refusal(message: string, given: unknown): LinnetError {
  return new LinnetError(message, { code: "MESSAGE_COERCION_FAILURE", data: { given: describeValue(given) } });
}
