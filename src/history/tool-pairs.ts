import type { BaseMessage } from "../messages/base-message.ts";
import { copyData } from "../messages/merge.ts";
import { arrayOf, callIdsOf, idOf, isToolResult, rawCallsOf, resultIdOfBlock } from "./tool-calls.ts";

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
    const kept = withoutOrphans(message, callers);
    if (kept === undefined) continue;
    for (const key of keysOfResults(kept)) {
      const caller = callers.get(key);
      if (caller !== undefined) lastResults[caller] = place;
    }
    for (const key of keysOfCalls(kept)) callers.set(key, place);
    lastResults.push(place);
    messages.push(kept);
  }
  const reached: boolean[] = [];
  let reach = -1;
  for (const last of lastResults) {
    reached.push(reached.length <= reach);
    reach = Math.max(reach, last);
  }
  return { messages, mayCut: (place) => reached[place] !== true };
}

/** A message without the results of calls that nobody made; undefined where it is nothing else. */
function withoutOrphans(message: BaseMessage, callers: ReadonlyMap<string, number>): BaseMessage | undefined {
  if (message.type === "tool") return keysOfResults(message).some((key) => callers.has(key)) ? message : undefined;
  // A function's result names no call, so that it cannot be told whether it has one.
  if (isToolResult(message)) return message;
  const isOrphan = (block: unknown): boolean => {
    const id = resultIdOfBlock(block);
    return id !== null && !callers.has(`call ${id ?? ""}`);
  };
  const { content } = message;
  if (!Array.isArray(content) || !content.some(isOrphan)) return message;
  const rest = content.filter((block) => !isOrphan(block));
  if (rest.length === 0) return undefined;
  const copy = message["~copy"]();
  copy.content = copyData(rest);
  return copy;
}

/** What a message answers: a call each, or the function that it names. */
export function keysOfResults(message: BaseMessage): string[] {
  const { type, name, tool_call_id } = message as { type: string; name?: unknown; tool_call_id?: unknown };
  if (type === "tool") return [`call ${idOf(tool_call_id) ?? ""}`];
  if (type === "function") return [`function ${String(name)}`];
  const inContent = arrayOf(message.content).map(resultIdOfBlock);
  return inContent.filter((id) => id !== null).map((id) => `call ${id ?? ""}`);
}

function keysOfCalls(message: BaseMessage): string[] {
  const keys = callIdsOf(message).map((id) => `call ${id ?? ""}`);
  const { functionName } = rawCallsOf(message);
  if (functionName !== undefined) keys.push(`function ${functionName}`);
  return keys;
}
