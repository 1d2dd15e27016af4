import type { BaseMessage } from "./base-message.ts";

/**
 * A copy of a message with another id; the message is not written to, nor is it when the copy is. What lies deeper than a
 * field's own items is shared.
 */
export function withMessageId<Message extends BaseMessage>(message: Message, id: string): Message {
  return message["~withId"](id);
}
