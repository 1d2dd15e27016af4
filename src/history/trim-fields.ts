import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { type MessageTest, type MessageTypeOrClass, type OneOrMore, testOfTypes } from "./message-type.ts";
import type { TrimStrategy } from "./partial-message.ts";
import { defaultTextSplitter, type TextSplitter } from "./text-splitter.ts";
import { isTokenCounter, type TokenCounter } from "./token-counter.ts";

/** How a conversation is trimmed. */
export interface TrimMessagesFields {
  /** How many tokens the result may count, 0 or more. */
  maxTokens: number;
  /**
   * What counts tokens: a function, which may be async, a model, or `"approximate"`. A function is asked for the messages one
   * by one, each once, and for a few lists of them; it is taken to count a longer list as no less. Default: `"approximate"`.
   */
  tokenCounter?: TokenCounter | undefined;
  /** Whether the last messages are kept, or the first. Default: `"last"`. */
  strategy?: TrimStrategy | undefined;
  /**
   * Whether of the first message that does not fit a part is kept: whole parts of its content, then a piece of a text.
   * Messages with calls of tools and results of tools are never parted. Default: false.
   */
  allowPartial?: boolean | undefined;
  /**
   * With `"last"`: whether a system message at the beginning is kept. It is kept whole; where it alone is too long, nothing
   * is. Default: false.
   */
  includeSystem?: boolean | undefined;
  /**
   * With `"last"`: the types or classes that the kept messages may begin with, the system message aside; those before the
   * first such are dropped. Default: any.
   */
  startOn?: OneOrMore<MessageTypeOrClass> | undefined;
  /**
   * The types or classes that the kept messages may end with; those behind the last such are dropped, with `"last"` before
   * tokens are counted, with `"first"` after. Default: any.
   */
  endOn?: OneOrMore<MessageTypeOrClass> | undefined;
  /** Splits a text of which a part may be kept. Default: behind each line break. */
  textSplitter?: TextSplitter | undefined;
}

/** The fields of a trim, checked and filled up. */
export interface TrimPlan {
  readonly maxTokens: number;
  readonly tokenCounter: TokenCounter;
  readonly strategy: TrimStrategy;
  readonly allowPartial: boolean;
  readonly includeSystem: boolean;
  readonly mayStart: MessageTest;
  readonly mayEnd: MessageTest;
  readonly textSplitter: TextSplitter;
}

/** Checks the fields of a trim: throws a LinnetError `INVALID_CONFIG` if one is out of its range, or two do not go together. */
export function planTrim(fields: TrimMessagesFields): TrimPlan {
  const { tokenCounter = "approximate", strategy = "last", textSplitter = defaultTextSplitter } = fields;
  const { maxTokens, allowPartial = false, includeSystem = false, startOn, endOn } = fields;
  if (!(typeof maxTokens === "number" && maxTokens >= 0)) {
    throw refusal("maxTokens to be a number, 0 or more", maxTokens);
  }
  if (!isTokenCounter(tokenCounter)) {
    throw refusal(
      'tokenCounter to be a function, a model with getNumTokens or getNumTokensFromMessages, or "approximate"',
      tokenCounter,
    );
  }
  if (strategy !== "first" && strategy !== "last") throw refusal('strategy to be "first" or "last"', strategy);
  if (strategy === "first" && startOn !== undefined) throw onlyWithLast("startOn", startOn);
  if (strategy === "first" && includeSystem) throw onlyWithLast("includeSystem", includeSystem);
  const mayStart = testOfTypes(startOn) ?? isAny;
  const mayEnd = testOfTypes(endOn) ?? isAny;
  return { maxTokens, tokenCounter, strategy, allowPartial, includeSystem, mayStart, mayEnd, textSplitter };
}

function isAny(): boolean {
  return true;
}

function onlyWithLast(field: string, given: unknown): LinnetError {
  return refusal(`no ${field} with strategy "first"`, given, ` Leave ${field} out, or use strategy "last".`);
}

function refusal(expected: string, given: unknown, fix = ""): LinnetError {
  return new LinnetError(`Expected ${expected}, got ${describeValue(given)}.${fix}`, { code: "INVALID_CONFIG" });
}
