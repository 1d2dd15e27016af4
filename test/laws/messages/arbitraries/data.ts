import fc from "fast-check";
import { count, given, id, index, looselySomeOf, rarely, someOf, text } from "./fields.ts";

/** An item of a list that goes on from chunk to chunk. */
const streamedItem = fc
  .record({
    index,
    id,
    type: fc.constantFrom(undefined, "function", "function_delta", "custom"),
    function: fc.option(fc.record({ name: fc.constantFrom("", "f"), arguments: text }), { nil: undefined }),
    ["__proto__"]: rarely(fc.record({ polluted: count })),
  })
  .map(given);

const leaf = looselySomeOf({
  text,
  count,
  name: fc.constantFrom("", "n"),
  flag: fc.boolean(),
  ["__proto__"]: fc.record({ polluted: count }),
});

/** Data of a provider's own, of one type under each name; names that objects inherit are among them. */
export const data: fc.Arbitrary<Record<string, unknown>> = looselySomeOf({
  id,
  type: fc.constantFrom("", "t", "u"),
  name: fc.constantFrom("", "n", "m"),
  role: fc.constantFrom("r", "s"),
  index: count,
  created: count,
  timestamp: count,
  text,
  count,
  flag: fc.boolean(),
  nothing: fc.constantFrom(null, "something"),
  calls: fc.array(streamedItem, { maxLength: 3 }),
  words: fc.array(text, { maxLength: 2 }),
  deep: someOf({ deeper: someOf({ items: fc.array(streamedItem, { maxLength: 2 }), leaf }), leaf }),
  constructor: someOf({ prototype: leaf, text }),
  toString: text,
  hasOwnProperty: count,
  // The name that would set a prototype.
  ["__proto__"]: someOf({ polluted: count, leaf, constructor: leaf }),
});

const detail = fc.constantFrom<(number | null)[]>(0, 1, 2, 7, null);
const anyCount = fc.oneof({ weight: 5, arbitrary: count }, { weight: 1, arbitrary: fc.constant(null) });

/** How many tokens a call took, also with nulls and with counts that nobody has heard of. */
export const usage: fc.Arbitrary<Record<string, unknown> | null | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(undefined, null) },
  {
    weight: 2,
    arbitrary: looselySomeOf({
      input_tokens: anyCount,
      output_tokens: anyCount,
      total_tokens: anyCount,
      input_token_details: fc.oneof(
        fc.constant(null),
        fc.dictionary(fc.constantFrom("audio", "cache_read", "bird", "__proto__", "constructor"), detail),
      ),
      output_token_details: fc.dictionary(fc.constantFrom("reasoning", "song"), detail),
      seconds: count,
      tier: fc.constantFrom("", "low", "high", null),
      // Within a usage there are counts only.
      ["__proto__"]: fc.dictionary(fc.constantFrom("polluted", "__proto__"), detail),
    }),
  },
);
