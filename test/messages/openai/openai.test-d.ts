import { describe, expectTypeOf, test } from "vitest";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { fromOpenAIMessages } from "../../../src/messages/openai/from-openai.ts";
import type {
  OpenAIAssistantMessage,
  OpenAIMessage,
  OpenAIToolCall,
  OpenAIUserPart,
} from "../../../src/messages/openai/openai-message.ts";
import { toOpenAIMessages } from "../../../src/messages/openai/to-openai.ts";

describe("the types of OpenAI's messages", () => {
  test("narrow by their role", () => {
    const told = (message: OpenAIMessage): unknown => {
      switch (message.role) {
        case "system":
        case "developer":
          return message.content.length;
        case "user":
          expectTypeOf(message.content).toEqualTypeOf<string | OpenAIUserPart[]>();
          return message.content;
        case "assistant":
          expectTypeOf(message.tool_calls).toEqualTypeOf<OpenAIToolCall[] | undefined>();
          return message.refusal;
        case "tool":
          return message.tool_call_id;
        case "function":
          return message.name;
        default:
          expectTypeOf(message).toBeNever();
          return message;
      }
    };
    expectTypeOf(told).parameter(0).toEqualTypeOf<OpenAIMessage>();
  });

  test("narrow calls and parts by their type", () => {
    const nameOf = (call: OpenAIToolCall): string =>
      call.type === "function" ? call.function.name : call.custom.input;
    const placeOf = (part: OpenAIUserPart): unknown => {
      switch (part.type) {
        case "text":
          return part.text;
        case "image_url":
          return part.image_url.url;
        case "input_audio":
          return part.input_audio.format;
        case "file":
          return part.file.file_id;
      }
    };
    expectTypeOf(nameOf).returns.toBeString();
    expectTypeOf(placeOf).returns.toBeUnknown();
  });

  test("go both ways", () => {
    expectTypeOf(toOpenAIMessages).returns.toEqualTypeOf<OpenAIMessage[]>();
    expectTypeOf(fromOpenAIMessages).returns.toEqualTypeOf<BaseMessage[]>();
    expectTypeOf(toOpenAIMessages(["hi", ["system", "a"], { role: "user", content: "a" }], { textFormat: "block" }));
    expectTypeOf<{ textFormat: "list" }>().not.toExtend<NonNullable<Parameters<typeof toOpenAIMessages>[1]>>();
    expectTypeOf<{ content: string }>().not.toExtend<Parameters<typeof fromOpenAIMessages>[0][number]>();
  });

  test("take an answer of a package that says it in other words", () => {
    interface Answer {
      role: "assistant";
      content: string | null;
      audio: { id: string; data: string };
      tool_calls: { id: string; kind: string }[];
    }
    expectTypeOf<Answer[]>().toExtend<Parameters<typeof fromOpenAIMessages>[0]>();
    expectTypeOf<OpenAIAssistantMessage["content"]>().toExtend<string | unknown[] | null | undefined>();
  });
});
