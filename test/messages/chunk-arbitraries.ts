import fc from "fast-check";
import { AIMessageChunk, type AIMessageChunkFields } from "../../src/messages/ai-chunk.ts";
import type { ContentBlock } from "../../src/messages/content.ts";
import type { ToolCallChunk } from "../../src/messages/tool-call.ts";

const text = fc.string({ maxLength: 3 });
const count = fc.integer({ min: 0, max: 9 });
const index = fc.constantFrom<(number | string | undefined)[]>(undefined, 0, 1, "0", "1", "x");
const id = fc.constantFrom<(string | undefined)[]>(undefined, undefined, "", "null", "a", "b");

function withoutUndefined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

/** Blocks of which every type has fields of one type each. */
const block: fc.Arbitrary<ContentBlock> = fc.oneof(
  text.map((value): ContentBlock => ({ type: "text", text: value })),
  fc
    .record({
      type: fc.constantFrom("text", "text_delta"),
      text,
      index,
      id,
      title: fc.constantFrom(undefined, "t", "u"),
    })
    .map(withoutUndefined),
  fc
    .record({ type: fc.constantFrom("reasoning", "reasoning_delta"), reasoning: text, index, id })
    .map(withoutUndefined),
  fc
    .record({ type: fc.constant("tool_call"), index, id, args: fc.dictionary(fc.constantFrom("x", "y"), text) })
    .map(withoutUndefined),
  fc.constant<ContentBlock>({ type: "image", url: "u", metadata: { width: 3 } }),
);

const content = fc.oneof(text, fc.array(block, { maxLength: 4 }));

const listItem = fc
  .record({
    index,
    id,
    type: fc.constantFrom(undefined, "function"),
    function: fc.option(fc.record({ name: fc.constantFrom("", "f"), arguments: text }), { nil: undefined }),
  })
  .map(withoutUndefined);

/** Data with one type for each key. */
const data: fc.Arbitrary<Record<string, unknown>> = fc
  .record(
    {
      id,
      type: fc.constantFrom("", "t", "u"),
      name: fc.constantFrom("", "n", "m"),
      role: fc.constantFrom("r", "s"),
      index: count,
      created: count,
      text,
      count,
      flag: fc.boolean(),
      nothing: fc.constantFrom(null, "something"),
      calls: fc.array(listItem, { maxLength: 3 }),
      words: fc.array(text, { maxLength: 2 }),
      deep: fc.record({ text, count, name: fc.constantFrom("", "n") }, { requiredKeys: [] }),
      constructor: text,
      // The key that would set a prototype.
      ["__proto__"]: fc.constantFrom({ polluted: 1 }, { polluted: 2, more: 3 }),
    },
    { requiredKeys: [] },
  )
  .map(withoutUndefined);

const usage = fc.option(
  fc.record(
    {
      input_tokens: count,
      output_tokens: count,
      total_tokens: count,
      input_token_details: fc.dictionary(fc.constantFrom("audio", "cache_read", "bird", "__proto__"), count),
      output_token_details: fc.dictionary(fc.constantFrom("reasoning", "song"), count),
      unknown_count: count,
    },
    { requiredKeys: ["input_tokens", "output_tokens", "total_tokens"] },
  ),
  { nil: undefined },
);

export const piece: fc.Arbitrary<ToolCallChunk> = fc
  .record({
    type: fc.constantFrom(undefined, "tool_call_chunk" as const),
    name: fc.constantFrom(undefined, undefined, "", "f", "g"),
    args: fc.constantFrom(undefined, "", "{", "}", '"x":1', "{}"),
    id,
    index,
    signature: fc.constantFrom(undefined, undefined, undefined, "s"),
  })
  .map(withoutUndefined);

const fields: fc.Arbitrary<AIMessageChunkFields> = fc.record({
  content,
  additional_kwargs: data,
  response_metadata: data,
  usage_metadata: usage as fc.Arbitrary<AIMessageChunkFields["usage_metadata"]>,
  tool_call_chunks: fc.array(piece, { maxLength: 4 }),
  tool_calls: fc.constantFrom(
    undefined,
    undefined,
    [{ name: "w", args: { a: 1 }, id: "w1" }],
    [{ name: "v", args: {} }],
  ),
  id: fc.constantFrom(undefined, "run-1", "run-2", "p1", "p2", ""),
  name: fc.constantFrom(undefined, "", "n", "m"),
});

/** Any chunk of a model, with one type for each name. */
export const chunk: fc.Arbitrary<AIMessageChunk> = fields.map((given) => new AIMessageChunk(given));
