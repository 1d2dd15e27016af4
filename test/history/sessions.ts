import { BaseListChatMessageHistory } from "../../src/history/chat-history.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";

export type Moment = "open" | "load" | "store";

/** What a store does when it is asked; undefined where it is quick. */
export interface StoreMoods {
  /** Called before a history is opened, read or written to: may wait, may throw. */
  before?(moment: Moment, sessionId: string, messages?: readonly BaseMessage[]): unknown;
}

/** A store of many sessions, which writes down what is done to it. */
export class Sessions {
  readonly kept: Map<string, BaseMessage[]> = new Map();
  readonly log: string[] = [];
  readonly moods: StoreMoods;

  constructor(moods: StoreMoods = {}) {
    this.moods = moods;
  }

  /** A new object for each turn, as of a store that is reached over a wire. */
  readonly open = async (sessionId: string): Promise<SessionHistory> => {
    await this.moods.before?.("open", sessionId);
    return new SessionHistory(this, sessionId);
  };

  texts(sessionId: string): string[] {
    return (this.kept.get(sessionId) ?? []).map(({ text }) => text);
  }
}

export class SessionHistory extends BaseListChatMessageHistory {
  readonly #sessions: Sessions;
  readonly #id: string;

  constructor(sessions: Sessions, id: string) {
    super();
    this.#sessions = sessions;
    this.#id = id;
  }

  override async getMessages(): Promise<BaseMessage[]> {
    await this.#sessions.moods.before?.("load", this.#id);
    this.#sessions.log.push(`load ${this.#id}`);
    return [...(this.#sessions.kept.get(this.#id) ?? [])];
  }

  override addMessage(message: BaseMessage): Promise<void> {
    return this.addMessages([message]);
  }

  override async addMessages(messages: BaseMessage[]): Promise<void> {
    await this.#sessions.moods.before?.("store", this.#id, messages);
    this.#sessions.log.push(`store ${this.#id} ${messages.map(({ text }) => text).join(" ")}`);
    this.#sessions.kept.set(this.#id, [...(this.#sessions.kept.get(this.#id) ?? []), ...messages]);
  }
}

/** The config of a call in a session. */
export const inSession = (sessionId: unknown): { configurable: Record<string, unknown> } => ({
  configurable: { sessionId },
});
