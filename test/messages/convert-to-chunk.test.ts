import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage, ChatMessageChunk } from "../../src/messages/chat.ts";
import { convertToChunk, messageChunkToMessage } from "../../src/messages/convert-to-chunk.ts";
import { FunctionMessage, FunctionMessageChunk } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { BaseMessageChunk } from "../../src/messages/message-chunk.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage, SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessage, ToolMessageChunk } from "../../src/messages/tool.ts";

const full = {
  content: [{ type: "text", text: "hi" }],
  id: "m1",
  name: "ada",
  additional_kwargs: { a: { b: 1 } },
  response_metadata: { c: [2] },
};
const tool = { ...full, tool_call_id: "c", status: "error", artifact: { z: [1] }, metadata: { m: 1 } } as const;
const ai = { ...full, usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } };

/** Each message and its chunk. */
const pairs: [BaseMessage, BaseMessageChunk][] = [
  [new HumanMessage(full), new HumanMessageChunk(full)],
  [new SystemMessage(full), new SystemMessageChunk(full)],
  [new AIMessage(ai), new AIMessageChunk(ai)],
  [new ToolMessage(tool), new ToolMessageChunk(tool)],
  [new FunctionMessage(full), new FunctionMessageChunk(full)],
  [new ChatMessage({ ...full, role: "r" }), new ChatMessageChunk({ ...full, role: "r" })],
];

class Note extends BaseMessage {
  override type = "note";
}
class NoteChunk extends BaseMessageChunk {
  override type = "note";

  concat(): this {
    return this;
  }
}

function failureOf(action: () => unknown): LinnetError {
  try {
    action();
  } catch (error) {
    if (LinnetError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}

/** Everything in a value that can be written to. */
function writableIn(value: unknown, found = new Set<unknown>()): Set<unknown> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  for (const inner of Object.values(value)) writableIn(inner, found);
  return found;
}

describe("convertToChunk", () => {
  test.each(pairs)("gives a chunk of the role with every field: %s", (message, chunk) => {
    const converted = convertToChunk(message);
    expect(converted.constructor).toBe(chunk.constructor);
    expect(converted.toDict()).toEqual(chunk.toDict());
    expect(BaseMessageChunk.isInstance(converted)).toBe(true);
  });

  test.each(pairs)("gives back a chunk as it is: %s", (_message, chunk) => {
    expect(convertToChunk(chunk)).toBe(chunk);
  });

  test.each(pairs)("shares nothing with the message that can be written to: %s", (message) => {
    const ours = writableIn(convertToChunk(message));
    expect([...writableIn(message)].filter((value) => ours.has(value))).toEqual([]);
  });

  test("makes a piece of each tool call", () => {
    const message = new AIMessage({
      tool_calls: [
        { name: "f", args: { a: [1] }, id: "1", type: "tool_call" },
        { name: "g", args: {}, id: "2" },
      ],
    });
    const chunk = convertToChunk(message) as AIMessageChunk;
    expect(chunk.tool_call_chunks).toEqual([
      { name: "f", args: '{"a":[1]}', id: "1", index: undefined, type: "tool_call_chunk" },
      { name: "g", args: "{}", id: "2", index: undefined, type: "tool_call_chunk" },
    ]);
    expect(chunk.tool_calls).toEqual([
      { name: "f", args: { a: [1] }, id: "1", type: "tool_call" },
      { name: "g", args: {}, id: "2", type: "tool_call" },
    ]);
    const sum = chunk.concat(convertToChunk(new AIMessage("!")) as AIMessageChunk);
    expect(sum.tool_calls).toEqual(chunk.tool_calls);
  });

  test("keeps the calls that cannot be read as they are", () => {
    const invalid = [{ name: "h", args: '{"a":1', id: "3", error: "Too late.", type: "invalid_tool_call" as const }];
    const calls = [{ name: "f", args: {}, id: "1", type: "tool_call" as const }];
    for (const tool_calls of [calls, []]) {
      const chunk = convertToChunk(new AIMessage({ tool_calls, invalid_tool_calls: invalid })) as AIMessageChunk;
      expect(chunk.tool_calls).toEqual(tool_calls);
      expect(chunk.invalid_tool_calls).toEqual(invalid);
      expect(chunk.invalid_tool_calls[0]).not.toBe(invalid[0]);
    }
  });

  test.each([
    ["no id", [{ name: "f", args: { a: 1 } }]],
    ["an empty id", [{ name: "f", args: { a: 1 }, id: "" }]],
    ["a placeholder for an id", [{ name: "f", args: { a: 1 }, id: "null" }]],
    [
      "one id",
      [
        { name: "f", args: { a: 1 }, id: "1" },
        { name: "f", args: { a: 2 }, id: "1" },
      ],
    ],
    ["arguments that JSON cannot say", [{ name: "f", args: { a: 1n }, id: "1" }]],
  ])("keeps calls whole that have %s, as pieces of which they would be lost", (_what, tool_calls) => {
    const chunk = convertToChunk(new AIMessage({ tool_calls })) as AIMessageChunk;
    expect(chunk.tool_calls).toEqual(tool_calls);
    expect(chunk.tool_call_chunks).toEqual([]);
    expect(chunk.invalid_tool_calls).toEqual([]);
  });

  test("refuses a message of which there are no chunks", () => {
    const { code, message } = failureOf(() => convertToChunk(new RemoveMessage({ id: "m" })));
    expect(code).toBe("INVALID_INPUT");
    expect(message).toBe(
      'Expected a message of which there are chunks, of type human, ai, system, tool, function, generic; got an instance of RemoveMessage of type a string "remove". Leave it out.',
    );
    expect(failureOf(() => convertToChunk(new Note(""))).message).toContain(
      'got an instance of Note of type a string "note"',
    );
  });

  test("shows what was given instead of a message", () => {
    expect(failureOf(() => convertToChunk({ type: "constructor" } as never)).message).toContain(
      "got an object with key",
    );
  });
});

describe("messageChunkToMessage", () => {
  test.each(pairs)("gives a whole message with every field: %s", (message, chunk) => {
    const whole = messageChunkToMessage(chunk);
    expect(whole).toStrictEqual(message);
    expect(whole.constructor).toBe(message.constructor);
    const ours = writableIn(whole);
    expect([...writableIn(chunk)].filter((value) => ours.has(value))).toEqual([]);
  });

  test.each([...pairs.map(([message]) => message), new RemoveMessage({ id: "m" })])(
    "gives back any other message: %s",
    (message) => {
      expect(messageChunkToMessage(message)).toBe(message);
    },
  );

  test("gives the calls that pieces stand for", () => {
    const chunk = new AIMessageChunk({
      tool_call_chunks: [
        { name: "f", args: '{"a":1}', id: "1", index: 0 },
        { name: "g", args: "[", id: "2", index: 1 },
        { name: "h", args: '{"a":1', id: "3", index: 2 },
      ],
    });
    expect(chunk.tool_calls).toHaveLength(2);
    expect(messageChunkToMessage(chunk)).toStrictEqual(
      new AIMessage({
        tool_calls: [{ name: "f", args: { a: 1 }, id: "1", type: "tool_call" }],
        // Nothing more comes, so that the beginning of an object is none.
        invalid_tool_calls: [
          { name: "g", args: "[", id: "2", error: "Malformed args.", type: "invalid_tool_call" },
          { name: "h", args: '{"a":1', id: "3", error: "Malformed args.", type: "invalid_tool_call" },
        ],
      }),
    );
  });

  test("refuses a chunk of a type that no message has", () => {
    const { code, message } = failureOf(() => messageChunkToMessage(new NoteChunk("")));
    expect(code).toBe("INVALID_INPUT");
    expect(message).toContain('got an instance of NoteChunk of type a string "note"');
  });

  test("undoes convertToChunk", () => {
    const text = fc.string({ maxLength: 5 });
    const calls = fc.uniqueArray(
      fc.record({
        name: text,
        args: fc.dictionary(text, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
        id: text,
        type: fc.constant("tool_call" as const),
      }),
      { maxLength: 3, selector: ({ id }) => id },
    );
    const invalid = fc.array(fc.record({ name: text, args: text, id: text, error: text }), { maxLength: 2 });
    fc.assert(
      fc.property(text, calls, invalid, (content, tool_calls, invalid_tool_calls) => {
        const message = new AIMessage({ content, tool_calls, invalid_tool_calls });
        const back = messageChunkToMessage(convertToChunk(message));
        expect(JSON.stringify(back)).toBe(JSON.stringify(message));
      }),
      { numRuns: 200 },
    );
  });
});
