import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage, ChatMessageChunk } from "../../src/messages/chat.ts";
import type { ContentBlock } from "../../src/messages/content.ts";
import { FunctionMessage, FunctionMessageChunk } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { BaseMessageChunk } from "../../src/messages/message-chunk.ts";
import { SystemMessage, SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessage, ToolMessageChunk } from "../../src/messages/tool.ts";

const common = {
  content: "hi",
  id: "m1",
  name: "ada",
  additional_kwargs: { a: 1 },
  response_metadata: { b: 2 },
};

/** A message class, seen as one that is made of its fields. */
interface Owner {
  new (fields: never): BaseMessage;
  isInstance(value: unknown): boolean;
}
type Row = [name: string, message: BaseMessage, type: string, owner: Owner];
type ChunkRow = [...row: Row, message: Owner];

/** Every class, with its name, a message of it and its type. */
const messages: Row[] = [
  ["HumanMessage", new HumanMessage(common), "human", HumanMessage],
  ["SystemMessage", new SystemMessage(common), "system", SystemMessage],
  ["AIMessage", new AIMessage(common), "ai", AIMessage],
  ["ToolMessage", new ToolMessage({ ...common, tool_call_id: "c1" }), "tool", ToolMessage],
  ["FunctionMessage", new FunctionMessage(common), "function", FunctionMessage],
  ["ChatMessage", new ChatMessage({ ...common, role: "robot" }), "generic", ChatMessage],
];
const chunks: ChunkRow[] = [
  ["HumanMessageChunk", new HumanMessageChunk(common), "human", HumanMessageChunk, HumanMessage],
  ["SystemMessageChunk", new SystemMessageChunk(common), "system", SystemMessageChunk, SystemMessage],
  ["AIMessageChunk", new AIMessageChunk(common), "ai", AIMessageChunk, AIMessage],
  ["ToolMessageChunk", new ToolMessageChunk({ ...common, tool_call_id: "c1" }), "tool", ToolMessageChunk, ToolMessage],
  ["FunctionMessageChunk", new FunctionMessageChunk(common), "function", FunctionMessageChunk, FunctionMessage],
  ["ChatMessageChunk", new ChatMessageChunk({ ...common, role: "robot" }), "generic", ChatMessageChunk, ChatMessage],
];
const all: Row[] = [...messages, ...chunks.map(([name, chunk, type, owner]): Row => [name, chunk, type, owner])];

describe("every message", () => {
  test.each(all)("has the fields it is made of: %s", (name, message, type) => {
    expect(message).toMatchObject(common);
    expect(message.type).toBe(type);
    expect(message.getType()).toBe(type);
    expect(message._getType()).toBe(type);
    expect((message.constructor as typeof BaseMessage).lc_name()).toBe(name);
    expect(Object.prototype.toString.call(message)).toBe(`[object ${name}]`);
    expect(message.text).toBe("hi");
    expect(Object.keys(message).slice(0, 1)).toEqual(["type"]);
  });

  test.each(all)("is stored with its class and its fields: %s", (name, message, type) => {
    const stored = JSON.parse(JSON.stringify(message)) as { kwargs: unknown };
    expect(stored).toMatchObject({ lc: 1, type: "constructor", id: ["langchain_core", "messages", name] });
    expect(stored.kwargs).toMatchObject(common);
    expect(message.toDict()).toEqual({ type, data: message.lc_kwargs });
    expect(stored.kwargs).toEqual(message.lc_kwargs);
    expect(Object.keys(message.lc_kwargs)).not.toContain("type");
  });

  test.each(all)("equals one that is made of its fields again: %s", (_name, message, _type, owner) => {
    const again = new owner(message.lc_kwargs as never);
    expect(again).toStrictEqual(message);
    expect(again).not.toBe(message);
  });

  test.each(all)("is known by its brand and type: %s", (_name, message, type, owner) => {
    expect(BaseMessage.isInstance(message)).toBe(true);
    for (const [, , otherType, other] of messages) expect(other.isInstance(message)).toBe(otherType === type);
    expect(owner.isInstance(message)).toBe(true);
    expect(message).toBeInstanceOf(BaseMessage);
    for (const value of [undefined, null, "human", { ...message }, JSON.parse(JSON.stringify(message))]) {
      expect(BaseMessage.isInstance(value)).toBe(false);
      expect(owner.isInstance(value)).toBe(false);
      expect(BaseMessageChunk.isInstance(value)).toBe(false);
    }
  });

  test.each(all)(
    "is taken for what it is when it comes from another copy of the package: %s",
    (_name, message, type, owner) => {
      const Foreign = class {};
      Object.defineProperty(Foreign.prototype, Symbol.for("linnet.message"), { value: true });
      Object.defineProperty(Foreign.prototype, "~chunk", { value: BaseMessageChunk.isInstance(message) });
      const foreign = Object.assign(new Foreign(), { type });
      expect(BaseMessage.isInstance(foreign)).toBe(true);
      expect(owner.isInstance(foreign)).toBe(true);
      expect(BaseMessageChunk.isInstance(foreign)).toBe(BaseMessageChunk.isInstance(message));
    },
  );

  test.each(all)("gets another id by a copy: %s", (_name, message, _type, owner) => {
    const copy = message["~withId"]("run-1");
    expect(copy).toBeInstanceOf(owner);
    expect(copy.constructor).toBe(owner);
    expect(copy.lc_kwargs).toEqual({ ...message.lc_kwargs, id: "run-1" });
    expect(message.id).toBe("m1");
    copy.additional_kwargs.mine = 1;
    copy.response_metadata.mine = 1;
    expect(message).toMatchObject({ additional_kwargs: { a: 1 }, response_metadata: { b: 2 } });
    expect(message.additional_kwargs).not.toHaveProperty("mine");
    expect(message.response_metadata).not.toHaveProperty("mine");
  });

  test.each(messages)(
    "is empty where it is made of nothing but an empty object: %s",
    (_name, _message, type, owner) => {
      const message = new owner({} as never);
      expect(message).toMatchObject({ type, content: "", additional_kwargs: {}, response_metadata: {} });
      expect(message.id).toBeUndefined();
      expect(message.lc_serializable).toBe(true);
      expect(message.lc_namespace).toEqual(["langchain_core", "messages"]);
    },
  );

  test.each(messages)("does not write to the fields it is made of: %s", (_name, _message, _type, owner) => {
    const fields = Object.freeze({ content: Object.freeze([]), tool_call_id: "c", role: "r", name: "n" });
    new owner(fields as never);
    expect(Object.keys(fields)).toEqual(["content", "tool_call_id", "role", "name"]);
  });

  test("has objects of its own to write to", () => {
    const [one, other] = [new AIMessageChunk("a"), new AIMessageChunk("b")];
    one.additional_kwargs.x = 1;
    one.response_metadata.x = 1;
    one.tool_call_chunks.push({ args: "" });
    expect([other.additional_kwargs, other.response_metadata, other.tool_call_chunks]).toEqual([{}, {}, []]);
  });
});

describe("a message's constructor", () => {
  const blocks: ContentBlock[] = [{ type: "text", text: "a" }];
  test.each([HumanMessage, SystemMessage, AIMessage, AIMessageChunk, HumanMessageChunk, SystemMessageChunk])(
    "takes a text, a list of parts, or fields: %o",
    (owner) => {
      expect(new owner("text").content).toBe("text");
      expect(new owner(blocks).content).toBe(blocks);
      expect(new owner({ content: blocks }).content).toBe(blocks);
      expect(new owner({ content: "" }).content).toBe("");
    },
  );

  test("takes content and the one field more that a role needs", () => {
    expect(new ToolMessage("text", "c1", "weather")).toMatchObject({
      content: "text",
      tool_call_id: "c1",
      name: "weather",
    });
    expect(new ToolMessage(blocks, "c1")).toMatchObject({ content: blocks, tool_call_id: "c1", name: undefined });
    expect(new FunctionMessage("text", "f")).toMatchObject({ content: "text", name: "f" });
    expect(new FunctionMessage(blocks, "f")).toMatchObject({ content: blocks, name: "f" });
    expect(new ChatMessage("text", "robot")).toMatchObject({ content: "text", role: "robot" });
    expect(new ChatMessage(blocks, "robot")).toMatchObject({ content: blocks, role: "robot" });
  });

  test("fills in a needed field that is missing, for programs without types", () => {
    expect(new ToolMessage({} as never).tool_call_id).toBe("");
    expect(new FunctionMessage({} as never).name).toBe("");
    expect(new ChatMessage({} as never).role).toBe("");
  });

  test.each<[unknown, unknown]>([
    [undefined, ""],
    [null, ""],
    [5, "5"],
    [true, "true"],
    [{ content: null }, ""],
    [{ content: 5 }, "5"],
    [{ content: { type: "text", text: "a" } }, [{ type: "text", text: "a" }]],
  ])("reads as a content what a provider gives in its place: %j", (init, content) => {
    for (const Made of [HumanMessage, AIMessage, AIMessageChunk, SystemMessage]) {
      expect(new Made(init as never).content).toEqual(content);
    }
    const sum = new AIMessageChunk(init as never).concat(new AIMessageChunk("b"));
    expect(sum.text.endsWith("b")).toBe(true);
  });

  test("keeps a tool's fields", () => {
    const fields = { content: "", tool_call_id: "c", status: "error", artifact: { a: 1 }, metadata: { m: 1 } } as const;
    const message = new ToolMessage(fields);
    expect(message).toMatchObject(fields);
    expect(message.lc_direct_tool_output).toBe(true);
    expect(message.lc_kwargs).toMatchObject(fields);
  });

  test("serves a class of one's own", () => {
    class Note extends BaseMessage {
      override type = "note";
      static override lc_name(): string {
        return "Note";
      }
    }
    const note = new Note({ content: "n", id: "i", name: "x", additional_kwargs: { a: 1 } });
    expect(note).toMatchObject({ type: "note", content: "n", id: "i", name: "x", additional_kwargs: { a: 1 } });
    expect(note.toJSON().id).toEqual(["langchain_core", "messages", "Note"]);
    expect(new Note("n")).toMatchObject({ content: "n", additional_kwargs: {}, response_metadata: {} });
    expect(new Note({}).content).toBe("");
    expect(note["~withId"]("j")).toBeInstanceOf(Note);
    expect(BaseMessage.lc_name()).toBe("BaseMessage");
    expect(BaseMessageChunk.lc_name()).toBe("BaseMessageChunk");
  });
});

describe("a chunk", () => {
  test.each(chunks)(
    "is an instance of its message's class and of the base of chunks: %s",
    (_name, chunk, _type, owner, message) => {
      expect(chunk).toBeInstanceOf(owner);
      expect(chunk).toBeInstanceOf(message);
      expect(chunk).toBeInstanceOf(BaseMessageChunk);
      expect(BaseMessageChunk.isInstance(chunk)).toBe(true);
      expect(message.isInstance(chunk)).toBe(true);
    },
  );

  test.each(messages)("is told from a message: %s", (_name, message) => {
    expect(BaseMessageChunk.isInstance(message)).toBe(false);
    expect(message).not.toBeInstanceOf(BaseMessageChunk);
    for (const [, , , owner] of chunks) expect(owner.isInstance(message)).toBe(false);
  });

  test("of a class that extends the base of chunks is its instance, and no other's", () => {
    class NoteChunk extends BaseMessageChunk {
      override type = "note";
      override concat(other: NoteChunk): NoteChunk {
        return new NoteChunk(this.text + other.text);
      }
    }
    const chunk = new NoteChunk("a");
    expect(chunk).toBeInstanceOf(NoteChunk);
    expect(chunk).toBeInstanceOf(BaseMessageChunk);
    expect(new AIMessageChunk("a")).not.toBeInstanceOf(NoteChunk);
    expect(chunk.concat(chunk).text).toBe("aa");
  });
});

describe("the text of a message", () => {
  test.each([
    ["plain", "plain"],
    [[], ""],
    [
      [
        { type: "text", text: "a" },
        { type: "image", url: "u" },
        { type: "text_delta", text: "b" },
        { type: "reasoning", reasoning: "r" },
        { type: "text", text: 3 },
      ],
      "ab",
    ],
    [["a", null, 7, { type: "text", text: "b" }], "ab"],
    [undefined, ""],
    [7, ""],
  ])("of %j is %j", (content, text) => {
    const message = new HumanMessage("");
    message.content = content as never;
    expect(message.text).toBe(text);
  });
});

describe("AIMessage", () => {
  const raw = [
    { id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
    { id: "c2", type: "function", function: { name: "g", arguments: "{a" } },
  ];

  test("has no calls and no usage by default", () => {
    expect(new AIMessage("a")).toMatchObject({ tool_calls: [], invalid_tool_calls: [], usage_metadata: undefined });
    expect(new AIMessage({ content: "a", usage_metadata: null as never }).usage_metadata).toBeUndefined();
  });

  test("reads the calls that a provider gave in its own shape", () => {
    const message = new AIMessage({ content: "", additional_kwargs: { tool_calls: raw } });
    expect(message.tool_calls).toEqual([{ name: "f", args: { a: 1 }, id: "c1", type: "tool_call" }]);
    expect(message.invalid_tool_calls).toEqual([
      { name: "g", args: "{a", id: "c2", error: "Malformed args.", type: "invalid_tool_call" },
    ]);
    const invalid = [{ name: "own" }];
    expect(
      new AIMessage({ content: "", additional_kwargs: { tool_calls: raw }, invalid_tool_calls: invalid })
        .invalid_tool_calls,
    ).toBe(invalid);
  });

  test.each([[undefined], [[]], ["calls"]])("finds no calls in %j", (tool_calls) => {
    expect(new AIMessage({ content: "", additional_kwargs: { tool_calls } }).tool_calls).toEqual([]);
  });

  test("takes the calls it is given before those", () => {
    const tool_calls = [{ name: "own", args: {} }];
    expect(new AIMessage({ content: "", tool_calls, additional_kwargs: { tool_calls: raw } }).tool_calls).toBe(
      tool_calls,
    );
  });

  test("gets another id with everything else it has", () => {
    const fields = {
      content: [{ type: "text", text: "a" }],
      name: "n",
      tool_calls: [{ name: "f", args: {}, id: "1" }],
      invalid_tool_calls: [{ name: "g" }],
      usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    };
    const message = new AIMessage(fields);
    const copy = message["~withId"]("run-1");
    expect(copy.lc_kwargs).toEqual({ ...message.lc_kwargs, id: "run-1" });
    copy.tool_calls.pop();
    copy.invalid_tool_calls.pop();
    (copy.content as unknown[]).pop();
    (copy.usage_metadata as { input_tokens: number }).input_tokens = 9;
    expect(message).toMatchObject(fields);
    class Own extends AIMessage {
      extra = "kept";
    }
    expect(new Own("a")["~withId"]("i")).toMatchObject({ extra: "kept", id: "i", content: "a" });
    expect(new Own("a")["~withId"]("i")).toBeInstanceOf(Own);
  });
});

describe("every message, as code written for the peer reads it", () => {
  test.each(all)("names its fields as they are stored: %s", (_name, message) => {
    expect(message.lc_aliases).toEqual(
      Object.fromEntries(Object.keys(message.lc_kwargs).map((field) => [field, field])),
    );
    expect(message._printableFields).toEqual(message.lc_kwargs);
  });

  test.each(all)("is given an id: %s", (_name, message) => {
    const copy = message["~withId"]("old");
    copy._updateId("new");
    expect([copy.id, copy.lc_kwargs.id]).toEqual(["new", "new"]);
  });

  test.each(all)("is printed with a banner: %s", (_name, message) => {
    expect(message.toFormattedString()).toMatch(/^=+ \w+ Message =+/);
    expect(message.toFormattedString("pretty")).toBe(message.toFormattedString());
  });
});

describe("a class of one's own, as code written for the peer declares it", () => {
  test("says where it lives and whether it can be made again by fields", () => {
    class Note extends HumanMessage {
      override lc_namespace = ["notes"];
      override lc_serializable = false;
      static override lc_name(): string {
        return "Note";
      }
    }
    const note = new Note("hi");
    expect(note.lc_id).toEqual(["notes", "Note"]);
    expect(JSON.parse(JSON.stringify(note))).toEqual({ lc: 1, type: "not_implemented", id: ["notes", "Note"] });
    expect(note.toDict().data).toEqual({ content: "hi", additional_kwargs: {}, response_metadata: {} });
    const message = new HumanMessage("hi");
    message.lc_namespace = ["mine"];
    expect(message.lc_id).toEqual(["mine", "HumanMessage"]);
    expect(new HumanMessage("hi").lc_id).toEqual(["langchain_core", "messages", "HumanMessage"]);
  });

  test("hides the texts that it names as secrets, in the stored form", () => {
    class Keyed extends HumanMessage {
      key = "sk-live";
      override get lc_secrets(): Record<string, string> {
        return { key: "API_KEY", missing: "OTHER" };
      }
    }
    const stored = JSON.parse(JSON.stringify(new Keyed("hi"))) as { kwargs: object };
    expect(stored.kwargs).toMatchObject({ content: "hi", key: { lc: 1, type: "secret", id: ["API_KEY"] } });
    expect(stored.kwargs).not.toHaveProperty("missing");
  });

  test("goes by its own name, or by the one that it says", () => {
    class Note extends HumanMessage {}
    expect([new Note("hi").lc_id.at(-1), String(new Note("hi"))]).toEqual(["Note", "[object Note]"]);
  });

  test("may say its type by _getType alone", () => {
    class Old extends BaseMessage {
      override _getType(): string {
        return "human";
      }
    }
    const old = new Old("hi");
    expect([old.type, old.getType(), HumanMessage.isInstance(old)]).toEqual(["human", "human", true]);
    expect(new Old({ content: "hi" }).toDict().type).toBe("human");
  });
});
