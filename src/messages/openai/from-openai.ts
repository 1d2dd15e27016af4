import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { BaseMessage } from "../base-message.ts";
import { coerceMessageLikeToMessage, type MessageRecord } from "../coerce.ts";
import { copyData } from "../merge.ts";
import { toolCallsFromOpenAI } from "../tool-call.ts";
import { toOpenAICalls } from "./openai-calls.ts";
import type { OpenAIMessageLike } from "./openai-message.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Says in `additional_kwargs` that a content was null, which is not the same to OpenAI as an empty text. */
export const NULL_CONTENT = "__openai_content__";

const KNOWN_ROLES: ReadonlySet<unknown> = new Set(["system", "developer", "user", "assistant", "tool", "function"]);

/**
 * The messages that messages in the form of OpenAI's chat API stand for. Nothing is shared with what is given.
 *
 * - Parts of a content stay as they are; `contentBlocks` gives them as standard parts.
 * - Calls become `tool_calls`, those that cannot be read `invalid_tool_calls`. Where these do not say all that came, as the
 *   spaces in the arguments or a call of a custom tool, the calls as they came are in `additional_kwargs.tool_calls` too.
 * - What else an answer says, as `refusal`, `audio`, `annotations` and `function_call`, is in `additional_kwargs`.
 * - A content that is null is an empty text, and `toOpenAIMessages` gives null again.
 * - A role that OpenAI does not know makes a `ChatMessage`.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` if one is no such message.
 *
 * @example
 * ```ts
 * import { fromOpenAIMessages } from "linnet/messages";
 *
 * const [question, answer] = fromOpenAIMessages([
 *   { role: "user", content: "Who sings at night?" },
 *   { role: "assistant", content: "The nightingale." },
 * ]);
 * console.log(question?.getType(), answer?.text); // human The nightingale.
 * ```
 */
export function fromOpenAIMessages(messages: readonly OpenAIMessageLike[]): BaseMessage[] {
  if (!Array.isArray(messages)) {
    throw new LinnetError(`Expected a list of OpenAI's messages, got ${describeValue(messages)}. Pass [message].`, {
      code: "MESSAGE_COERCION_FAILURE",
    });
  }
  return messages.map(fromOpenAIMessage);
}

/** The message that one in OpenAI's form stands for. */
export function fromOpenAIMessage(message: unknown): BaseMessage {
  const { role, content, name, id, tool_call_id, tool_calls, ...others } = isPlainRecord(message)
    ? copyData(message)
    : {};
  if (typeof role !== "string") {
    throw new LinnetError(`Expected a message of OpenAI's, { role, content }; got ${describeValue(message)}.`, {
      code: "MESSAGE_COERCION_FAILURE",
    });
  }
  const fields: Fields = { role, content, name, id, tool_call_id };
  if (role === "assistant") return coerce({ ...fields, ...answerOf(content, others, tool_calls) });
  if (role === "function" && content === null) {
    return coerce({ ...fields, content: "", additional_kwargs: { [NULL_CONTENT]: null } });
  }
  return coerce(KNOWN_ROLES.has(role) ? fields : { ...fields, type: "generic" });
}

function answerOf(content: unknown, others: Fields, raw: unknown): Fields {
  // A name of ours says nothing when it comes from outside.
  const { [NULL_CONTENT]: _, ...kwargs } = others;
  const additional_kwargs: Record<string, unknown> = kwargs;
  if (content == null) additional_kwargs[NULL_CONTENT] = null;
  if (!Array.isArray(raw)) return { additional_kwargs, tool_calls: [] };
  const calls = toolCallsFromOpenAI(raw);
  const said = toOpenAICalls([...calls.tool_calls, ...calls.invalid_tool_calls], []);
  if (JSON.stringify(said) !== JSON.stringify(raw)) additional_kwargs.tool_calls = raw;
  return { ...calls, additional_kwargs };
}

function coerce(fields: Fields): BaseMessage {
  return coerceMessageLikeToMessage(fields as MessageRecord);
}
