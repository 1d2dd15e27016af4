import type { BaseMessage } from "../messages/base-message.ts";
import { BaseListChatMessageHistory } from "./chat-history.ts";

/**
 * A history in memory: gone with the process, not shared between processes.
 *
 * @example
 * ```ts
 * import { InMemoryChatMessageHistory } from "linnet";
 *
 * const history = new InMemoryChatMessageHistory();
 * await history.addUserMessage("Hello");
 * await history.addAIMessage("Hello yourself");
 * console.log((await history.getMessages()).length); // 2
 * ```
 */
export class InMemoryChatMessageHistory extends BaseListChatMessageHistory {
  #messages: BaseMessage[];

  /** @param messages what the history begins with; the list itself stays the caller's. */
  constructor(messages: readonly BaseMessage[] = []) {
    super();
    this.#messages = [...messages];
  }

  override async getMessages(): Promise<BaseMessage[]> {
    return [...this.#messages];
  }

  override async addMessage(message: BaseMessage): Promise<void> {
    this.#messages.push(message);
  }

  override async addMessages(messages: readonly BaseMessage[]): Promise<void> {
    // A spread call would be limited by the stack.
    for (const message of messages) this.#messages.push(message);
  }

  override async clear(): Promise<void> {
    this.#messages = [];
  }
}
