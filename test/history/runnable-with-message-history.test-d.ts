import { describe, expectTypeOf, it } from "vitest";
import { BaseListChatMessageHistory } from "../../src/history/chat-history.ts";
import { InMemoryChatMessageHistory } from "../../src/history/in-memory-chat-history.ts";
import { RunnableWithMessageHistory } from "../../src/history/runnable-with-message-history.ts";
import type { TurnInput } from "../../src/history/turn-messages.ts";
import type { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";

declare const answering: Runnable<BaseMessage[], AIMessage>;
const getMessageHistory = (_sessionId: string) => new InMemoryChatMessageHistory();

describe("a runnable with history", () => {
  it("takes what can be said in a turn, and gives what the runnable gives", () => {
    const made = new RunnableWithMessageHistory({ runnable: answering, getMessageHistory });
    expectTypeOf(made.invoke).parameter(0).toEqualTypeOf<TurnInput>();
    expectTypeOf(made.invoke("hi")).resolves.toEqualTypeOf<AIMessage>();
    expectTypeOf(made.batch([{ question: "hi" }])).resolves.toEqualTypeOf<AIMessage[]>();
    // @ts-expect-error nothing that can be said
    void made.invoke(5);
  });

  it("takes models, functions, and makers that answer later", () => {
    new RunnableWithMessageHistory({
      runnable: new ChatParrotLink({ model: "m", parrotBufferLength: 1 }),
      getMessageHistory,
    });
    const made = new RunnableWithMessageHistory({
      runnable: (messages: BaseMessage[]) => messages.length.toString(),
      getMessageHistory: async (sessionId) => getMessageHistory(sessionId),
    });
    expectTypeOf(made.invoke("hi")).resolves.toEqualTypeOf<string>();
  });

  it("takes types of its own", () => {
    const made = new RunnableWithMessageHistory<{ question: string }, AIMessage>({
      runnable: answering,
      getMessageHistory,
      inputMessagesKey: "question",
    });
    expectTypeOf(made.invoke).parameter(0).toEqualTypeOf<{ question: string }>();
  });
});

describe("a store", () => {
  it("has to read and to add, no more", () => {
    class Store extends BaseListChatMessageHistory {
      lc_namespace: string[] = ["mine"];
      async getMessages(): Promise<BaseMessage[]> {
        return [];
      }
      async addMessage(_message: BaseMessage): Promise<void> {}
    }
    expectTypeOf(new Store().addMessages).parameter(0).toEqualTypeOf<BaseMessage[]>();
    // @ts-expect-error a store that cannot read
    class Unreadable extends BaseListChatMessageHistory {
      async addMessage(_message: BaseMessage): Promise<void> {}
    }
    void Unreadable;
  });
});
