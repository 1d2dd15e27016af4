import { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { ChatMessage } from "../messages/chat.ts";
import { HumanMessage } from "../messages/human.ts";
import { SystemMessage } from "../messages/system.ts";
import { Runnable } from "../runnables/runnable.ts";
import {
  BaseMessageStringPromptTemplate,
  type MessageStringPromptTemplateFields,
} from "./base-message-string-prompt-template.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import type { InputValues } from "./prompt-input.ts";
import { PromptTemplate } from "./prompt-template.ts";
import type { TemplateOptions } from "./template.ts";
import type { TemplateValues } from "./template-types.ts";

/**
 * A template of one system message.
 *
 * @example
 * ```ts
 * import { ChatPromptTemplate, SystemMessagePromptTemplate } from "linnet";
 *
 * const system = SystemMessagePromptTemplate.fromTemplate("You speak {language}.");
 * const prompt = ChatPromptTemplate.fromMessages([system, ["human", "{question}"]]);
 * ```
 */
export class SystemMessagePromptTemplate<
  Values extends object = InputValues,
> extends BaseMessageStringPromptTemplate<Values> {
  static override lc_name(): string {
    return "SystemMessagePromptTemplate";
  }

  /** Makes it of an f-string. @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read. */
  static fromTemplate<const Text extends string>(
    template: Text,
    options?: TemplateOptions,
  ): SystemMessagePromptTemplate<TemplateValues<Text>> {
    return new SystemMessagePromptTemplate(PromptTemplate.fromTemplate<TemplateValues<Text>>(template, options));
  }

  override "~toMessage"(text: string): BaseMessage {
    return new SystemMessage(text);
  }
}

/** A template of one human message. */
export class HumanMessagePromptTemplate<
  Values extends object = InputValues,
> extends BaseMessageStringPromptTemplate<Values> {
  static override lc_name(): string {
    return "HumanMessagePromptTemplate";
  }

  /** Makes it of an f-string. @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read. */
  static fromTemplate<const Text extends string>(
    template: Text,
    options?: TemplateOptions,
  ): HumanMessagePromptTemplate<TemplateValues<Text>> {
    return new HumanMessagePromptTemplate(PromptTemplate.fromTemplate<TemplateValues<Text>>(template, options));
  }

  override "~toMessage"(text: string): BaseMessage {
    return new HumanMessage(text);
  }
}

/** A template of one message of a model. */
export class AIMessagePromptTemplate<
  Values extends object = InputValues,
> extends BaseMessageStringPromptTemplate<Values> {
  static override lc_name(): string {
    return "AIMessagePromptTemplate";
  }

  /** Makes it of an f-string. @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read. */
  static fromTemplate<const Text extends string>(
    template: Text,
    options?: TemplateOptions,
  ): AIMessagePromptTemplate<TemplateValues<Text>> {
    return new AIMessagePromptTemplate(PromptTemplate.fromTemplate<TemplateValues<Text>>(template, options));
  }

  override "~toMessage"(text: string): BaseMessage {
    return new AIMessage(text);
  }
}

/** What a {@link ChatMessagePromptTemplate} is made of. */
export interface ChatMessagePromptTemplateFields<Values extends object = InputValues>
  extends MessageStringPromptTemplateFields<Values> {
  /** Who says the message. */
  role: string;
}

/** A template of one message of a role that has no class of its own. */
export class ChatMessagePromptTemplate<
  Values extends object = InputValues,
> extends BaseMessageStringPromptTemplate<Values> {
  /** Who says the message. */
  declare readonly role: string;

  constructor(prompt: BaseStringPromptTemplate<Values>, role: string);
  constructor(fields: ChatMessagePromptTemplateFields<Values>);
  constructor(prompt: BaseStringPromptTemplate<Values> | ChatMessagePromptTemplateFields<Values>, role: string = "") {
    super(prompt);
    this.role = Runnable.isRunnable(prompt) ? role : prompt.role;
  }

  static override lc_name(): string {
    return "ChatMessagePromptTemplate";
  }

  /** Makes it of an f-string. @throws LinnetError `INVALID_TEMPLATE` for one that cannot be read. */
  static fromTemplate<const Text extends string>(
    template: Text,
    role: string,
    options?: TemplateOptions,
  ): ChatMessagePromptTemplate<TemplateValues<Text>> {
    return new ChatMessagePromptTemplate(PromptTemplate.fromTemplate<TemplateValues<Text>>(template, options), role);
  }

  override "~toMessage"(text: string): BaseMessage {
    return new ChatMessage({ content: text, role: this.role });
  }
}
