import type { BaseMessage } from "../messages/base-message.ts";
import { bufferLines } from "../messages/buffer-string.ts";
import { HumanMessage } from "../messages/human.ts";
import { INSPECT, inspectorOf } from "../messages/inspect.ts";

const Shown: abstract new () => Record<never, never> = /* @__PURE__ */ makeShown();

/** A declaration made file by file has no computed names, so that this is no member of the class. */
function makeShown(): abstract new () => Record<never, never> {
  abstract class Shown {}
  const value = inspectorOf((shown: BasePromptValue) => [lcNameOf(shown), shown.lc_kwargs, "messages"]);
  Object.defineProperty(Shown.prototype, INSPECT, { value });
  return Shown;
}

/** What a prompt gives: something that can be read as text by LLMs, and as messages by chat models. */
export abstract class BasePromptValue extends Shown {
  /** The class's public name, the same after bundling and minifying. */
  static lc_name(): string {
    return "BasePromptValue";
  }

  /** Where the class is found in the stored form. */
  get lc_namespace(): string[] {
    return ["langchain_core", "prompt_values"];
  }

  /** The fields by which the value can be made again. */
  abstract get lc_kwargs(): Record<string, unknown>;

  /** The prompt as one text. */
  abstract override toString(): string;

  /** The prompt as messages. */
  abstract toChatMessages(): BaseMessage[];

  /** The stored form, which names the class and the fields it is made of. */
  toJSON(): { lc: 1; type: "constructor"; id: string[]; kwargs: Record<string, unknown> } {
    return { lc: 1, type: "constructor", id: [...this.lc_namespace, lcNameOf(this)], kwargs: this.lc_kwargs };
  }

  get [Symbol.toStringTag](): string {
    return lcNameOf(this);
  }
}

/** What can be used as a prompt value. */
export type BasePromptValueInterface = BasePromptValue;

/** What can be used as a prompt value of one text. */
export type StringPromptValueInterface = StringPromptValue;

/** What can be used as a prompt value of messages. */
export type ChatPromptValueInterface = ChatPromptValue;

/** What a {@link ChatPromptValue} is made of. */
export interface ChatPromptValueFields {
  messages: BaseMessage[];
}

/** A prompt that is one text. */
export class StringPromptValue extends BasePromptValue {
  readonly value: string;

  constructor(value: string) {
    super();
    this.value = value;
  }

  static override lc_name(): string {
    return "StringPromptValue";
  }

  override get lc_kwargs(): Record<string, unknown> {
    return { value: this.value };
  }

  override toString(): string {
    return this.value;
  }

  override toChatMessages(): BaseMessage[] {
    return [new HumanMessage(this.value)];
  }
}

/** A prompt that is a list of messages. */
export class ChatPromptValue extends BasePromptValue {
  readonly messages: BaseMessage[];

  constructor(messages: BaseMessage[] | ChatPromptValueFields) {
    super();
    this.messages = Array.isArray(messages) ? messages : messages.messages;
  }

  static override lc_name(): string {
    return "ChatPromptValue";
  }

  override get lc_kwargs(): Record<string, unknown> {
    return { messages: this.messages };
  }

  override toString(): string {
    return bufferLines(this.messages);
  }

  override toChatMessages(): BaseMessage[] {
    return this.messages;
  }
}

function lcNameOf(value: BasePromptValue): string {
  return (value.constructor as typeof BasePromptValue).lc_name();
}
