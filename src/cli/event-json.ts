import { BaseMessage, BasePromptValue, LinnetError, type StreamEvent } from "../entries/index.ts";

/** An event as one line of JSON: messages in their plain form, errors with name, message and code. */
export function eventJson(event: StreamEvent): string {
  return JSON.stringify(event, plainForm);
}

/** A replacer: sees the values before their own JSON forms. */
function plainForm(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  if (BaseMessage.isInstance(original)) return original.toDict();
  if (original instanceof BasePromptValue) return { messages: original.toChatMessages() };
  if (original instanceof Error) return errorForm(original);
  return typeof value === "bigint" ? String(value) : value;
}

function errorForm(error: Error): Record<string, unknown> {
  const { name, message } = error;
  return LinnetError.isInstance(error) ? { name, message, code: error.code } : { name, message };
}
