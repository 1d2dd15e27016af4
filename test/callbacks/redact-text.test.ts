import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { RedactPlace } from "../../src/callbacks/redact.ts";
import { redactText } from "../../src/callbacks/redact-text.ts";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage, ChatMessageChunk } from "../../src/messages/chat.ts";
import { FunctionMessage, FunctionMessageChunk } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage, SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessage, ToolMessageChunk } from "../../src/messages/tool.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../src/outputs/chat-result.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import { ChatPromptValue, StringPromptValue } from "../../src/outputs/prompt-value.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";

const PLACE: RedactPlace = { payload: "input", kind: "chain", runId: "id", runName: "name" };
const redact = <Value>(value: Value): Value =>
  redactText((text) => text.replaceAll("secret", "***"))(value, PLACE) as Value;
/** Everything that is text becomes the same text. */
const blank = <Value>(value: Value): Value => redactText(() => "-")(value, PLACE) as Value;

afterEach(assertNoPoisoning);

describe("redactText", () => {
  it.each<[unknown, unknown]>([
    ["a secret", "a ***"],
    [5, 5],
    [null, null],
    [undefined, undefined],
    [true, true],
    [
      ["secret", 1, ["secret"]],
      ["***", 1, ["***"]],
    ],
    [
      { a: "secret", b: { c: ["secret", null] } },
      { a: "***", b: { c: ["***", null] } },
    ],
    [
      { type: "secret", id: "secret", role: "secret" },
      { type: "***", id: "***", role: "***" },
    ],
    [Object.assign(Object.create(null), { a: "secret" }), { a: "***" }],
    [
      { content: [{ type: "secret" }], tool_calls: [{ id: "secret" }] },
      { content: [{ type: "***" }], tool_calls: [{ id: "***" }] },
    ],
  ])("replaces the texts of plain data: %j", (value, expected) => {
    expect(redact(value)).toEqual(expected);
  });

  it("copies: nothing that can be written to is shared, and the value stays as it is", () => {
    const value = { list: [{ a: "secret" }], plain: { b: 1 } };
    const before = structuredClone(value);
    const told = redact(value);
    told.list[0] = { a: "written" };
    told.plain.b = 2;
    expect(value).toEqual(before);
  });

  it("keeps keys that are names of prototypes as own data", () => {
    const value = JSON.parse('{"__proto__": {"polluted": "secret"}, "constructor": "secret"}') as object;
    const told = redact(value);
    expect(Object.keys(told)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(told)).toBe(Object.prototype);
    expect(JSON.stringify(told)).toBe('{"__proto__":{"polluted":"***"},"constructor":"***"}');
  });

  it("keeps the shape of data that holds itself", () => {
    const value: Record<string, unknown> = { a: "secret" };
    value.self = value;
    value.list = [value];
    const told = redact(value);
    expect(told.a).toBe("***");
    expect(told.self).toBe(told);
    expect((told.list as unknown[])[0]).toBe(told);
    const list: unknown[] = ["secret"];
    list.push(list);
    const toldList = redact(list);
    expect(toldList[0]).toBe("***");
    expect(toldList[1]).toBe(toldList);
    const error = new Error("secret");
    error.cause = error;
    expect(redact(error).cause).not.toBe(error);
  });

  it("leaves out data that is too deep, at 256", () => {
    const nest = (depth: number): unknown => {
      let value: unknown = ["secret"];
      for (let level = 1; level < depth; level += 1) value = [value];
      return value;
    };
    const deepest = (value: unknown): unknown => {
      let here = value;
      while (Array.isArray(here)) here = here[0];
      return here;
    };
    expect(deepest(redact(nest(257)))).toBe("***");
    expect(deepest(redact(nest(258)))).toBe("[too deep to redact]");
    expect(deepest(redact(nest(100_000)))).toBe("[too deep to redact]");
  });

  it("leaves objects of classes that it does not know alone", () => {
    class Own {
      text = "secret";
    }
    const bytes = new Uint8Array([1]);
    for (const value of [new Own(), new Date(0), bytes, Secret.from("a secret"), new Map([["a", "secret"]])]) {
      expect(redact([value])[0]).toBe(value);
    }
    const message = new HumanMessage({ content: [new Own(), { type: "image", data: bytes }] as never });
    const [own, image] = redact(message).content as unknown as [Own, { data: Uint8Array }];
    expect(own).toBe((message.content as unknown[])[0]);
    expect(image.data).toBe(bytes);
  });

  it("changes nothing of data without the text, whatever the data", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(redactText((text) => text)(value, PLACE)).toStrictEqual(value);
      }),
    );
  });

  it("lets no text through, whatever the data", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const texts: string[] = [];
        JSON.stringify(redactText(() => "-")(value, PLACE), (_key, item: unknown) => {
          if (typeof item === "string") texts.push(item);
          return item;
        });
        expect(new Set(texts).size).toBeLessThanOrEqual(1);
      }),
    );
  });
});

const CALL = { type: "tool_call", id: "id", name: "secret tool", args: { id: "secret", q: ["secret"] } } as const;
const FIELDS = {
  content: [
    { type: "text", text: "a secret", id: "id", index: 0 },
    { type: "tool_result", content: [{ type: "text", id: "id", text: "secret" }] },
  ],
  id: "id",
  name: "secret name",
  additional_kwargs: { id: "secret", deep: { type: "secret" } },
  response_metadata: { model: "secret" },
} as never;

const messages: BaseMessage[] = [
  new HumanMessage(FIELDS),
  new HumanMessageChunk(FIELDS),
  new SystemMessage(FIELDS),
  new SystemMessageChunk(FIELDS),
  new AIMessage(FIELDS),
  new AIMessageChunk(FIELDS),
  new ToolMessage({ ...(FIELDS as object), tool_call_id: "id", status: "error", artifact: { a: "secret" } } as never),
  new ToolMessageChunk({ ...(FIELDS as object), tool_call_id: "id", artifact: ["secret"] } as never),
  new FunctionMessage({ ...(FIELDS as object), name: "secret" } as never),
  new FunctionMessageChunk({ ...(FIELDS as object), name: "secret" } as never),
  new ChatMessage({ ...(FIELDS as object), role: "poet" } as never),
  new ChatMessageChunk({ ...(FIELDS as object), role: "poet" } as never),
];

describe("redactText of a message", () => {
  it.each(messages.map((message) => [(message.constructor as typeof BaseMessage).lc_name(), message] as const))(
    "replaces its texts and keeps what it is known by: %s",
    (_name, message) => {
      const before = JSON.stringify(message);
      const told = redact(message);
      expect(JSON.stringify(told)).toBe(before.replaceAll("secret", "***"));
      expect(told.constructor).toBe(message.constructor);
      expect(told.type).toBe(message.type);
      expect(told.text).toBe("a ***");
      expect(JSON.stringify(message)).toBe(before);
      const blanked = blank(message);
      expect([blanked.type, blanked.id]).toEqual([message.type, "id"]);
      expect((blanked.content as unknown[])[0]).toEqual({ type: "text", text: "-", id: "id", index: 0 });
      expect((blanked.content as unknown as { content: unknown }[])[1]?.content).toEqual([
        { type: "text", id: "id", text: "-" },
      ]);
      expect(blanked.additional_kwargs).toEqual({ id: "-", deep: { type: "-" } });
    },
  );

  it("keeps the role of a chat message, and the call that a tool answers and how", () => {
    expect(blank(new ChatMessage("secret", "poet")).role).toBe("poet");
    const tool = blank(new ToolMessage({ content: "secret", tool_call_id: "id", status: "error" }));
    expect([tool.tool_call_id, tool.status, tool.content]).toEqual(["id", "error", "-"]);
    expect(blank(new RemoveMessage({ id: "id" })).id).toBe("id");
  });

  it("replaces the arguments of tool calls, and keeps their ids and types", () => {
    const invalid = { type: "invalid_tool_call", id: "id", name: "n", args: "secret {", error: "secret" } as const;
    for (const message of [
      new AIMessage({ content: "", tool_calls: [CALL], invalid_tool_calls: [invalid] }),
      new AIMessageChunk({ content: "", tool_calls: [CALL], invalid_tool_calls: [invalid] }),
    ]) {
      const told = redact(message);
      expect(told.tool_calls).toEqual([
        { type: "tool_call", id: "id", name: "*** tool", args: { id: "***", q: ["***"] } },
      ]);
      expect(told.invalid_tool_calls).toEqual([
        { type: "invalid_tool_call", id: "id", name: "n", args: "*** {", error: "***" },
      ]);
      expect(blank(message).tool_calls).toEqual([
        { type: "tool_call", id: "id", name: "-", args: { id: "-", q: ["-"] } },
      ]);
    }
  });

  it("replaces what pieces of tool calls say, and the calls that they stand for follow", () => {
    const first = new AIMessageChunk({
      content: "",
      tool_call_chunks: [{ type: "tool_call_chunk", index: 0, id: "id", name: "find", args: '{"q": "a sec' }],
    });
    const sum = first.concat(
      new AIMessageChunk({
        content: "",
        tool_call_chunks: [{ type: "tool_call_chunk", index: 0, args: 'ret"}' }],
      }),
    );
    expect(sum.tool_calls[0]?.args).toEqual({ q: "a secret" });
    const told = redact(sum);
    expect(told.tool_call_chunks).toEqual([
      { type: "tool_call_chunk", index: 0, id: "id", name: "find", args: '{"q": "a ***"}' },
    ]);
    expect(told.tool_calls[0]?.args).toEqual({ q: "a ***" });
    expect(told.concat(new AIMessageChunk("more")).tool_calls[0]?.args).toEqual({ q: "a ***" });
  });

  it("keeps the fields and the class of a subclass", () => {
    class Noted extends HumanMessage {
      note = "secret";
    }
    const told = redact(new Noted("secret"));
    expect(told).toBeInstanceOf(Noted);
    expect([told.note, told.content]).toEqual(["***", "***"]);
  });

  it("writes no own field past an accessor of the class", () => {
    const message = new AIMessageChunk("secret");
    Object.defineProperty(message, "tool_calls", { value: [CALL], enumerable: true });
    expect(redact(message).tool_calls[0]?.args).toEqual({ id: "***", q: ["***"] });
  });
});

describe("redactText of what models and prompts give", () => {
  const message = new AIMessage("secret");
  const chunk = new AIMessageChunk("secret");
  it.each<[string, object, object]>([
    ["a generation", new ChatGeneration({ message }), new ChatGeneration({ message: new AIMessage("***") })],
    [
      "a chat chunk",
      new ChatGenerationChunk({ message: chunk, generationInfo: { why: "secret" } }),
      new ChatGenerationChunk({ message: new AIMessageChunk("***"), generationInfo: { why: "***" } }),
    ],
    ["a chunk", new GenerationChunk({ text: "secret" }), new GenerationChunk({ text: "***" })],
    [
      "a chat result",
      new ChatResult({ generations: [{ message }], llmOutput: { a: "secret" } }),
      new ChatResult({ generations: [{ message: new AIMessage("***") }], llmOutput: { a: "***" } }),
    ],
    ["a result", { generations: [[{ text: "secret" }]] }, { generations: [[{ text: "***" }]] }],
    ["a text prompt", new StringPromptValue("secret"), new StringPromptValue("***")],
    ["a chat prompt", new ChatPromptValue([message]), new ChatPromptValue([new AIMessage("***")])],
  ])("keeps its class: %s", (_name, value, expected) => {
    const told = redact(value);
    expect(told.constructor).toBe(expected.constructor);
    expect(JSON.parse(JSON.stringify(told))).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(told).not.toBe(value);
  });

  it("keeps what chunks can do", () => {
    const told = redact(new ChatGenerationChunk({ message: chunk }));
    expect(told.concat(told).message.content).toBe("******");
    expect(redact(new StringPromptValue("secret")).toChatMessages()[0]?.content).toBe("***");
  });
});

describe("redactText of an error", () => {
  it("replaces message, stack and cause, and keeps its class, name and code", () => {
    const cause = new TypeError("a secret cause");
    const error = new LinnetError("a secret", { code: "INVALID_INPUT", data: { value: "secret" }, cause });
    const told = redact(error);
    expect(told).toBeInstanceOf(LinnetError);
    expect(LinnetError.isInstance(told)).toBe(true);
    expect(told.message).toBe("a ***");
    expect(told.stack).toContain("a ***");
    expect(told.stack).not.toContain("secret");
    expect((told.cause as Error).message).toBe("a *** cause");
    expect((told.cause as Error).stack).not.toContain("secret");
    expect(told.cause).toBeInstanceOf(TypeError);
    expect(told.data).toEqual({ value: "***" });
    expect(error.message).toBe("a secret");
    const blanked = blank(Object.assign(error, { name: "Mine" }));
    expect([blanked.code, blanked.name, blanked.message]).toEqual(["INVALID_INPUT", "Mine", "-"]);
    expect(Object.keys(told)).toEqual(["code", "data"]);
  });

  it("replaces the texts of the errors that one stands for", () => {
    const told = redact(new AggregateError([new Error("secret"), "secret"], "secret"));
    expect(told).toBeInstanceOf(AggregateError);
    expect(told.errors).toEqual([new Error("***"), "***"]);
  });
});
