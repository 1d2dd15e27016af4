import { describe, expectTypeOf, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import type { ContentBlock, MessageContent } from "../../src/messages/content.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import type { StoredMessage } from "../../src/messages/stored-message.ts";
import type { Message, MessageStructure, MessageToolDefinition } from "../../src/messages/structure.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import type { ToolCall } from "../../src/messages/tool-call.ts";

interface Birds extends MessageStructure {
  readonly tools: {
    weather: MessageToolDefinition<{ city: string }, string>;
    count: MessageToolDefinition<{ bird: "linnet" | "finch"; from?: number }, number>;
    anything: MessageToolDefinition;
  };
}

describe("a structure", () => {
  test("names the tools that a model may call, and what they are called with", () => {
    const call = {} as AIMessage<Birds>["tool_calls"][number];
    expectTypeOf(call.name).toEqualTypeOf<"weather" | "count" | "anything">();
    switch (call.name) {
      case "weather":
        expectTypeOf(call.args).toEqualTypeOf<{ city: string }>();
        break;
      case "count":
        expectTypeOf(call.args).toEqualTypeOf<{ bird: "linnet" | "finch"; from?: number }>();
        break;
      case "anything":
        expectTypeOf(call.args).toEqualTypeOf<Record<string, unknown>>();
        break;
      default:
        expectTypeOf(call).toBeNever();
    }
    expectTypeOf<AIMessageChunk<Birds>["tool_calls"]>().toEqualTypeOf<AIMessage<Birds>["tool_calls"]>();
  });

  test("is checked where a message is made", () => {
    new AIMessage<Birds>({ tool_calls: [{ name: "weather", args: { city: "Seoul" }, id: "c" }] });
    // @ts-expect-error there is no such tool
    new AIMessage<Birds>({ tool_calls: [{ name: "wether", args: { city: "Seoul" } }] });
    // @ts-expect-error the tool is called with a city
    new AIMessage<Birds>({ tool_calls: [{ name: "weather", args: { town: "Seoul" } }] });
    // @ts-expect-error there is no such tool
    new AIMessageChunk<Birds>({ tool_calls: [{ name: "wether", args: {} }] });
  });

  test("may be written by its parameter", () => {
    type Weather = MessageStructure<{ weather: MessageToolDefinition<{ city: string }, string> }>;
    expectTypeOf<AIMessage<Weather>["tool_calls"][number]["args"]>().toEqualTypeOf<{ city: string }>();
    // @ts-expect-error the tool is called with a city
    new AIMessage<Weather>({ tool_calls: [{ name: "weather", args: { town: "Seoul" } }] });
  });

  test("that names no tools leaves calls as they are", () => {
    expectTypeOf<AIMessage["tool_calls"]>().toEqualTypeOf<ToolCall[]>();
    expectTypeOf<AIMessage<{ outputVersion: "v1" }>["tool_calls"]>().toEqualTypeOf<ToolCall[]>();
    expectTypeOf<AIMessage<MessageStructure>["tool_calls"]>().toEqualTypeOf<ToolCall[]>();
  });

  test("says that the content is standard parts, and which others there are", () => {
    type Standard = { outputVersion: "v1" };
    type Song = { type: "song"; notes: string[] };
    expectTypeOf<AIMessage["content"]>().toEqualTypeOf<MessageContent>();
    expectTypeOf<AIMessage<{ outputVersion: "v0" }>["content"]>().toEqualTypeOf<MessageContent>();
    expectTypeOf<HumanMessage<Standard>["content"]>().toEqualTypeOf<ContentBlock.Standard[]>();
    expectTypeOf<AIMessage<{ outputVersion: "v1"; content: { ai: Song } }>["content"]>().toEqualTypeOf<
      (ContentBlock.Standard | Song)[]
    >();
    expectTypeOf<HumanMessage<{ outputVersion: "v1"; content: { ai: Song } }>["content"]>().toEqualTypeOf<
      ContentBlock.Standard[]
    >();
    new HumanMessage<Standard>({ content: [{ type: "text", text: "hi" }] });
    // @ts-expect-error a part without its text
    new HumanMessage<Standard>({ content: [{ type: "text", txt: "hi" }] });
  });

  test("names what a provider says of its answer, and forbids nothing else", () => {
    type Said = { properties: { ai: { response_metadata: { model_name: string } } } };
    expectTypeOf<AIMessage<Said>["response_metadata"]["model_name"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<AIMessage<Said>["response_metadata"]["other"]>().toEqualTypeOf<unknown>();
    expectTypeOf<HumanMessage<Said>["response_metadata"]>().toEqualTypeOf<Record<string, unknown>>();
  });

  test("is kept by sums, and found again by isInstance", () => {
    const chunk = new AIMessageChunk<Birds>("a");
    expectTypeOf(chunk.concat(chunk)).toEqualTypeOf<AIMessageChunk<Birds>>();
    const message = {} as BaseMessage<Birds>;
    if (AIMessage.isInstance(message)) expectTypeOf(message).toExtend<AIMessage<Birds>>();
    if (AIMessageChunk.isInstance(message)) expectTypeOf(message).toExtend<AIMessageChunk<Birds>>();
    if (ToolMessage.isInstance(message)) expectTypeOf(message).toExtend<ToolMessage<Birds>>();
    const unknownValue = {} as unknown;
    if (AIMessage.isInstance(unknownValue)) expectTypeOf(unknownValue).toEqualTypeOf<AIMessage>();
  });

  test("does not keep a message from being one of any structure", () => {
    expectTypeOf<AIMessage<Birds>>().toExtend<AIMessage>();
    expectTypeOf<AIMessage<Birds>>().toExtend<BaseMessage>();
    expectTypeOf<AIMessageChunk<Birds>>().toExtend<AIMessage<Birds>>();
    expectTypeOf<ToolMessage<Birds>>().toExtend<BaseMessage>();
    expectTypeOf<HumanMessage>().toExtend<Message>();
    expectTypeOf<AIMessage<Birds>>().toExtend<Message<Birds, "ai">>();
    expectTypeOf<HumanMessage>().not.toExtend<Message<MessageStructure, "ai">>();
  });
});

describe("additional_kwargs", () => {
  test("has the fields that are known of old, and takes any", () => {
    const { additional_kwargs: kwargs } = new AIMessage({
      content: "",
      additional_kwargs: { anything: 1, tool_calls: 5 },
    });
    expectTypeOf(kwargs.tool_calls?.[0]?.function.name).toEqualTypeOf<string | undefined>();
    expectTypeOf(kwargs.function_call?.arguments).toEqualTypeOf<string | undefined>();
    expectTypeOf(kwargs.anything).toEqualTypeOf<unknown>();
  });

  test("are in the plain form, which is a stored message", () => {
    expectTypeOf(new HumanMessage("x").toDict()).toEqualTypeOf<StoredMessage>();
  });
});

describe("standard parts", () => {
  test("are told apart by a switch on their type", () => {
    const told = (block: ContentBlock.Standard): string => {
      switch (block.type) {
        case "text":
          return block.text;
        case "tool_call":
          return block.name;
        default:
          return "";
      }
    };
    for (const block of new HumanMessage("hi").contentBlocks) told(block);
    expectTypeOf<BaseMessage["contentBlocks"]>().toEqualTypeOf<ContentBlock.Standard[]>();
  });
});
