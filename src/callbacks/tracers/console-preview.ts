import { describeValue } from "../../errors/describe-value.ts";
import type { BaseMessage } from "../../messages/base-message.ts";
import { isBaseMessage } from "../../messages/guards.ts";
import { ChatGenerationChunk } from "../../outputs/chat-generation.ts";
import { GenerationChunk } from "../../outputs/generation.ts";
import { BasePromptValue } from "../../outputs/prompt-value.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import { Secret } from "../../secrets/secret.ts";
import { oneLine } from "../../terminal/line-text.ts";

/** How deep lists and records are looked into. */
const DEEPEST = 4;
/** Up to how many messages are each named by their speaker; of more, their number is told. */
const NAMED_MESSAGES = 3;
/** How much of a key or a speaker is shown. */
const NAME_LENGTH = 40;
/** Keys under which handlers are given a value that is no record. */
const WRAPPERS: ReadonlySet<string> = new Set(["input", "output", "query", "documents"]);
const WORD = /^[\w$-]+$/;

/**
 * A value in one line: messages as `Human: …`, texts in quotes, records and lists in a short form. What it is cut to is about
 * `limit` characters, and no more of the value is looked at. No getter of plain data runs, a {@link Secret} stays hidden, of
 * objects of other classes only the class is told, and control characters are written out.
 */
export function previewOf(value: unknown, limit: number): string {
  return shownSafely(value, () => show(value, limit, 0));
}

/** What a run was given or gave, as handlers are told it: out of the record that it may be wrapped in. */
export function previewOfRecord(record: unknown, limit: number): string {
  return shownSafely(record, () => show(unwrap(record), limit, 0));
}

function shownSafely(value: unknown, showValue: () => string): string {
  let shown: string;
  try {
    shown = showValue();
  } catch {
    shown = describeValue(value);
  }
  return oneLine(shown);
}

function unwrap(record: unknown): unknown {
  if (!isPlainRecord(record)) return isGeneration(record) ? said(record) : record;
  const messages = ownValue(record, "messages");
  const generations = ownValue(record, "generations");
  if (isListOfLists(messages)) return messages.flat();
  if (isListOfLists(generations)) return single(generations.flat().map(said));
  const keys = Object.keys(record);
  const key = keys[0] as string;
  if (keys.length !== 1) return record;
  const value = ownValue(record, key);
  if (key === "prompts" && Array.isArray(value)) return single(value);
  return WRAPPERS.has(key) ? value : record;
}

function isListOfLists(value: unknown): value is unknown[][] {
  return Array.isArray(value) && value.length > 0 && value.every(Array.isArray);
}

function single(list: readonly unknown[]): unknown {
  return list.length === 1 ? list[0] : list;
}

/** Whether a value is what a model had given before it failed. */
function isGeneration(value: unknown): boolean {
  return value instanceof ChatGenerationChunk || value instanceof GenerationChunk;
}

/** What a generation says. */
function said(generation: unknown): unknown {
  const { message, text } = (generation ?? {}) as { message?: unknown; text?: unknown };
  return message ?? text;
}

function show(value: unknown, room: number, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > room ? `${value.slice(0, Math.max(room, 0))}…` : value);
    case "function":
      return `[${describeValue(value)}]`;
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : showObject(value, room, depth);
    default:
      return String(value);
  }
}

function showObject(value: object, room: number, depth: number): string {
  if (isBaseMessage(value)) return showMessage(value, room, depth);
  if (value instanceof BasePromptValue) {
    const messages = ownValue(value, "messages");
    return Array.isArray(messages) ? showList(messages, room, depth) : show(value.toString(), room, depth);
  }
  if (Array.isArray(value)) return showList(value, room, depth);
  if (isPlainRecord(value)) {
    if (depth >= DEEPEST) return "{…}";
    const pairs = Object.keys(value).values();
    return `{${showAll(pairs, room, (key, left) => `${showKey(key)}: ${show(ownValue(value, key), left, depth + 1)}`)}}`;
  }
  if (value instanceof Date) return value.toJSON() ?? "Invalid Date";
  if (Secret.isInstance(value)) return String(value);
  if (value instanceof Error)
    return [cut(value.name, NAME_LENGTH), cut(value.message, room)].filter(Boolean).join(": ");
  const text = ownValue(value, "pageContent");
  if (typeof text === "string") return show(text, room, depth);
  return `[${describeValue(value).replace("an instance of ", "")}]`;
}

function showList(list: readonly unknown[], room: number, depth: number): string {
  if (list.length > 0 && list.every(isBaseMessage)) return showMessages(list, room, depth);
  if (depth >= DEEPEST) return "[…]";
  return `[${showAll(list.values(), room, (item, left) => show(item, left, depth + 1))}]`;
}

/** Who spoke, and what the last one said: what came before has mostly been seen. */
function showMessages(list: readonly BaseMessage[], room: number, depth: number): string {
  const last = list[list.length - 1] as BaseMessage;
  const before = list.slice(0, Math.min(list.length - 1, NAMED_MESSAGES)).map(speakerOf);
  const names = list.length > NAMED_MESSAGES ? [`${list.length} messages`] : before;
  return [...names, showMessage(last, room, depth)].join(", ");
}

function showMessage(message: BaseMessage, room: number, depth: number): string {
  const { content, name } = message;
  const { tool_calls } = message as { tool_calls?: unknown };
  const text = typeof content === "string" ? cut(content, room) : showBlocks(content, room);
  const calls = Array.isArray(tool_calls) ? tool_calls : [];
  const shown = showAll(calls.values(), room, (call: unknown, left) => {
    const { name, args } = (call ?? {}) as { name?: unknown; args?: unknown };
    return `${cut(String(name), left)}(${show(args, left, depth + 1)})`;
  });
  return `${speakerOf(message)}: ${[name && `${name},`, text, shown].filter(Boolean).join(" ")}`;
}

function speakerOf(message: BaseMessage): string {
  const { type } = message;
  if (type === "ai") return "AI";
  const speaker = type === "generic" ? String((message as { role?: unknown }).role ?? type) : type;
  return speaker.charAt(0).toUpperCase() + cut(speaker.slice(1), NAME_LENGTH);
}

function showBlocks(content: unknown, room: number): string {
  if (!Array.isArray(content)) return "";
  return showAll(
    content.values(),
    room,
    (block: unknown, left) => {
      if (typeof block === "string") return cut(block, left);
      const { type, text } = (block ?? {}) as { type?: unknown; text?: unknown };
      return typeof text === "string" ? cut(text, left) : `[${cut(String(type), left)}]`;
    },
    " ",
  );
}

function showKey(key: string): string {
  return WORD.test(key) ? cut(key, NAME_LENGTH) : JSON.stringify(cut(key, NAME_LENGTH));
}

/** Shows items until the room is full; of the others there is an ellipsis. */
function showAll<Item>(
  items: Iterable<Item>,
  room: number,
  showItem: (item: Item, left: number) => string,
  separator = ", ",
): string {
  let shown = "";
  for (const item of items) {
    if (shown !== "") shown += separator;
    if (shown.length > room) return `${shown}…`;
    shown += showItem(item, room - shown.length);
  }
  return shown;
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, Math.max(room, 0))}…` : text;
}

/** A field's value, without running a getter for it. */
function ownValue(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
