import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageContent } from "../messages/content.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { countTokensApproximately } from "./count-tokens-approximately.ts";

/** A model that can count tokens; of its methods the one that counts messages is asked first. */
export interface TokenCountingModel {
  /** The tokens of messages; some models tell more of them. */
  getNumTokensFromMessages?(messages: BaseMessage[]): MaybePromise<number | { totalCount: number }>;
  /** The tokens of the content of one message. */
  getNumTokens?(content: MessageContent): MaybePromise<number>;
}

/** What counts the tokens of messages: a function of a list of them, a model, or the built-in approximation. */
export type TokenCounter = ((messages: BaseMessage[]) => MaybePromise<number>) | TokenCountingModel | "approximate";

/** Counts the tokens of a list of messages. */
export type CountTokens = (messages: readonly BaseMessage[]) => Promise<number>;

/** Whether a value can count tokens. */
export function isTokenCounter(value: unknown): value is TokenCounter {
  if (value === "approximate" || typeof value === "function") return true;
  const model = value as TokenCountingModel | null | undefined;
  return typeof model?.getNumTokensFromMessages === "function" || typeof model?.getNumTokens === "function";
}

/**
 * A counter that asks for no message alone, and for no content, more than once. Make one for each use: it keeps what it
 * was asked for.
 */
export function countWith(counter: TokenCounter): CountTokens {
  const counts = new Map<BaseMessage, number>();
  const countAlone = async (message: BaseMessage, count: () => MaybePromise<unknown>): Promise<number> => {
    const known = counts.get(message);
    if (known !== undefined) return known;
    const counted = checkedCount(await count());
    counts.set(message, counted);
    return counted;
  };
  const countContents = contentCounterOf(counter);
  if (countContents !== undefined) {
    return async (messages) => {
      let tokens = 0;
      for (const message of messages) tokens += await countAlone(message, () => countContents(message));
      return tokens;
    };
  }
  const countList = listCounterOf(counter);
  return async (messages) => {
    const [message] = messages;
    if (message === undefined) return 0;
    if (messages.length === 1) return countAlone(message, () => countList([message]));
    return checkedCount(await countList([...messages]));
  };
}

/** Counts message by message, for counters that have no other way. */
function contentCounterOf(counter: TokenCounter): ((message: BaseMessage) => MaybePromise<unknown>) | undefined {
  if (counter === "approximate") return (message) => countTokensApproximately([message]);
  if (typeof counter === "function" || counter.getNumTokensFromMessages !== undefined) return undefined;
  return (message) => counter.getNumTokens?.(message.content);
}

function listCounterOf(counter: TokenCounter): (messages: BaseMessage[]) => MaybePromise<unknown> {
  if (typeof counter === "function") return counter;
  const model = counter as TokenCountingModel;
  return async (messages) => {
    const counted = await model.getNumTokensFromMessages?.(messages);
    return (counted as { totalCount?: unknown } | null | undefined)?.totalCount ?? counted;
  };
}

function checkedCount(count: unknown): number {
  if (typeof count === "number" && count >= 0) return count;
  throw new LinnetError(
    `Expected tokenCounter to give a number of tokens, 0 or more, got ${describeValue(count)}. Return the count of the messages it is given.`,
    { code: "INVALID_INPUT" },
  );
}
