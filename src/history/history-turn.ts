import { AbortError } from "../errors/abort-error.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { reportError } from "../errors/reporter.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { effectiveConfig, mergeConfigs } from "../runnables/merge-configs.ts";
import { andThen, isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { lineOfHistory, lineOfSession, type SessionLine, type Visitor } from "./session-line.ts";
import { inputMessages, outputMessages } from "./turn-messages.ts";

/** What a turn needs of a history; every `BaseChatMessageHistory` has it. */
export interface TurnHistory {
  /** All messages, the oldest first. */
  getMessages(): Promise<BaseMessage[]>;
  /** Adds several messages, all or none if the store can. */
  addMessages(messages: BaseMessage[]): Promise<void>;
}

/** Gives the history of a session: the same messages each time, be it a new object or the same. */
export type GetSessionHistoryCallable = (sessionId: string) => TurnHistory | Promise<TurnHistory>;

/** How a turn finds what it keeps. */
export interface TurnPlan {
  readonly getMessageHistory: GetSessionHistoryCallable;
  readonly inputMessagesKey?: string | undefined;
  readonly outputMessagesKey?: string | undefined;
  readonly historyMessagesKey?: string | undefined;
}

const TURN: unique symbol = Symbol("linnet.turn");

type Configurable = Record<string, unknown> & { readonly [TURN]?: HistoryTurn };

/**
 * One turn of a conversation: from its place in the line of its session, over what it loads, to what it stores, all or
 * nothing. Whoever makes one calls `finish`, whatever happened.
 */
export class HistoryTurn implements Visitor {
  /** The turn whose work this one is a part of. */
  readonly outer: HistoryTurn | undefined;
  readonly #plan: TurnPlan;
  readonly #input: unknown;
  readonly #sessionId: string;
  readonly #leaves: (() => void)[] = [];
  #history: TurnHistory | undefined = undefined;
  #said: readonly BaseMessage[] = [];
  #writing: PromiseLike<void> | undefined = undefined;
  #isOver = false;

  /** @throws LinnetError `INVALID_CONFIG` if the config names no session. */
  constructor(plan: TurnPlan, input: unknown, config: RunnableConfig | undefined) {
    const configurable: Configurable = effectiveConfig(config)?.configurable ?? {};
    this.#plan = plan;
    this.#input = input;
    this.#sessionId = sessionOf(configurable);
    this.outer = configurable[TURN];
  }

  /** Waits for the turns before it, then opens the history. */
  begin(): MaybePromise<void> {
    const { getMessageHistory } = this.#plan;
    return andThen(this.#stand(lineOfSession(getMessageHistory, this.#sessionId)), () =>
      andThen(getMessageHistory(this.#sessionId), (history) => {
        this.#throwIfOver();
        this.#history = asHistory(history);
        return this.#stand(lineOfHistory(history));
      }),
    );
  }

  /** The config for the work of the turn. */
  configFor(config: RunnableConfig | undefined): RunnableConfig {
    const configurable: Configurable = { messageHistory: this.#history, [TURN]: this };
    return mergeConfigs(config, { configurable });
  }

  /** What is kept of the session; with what the turn was asked, unless the two go under keys of their own. */
  async load(): Promise<BaseMessage[]> {
    const { inputMessagesKey, historyMessagesKey } = this.#plan;
    // Read before the work begins: what cannot be kept is not worth a model's call.
    this.#said = inputMessages(this.#input, inputMessagesKey);
    const kept: unknown = await this.#history?.getMessages();
    if (!Array.isArray(kept)) {
      throw new LinnetError(`Expected getMessages to give a list of messages, got ${describeValue(kept)}.`, {
        code: "INVALID_INPUT",
      });
    }
    return historyMessagesKey === undefined ? [...kept, ...this.#said] : [...kept];
  }

  /** Stores what the turn was asked and what it answered, in one go; nothing if it is over. */
  store(output: unknown): MaybePromise<void> {
    this.#throwIfOver();
    const messages = [...this.#said, ...outputMessages(output, this.#plan.outputMessagesKey)];
    const writing: MaybePromise<void> = this.#history?.addMessages(messages);
    if (!isPromiseLike(writing)) return;
    this.#writing = writing.then(
      () => {
        this.#writing = undefined;
      },
      (error) => {
        this.#writing = undefined;
        // Whoever aborted in between has had another error.
        if (this.#isOver) reportError(error, "storing the messages of a turn that was aborted");
        throw error;
      },
    );
    return this.#writing;
  }

  /** Lets the next turn in, once nothing of this one is being written. May be called again. */
  finish(): void {
    this.#isOver = true;
    const leave = (): void => {
      for (const leaveLine of this.#leaves.splice(0).reverse()) leaveLine();
    };
    if (this.#writing === undefined) leave();
    else this.#writing.then(leave, leave);
  }

  #stand(line: SessionLine): MaybePromise<void> {
    let isIn = false;
    let onEnter = (): void => {};
    const leave = line.stand(this, () => {
      isIn = true;
      onEnter();
    });
    this.#leaves.push(leave);
    if (isIn) return undefined;
    const entered = new Promise<void>((resolve) => {
      onEnter = resolve;
    });
    return entered.then(() => this.#throwIfOver());
  }

  #throwIfOver(): void {
    if (this.#isOver) throw new AbortError();
  }
}

function sessionOf(configurable: Configurable): string {
  const id = Object.hasOwn(configurable, "sessionId") ? configurable.sessionId : undefined;
  // Without a name of its own, a session would be everybody's.
  if (id !== undefined && id !== null && id !== "") return id as string;
  throw new LinnetError(
    `Expected configurable.sessionId in the config, which says whose history it is; got ${describeValue(id)}. Pass { configurable: { sessionId: "..." } } as the second argument, or bind it by withConfig.`,
    { code: "INVALID_CONFIG" },
  );
}

function asHistory(given: TurnHistory): TurnHistory {
  const { getMessages, addMessages } = (given ?? {}) as Partial<TurnHistory>;
  if (typeof getMessages === "function" && typeof addMessages === "function") return given;
  throw new LinnetError(
    `Expected getMessageHistory to give a history, with getMessages and addMessages; got ${describeValue(given)}. Extend BaseListChatMessageHistory.`,
    { code: "INVALID_INPUT" },
  );
}
