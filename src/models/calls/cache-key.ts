import { BaseMessage } from "../../messages/base-message.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { AnyHookedModel, HookCall } from "../hooked-model.ts";
import { stableText } from "./stable-text.ts";

/** What a message has that no provider answers to: what is known of how it was made. Its id is another in every run. */
const NOT_SAID: ReadonlySet<string> = new Set([
  "id",
  "usage_metadata",
  "response_metadata",
  "tool_call_chunks",
  "artifact",
]);

/** What a model has that does not change its answers. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  "callbacks",
  "tags",
  "metadata",
  "verbose",
  "name",
  "cache",
  "maxRetries",
  "maxConcurrency",
  "timeout",
  "disableStreaming",
]);

/** What a model is given, as a key: the text of a prompt, or all that its messages say. */
export function promptKey(input: unknown): string {
  return typeof input === "string" ? input : stableText((input as BaseMessage[]).map(said));
}

function said(message: BaseMessage): unknown {
  if (!BaseMessage.isInstance(message)) return message;
  const parts: Record<string, unknown> = { type: message.type, form: message.response_metadata?.output_version };
  for (const [key, value] of Object.entries(message.lc_kwargs)) if (!NOT_SAID.has(key)) parts[key] = value;
  // Pieces of calls and calls are the same to who is asked.
  for (const key of ["tool_calls", "invalid_tool_calls"] as const) {
    const calls = (message as { [name in typeof key]?: unknown[] })[key];
    parts[key] = calls?.length ? calls : undefined;
  }
  return parts;
}

/** Which model is asked, and with what options. Secrets are not in it: whoever keeps answers may show the keys. */
export function modelKey({ model, context }: HookCall): string {
  const { id } = model["~serialized"]();
  return stableText([id, fingerprintOf(model), model["~startParams"](context.config)]);
}

let fingerprints: WeakMap<object, string> | undefined;

/**
 * How a model was set up. It is looked at before its first call alone: models count and remember in fields too. It is hashed,
 * since a field may hold a secret that nobody has declared.
 */
function fingerprintOf(model: AnyHookedModel): string {
  fingerprints ??= new WeakMap();
  const known = fingerprints.get(model);
  if (known !== undefined) return known;
  const setUp: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(model)) if (!NOT_ASKED.has(key) && isSetting(value)) setUp[key] = value;
  const print = hash(stableText(setUp));
  fingerprints.set(model, print);
  return print;
}

function isSetting(value: unknown): boolean {
  return typeof value === "object" ? isPlainRecord(value) || Array.isArray(value) : typeof value !== "function";
}

/** FNV-1a, twice from different beginnings. Only the settings of a program's own models meet here. */
function hash(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ (code + place), 0x01000193);
  }
  return [first, second].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}
