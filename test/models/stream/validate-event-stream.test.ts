import { expect, test } from "vitest";
import type { ChatModelStreamEvent } from "../../../src/models/stream/events.ts";
import { validateEventStream } from "../../../src/models/stream/validate-event-stream.ts";

const begin = { event: "message-start" };
const end = { event: "message-finish" };
const open = (content: object, index: unknown = 0) => ({ event: "content-block-start", index, content });
const delta = (delta: object, index = 0) => ({ event: "content-block-delta", index, delta });
const close = (content: unknown, index = 0) => ({ event: "content-block-finish", index, content });
const call = (args: unknown) => ({ type: "tool_call_chunk", id: "a", name: "f", args });

test.each<[string, unknown[], string[]]>([
  ["nothing", [], ["Expected the last event to be message-finish."]],
  ["an error alone", [{ event: "error", message: "m" }], []],
  ["an error in the midst", [begin, open({ type: "text", text: "" }), { event: "error", message: "m" }], []],
  ["usage and a provider's own", [begin, { event: "usage", usage: {} }, { event: "provider" }, end], []],
  ["no start", [end], ["Event 0: expected message-start first, and nowhere else."]],
  ["two starts", [begin, begin, end], ["Event 1: expected message-start first, and nowhere else."]],
  ["two ends", [begin, end, end], ["Event 2: expected nothing after message-finish, got message-finish."]],
  [
    "more after an error",
    [begin, { event: "error", message: "m" }, end],
    ["Event 2: expected nothing after error, got message-finish."],
  ],
  ["no end", [begin], ["Expected the last event to be message-finish."]],
  ["an unknown event", [begin, { event: "x" }, end], ['Event 1: expected an event of a known name, got a string "x".']],
  ["what is no event", [begin, null, end], ["Event 1: expected an event of a known name, got undefined."]],
  [
    "a delta before its start",
    [begin, delta({ type: "text-delta", text: "a" }), end],
    ["Event 1: expected a start of part 0 first."],
  ],
  [
    "a part that starts twice",
    [begin, open({ type: "text", text: "" }), open({ type: "text", text: "" }), close({ type: "text", text: "" }), end],
    ["Event 2: expected part 0 to start once."],
  ],
  ["a place that is none", [begin, open({}, -1), end], ["Event 1: expected an index from 0 on, got a number -1."]],
  ["a part without a finish", [begin, open({ type: "text" }), end], ["Expected a finish of part 0."]],
  [
    "more of a part after its finish",
    [begin, open({ type: "x" }), close({ type: "x" }), delta({}), end],
    ["Event 3: expected nothing of part 0 after its finish."],
  ],
  [
    "a finish that is another than the sum",
    [
      begin,
      open({ type: "text", text: "" }),
      delta({ type: "text-delta", text: "a" }),
      close({ type: "text", text: "b" }),
      end,
    ],
    ["Event 3: expected part 0 to finish with the sum of its deltas."],
  ],
  [
    "a finish without a part",
    [begin, open({ type: "x" }), close(undefined), end],
    ["Event 2: expected part 0 to finish with the sum of its deltas."],
  ],
  [
    "parts that add up",
    [
      begin,
      open({ type: "image", data: "", list: [1] }),
      open({ type: "text", text: "" }, 1),
      delta({ type: "data-delta", data: "a" }),
      delta({ type: "block-delta", fields: { type: "text", annotations: [{ a: 1, b: 2 }] } }, 1),
      close({ type: "image", list: [1], data: "a" }),
      close({ annotations: [{ b: 2, a: 1 }], type: "text", text: "" }, 1),
      end,
    ],
    [],
  ],
  [
    "a call that is read",
    [begin, open(call('{"x":1}')), close({ type: "tool_call", id: "a", name: "f", args: { x: 1 } }), end],
    [],
  ],
  [
    "a call with an object",
    [begin, open(call({ x: 1 })), close({ type: "tool_call", id: "a", name: "f", args: { x: 1 } }), end],
    [],
  ],
  [
    "a call of free text",
    [begin, open(call("hi")), close({ type: "tool_call", id: "a", name: "f", args: { input: "hi" } }), end],
    [],
  ],
  [
    "a call that cannot be read",
    [begin, open(call("[")), close({ type: "invalid_tool_call", id: "a", name: "f", args: "[", error: "e" }), end],
    [],
  ],
  ["a call left as pieces", [begin, open(call("[")), close(call("[")), end], []],
  ...[
    { type: "tool_call", id: "a", name: "f", args: { x: 2 } },
    { type: "tool_call", id: "b", name: "f", args: { x: 1 } },
    { type: "tool_call", id: "a", name: "g", args: { x: 1 } },
    { type: "text", id: "a", name: "f" },
  ].map((content): [string, unknown[], string[]] => [
    `a call that becomes ${JSON.stringify(content)}`,
    [begin, open(call('{"x":1}')), close(content), end],
    ["Event 2: expected part 0 to finish with the sum of its deltas."],
  ]),
])("of %s it says what is wrong", async (_name, events, faults) => {
  expect(await validateEventStream(events as ChatModelStreamEvent[])).toEqual(faults);
});
