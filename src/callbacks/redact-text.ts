import { isMessage } from "../messages/base-message.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import { GenerationChunk } from "../outputs/generation.ts";
import { BasePromptValue } from "../outputs/prompt-value.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import type { Redact } from "./redact.ts";

/** How deep data is looked into. */
const MAX_DEPTH = 256;
/** What stands in place of data that lies deeper. */
const TOO_DEEP = "[too deep to redact]";

/** What a message, and each part, call and piece in its lists, is known by: it stays as it is. */
const STRUCTURE: ReadonlySet<string> = new Set(["type", "id", "role", "index", "tool_call_id", "status"]);
/** The lists of a message, and of its parts, whose items have such fields. */
const PARTS: ReadonlySet<string> = new Set([
  "content",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_chunks",
  "~wholeCalls",
]);
/** What programs tell errors by. */
const KIND_OF_ERROR: ReadonlySet<string> = new Set(["name", "code"]);

/**
 * A hook that replaces every text in what is told: in plain data, messages, chunks, results, prompt values and errors (their
 * message, stack and cause), however deep. What it gives is a copy.
 *
 * Left as they are: keys of objects; the `type`, `id`, `role`, `index`, `tool_call_id` and `status` of messages, of the parts
 * of their content and of their tool calls; the `name` and `code` of errors; numbers; objects of other classes, a `Map` too.
 * Data deeper than 256 is left out.
 *
 * @param replace gives what stands in place of a text. A secret that is cut between two chunks comes to it in two halves.
 *
 * @example
 * ```ts
 * import { CallbackManager, redactText } from "linnet";
 *
 * const hideMails = redactText((text) => text.replace(/\S+@\S+/g, "[mail]"));
 * const manager = CallbackManager.fromHandlers({ handleText: (text) => console.log(text) });
 * manager.redact = hideMails;
 * ```
 */
export function redactText(replace: (text: string) => string): Redact {
  return (value) => new Redactor(replace).copy(value, 0);
}

class Redactor {
  readonly #replace: (text: string) => string;
  /** The copies made so far: data may hold itself. */
  readonly #copies = new Map<object, unknown>();

  constructor(replace: (text: string) => string) {
    this.#replace = replace;
  }

  /** @param isPart whether the value is, or holds, the parts of a message. */
  copy(value: unknown, depth: number, isPart: boolean = false): unknown {
    if (typeof value === "string") return this.#replace(value);
    if (typeof value !== "object" || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) return TOO_DEEP;
    if (Array.isArray(value)) return this.#copyItems(value, depth, isPart);
    if (value instanceof Error) return this.#copyError(value, depth);
    const isOfMessage = isMessage(value);
    if (!isOfMessage && !isPlainRecord(value) && !isResult(value)) return value;
    const hasParts = isOfMessage || isPart;
    const copy = Object.create(Object.getPrototypeOf(value) as object) as object;
    this.#copies.set(value, copy);
    for (const key of Object.keys(value)) {
      const field: unknown = value[key as keyof typeof value];
      const stays = hasParts && STRUCTURE.has(key);
      putField(copy, key, stays ? field : this.copy(field, depth + 1, hasParts && PARTS.has(key)), true);
    }
    return copy;
  }

  #copyItems(items: readonly unknown[], depth: number, areParts: boolean): unknown[] {
    const copy: unknown[] = [];
    this.#copies.set(items, copy);
    for (const item of items) copy.push(this.copy(item, depth + 1, areParts));
    return copy;
  }

  /** An error has its message, stack and cause as own fields that are not listed. */
  #copyError(error: Error, depth: number): Error {
    const copy = new Error("");
    this.#copies.set(error, copy);
    Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object);
    for (const key of Object.getOwnPropertyNames(error)) {
      const field = error[key as keyof Error];
      const told = KIND_OF_ERROR.has(key) ? field : this.copy(field, depth + 1);
      putField(copy, key, told, Object.prototype.propertyIsEnumerable.call(error, key));
    }
    return copy;
  }
}

/** Puts a field of an object's own, past the accessors that its class may have under that name. */
function putField(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}

/** Whether a value is of a class that what models and prompts give is made of. */
function isResult(value: object): boolean {
  return [ChatGeneration, ChatGenerationChunk, GenerationChunk, ChatResult, BasePromptValue].some(
    (known) => value instanceof known,
  );
}
