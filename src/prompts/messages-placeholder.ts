import type { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import { type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BaseMessagePromptTemplate } from "./base-message-prompt-template.ts";
import { kindOf, missingVariable, unusableValue } from "./prompt-errors.ts";
import { type InputValues, ownValue, toInputValues } from "./prompt-input.ts";

/** What a {@link MessagesPlaceholder} is made of. */
export interface MessagesPlaceholderFields<Name extends string = string, Optional extends boolean = boolean> {
  /** The variable that holds the messages. */
  variableName: Name;
  /** Whether the variable may be missing, and then stands for no messages. Default: false. */
  optional?: Optional | undefined;
  /** How many messages are taken at most, the last ones. Default: all. */
  nMessages?: number | undefined;
}

/** What a placeholder is filled with: messages, or what stands for them. */
export type PlaceholderValues<Name extends string, Optional extends boolean = false> = string extends Name
  ? InputValues
  : Optional extends true
    ? { [Key in Name]?: readonly MessageLike[] | undefined }
    : { [Key in Name]: readonly MessageLike[] };

/**
 * The place of messages that a variable holds, such as the turns of a conversation so far.
 *
 * @example
 * ```ts
 * import { ChatPromptTemplate, MessagesPlaceholder } from "linnet";
 *
 * const prompt = ChatPromptTemplate.fromMessages([new MessagesPlaceholder("history"), ["human", "{question}"]]);
 * await prompt.invoke({ history: [["human", "Hi"], ["ai", "Hello!"]], question: "Who are you?" });
 * ```
 */
export class MessagesPlaceholder<
  Name extends string = string,
  Optional extends boolean = false,
> extends BaseMessagePromptTemplate<PlaceholderValues<Name, Optional>> {
  /** The variable that holds the messages. */
  declare readonly variableName: Name;
  /** Whether the variable may be missing. */
  declare readonly optional: boolean;
  /** How many messages are taken at most, the last ones; undefined for all. */
  declare readonly nMessages: number | undefined;

  /** @param fields the variable's name, or more. */
  constructor(fields: Name | MessagesPlaceholderFields<Name, Optional>) {
    super();
    const { variableName, optional, nMessages }: MessagesPlaceholderFields<Name> =
      typeof fields === "string" ? { variableName: fields } : fields;
    this.variableName = variableName;
    this.optional = optional ?? false;
    this.nMessages = nMessages;
  }

  static override lc_name(): string {
    return "MessagesPlaceholder";
  }

  get inputVariables(): readonly string[] {
    return [this.variableName];
  }

  /**
   * The variable's messages: as they are where they are messages, else made of what stands for them.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` where there are none, or what came is no message.
   */
  formatMessages(values: PlaceholderValues<Name, Optional>): Promise<BaseMessage[]> {
    return toPromise(() => this.#messages(values));
  }

  override "~messages"(values: PlaceholderValues<Name, Optional>): MaybePromise<BaseMessage[]> {
    // A subclass that replaces the public method must not be bypassed.
    return this.formatMessages === MessagesPlaceholder.prototype.formatMessages
      ? this.#messages(values)
      : this.formatMessages(values);
  }

  #messages(values: PlaceholderValues<Name, Optional>): BaseMessage[] {
    const input = toInputValues(values, this.optional ? [] : this.inputVariables);
    const value = ownValue(input, this.variableName);
    if (value == null) {
      if (this.optional) return [];
      throw missingVariable(this.variableName, input);
    }
    const likes: unknown[] = Array.isArray(value) ? value : [value];
    // Without a limit this is NaN, which is read as 0.
    const from = Math.max(0, likes.length - (this.nMessages as number));
    return likes.slice(from).map((like) => this.#coerce(like));
  }

  #coerce(like: unknown): BaseMessage {
    try {
      return coerceMessageLikeToMessage(like as MessageLike);
    } catch (cause) {
      throw unusableValue(this.variableName, "messages, or what stands for them,", kindOf(like), cause);
    }
  }
}
