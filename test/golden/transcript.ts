import { BaseMessage } from "../../src/messages/base-message.ts";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

/**
 * A result as plain data, to be compared whole: messages by class and the fields that say something, run ids by the order
 * in which they appear.
 */
export function plain(value: unknown, seen: Map<string, string> = new Map()): unknown {
  if (typeof value === "string") return numbered(value, seen);
  if (Array.isArray(value)) return value.map((item) => plain(item, seen));
  if (typeof value !== "object" || value === null) return value;
  if (BaseMessage.isInstance(value)) return { [value[Symbol.toStringTag]]: fieldsOf(value, seen) };
  const { messages } = value as { messages?: unknown };
  const name = value.constructor === Object ? undefined : (value.constructor as { lc_name?: () => string }).lc_name?.();
  if (name !== undefined && messages !== undefined) return { [name]: { messages: plain(messages, seen) } };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, seen)]));
}

function fieldsOf(message: BaseMessage, seen: Map<string, string>): Record<string, unknown> {
  const fields = Object.entries(message.lc_kwargs).filter(([, field]) => !isEmpty(field));
  return { content: message.content, ...Object.fromEntries(fields.map(([key, field]) => [key, plain(field, seen)])) };
}

function isEmpty(field: unknown): boolean {
  return field === undefined || (typeof field === "object" && field !== null && Object.keys(field).length === 0);
}

function numbered(text: string, seen: Map<string, string>): string {
  return text.replace(new RegExp(UUID, "g"), (id) => {
    if (!seen.has(id)) seen.set(id, `<run ${seen.size + 1}>`);
    return seen.get(id) as string;
  });
}

/** All that a stream gives. */
export async function collect<Item>(
  stream: AsyncIterable<Item>,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) {
    items.push(item);
    if (items.length >= limit) break;
  }
  return items;
}
