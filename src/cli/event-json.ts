import { BaseMessage, BasePromptValue, type StreamEvent } from "../entries/index.ts";
import { isError, toPlainError } from "../errors/plain-error.ts";

/** An event as one line of JSON: messages in their plain form, errors with name, message and code. */
export function eventJson(event: StreamEvent): string {
  return JSON.stringify(event, plainForm);
}

/** A replacer: sees the values before their own JSON forms. */
function plainForm(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  if (BaseMessage.isInstance(original)) return original.toDict();
  if (original instanceof BasePromptValue) return { messages: original.toChatMessages() };
  if (isError(original)) return toPlainError(original);
  return typeof value === "bigint" ? String(value) : value;
}
