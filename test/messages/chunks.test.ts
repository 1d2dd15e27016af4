import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ChatMessageChunk } from "../../src/messages/chat.ts";
import { FunctionMessageChunk } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessageChunk } from "../../src/messages/tool.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { concat } from "../../src/streams/concat.ts";

describe("the fields of a sum", () => {
  test("of a tool's chunks say of an error, and keep the call's id", () => {
    const chunk = (status: "success" | "error" | undefined): ToolMessageChunk =>
      new ToolMessageChunk({ content: "a", tool_call_id: "c1", status });
    const statuses = ["success", "error", undefined] as const;
    for (const left of statuses) {
      for (const right of statuses) {
        const status = [left, right].includes("error") ? "error" : (left ?? right);
        expect(chunk(left).concat(chunk(right)).status).toBe(status);
      }
    }
    const other = new ToolMessageChunk({
      content: "b",
      tool_call_id: "c2",
      metadata: { a: 1 },
      artifact: { t: "x", n: 1 },
    });
    const sum = chunk(undefined).concat(other).concat(other);
    expect(sum).toStrictEqual(
      new ToolMessageChunk({ content: "abb", tool_call_id: "c1", metadata: { a: 1 }, artifact: { t: "xx", n: 2 } }),
    );
    expect(new ToolMessageChunk("a", "").concat(other).tool_call_id).toBe("c2");
  });

  test("of tool artifacts join where they are of one kind, and otherwise are the last", () => {
    const sum = (left: unknown, right: unknown): unknown =>
      new ToolMessageChunk({ tool_call_id: "c", artifact: left }).concat(
        new ToolMessageChunk({ tool_call_id: "c", artifact: right }),
      ).artifact;
    expect(sum("a", "b")).toBe("ab");
    expect(sum([1], [2])).toEqual([1, 2]);
    expect(sum("a", [1])).toEqual([1]);
    expect(sum(undefined, "b")).toBe("b");
    expect(sum("a", null)).toBe("a");
  });

  test("of chat chunks keep the first role, of function chunks the first name", () => {
    const chat = new ChatMessageChunk("a", "robot").concat(new ChatMessageChunk("b", "other"));
    expect([chat.content, chat.role]).toEqual(["ab", "robot"]);
    expect(new ChatMessageChunk("a", "").concat(new ChatMessageChunk("b", "other")).role).toBe("other");
    expect(new FunctionMessageChunk("a", "f").concat(new FunctionMessageChunk("b", "g")).name).toBe("f");
  });
});

describe("a chunk of a class of one's own", () => {
  class Human extends HumanMessageChunk {
    override concat(other: HumanMessageChunk): this {
      return new Human(`${this.text}!${other.text}`) as this;
    }
  }
  class System extends SystemMessageChunk {
    override concat(other: SystemMessageChunk): this {
      return new System(`${this.text}!${other.text}`) as this;
    }
  }
  class Tool extends ToolMessageChunk {
    override concat(other: ToolMessageChunk): this {
      return new Tool(`${this.text}!${other.text}`, "c") as this;
    }
  }
  class Func extends FunctionMessageChunk {
    override concat(other: FunctionMessageChunk): this {
      return new Func(`${this.text}!${other.text}`, "f") as this;
    }
  }
  class Chat extends ChatMessageChunk {
    override concat(other: ChatMessageChunk): this {
      return new Chat(`${this.text}!${other.text}`, "r") as this;
    }
  }
  const of = { a: "a", b: "b", c: "c" };
  test.each([
    ["HumanMessageChunk", Object.values(of).map((text) => new Human(text))],
    ["SystemMessageChunk", Object.values(of).map((text) => new System(text))],
    ["ToolMessageChunk", Object.values(of).map((text) => new Tool(text, "c"))],
    ["FunctionMessageChunk", Object.values(of).map((text) => new Func(text, "f"))],
    ["ChatMessageChunk", Object.values(of).map((text) => new Chat(text, "r"))],
  ])("sums by its own concat: %s", (_name, chunks) => {
    expect(concatAll<{ content: unknown }>(chunks)?.content).toBe("a!b!c");
  });

  test("keeps all that a model's chunk has", () => {
    class Own extends AIMessageChunk {
      extra = 0;
    }
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    const own = (id: string): Own =>
      new Own({
        content: [{ type: "text", text: "a" }],
        usage_metadata: usage,
        tool_calls: [{ name: "f", args: {}, id }],
      });
    const twice = { input_tokens: 2, output_tokens: 2, total_tokens: 4 };
    for (const sum of [own("1").concat(own("2")), concatAll([own("1"), own("2")])]) {
      expect(sum?.usage_metadata).toEqual(twice);
      expect(sum?.tool_calls.map((call) => call.id)).toEqual(["1", "2"]);
      expect(sum?.content).toEqual([{ type: "text", text: "aa" }]);
    }
    const left = own("1").concat(new Own(""));
    expect(left.tool_calls.map((call) => call.id)).toEqual(["1"]);
    const pieces = new Own({ tool_call_chunks: [{ name: "f", args: "{}", id: "c" }] });
    expect(pieces.concat(new Own("")).tool_calls).toEqual([{ name: "f", args: {}, id: "c", type: "tool_call" }]);
  });
});

describe("another id", () => {
  test("takes along all that a model's chunk has, as copies", () => {
    const chunk = new AIMessageChunk({
      content: [{ type: "text", text: "a" }],
      name: "n",
      additional_kwargs: { a: 1 },
      response_metadata: { b: 1 },
      usage_metadata: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
    });
    const before = JSON.stringify(chunk);
    const copy = chunk["~withId"]("run-1");
    expect(copy.lc_kwargs).toEqual({ ...chunk.lc_kwargs, id: "run-1" });
    (copy.content as unknown[]).push({ type: "text", text: "b" });
    copy.additional_kwargs.a = 2;
    copy.response_metadata.b = 2;
    Object.assign(copy.usage_metadata ?? {}, { input_tokens: 9 });
    expect(JSON.stringify(chunk)).toBe(before);
    expect(new AIMessageChunk("a")["~withId"]("i")).toStrictEqual(new AIMessageChunk({ content: "a", id: "i" }));
  });
});

describe("the sum with what is no chunk of ours", () => {
  /** A chunk as another library has it: a plain object with fields that ours has as accessors. */
  const foreign = {
    content: "b",
    text: "b",
    lc_kwargs: {},
    lc_namespace: ["x"],
    lc_serializable: true,
    additional_kwargs: { k: "v" },
    tool_calls: [],
    type: "ai",
    id: "msg_1",
  };

  test.each([
    ["a model's chunk", (): AIMessageChunk => new AIMessageChunk({ content: "a", id: "run-1" })],
    ["another's", (): HumanMessageChunk => new HumanMessageChunk({ content: "a", id: "run-1" })],
  ])("takes its fields, and no more: %s", (_what, make) => {
    const sum = make().concat(foreign as never);
    expect([sum.content, sum.id, sum.additional_kwargs]).toEqual(["ab", "msg_1", { k: "v" }]);
    expect([sum.text, sum.lc_namespace]).toEqual(["ab", ["langchain_core", "messages"]]);
    expect(sum.constructor).toBe(make().constructor);
  });

  test.each([
    ["a model's chunk", (): AIMessageChunk => new AIMessageChunk("a")],
    ["another's", (): HumanMessageChunk => new HumanMessageChunk("a")],
  ])("takes no prototype and no method from outside: %s", (_what, make) => {
    const hostile = JSON.parse('{"content":"b","__proto__":{"x":1},"concat":"c","toJSON":"j","constructor":"k"}');
    const sum = make().concat(hostile as never);
    expect(sum.content).toBe("ab");
    expect(Object.getPrototypeOf(sum)).toBe(Object.getPrototypeOf(make()));
    expect((sum as unknown as { x: unknown }).x).toBeUndefined();
    expect(sum.concat(make() as never).content).toBe("aba");
    expect(JSON.parse(JSON.stringify(sum))).toMatchObject({ type: "constructor" });
  });

  test("takes the calls of a chunk of another library, and of another copy of this one", () => {
    const pieces = [{ index: 0, id: "c", name: "f", args: '{"a"' }];
    const sum = new AIMessageChunk("a")
      .concat({ ...foreign, tool_call_chunks: pieces } as never)
      .concat({ ...foreign, tool_call_chunks: [{ index: 0, args: ":1}" }] } as never);
    expect(sum.tool_calls).toEqual([{ name: "f", args: { a: 1 }, id: "c", type: "tool_call" }]);
  });

  test("takes a text for a chunk that says it, and nothing for nothing", () => {
    expect(new AIMessageChunk("a").concat("b" as never).content).toBe("ab");
    expect(new HumanMessageChunk("a").concat("b" as never).content).toBe("ab");
    expect(new AIMessageChunk("a").concat(undefined as never).content).toBe("a");
    expect(new HumanMessageChunk("a").concat(null as never).content).toBe("a");
  });
});

describe("a stream that ends with a whole message", () => {
  test("sums to both, by every way of summing", () => {
    const chunks = [new AIMessageChunk("a"), new AIMessageChunk("b")] as const;
    const whole = new AIMessage({ content: "c", tool_calls: [{ name: "f", args: {}, id: "1" }] });
    for (const sum of [
      concat(concat(chunks[0] as AIMessage, chunks[1]), whole),
      concatAll<AIMessage>([...chunks, whole]),
      chunks[0].concat(chunks[1]).concat(whole as AIMessageChunk),
    ]) {
      expect(sum).toBeInstanceOf(AIMessageChunk);
      expect([sum?.content, sum?.tool_calls.length]).toEqual(["abc", 1]);
    }
  });

  test("is no sum with a message of another role, nor with a plain object", () => {
    const [chunk, human] = [new AIMessageChunk("a"), new HumanMessage("b")];
    expect(concat<unknown>(chunk, human)).toBe(human);
    expect(concat<unknown>(chunk, { content: "b" })).toEqual({ content: "b" });
    const odd = Object.assign(Object.create({ constructor: 5 }), { content: "b" });
    expect(concat<unknown>(chunk, odd)).toBe(odd);
  });
});
