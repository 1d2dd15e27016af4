import type { Accumulator } from "../streams/accumulator.ts";
import type { BaseMessage } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { Lanes } from "./lanes.ts";
import { copyData, isEmptyRecord, KWARGS_RULES, METADATA_RULES, mergeInto, mergeValues } from "./merge.ts";
import { addContent } from "./merge-content.ts";
import { mergeWholeCalls, type ToolCallChunk, type ToolCalls } from "./tool-call.ts";
import { mergeUsage, type UsageMetadata } from "./usage.ts";

type Data = Record<string, unknown>;

/** A message as far as it is summed; most have some of this. */
interface Summed {
  content: MessageContent;
  additional_kwargs: Data;
  response_metadata: Data;
  id?: string | undefined;
  name?: string | undefined;
  usage_metadata?: UsageMetadata | undefined;
  tool_call_chunks?: readonly ToolCallChunk[];
  "~wholeCalls"?: ToolCalls | undefined;
  "~addPieces"?(other: Partial<Summed>): void;
}

/** Merges two values of a field, neither of them nothing; the left one is ours, and may be written to. */
type FieldMerge = (left: never, right: never, lanes: Lanes) => unknown;

/** What `concat` does with the fields that only some messages have. Of a field that is not named here the last stands. */
const FIELD_MERGES: ReadonlyMap<string, FieldMerge> = new Map<string, FieldMerge>([
  ["role", keepFirst],
  ["tool_call_id", keepFirst],
  ["status", (left: string, right: string) => (left === "error" ? left : right)],
  ["artifact", (left: unknown, right: unknown, lanes) => mergeValues(left, right, "artifact", KWARGS_RULES, lanes, 1)],
  ["metadata", (left: unknown, right: unknown, lanes) => mergeValues(left, right, "", METADATA_RULES, lanes, 0)],
]);

/** The fields that {@link addMessage} sums by itself. */
const USUAL_FIELDS =
  /^(type|content|additional_kwargs|response_metadata|id|name|usage_metadata|tool_call_chunks|~wholeCalls)$/;

/** Of two texts that are told once, the first that says something. */
function keepFirst<Value>(left: Value, right: Value): Value {
  return (left as unknown) === "" ? right : left;
}

/** Of two ids the first; but one that a provider gave stands before one that a model run gave. */
export function mergeIds(left: string | undefined, right: string | undefined): string | undefined {
  if (left === right) return left;
  if (!left) return right ?? left;
  return right && isRunId(left) && !isRunId(right) ? right : left;
}

/** Whether an id is one that a model run gave. A provider's may be anything. */
function isRunId(id: unknown): boolean {
  return typeof id === "string" && id.startsWith("run-");
}

/**
 * Adds a chunk to a sum of ours. Every token passes here.
 *
 * @param before whose copy the sum is, which has not taken over its usage; or the sum itself.
 * @param hasMore whether there may be fields besides those of a model's chunk.
 */
export function addMessage(sum: Summed, before: Summed, other: Partial<Summed>, hasMore: boolean, lanes?: Lanes): void {
  const { content, additional_kwargs, response_metadata, usage_metadata, id, "~wholeCalls": calls } = other;
  if (typeof content === "string" && typeof sum.content === "string") sum.content += content;
  else if (content != null) sum.content = addContent(sum.content, content, lanes);
  if (!isEmptyRecord(additional_kwargs)) {
    sum.additional_kwargs ??= {};
    mergeInto(sum.additional_kwargs, additional_kwargs, KWARGS_RULES, lanes);
  }
  if (!isEmptyRecord(response_metadata)) {
    sum.response_metadata ??= {};
    mergeInto(sum.response_metadata, response_metadata, METADATA_RULES, lanes);
  }
  if (usage_metadata != null || sum.usage_metadata !== before.usage_metadata) {
    sum.usage_metadata = mergeUsage(before.usage_metadata, usage_metadata);
  }
  if (id !== sum.id) sum.id = mergeIds(sum.id, id);
  if (!sum.name) sum.name = other.name ?? sum.name;
  if (calls !== undefined) sum["~wholeCalls"] = mergeWholeCalls(sum["~wholeCalls"], calls);
  if (other.tool_call_chunks?.length) sum["~addPieces"]?.(other);
  if (hasMore) addOtherFields(sum as unknown as Data, other as unknown as Data, lanes);
}

function addOtherFields(sum: Data, other: Data, lanes: Lanes = new Lanes()): void {
  for (const key of Object.keys(other)) {
    const left = sum[key];
    const right = other[key];
    if (USUAL_FIELDS.test(key) || right === undefined || (right === null && left !== undefined)) continue;
    // What comes from outside must not stand before what the class has: its methods, its accessors, its prototype.
    if (key in sum && !Object.hasOwn(sum, key)) continue;
    const merge = left == null ? undefined : FIELD_MERGES.get(key);
    sum[key] = merge === undefined ? copyData(right) : merge(left as never, right as never, lanes);
  }
}

/** The sum of two chunks, as a new one: this is `concat` for classes that are not hot. */
export function concatMessages<Message extends BaseMessage>(left: Message, right: BaseMessage | string): Message {
  const sum = left["~copy"]();
  addMessage(sum, left, typeof right === "string" ? { content: right } : (right ?? {}), true);
  return sum;
}

/** The accumulator of chunks of one class. */
export class MessageSum<Message extends BaseMessage> implements Accumulator<Message> {
  readonly #sum: Message;
  readonly #hasMore: boolean;
  readonly #lanes = new Lanes();

  constructor(first: Message, hasMore = true) {
    this.#sum = first["~copy"]();
    this.#hasMore = hasMore;
  }

  add(chunk: Message): void {
    addMessage(this.#sum, this.#sum, chunk, this.#hasMore, this.#lanes);
  }

  value(): Message {
    return this.#sum["~copy"]();
  }
}
