import type { Accumulator } from "../streams/accumulator.ts";
import type { BaseMessage } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { Lanes } from "./lanes.ts";
import { copyData, KWARGS_RULES, METADATA_RULES, type MergeRules, mergeInto, mergeValues } from "./merge.ts";
import { addContent } from "./merge-content.ts";
import { mergeWholeCalls } from "./tool-call.ts";
import { mergeUsage, type UsageMetadata } from "./usage.ts";

type Data = Record<string, unknown>;

/** Merges two values of a field, neither of them nothing; the left one is ours, and may be written to. */
type FieldMerge = (left: never, right: never, lanes: Lanes | undefined) => unknown;

/** What `concat` does with each field of a message. Of a field that is not named here the last stands. */
const FIELD_MERGES: ReadonlyMap<string, FieldMerge> = new Map<string, FieldMerge>([
  ["type", keepFirst],
  ["content", (left: MessageContent, right: MessageContent, lanes) => addContent(left, right, lanes)],
  ["additional_kwargs", (left: Data, right: Data, lanes) => addRecord(left, right, KWARGS_RULES, lanes)],
  ["response_metadata", (left: Data, right: Data, lanes) => addRecord(left, right, METADATA_RULES, lanes)],
  ["id", mergeIds],
  ["name", keepFirst],
  ["role", keepFirst],
  ["~wholeCalls", mergeWholeCalls],
  ["usage_metadata", (left: UsageMetadata, right: UsageMetadata) => mergeUsage(left, right)],
  ["tool_call_id", keepFirst],
  ["status", (left: string, right: string) => (left === "error" ? left : right)],
  ["artifact", (left: unknown, right: unknown, lanes) => mergeValues(left, right, "artifact", KWARGS_RULES, lanes, 1)],
  ["metadata", (left: Data, right: Data, lanes) => addRecord(left, right, METADATA_RULES, lanes)],
]);

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

function addRecord(ours: Data, other: Data, rules: MergeRules, lanes: Lanes | undefined): Data {
  mergeInto(ours, other, rules, lanes);
  return ours;
}

/** The sum of two chunks of one class, as a new one: this is `concat` for classes that are not hot. */
export function concatMessages<Message extends BaseMessage>(left: Message, right: BaseMessage | string): Message {
  const sum = copyMessage(left);
  addFields(sum, typeof right === "string" ? { content: right } : (right ?? {}), undefined);
  return sum;
}

/** A copy that shares nothing with a message that can be written to; its class and its own fields are kept. */
export function copyMessage<Message extends BaseMessage>(message: Message): Message {
  const copy = Object.create(Object.getPrototypeOf(message) as object) as Message;
  for (const key of Object.keys(message)) {
    (copy as unknown as Data)[key] = copyData((message as unknown as Data)[key]);
  }
  if (hasPieces(copy) && hasPieces(message)) copy["~copyPieces"](message);
  return copy;
}

function addFields(ours: BaseMessage, other: object, lanes: Lanes | undefined): void {
  const sum = ours as unknown as Data;
  for (const key of Object.keys(other)) {
    const left = sum[key];
    const right = (other as unknown as Data)[key];
    if (key === PIECES || right === undefined || (right === null && left !== undefined)) continue;
    // What comes from outside must not stand before what the class has: its methods, its accessors, its prototype.
    if (key in sum && !Object.hasOwn(sum, key)) continue;
    const merge = left == null || right === null ? undefined : FIELD_MERGES.get(key);
    sum[key] = merge === undefined ? copyData(right) : merge(left as never, right as never, lanes);
  }
  if (hasPieces(ours) && hasPieces(other)) ours["~addPieces"](other);
}

/** The field of a model's chunk that is summed by the chunk itself. */
const PIECES = "tool_call_chunks";

/** A model's chunk, which knows what its pieces of tool calls were folded from. */
interface PiecesChunk {
  "~addPieces"(other: PiecesChunk): void;
  "~copyPieces"(other: PiecesChunk): void;
}

function hasPieces(message: object): message is PiecesChunk {
  return typeof (message as Partial<PiecesChunk>)["~addPieces"] === "function";
}

/** The accumulator of chunks of classes that are not hot. */
export class MessageSum<Message extends BaseMessage> implements Accumulator<Message> {
  readonly #sum: Message;
  readonly #lanes = new Lanes();

  constructor(first: Message) {
    this.#sum = copyMessage(first);
  }

  add(chunk: Message): void {
    addFields(this.#sum, chunk, this.#lanes);
  }

  value(): Message {
    return copyMessage(this.#sum);
  }
}
