import { describe, expectTypeOf, test } from "vitest";
import {
  type Data,
  isBase64ContentBlock,
  isDataContentBlock,
  isIDContentBlock,
  isPlainTextContentBlock,
  isURLContentBlock,
} from "../../../src/messages/blocks/data.ts";
import { parseBase64DataUrl } from "../../../src/messages/blocks/data-url.ts";
import type { MessageContentComplex } from "../../../src/messages/blocks/legacy.ts";
import {
  convertToProviderContentBlock,
  type StandardContentBlockConverter,
} from "../../../src/messages/blocks/provider-block.ts";
import { toStandardBlocks, withToolCalls } from "../../../src/messages/blocks/standard.ts";
import type { ContentBlock, MessageContent } from "../../../src/messages/content.ts";
import type { ToolCall } from "../../../src/messages/tool-call.ts";

type Tools = ContentBlock.Tools.Standard;

describe("the types of parts", () => {
  test("narrow by their type, which is one of a closed set", () => {
    const told = (block: ContentBlock.Standard): unknown => {
      switch (block.type) {
        case "text":
          expectTypeOf(block).toEqualTypeOf<ContentBlock.Text>();
          return block.text.length;
        case "reasoning":
          expectTypeOf(block).toEqualTypeOf<ContentBlock.Reasoning>();
          return block.reasoning;
        case "tool_call":
          expectTypeOf(block.name).toEqualTypeOf<string>();
          expectTypeOf(block.args).toBeUnknown();
          return block.args;
        case "tool_call_chunk":
        case "server_tool_call_chunk":
          expectTypeOf(block.args).toEqualTypeOf<string | undefined>();
          return block.index;
        case "invalid_tool_call":
          return block.error;
        case "server_tool_call":
          return block.args;
        case "server_tool_call_result":
          expectTypeOf(block.status).toEqualTypeOf<"success" | "error">();
          return block.toolCallId;
        case "image":
        case "audio":
        case "video":
        case "file":
          if (block.data !== undefined) {
            expectTypeOf(block.data).toEqualTypeOf<string | Uint8Array>();
            expectTypeOf(block.mimeType).toEqualTypeOf<string>();
          }
          expectTypeOf(block.url).toEqualTypeOf<string | undefined>();
          return block.fileId;
        case "text-plain":
          expectTypeOf(block.text).toEqualTypeOf<string | undefined>();
          return block.title;
        case "non_standard":
          expectTypeOf(block.value).toEqualTypeOf<Record<string, unknown>>();
          return block.value;
        default:
          expectTypeOf(block).toBeNever();
          return block;
      }
    };
    expectTypeOf(told).returns.toBeUnknown();
  });

  test("are parts of a content", () => {
    expectTypeOf<ContentBlock.Standard>().toExtend<ContentBlock>();
    expectTypeOf<ContentBlock.Standard[]>().toExtend<MessageContent>();
    expectTypeOf<Data.DataContentBlock>().toExtend<ContentBlock>();
    expectTypeOf<ContentBlock>().toExtend<MessageContentComplex>();
    expectTypeOf<{ type: string; of: "a provider" }>().toExtend<ContentBlock>();
    expectTypeOf<{ text: string }>().not.toExtend<ContentBlock>();
  });

  test("say in exactly one way where the bytes of a file are", () => {
    expectTypeOf<{ type: "image"; url: string }>().toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "image"; url: string; mimeType: string }>().toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "image"; fileId: string }>().toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "image"; data: Uint8Array; mimeType: string }>().toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "image" }>().not.toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "image"; data: string }>().not.toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "image"; url: string; fileId: string }>().not.toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "audio"; url: string }>().not.toExtend<ContentBlock.Multimodal.Image>();
    expectTypeOf<{ type: "text-plain"; text: string }>().toExtend<ContentBlock.Multimodal.PlainText>();
    expectTypeOf<{ type: "text-plain"; url: string; title: string }>().toExtend<ContentBlock.Multimodal.PlainText>();
    expectTypeOf<{ type: "text-plain" }>().not.toExtend<ContentBlock.Multimodal.PlainText>();
  });

  test("carry the name of a tool, what it takes and what it gives", () => {
    type Call = ContentBlock.Tools.ToolCall<"add", { a: number }>;
    expectTypeOf<Call["name"]>().toEqualTypeOf<"add">();
    expectTypeOf<Call["args"]>().toEqualTypeOf<{ a: number }>();
    expectTypeOf<ContentBlock.Tools.ServerToolCallResult<number>["output"]>().toEqualTypeOf<number>();
    expectTypeOf<ContentBlock.NonStandard<{ a: 1 }>["value"]>().toEqualTypeOf<{ a: 1 }>();
    expectTypeOf<Call>().toExtend<Tools>();
  });

  test("may be extended", () => {
    interface Cited extends ContentBlock.Text {
      annotations: ContentBlock.Citation[];
    }
    expectTypeOf<Cited>().toExtend<ContentBlock.Standard>();
  });
});

describe("the types of the helpers of parts", () => {
  test("give standard parts", () => {
    expectTypeOf(toStandardBlocks).returns.toEqualTypeOf<ContentBlock.Standard[]>();
    expectTypeOf(withToolCalls).parameter(1).toExtend<readonly { name?: string | undefined }[]>();
    expectTypeOf<ToolCall[]>().toExtend<Parameters<typeof withToolCalls>[1]>();
  });

  test("narrow parts of the older form", () => {
    const block = {} as ContentBlock;
    if (isDataContentBlock(block)) expectTypeOf(block.source_type).toEqualTypeOf<"url" | "base64" | "text" | "id">();
    if (isURLContentBlock(block)) expectTypeOf(block.url).toEqualTypeOf<string>();
    if (isBase64ContentBlock(block)) expectTypeOf(block.data).toEqualTypeOf<string>();
    if (isPlainTextContentBlock(block)) expectTypeOf(block.type).toEqualTypeOf<"file" | "text">();
    if (isIDContentBlock(block)) expectTypeOf(block.id).toEqualTypeOf<string>();
    expectTypeOf<Data.StandardImageBlock["type"]>().toEqualTypeOf<"image">();
    expectTypeOf<ContentBlock.Data.StandardTextBlock["source_type"]>().toEqualTypeOf<"text">();
  });

  test("give the bytes in the form that is asked for", () => {
    expectTypeOf(parseBase64DataUrl({ dataUrl: "" })).toEqualTypeOf<{ data: string; mime_type: string } | undefined>();
    expectTypeOf(parseBase64DataUrl({ dataUrl: "", asTypedArray: true })).toEqualTypeOf<
      { data: Uint8Array; mime_type: string } | undefined
    >();
    const asTypedArray = Math.random() < 2;
    expectTypeOf(parseBase64DataUrl({ dataUrl: "", asTypedArray })?.data).toEqualTypeOf<
      string | Uint8Array | undefined
    >();
  });

  test("give a provider's parts", () => {
    const acme: StandardContentBlockConverter<{ text: string; image: number }> = {
      providerName: "acme",
      fromStandardTextBlock: (block) => block.text,
      fromStandardImageBlock: (block) => block.source_type.length,
    };
    const block: Data.DataContentBlock = { type: "text", source_type: "text", text: "a" };
    expectTypeOf(convertToProviderContentBlock(block, acme)).toEqualTypeOf<string | number>();
  });
});
