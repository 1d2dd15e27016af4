import { readJson, writeJson } from "../json/safe-json.ts";
import { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { forcedTool, type ToolOptions } from "./tool-spec.ts";

/** What a call says of the form of its answer. */
export interface AnswerOptions extends ToolOptions {
  /** The form of JSON that the text has to have, as structured output asks for it. */
  response_format?: object | undefined;
}

/**
 * A scripted answer as a model gives it that does as it is told: where the call must end in one tool, a text that is a JSON
 * object comes as a call of that tool.
 *
 * @param makeId makes the id of the call.
 */
export function asForced(message: BaseMessage, options: ToolOptions, makeId: () => string): BaseMessage {
  const name = forcedTool(options);
  if (name === undefined || !AIMessage.isInstance(message) || message.tool_calls.length > 0) return message;
  const args = readJson(message.text);
  if (!isPlainRecord(args)) return message;
  return new AIMessage({
    ...message.lc_kwargs,
    content: "",
    tool_calls: [{ type: "tool_call", name, args, id: makeId() }],
  });
}

/** A value as the answer of a call that asks for structured output; undefined where the call does not. */
export function structuredAnswer(value: unknown, options: AnswerOptions, makeId: () => string): AIMessage | undefined {
  const name = forcedTool(options);
  if (name === undefined) {
    return options.response_format === undefined ? undefined : new AIMessage(writeJson(value) ?? "");
  }
  // The base class gives callers a copy.
  const args = value as Record<string, unknown>;
  return new AIMessage({ content: "", tool_calls: [{ type: "tool_call", name, args, id: makeId() }] });
}
