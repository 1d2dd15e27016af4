import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { AIMessage } from "./ai.ts";
import { BaseMessage, type BaseMessageFields } from "./base-message.ts";
import { ChatMessage } from "./chat.ts";
import type { ContentBlock, MessageContent } from "./content.ts";
import { FunctionMessage } from "./function.ts";
import { HumanMessage } from "./human.ts";
import { SystemMessage } from "./system.ts";
import { ToolMessage } from "./tool.ts";
import { type InvalidToolCall, type ToolCall, toolCallsFromOpenAI } from "./tool-call.ts";
import type { UsageMetadata } from "./usage.ts";

/** The roles that a message-like value may name. */
export type MessageRole =
  | "human"
  | "user"
  | "ai"
  | "assistant"
  | "system"
  | "developer"
  | "tool"
  | "function"
  | (string & {});

/** A message as a plain object: a role (or a message's `type`), what is said, and other fields of such a message. */
export interface MessageRecord {
  role?: MessageRole;
  type?: MessageRole;
  content?: MessageContent | null;
  [field: string]: unknown;
}

/** What is taken for a message: a message, a person's text, a pair of role and content, or a plain object. */
export type MessageLike = BaseMessage | string | readonly [role: MessageRole, content: MessageContent] | MessageRecord;

const ACCEPTED =
  "a message, a string, [role, content], or { role, content }, with role human, user, ai, assistant, system, developer, tool (with tool_call_id) or function (with name)";

/**
 * The message that a value stands for. A message is given back as it is.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` if it stands for none. A stored `{ lc: 1, … }` object is refused too: what
 *   comes from outside must not decide which class is made.
 *
 * @example
 * ```ts
 * import { coerceMessageLikeToMessage } from "linnet/messages";
 *
 * coerceMessageLikeToMessage(["system", "Be brief."]); // SystemMessage { content: "Be brief." }
 * ```
 */
export function coerceMessageLikeToMessage(value: MessageLike): BaseMessage {
  if (typeof value === "string") return new HumanMessage(value);
  if (BaseMessage.isInstance(value)) return value;
  if (Array.isArray(value)) return fromPair(value);
  if (typeof value === "object" && value !== null) return fromPlain(value as MessageRecord);
  throw refusal(value, `Expected ${ACCEPTED}; got ${describeValue(value)}.`);
}

function fromPair(pair: readonly unknown[]): BaseMessage {
  const [role, content] = pair;
  if (pair.length !== 2 || typeof role !== "string") {
    throw refusal(pair, `Expected ${ACCEPTED}; got ${describeValue(pair)}. A pair has a role and a content.`);
  }
  return build(role, { content: contentOf(content, role, pair) }, pair);
}

function fromPlain(plain: MessageRecord): BaseMessage {
  if (Object.hasOwn(plain, "lc")) {
    throw refusal(
      plain,
      "Expected a message, got a serialized { lc, … } object. Pass { role, content } instead; the class of a message is not taken from outside data.",
    );
  }
  const data = own(plain, "data");
  // What `toDict()` gives.
  if (isPlainRecord(data) && !Object.hasOwn(plain, "content")) {
    return fromPlain({ ...data, type: own(plain, "type") } as MessageRecord);
  }
  const role = roleOf(plain);
  if (role === undefined) throw refusal(plain, `Expected ${ACCEPTED}; got ${describeValue(plain)}.`);
  return build(role, { ...plain, content: contentOf(own(plain, "content"), role, plain) }, plain);
}

function roleOf(plain: MessageRecord): string | undefined {
  const type = own(plain, "type");
  const role = own(plain, "role");
  // A chat message as a plain object has both: its type, and the role that it speaks in.
  if (type === "generic" || typeof role !== "string") return typeof type === "string" ? type : undefined;
  return role;
}

function contentOf(content: unknown, role: string, given: object): MessageContent {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content as ContentBlock[];
  // Providers send null beside tool calls.
  if (content == null && (role === "ai" || role === "assistant")) return "";
  throw refusal(
    given,
    `Expected the content of a message of role ${JSON.stringify(role)} to be a string or an array of blocks, got ${describeValue(content)}.`,
  );
}

type Fields = Readonly<Record<string, unknown>> & { readonly content: MessageContent };

function build(role: string, fields: Fields, given: object): BaseMessage {
  const common = commonFields(fields);
  switch (role) {
    case "human":
    case "user":
      return new HumanMessage(common);
    case "ai":
    case "assistant":
      return buildAI(common, fields);
    case "system":
      return new SystemMessage(common);
    case "developer":
      return new SystemMessage({
        ...common,
        additional_kwargs: { ...common.additional_kwargs, __openai_role__: "developer" },
      });
    case "tool":
      return buildTool(common, fields, given);
    case "function":
      return new FunctionMessage({ ...common, name: required(fields, "name", role, given) });
    case "generic":
      return new ChatMessage({ ...common, role: required(fields, "role", role, given) });
    default:
      throw refusal(given, `Expected ${ACCEPTED}; got the role ${describeValue(role)}.`);
  }
}

function commonFields(fields: Fields): BaseMessageFields {
  return {
    content: fields.content,
    id: own(fields, "id") as string | undefined,
    name: own(fields, "name") as string | undefined,
    additional_kwargs: own(fields, "additional_kwargs") as Record<string, unknown> | undefined,
    response_metadata: own(fields, "response_metadata") as Record<string, unknown> | undefined,
  };
}

function buildAI(common: BaseMessageFields, fields: Fields): AIMessage {
  const given = own(fields, "tool_calls");
  const usage_metadata = own(fields, "usage_metadata") as UsageMetadata | undefined;
  const invalid = own(fields, "invalid_tool_calls") as InvalidToolCall[] | undefined;
  if (!Array.isArray(given)) return new AIMessage({ ...common, usage_metadata, invalid_tool_calls: invalid });
  const calls = given.filter(isPlainRecord);
  const raw = calls.filter((call) => call.function !== undefined);
  const plain = calls.filter((call) => call.function === undefined) as unknown as ToolCall[];
  const read = toolCallsFromOpenAI(raw);
  return new AIMessage({
    ...common,
    usage_metadata,
    tool_calls: [...plain, ...read.tool_calls],
    invalid_tool_calls: [...(invalid ?? []), ...read.invalid_tool_calls],
  });
}

function buildTool(common: BaseMessageFields, fields: Fields, given: object): ToolMessage {
  return new ToolMessage({
    ...common,
    tool_call_id: required(fields, "tool_call_id", "tool", given),
    status: own(fields, "status") as "success" | "error" | undefined,
    artifact: own(fields, "artifact"),
    metadata: own(fields, "metadata") as Record<string, unknown> | undefined,
  });
}

function required(fields: Fields, field: string, role: string, given: object): string {
  const value = own(fields, field);
  if (typeof value === "string") return value;
  throw refusal(
    given,
    `Expected a message of role ${JSON.stringify(role)} to have a string ${field}, got ${describeValue(value)}. Pass { role: ${JSON.stringify(role)}, content, ${field} }.`,
  );
}

/** A field of outside data; inherited ones do not count. */
function own(fields: Readonly<Record<string, unknown>>, field: string): unknown {
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

function refusal(given: unknown, message: string): LinnetError {
  return new LinnetError(message, { code: "MESSAGE_COERCION_FAILURE", data: { given: describeValue(given) } });
}
