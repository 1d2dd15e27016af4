import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { AIMessage } from "./ai.ts";
import { BaseMessage, type BaseMessageFields } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { FunctionMessage } from "./function.ts";
import { HumanMessage } from "./human.ts";
import { SystemMessage } from "./system.ts";
import { ToolMessage, type ToolMessageFields } from "./tool.ts";
import { toolCallsFromOpenAI } from "./tool-call.ts";

/** The roles that a message may be given in, with the other names they go by. */
export type MessageRole = "human" | "user" | "ai" | "assistant" | "system" | "developer" | "tool" | "function";

/** A message as a plain object: a `role` (or `type`), a `content`, and whatever else that kind of message has. */
export type MessageRecord = Omit<BaseMessageFields, "content"> & {
  content?: MessageContent | null | undefined;
  [field: string]: unknown;
} & ({ role: MessageRole | (string & {}) } | { type: MessageRole | (string & {}) });

/** Whatever stands for a message: a message, a text that a person says, a `[role, content]` pair, or a plain object. */
export type MessageLike = BaseMessage | string | readonly [MessageRole | (string & {}), MessageContent] | MessageRecord;

const ACCEPTED =
  "a message, a text, [role, content], or { role, content } with a role of human, user, ai, assistant, system, developer, tool or function";

type Fields = Record<string, unknown>;
type MakeMessage = (fields: Fields, given: unknown) => BaseMessage;

const MAKERS: ReadonlyMap<string, MakeMessage> = new Map<string, MakeMessage>([
  ["human", (fields) => new HumanMessage(fields)],
  ["user", (fields) => new HumanMessage(fields)],
  ["ai", makeAI],
  ["assistant", makeAI],
  ["system", (fields) => new SystemMessage(fields)],
  ["developer", makeDeveloper],
  ["tool", makeTool],
  ["function", makeFunction],
]);

/**
 * Makes a message of what stands for one. Stored `{ lc: 1, … }` objects are refused: what comes from outside never says
 * which class is made.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE`, showing what was given and what is taken.
 *
 * @example
 * ```ts
 * import { coerceMessageLikeToMessage } from "linnet/messages";
 *
 * console.log(coerceMessageLikeToMessage(["system", "be brief"]).type); // system
 * ```
 */
export function coerceMessageLikeToMessage(like: MessageLike): BaseMessage {
  if (BaseMessage.isInstance(like)) return like;
  if (typeof like === "string") return new HumanMessage(like);
  if (Array.isArray(like)) return fromPair(like);
  if (!isPlainRecord(like)) throw refusal(like, `Expected ${ACCEPTED}`);
  if (Object.hasOwn(like, "lc")) {
    throw refusal(like, `Expected ${ACCEPTED}; stored objects with "lc" are not made into messages`);
  }
  const { role, type, ...fields } = like as Fields;
  return make(role ?? type, fields, like);
}

function fromPair(pair: readonly unknown[]): BaseMessage {
  const [role, content] = pair;
  if (pair.length !== 2 || typeof role !== "string" || !isContent(content)) throw refusal(pair, `Expected ${ACCEPTED}`);
  return make(role, { content }, pair);
}

function make(role: unknown, fields: Fields, given: unknown): BaseMessage {
  const maker = typeof role === "string" ? MAKERS.get(role) : undefined;
  if (maker === undefined) throw refusal(given, `Expected ${ACCEPTED}`);
  const content = fields.content ?? "";
  if (!isContent(content)) throw refusal(given, "Expected the content of a message to be a text or a list of parts");
  return maker({ ...fields, content }, given);
}

function isContent(content: unknown): content is MessageContent {
  return typeof content === "string" || Array.isArray(content);
}

/** Tool calls may come in the shape of OpenAI's API. */
function makeAI(fields: Fields): BaseMessage {
  const calls = fields.tool_calls;
  const isOpenAI = Array.isArray(calls) && calls.some((call) => isPlainRecord(call) && isPlainRecord(call.function));
  return new AIMessage(isOpenAI ? { ...fields, ...toolCallsFromOpenAI(calls) } : fields);
}

function makeDeveloper(fields: Fields): BaseMessage {
  const kwargs = isPlainRecord(fields.additional_kwargs) ? fields.additional_kwargs : {};
  return new SystemMessage({ ...fields, additional_kwargs: { ...kwargs, __openai_role__: "developer" } });
}

function makeTool(fields: Fields, given: unknown): BaseMessage {
  if (typeof fields.tool_call_id !== "string") {
    throw refusal(given, "Expected a tool message to have a tool_call_id, the id of the call that it answers");
  }
  return new ToolMessage(fields as unknown as ToolMessageFields);
}

function makeFunction(fields: Fields, given: unknown): BaseMessage {
  const { name } = fields;
  if (typeof name !== "string")
    throw refusal(given, "Expected a function message to have a name, that of the function");
  return new FunctionMessage({ ...fields, name });
}

function refusal(given: unknown, expected: string): LinnetError {
  return new LinnetError(`${expected}; got ${describeValue(given)}.`, { code: "MESSAGE_COERCION_FAILURE" });
}
