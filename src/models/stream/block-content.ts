import type { ContentBlock } from "../../messages/content.ts";
import { copyData } from "../../messages/merge.ts";
import { setOwn } from "../../secrets/plain-record.ts";
import type { ContentBlockDelta } from "./events.ts";

/** A part as outside data. */
export type Part = Record<string, unknown>;

/** The field that parts of a type are streamed in. */
const STREAMED: ReadonlyMap<unknown, StreamedField> = new Map<string, StreamedField>([
  ["text", "text"],
  ["reasoning", "reasoning"],
  ["image", "data"],
  ["audio", "data"],
  ["video", "data"],
  ["file", "data"],
]);

/** A field that pieces add to. */
export type StreamedField = "text" | "reasoning" | "data";

/** The field of a part that its pieces add to. */
export function streamedFieldOf(type: unknown): StreamedField | undefined {
  return STREAMED.get(type);
}

/** The delta that adds to a field. */
export function addingTo(field: StreamedField, text: string): ContentBlockDelta {
  const delta: Record<StreamedField | "type", string> | object = { type: `${field}-delta`, [field]: text };
  return delta as ContentBlockDelta;
}

/** Adds a delta to a part of ours. What is none, as a provider may have it, adds nothing. */
export function applyDelta(part: Part, delta: ContentBlockDelta): void {
  if (delta?.type === "block-delta") {
    for (const [key, value] of Object.entries(Object(delta.fields))) setOwn(part, key, copyData(value));
    return;
  }
  const field = /^(text|reasoning|data)-delta$/.exec(delta?.type)?.[1] as StreamedField | undefined;
  const more = field && (delta as Partial<Record<StreamedField, unknown>>)[field];
  if (field === undefined || typeof more !== "string") return;
  const before = Object.hasOwn(part, field) ? part[field] : "";
  part[field] = typeof before === "string" ? before + more : more;
}

/** A part of ours from one of outside. */
export function copyPart(content: ContentBlock | undefined): Part {
  return { ...(copyData(content) as Part | undefined) };
}
