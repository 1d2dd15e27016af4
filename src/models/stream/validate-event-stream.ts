import { describeValue } from "../../errors/describe-value.ts";
import { writeJson } from "../../json/safe-json.ts";
import { parseToolArguments } from "../../messages/tool-arguments.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { AnyIterable } from "../../streams/iterator-source.ts";
import { applyDelta, copyPart, type Part } from "./block-content.ts";
import type { ChatModelStreamEvent } from "./events.ts";

/** A part by now: what its deltas made of it, and whether it is whole. */
interface Seen {
  readonly part: Part;
  isWhole: boolean;
}

/**
 * What is wrong with a stream of content-block events; an empty list where nothing is. The rules: it begins with the one
 * `message-start` (or is an `error` alone); `message-finish` comes last, or `error` in its place; each part starts once, at a place of its own, goes on
 * only until its finish, and has one; what its deltas add up to is what it finishes with.
 *
 * @example
 * ```ts
 * import { convertChunksToEvents, validateEventStream } from "linnet/models";
 * import { AIMessageChunk } from "linnet";
 *
 * const events = convertChunksToEvents([new AIMessageChunk("Hel"), new AIMessageChunk("lo")]);
 * console.log(await validateEventStream(events)); // []
 * ```
 */
export async function validateEventStream(events: AnyIterable<ChatModelStreamEvent>): Promise<string[]> {
  const faults: string[] = [];
  const seen = new Map<unknown, Seen>();
  let place = 0;
  let last: unknown;
  for await (const event of events) {
    const fault = faultOf(event, { place, last, seen });
    if (fault !== undefined) faults.push(`Event ${place}: ${fault}`);
    last = event?.event;
    place += 1;
  }
  if (last === "error") return faults;
  if (last !== "message-finish") faults.push("Expected the last event to be message-finish.");
  for (const [index, { isWhole }] of seen) if (!isWhole) faults.push(`Expected a finish of part ${index}.`);
  return faults;
}

/** What came before an event. */
interface Before {
  readonly place: number;
  readonly last: unknown;
  readonly seen: Map<unknown, Seen>;
}

function faultOf(event: ChatModelStreamEvent, { place, last, seen }: Before): string | undefined {
  const name = event?.event;
  if ((place === 0) !== (name === "message-start") && (place > 0 || name !== "error"))
    return "expected message-start first, and nowhere else.";
  if (last === "message-finish" || last === "error") return `expected nothing after ${last}, got ${name}.`;
  switch (name) {
    case "message-start":
    case "message-finish":
    case "error":
    case "usage":
    case "provider":
      return undefined;
    case "content-block-start":
      return start(event.index, copyPart(event.content), seen);
    case "content-block-delta":
    case "content-block-finish": {
      const block = seen.get(event.index);
      if (block === undefined) return `expected a start of part ${event.index} first.`;
      if (block.isWhole) return `expected nothing of part ${event.index} after its finish.`;
      if (name === "content-block-delta") {
        applyDelta(block.part, event.delta);
        return undefined;
      }
      block.isWhole = true;
      return agrees(block.part, event.content)
        ? undefined
        : `expected part ${event.index} to finish with the sum of its deltas.`;
    }
    default:
      return `expected an event of a known name, got ${describeValue(name)}.`;
  }
}

function start(index: number, part: Part, seen: Map<unknown, Seen>): string | undefined {
  if (!Number.isInteger(index) || index < 0) return `expected an index from 0 on, got ${describeValue(index)}.`;
  if (seen.has(index)) return `expected part ${index} to start once.`;
  seen.set(index, { part, isWhole: false });
  return undefined;
}

/** Whether a sum of deltas is what a part finished with. The pieces of a call are read when all are there. */
function agrees(sum: Part, whole: Part): boolean {
  if (!isPlainRecord(whole)) return false;
  const called = /^((?:server_)?tool_call)_chunk$/.exec(String(sum.type))?.[1];
  if (called === undefined || whole.type === sum.type) return same(sum, whole);
  if (sum.id !== whole.id || (sum.name ?? "") !== whole.name) return false;
  if (whole.type === "invalid_tool_call") return same(sum.args, whole.args);
  if (whole.type !== called) return false;
  const { args } = sum;
  const isRaw = isPlainRecord(whole.args) && same(whole.args, { input: args });
  return isRaw || same(typeof args === "string" ? parseToolArguments(args) : args, whole.args);
}

/** Whether two values are the same data, in whatever order their fields are. */
function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, place) => same(item, right[place]));
  }
  if (!isPlainRecord(left) || !isPlainRecord(right))
    return Object.is(left, right) || writeJson(left) === writeJson(right);
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}
