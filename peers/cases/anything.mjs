/** Chunks of anything at all. */
import fc from "fast-check";
import { argumentsText, count, list, oddUsage, rarely, record, said, toolName, usage, word } from "./values.mjs";

const anyIndex = fc.constantFrom(undefined, 0, 1, 2, "0", "1", "x", null);
const anyId = fc.constantFrom(undefined, undefined, "", "null", "a", "b");
export const anyPiece = record({
  type: fc.constantFrom(undefined, "tool_call_chunk"),
  name: fc.constantFrom(undefined, undefined, "", "f", "g"),
  args: fc.oneof(fc.constantFrom(undefined, "", "{", "}", '"x":1', "{}", ","), argumentsText),
  id: anyId,
  index: anyIndex,
  signature: rarely(8, fc.constantFrom("s", "")),
});
export const anyBlock = fc.oneof(
  word.map((text) => ({ type: "text", text })),
  record({
    type: fc.constantFrom("text", "text_delta"),
    text: said,
    index: anyIndex,
    id: anyId,
    annotations: rarely(6, fc.constant([{ type: "citation", url: "u" }])),
  }),
  record({ type: fc.constantFrom("reasoning", "thinking"), reasoning: word, index: anyIndex, id: anyId }),
  record({
    type: fc.constant("tool_call"),
    name: toolName,
    id: anyId,
    index: anyIndex,
    args: fc.constantFrom({}, { x: "1" }, { x: "2", n: 1 }),
  }),
  record({
    type: fc.constant("image"),
    url: fc.constant("u"),
    mimeType: fc.constantFrom(undefined, "image/png"),
    index: anyIndex,
    id: anyId,
  }),
  record({
    type: fc.constant("odd"),
    index: anyIndex,
    id: anyId,
    n: count,
    on: fc.boolean(),
    words: list(word, 2),
    deep: fc.record({ text: word, n: count }),
    nothing: fc.constant(null),
  }),
);
export const anyContent = fc.oneof(
  said,
  list(said, 2).map((words) => words.join("")),
  list(anyBlock, 3),
);
export const anyData = record({
  id: rarely(2, fc.constantFrom("", "a", "b")),
  type: rarely(2, fc.constantFrom("", "t", "u")),
  name: rarely(2, fc.constantFrom("", "n", "m")),
  role: rarely(2, fc.constantFrom("assistant", "tool")),
  index: rarely(2, count),
  created: rarely(2, count),
  timestamp: rarely(4, count),
  model_provider: rarely(3, fc.constantFrom("", "p", "q")),
  text: rarely(2, said),
  count: rarely(2, count),
  flag: rarely(2, fc.boolean()),
  nothing: rarely(2, fc.constantFrom(null, "something")),
  list: rarely(
    2,
    list(
      record({
        index: anyIndex,
        id: anyId,
        type: rarely(3, fc.constantFrom("function", "text")),
        text: rarely(2, said),
        function: rarely(2, record({ name: fc.constantFrom(undefined, "f"), arguments: said })),
      }),
      3,
    ),
  ),
  words: rarely(2, list(said, 2)),
  deep: rarely(
    2,
    record({
      text: rarely(2, said),
      count: rarely(2, count),
      name: rarely(2, fc.constantFrom("", "n")),
      deeper: rarely(3, fc.constant({ a: { b: [1] } })),
    }),
  ),
  odd: rarely(12, fc.constantFrom(1, "1", true, [1], { a: 1 }, null)),
});
const anyCall = record({
  name: toolName,
  args: fc.constantFrom({}, { x: 1 }, { x: "1" }),
  id: fc.constantFrom("w1", "w2", undefined),
  type: fc.constant("tool_call"),
});
export const anyMessageId = fc.constantFrom(undefined, undefined, "run-1", "msg_1", "msg_2", "");
export const anyName = fc.constantFrom("", "robin", "finch");

export const anything = fc.array(
  record({
    content: anyContent,
    additional_kwargs: rarely(3, anyData),
    response_metadata: rarely(3, anyData),
    usage_metadata: rarely(4, fc.oneof(usage, oddUsage, fc.constant(null))),
    tool_call_chunks: rarely(2, list(anyPiece, 3)),
    tool_calls: rarely(12, list(anyCall, 2)),
    invalid_tool_calls: rarely(
      20,
      fc.constant([{ name: "f", args: "{", id: "i1", error: "broken", type: "invalid_tool_call" }]),
    ),
    id: rarely(2, anyMessageId),
    name: rarely(8, anyName),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Blocks one by one, of which many might go on with each other; `keys` says what they have to tell them apart. */
const entangledBy = (keys) =>
  fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: record({
          ...keys,
          text: rarely(2, word),
          n: rarely(4, count),
          on: rarely(6, fc.boolean()),
          url: rarely(6, fc.constantFrom("u", "v")),
          name: rarely(6, fc.constantFrom("u", "v")),
          args: rarely(6, fc.constantFrom({ q: "1" }, { q: "2" })),
        }).map((block) => ({ content: [block] })),
      },
      { weight: 1, arbitrary: word.map((content) => ({ content })) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(
            { type: "image", source_type: "url", url: "u" },
            { type: "text", source_type: "text", text: "x" },
          )
          .map((block) => ({ content: [block] })),
      },
    ),
    { minLength: 2, maxLength: 6 },
  );
const note = fc.constant("note");
const noteOrRemark = fc.constantFrom("note", "remark");
export const entangled = fc.oneof(
  entangledBy({ type: note, index: fc.constant(0) }),
  entangledBy({ type: note, index: fc.constantFrom(0, 1), id: fc.constantFrom("a", "b") }),
  entangledBy({ type: noteOrRemark, index: fc.constant(0) }),
  entangledBy({ type: noteOrRemark, id: fc.constantFrom("a", "b") }),
  entangledBy({
    type: fc.constantFrom("note", "note", "remark", undefined),
    index: fc.constantFrom(0, 0, 1, undefined),
    id: fc.constantFrom(undefined, undefined, "a", "b"),
  }),
);
