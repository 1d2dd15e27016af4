import fc from "fast-check";
import type { ContentBlock, MessageContent } from "../../../../src/messages/content.ts";
import { count, id, index, looselySomeOf, someOf, text } from "./fields.ts";

/** Blocks meet where they have the same index, so that most have one of a few. */
const blockIndex = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<(number | undefined)[]>(0, 0, 1, undefined) },
  index,
);

/** A block of one of some types, with fields of which any but the type may be missing, or be there and undefined. */
function block(types: readonly string[], fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<ContentBlock> {
  return fc
    .record({ type: fc.constantFrom(...types), index: blockIndex, id, more: looselySomeOf(fields) })
    .map(({ more, ...rest }) => ({ ...rest, ...more }) as ContentBlock);
}

const citation = fc.record({ type: fc.constant("citation"), url: text, startIndex: count, endIndex: count });
const args = fc.dictionary(fc.constantFrom("x", "y", "__proto__"), text, { maxKeys: 2 });
const metadata = someOf({ width: count, text, ["__proto__"]: someOf({ polluted: count }) });

/** Blocks of the standard's two versions and of providers' own; the fields of each type are of one type each. */
export const anyBlock: fc.Arbitrary<ContentBlock> = fc.oneof(
  { weight: 3, arbitrary: text.map((value): ContentBlock => ({ type: "text", text: value })) },
  { weight: 3, arbitrary: block(["text", "text_delta"], { text }) },
  { weight: 2, arbitrary: block(["reasoning", "reasoning_delta"], { reasoning: text }) },
  block(["text", "text_delta"], { text, title: text, annotations: fc.array(citation, { maxLength: 2 }) }),
  block(["reasoning", "reasoning_delta"], { reasoning: text, signature: text }),
  block(["thinking"], { thinking: text, signature: text }),
  block(["tool_call"], { name: text, args }),
  block(["tool_call_chunk", "server_tool_call_chunk"], { name: text, args: text }),
  block(["tool_use"], { name: text, input: args }),
  block(["input_json_delta"], { input: text }),
  block(["server_tool_call_result"], { toolCallId: text, status: fc.constantFrom("success", "error"), output: args }),
  block(["image", "audio", "file"], { url: text, mimeType: text, data: text, fileId: text, metadata }),
  block(["image", "audio", "file"], { source_type: fc.constant("base64"), mime_type: text, data: text, metadata }),
  block(["image_url"], { image_url: fc.record({ url: text }) }),
  block(["non_standard"], { value: someOf({ text, list: fc.array(metadata, { maxLength: 2 }) }) }),
  block(["custom"], { width: count, constructor: text, ["__proto__"]: someOf({ polluted: count }) }),
);

/** What a message may say: nothing, a text, or blocks. */
export const content: fc.Arbitrary<MessageContent> = fc.oneof(text, fc.array(anyBlock, { maxLength: 4 }));
