import type { BaseMessage } from "../messages/base-message.ts";
import { callIdsOf, idOf, isToolResult, rawCallsOf } from "./tool-calls.ts";

/** A conversation without results of calls that nobody made, and the places where it may be cut. */
export interface PairedMessages {
  readonly messages: BaseMessage[];
  /** Whether the conversation may be cut before a place: no call stands before it that has a result behind it. */
  mayCut(place: number): boolean;
}

/**
 * Finds which results belong to which calls. A result belongs to the last call before it that has its id; one without a call
 * is left out, since no provider takes it.
 */
export function pairToolResults(all: readonly BaseMessage[]): PairedMessages {
  const messages: BaseMessage[] = [];
  // Of each message the place of the last result that it asked for.
  const lastResults: number[] = [];
  const callers = new Map<string, number>();
  for (const message of all) {
    const place = messages.length;
    const caller = isToolResult(message) ? callers.get(keyOfResult(message)) : undefined;
    if (caller !== undefined) lastResults[caller] = place;
    // A function's result names no call, so that it cannot be told whether it has one.
    else if (message.type === "tool") continue;
    for (const key of keysOfCalls(message)) callers.set(key, place);
    lastResults.push(place);
    messages.push(message);
  }
  const reached: boolean[] = [];
  let reach = -1;
  for (const last of lastResults) {
    reached.push(reached.length <= reach);
    reach = Math.max(reach, last);
  }
  return { messages, mayCut: (place) => reached[place] !== true };
}

function keyOfResult(message: BaseMessage): string {
  const { type, name, tool_call_id } = message as { type: string; name?: unknown; tool_call_id?: unknown };
  return type === "tool" ? `call ${idOf(tool_call_id) ?? ""}` : `function ${String(name)}`;
}

function keysOfCalls(message: BaseMessage): string[] {
  const keys = callIdsOf(message).map((id) => `call ${id ?? ""}`);
  const { functionName } = rawCallsOf(message);
  if (functionName !== undefined) keys.push(`function ${functionName}`);
  return keys;
}
