import fc from "fast-check";
import type { InvalidToolCall, ToolCall, ToolCallChunk } from "../../../../src/messages/tool-call.ts";
import { count, given, id, index, someOf, text } from "./fields.ts";

/** A piece of a tool call, in every shape that providers give it; what is missing may be there and undefined. */
export const plainPiece: fc.Arbitrary<ToolCallChunk> = fc
  .record({
    type: fc.constantFrom(undefined, "tool_call_chunk" as const),
    name: fc.constantFrom(undefined, undefined, undefined, "", "f", "g", "__proto__"),
    args: fc.constantFrom(undefined, "", "{", "}", '"x":1', "{}", '{"__proto__":{"polluted":1}'),
    id,
    index,
  })
  .map((fields) => ({ ...fields })) as fc.Arbitrary<ToolCallChunk>;

/** Any piece of a tool call, also with arguments that are no JSON, and with fields of a provider's own. */
export const piece: fc.Arbitrary<ToolCallChunk> = fc.oneof(
  { weight: 3, arbitrary: plainPiece },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        plainPiece,
        someOf({ args: text, signature: fc.constant("s"), ["__proto__"]: fc.record({ polluted: count }) }),
      )
      .map(([plain, more]) => ({ ...plain, ...more })),
  },
);

/** Calls that a chunk brings whole, if it brings any. */
export const wholeCalls: fc.Arbitrary<ToolCall[] | undefined> = fc.option(
  fc.array(
    fc
      .record({ name: fc.constantFrom("w", "__proto__"), args: fc.dictionary(text, text, { maxKeys: 1 }), id })
      .map(given),
    { maxLength: 2 },
  ),
  { nil: undefined },
);

export const invalidCalls: fc.Arbitrary<InvalidToolCall[] | undefined> = fc.option(
  fc.array(fc.record({ name: fc.constantFrom(undefined, "i"), args: text, id, error: text }).map(given), {
    maxLength: 1,
  }),
  { nil: undefined },
);
