import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { HumanMessage } from "../messages/human.ts";

/**
 * Keeps the messages of one conversation, wherever that is. A store implements what is abstract, and `addMessages` too if it
 * can write several at once.
 */
export abstract class BaseChatMessageHistory {
  /** @param _fields taken so that a subclass may hand its own on; not kept. */
  // biome-ignore lint/complexity/noUselessConstructor: stores written for the peer call it with their fields.
  constructor(..._fields: unknown[]) {}

  /** All messages, the oldest first, as a list that may be kept. */
  abstract getMessages(): Promise<BaseMessage[]>;

  /** Adds one message. */
  abstract addMessage(message: BaseMessage): Promise<void>;

  /** Adds what a person said. */
  abstract addUserMessage(message: string): Promise<void>;

  /** Adds what a model said. */
  abstract addAIMessage(message: string): Promise<void>;

  /**
   * Adds several messages in their order. By default one by one: a store that can write them at once should, since a
   * failure in between would leave a part of them.
   */
  async addMessages(messages: BaseMessage[]): Promise<void> {
    for (const message of messages) await this.addMessage(message);
  }

  /** Removes all messages. */
  abstract clear(): Promise<void>;
}

/**
 * A history that needs no more than `getMessages` and `addMessage`.
 *
 * @example
 * ```ts
 * import { BaseListChatMessageHistory, type BaseMessage } from "linnet";
 *
 * class FileHistory extends BaseListChatMessageHistory {
 *   readonly #lines: BaseMessage[] = [];
 *   async getMessages() {
 *     return [...this.#lines];
 *   }
 *   async addMessage(message: BaseMessage) {
 *     await this.addMessages([message]);
 *   }
 *   override async addMessages(messages: BaseMessage[]) {
 *     this.#lines.push(...messages);
 *   }
 * }
 * ```
 */
export abstract class BaseListChatMessageHistory extends BaseChatMessageHistory {
  override addUserMessage(message: string): Promise<void> {
    return this.addMessage(new HumanMessage(message));
  }

  override addAIMessage(message: string): Promise<void> {
    return this.addMessage(new AIMessage(message));
  }

  /** @throws LinnetError `NOT_SUPPORTED` where the store does not implement it. */
  override async clear(): Promise<void> {
    throw new LinnetError(`Expected ${this.constructor.name} to implement clear(), and it does not.`, {
      code: "NOT_SUPPORTED",
    });
  }
}
