import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import type { BasePromptValue } from "../outputs/prompt-value.ts";
import { RunnableLambda } from "../runnables/lambda.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";

/** A conversation: a list of messages and of what stands for them, or what a prompt gives. */
export type MessagesInput = readonly MessageLike[] | BasePromptValue;

/** Whether a function of conversations was called without one, with its options alone. */
export function isOptionsAlone(first: unknown, second: unknown): boolean {
  return second === undefined && (first === undefined || isPlainRecord(first));
}

/**
 * The messages of a conversation, as a list of its own.
 *
 * @throws LinnetError `INVALID_INPUT` if it is no conversation, `MESSAGE_COERCION_FAILURE` if one of its items is no message.
 */
export function toMessages(input: unknown): BaseMessage[] {
  if (Array.isArray(input)) return input.map((item) => coerceMessageLikeToMessage(item as MessageLike));
  if (typeof (input as Partial<BasePromptValue> | null | undefined)?.toChatMessages === "function") {
    return [...(input as BasePromptValue).toChatMessages()];
  }
  throw new LinnetError(`Expected an array of messages or a prompt's value, got ${describeValue(input)}.`, {
    code: "INVALID_INPUT",
  });
}

/** A function of messages as a runnable, which takes whatever is a conversation. */
export function toRunnable(
  work: (messages: BaseMessage[]) => BaseMessage[] | Promise<BaseMessage[]>,
): Runnable<MessagesInput, BaseMessage[]> {
  return new RunnableLambda<MessagesInput, BaseMessage[]>({ func: (input) => work(toMessages(input)) });
}
