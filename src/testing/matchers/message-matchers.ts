import { AIMessage } from "../../messages/ai.ts";
import { BaseMessage } from "../../messages/base-message.ts";
import { HumanMessage } from "../../messages/human.ts";
import { SystemMessage } from "../../messages/system.ts";
import { ToolMessage } from "../../messages/tool.ts";
import { Comparison, type MatcherResult } from "./matcher.ts";

/** What is expected of a message: its text, or some of its fields. */
export type MessageExpectation = string | Readonly<Record<string, unknown>>;

/** A matcher of messages of one kind. */
export type MessageMatcher = (this: unknown, received: unknown, expected?: MessageExpectation) => MatcherResult;

/** Expects a human message. */
export const toBeHumanMessage: MessageMatcher = /* @__PURE__ */ matcherOf(HumanMessage, "HumanMessage");
/** Expects a message of a model, or a chunk of one. */
export const toBeAIMessage: MessageMatcher = /* @__PURE__ */ matcherOf(AIMessage, "AIMessage");
/** Expects a system message. */
export const toBeSystemMessage: MessageMatcher = /* @__PURE__ */ matcherOf(SystemMessage, "SystemMessage");
/** Expects a message of a tool. */
export const toBeToolMessage: MessageMatcher = /* @__PURE__ */ matcherOf(ToolMessage, "ToolMessage");

function matcherOf(kind: { isInstance(value: unknown): boolean }, name: string): MessageMatcher {
  return function (received, expected) {
    const comparison = new Comparison(this);
    const isKind = kind.isInstance(received);
    if (!isKind || expected === undefined) {
      return comparison.result(isKind, name, [undefined, kindOf(received)]);
    }
    const message = received as BaseMessage;
    if (typeof expected === "string") {
      return comparison.result(message.text === expected, `${name} with the text`, [expected, message.text]);
    }
    const came = Object.fromEntries(Object.keys(expected).map((key) => [key, Reflect.get(message, key)]));
    return comparison.result(comparison.fits(came, expected), `${name} with`, [expected, came]);
  };
}

function kindOf(received: unknown): unknown {
  return BaseMessage.isInstance(received) ? `${received.constructor.name}: ${received.text}` : received;
}
