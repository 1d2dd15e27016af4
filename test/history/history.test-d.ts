import { describe, expectTypeOf, test } from "vitest";
import { countTokensApproximately } from "../../src/history/count-tokens-approximately.ts";
import { filterMessages } from "../../src/history/filter-messages.ts";
import { mergeMessageRuns } from "../../src/history/merge-message-runs.ts";
import type { MessagesInput } from "../../src/history/messages-input.ts";
import { defaultTextSplitter } from "../../src/history/text-splitter.ts";
import { trimMessages } from "../../src/history/trim-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import type { SimpleChatModel } from "../../src/models/simple-chat-model.ts";
import type { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";

type MessagesRunnable = Runnable<MessagesInput, BaseMessage[]>;

const human = new HumanMessage("hi");

describe("filterMessages", () => {
  test("gives messages for messages, and a runnable without", () => {
    expectTypeOf(filterMessages([human], { includeTypes: ["human"] })).toEqualTypeOf<BaseMessage[]>();
    expectTypeOf(filterMessages(["hi", ["ai", "hello"]])).toEqualTypeOf<BaseMessage[]>();
    expectTypeOf(filterMessages()).toEqualTypeOf<MessagesRunnable>();
    expectTypeOf(filterMessages({ excludeIds: ["1"], excludeToolCalls: true })).toEqualTypeOf<MessagesRunnable>();
  });

  test("takes any class of messages for a type", () => {
    const includeTypes = ["tool", HumanMessage, AIMessageChunk, ToolMessage, ChatMessage, RemoveMessage];
    expectTypeOf(filterMessages([human], { includeTypes })).toEqualTypeOf<BaseMessage[]>();
    // @ts-expect-error no message is a date
    filterMessages([human], { includeTypes: [Date] });
    // @ts-expect-error an object is no type; its class is
    filterMessages([human], { excludeTypes: [human] });
  });
});

describe("mergeMessageRuns", () => {
  test("gives messages for messages, and a runnable without", () => {
    expectTypeOf(mergeMessageRuns([human])).toEqualTypeOf<BaseMessage[]>();
    expectTypeOf(mergeMessageRuns([human], { chunkSeparator: "" })).toEqualTypeOf<BaseMessage[]>();
    expectTypeOf(mergeMessageRuns()).toEqualTypeOf<MessagesRunnable>();
    expectTypeOf(mergeMessageRuns({ chunkSeparator: "" })).toEqualTypeOf<MessagesRunnable>();
  });
});

describe("trimMessages", () => {
  test("gives a promise of messages for messages, and a runnable without", () => {
    expectTypeOf(trimMessages([human], { maxTokens: 1 })).toEqualTypeOf<Promise<BaseMessage[]>>();
    expectTypeOf(trimMessages({ maxTokens: 1 })).toEqualTypeOf<MessagesRunnable>();
    // @ts-expect-error there is no limit
    trimMessages([human], {});
    // @ts-expect-error there is no limit
    trimMessages([human]);
  });

  test("takes functions, models and the approximation for counters", () => {
    trimMessages({
      maxTokens: 1,
      tokenCounter: (messages) => {
        expectTypeOf(messages).toEqualTypeOf<BaseMessage[]>();
        return messages.length;
      },
    });
    trimMessages({ maxTokens: 1, tokenCounter: async (messages: BaseMessage[]) => messages.length });
    trimMessages({ maxTokens: 1, tokenCounter: "approximate" });
    class Model {
      name = "m";
      async getNumTokens(text: string): Promise<number> {
        return text.length;
      }
    }
    trimMessages({ maxTokens: 1, tokenCounter: new Model() });
    // @ts-expect-error a counter gives numbers
    trimMessages({ maxTokens: 1, tokenCounter: () => "1" });
    // @ts-expect-error the approximation has one name
    trimMessages({ maxTokens: 1, tokenCounter: "exact" });
  });

  test("takes types, classes and lists of both, and splitters of any kind", () => {
    trimMessages({ maxTokens: 1, startOn: "human", endOn: AIMessage });
    trimMessages({ maxTokens: 1, startOn: ["human", AIMessage], textSplitter: (text) => text.split(" ") });
    trimMessages({ maxTokens: 1, textSplitter: { splitText: async (text: string) => [text] } });
    trimMessages({ maxTokens: 1, textSplitter: defaultTextSplitter });
  });

  test("stands between a prompt and a model", () => {
    const prompt = {} as ChatPromptTemplate;
    const model = {} as SimpleChatModel;
    const chain = prompt
      .pipe(trimMessages({ maxTokens: 1 }))
      .pipe(filterMessages())
      .pipe(model);
    expectTypeOf(chain.invoke).returns.resolves.toExtend<AIMessage>();
  });
});

test("countTokensApproximately gives a number", () => {
  expectTypeOf(countTokensApproximately([human], { charsPerToken: 3 })).toEqualTypeOf<number>();
});
