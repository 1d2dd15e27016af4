import { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { ChatMessage } from "../messages/chat.ts";
import type { MessageContent } from "../messages/content.ts";
import { HumanMessage } from "../messages/human.ts";
import { SystemMessage } from "../messages/system.ts";
import {
  BaseMessageStringPromptTemplate,
  type MessageStringPromptTemplateFields,
} from "./base-message-string-prompt-template.ts";
import {
  type ContentTemplateLike,
  isContentTemplate,
  type MessageContentTemplate,
  toContentTemplate,
} from "./content-template.ts";
import type { InputValues } from "./prompt-input.ts";
import type { TemplateFormat, TemplateOptions } from "./template.ts";
import type { ContentValues } from "./template-types.ts";

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

  /** Makes it of a template, or of blocks. @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as one. */
  static fromTemplate<const Text extends ContentTemplateLike, Format extends TemplateFormat = "f-string">(
    template: Text,
    options?: TemplateOptions<Format>,
  ): SystemMessagePromptTemplate<ContentValues<Text, Format>> {
    return new SystemMessagePromptTemplate(toContentTemplate(template, options));
  }

  override "~toMessage"(content: MessageContent): BaseMessage {
    return new SystemMessage(content);
  }
}

/** A template of one human message. */
export class HumanMessagePromptTemplate<
  Values extends object = InputValues,
> extends BaseMessageStringPromptTemplate<Values> {
  static override lc_name(): string {
    return "HumanMessagePromptTemplate";
  }

  /** Makes it of a template, or of blocks. @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as one. */
  static fromTemplate<const Text extends ContentTemplateLike, Format extends TemplateFormat = "f-string">(
    template: Text,
    options?: TemplateOptions<Format>,
  ): HumanMessagePromptTemplate<ContentValues<Text, Format>> {
    return new HumanMessagePromptTemplate(toContentTemplate(template, options));
  }

  override "~toMessage"(content: MessageContent): BaseMessage {
    return new HumanMessage(content);
  }
}

/** A template of one message of a model. */
export class AIMessagePromptTemplate<
  Values extends object = InputValues,
> extends BaseMessageStringPromptTemplate<Values> {
  static override lc_name(): string {
    return "AIMessagePromptTemplate";
  }

  /** Makes it of a template, or of blocks. @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as one. */
  static fromTemplate<const Text extends ContentTemplateLike, Format extends TemplateFormat = "f-string">(
    template: Text,
    options?: TemplateOptions<Format>,
  ): AIMessagePromptTemplate<ContentValues<Text, Format>> {
    return new AIMessagePromptTemplate(toContentTemplate(template, options));
  }

  override "~toMessage"(content: MessageContent): BaseMessage {
    return new AIMessage(content);
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

  constructor(prompt: MessageContentTemplate<Values> | ContentTemplateLike, role: string);
  constructor(fields: ChatMessagePromptTemplateFields<Values>);
  constructor(
    prompt: MessageContentTemplate<Values> | ContentTemplateLike | ChatMessagePromptTemplateFields<Values>,
    role: string = "",
  ) {
    super(prompt);
    this.role = isContentTemplate(prompt) ? role : (prompt as ChatMessagePromptTemplateFields).role;
  }

  static override lc_name(): string {
    return "ChatMessagePromptTemplate";
  }

  /** Makes it of a template, or of blocks. @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as one. */
  static fromTemplate<const Text extends ContentTemplateLike, Format extends TemplateFormat = "f-string">(
    template: Text,
    role: string,
    options?: TemplateOptions<Format>,
  ): ChatMessagePromptTemplate<ContentValues<Text, Format>> {
    return new ChatMessagePromptTemplate(toContentTemplate(template, options), role);
  }

  override "~toMessage"(content: MessageContent): BaseMessage {
    return new ChatMessage({ content, role: this.role });
  }
}
