import { isDeepStrictEqual } from "node:util";
import type { AIMessage } from "../../../src/messages/ai.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";

/** All that can be seen of a message, as JSON: names such as `__proto__` show in it, and undefined fields do not. */
export function seen(message: BaseMessage): unknown {
  return JSON.parse(JSON.stringify(message));
}

/**
 * Asserts that two messages, or what was seen of them, look the same.
 *
 * @param what the law that says so: a planted fault has to break this one, and not just any.
 */
export function expectSame(one: unknown, other: unknown, what: string): void {
  if (isDeepStrictEqual(one, other)) return;
  throw new Error(`${what}: ${JSON.stringify(one)} is not ${JSON.stringify(other)}`);
}

/** Every object within a value that a reader of it can get at, those behind a message's getters included. */
export function objectsIn(value: unknown, found: Set<object> = new Set()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  for (const key of Reflect.ownKeys(value)) objectsIn((value as Record<PropertyKey, unknown>)[key], found);
  const { tool_calls, invalid_tool_calls } = value as Partial<AIMessage>;
  objectsIn(tool_calls, found);
  return objectsIn(invalid_tool_calls, found);
}

/** Freezes all that a value is made of. */
export function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key of Reflect.ownKeys(value)) freezeDeep((value as Record<PropertyKey, unknown>)[key]);
  return value;
}

/** Writes to every object that a value is made of: what is shared with it shows the marks. */
export function scribbleOn(value: object): void {
  for (const object of objectsIn(value)) {
    if (Array.isArray(object)) object.push("scribble");
    else Object.defineProperty(object, "scribble", { value: 1, enumerable: true, configurable: true });
    for (const [key, field] of Object.entries(object)) {
      if (typeof field === "string" && key !== "type") (object as Record<string, unknown>)[key] = `${field}!`;
    }
  }
}

/** Whether two values are of different kinds, as far as JSON goes. */
export function differInKind(one: unknown, other: unknown): boolean {
  const kindOf = (value: unknown): string =>
    Array.isArray(value) ? "list" : value === null ? "nothing" : typeof value;
  return one != null && other != null && kindOf(one) !== kindOf(other);
}
