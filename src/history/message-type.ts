import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageType } from "../messages/structure.ts";

/** A class of messages, also one of a program's own. */
export type MessageClass = abstract new (...args: never[]) => BaseMessage;

/**
 * Which messages are meant: those of a type, chunks included, or those that are instances of a class.
 */
export type MessageTypeOrClass = MessageType | MessageClass;

/** One value, or a list of them. */
export type OneOrMore<Value> = Value | readonly Value[];

/** Tells whether a message is one of those that are meant. */
export type MessageTest = (message: BaseMessage) => boolean;

/** The test that types and classes stand for; undefined where none are given. An empty list means no message. */
export function testOfTypes(types: OneOrMore<MessageTypeOrClass> | undefined): MessageTest | undefined {
  if (types === undefined) return undefined;
  const list = listOf(types);
  return (message) => list.some((type) => (typeof type === "string" ? message.type === type : isOf(message, type)));
}

/** What is given as one or as a list, as a list. */
export function listOf<Value>(values: OneOrMore<Value>): readonly Value[] {
  return Array.isArray(values) ? (values as readonly Value[]) : [values as Value];
}

/** The classes of this package tell their instances by a brand, as there may be two copies of it; others by inheritance. */
function isOf(message: BaseMessage, type: MessageClass): boolean {
  const branded = type as { isInstance?: (value: unknown) => boolean };
  return Object.hasOwn(type, "isInstance") ? branded.isInstance?.(message) === true : message instanceof type;
}
