import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { ContentBlock } from "../../src/messages/content.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import type { ParserInput } from "../../src/parsers/message-text.ts";
import { StringOutputParser } from "../../src/parsers/string-output-parser.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";

const parser = new StringOutputParser();

/** What a stream gives, as a list. */
async function listOf<Item>(stream: AsyncIterable<Item> | Promise<AsyncIterable<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of await stream) items.push(item);
  return items;
}

describe("the text of", () => {
  const blocks = (...content: unknown[]): AIMessage => new AIMessage({ content: content as ContentBlock[] });
  const a = { type: "text", text: "a" };
  const b = { type: "text", text: "b" };

  it.each<[what: string, input: ParserInput, text: string]>([
    ["a string", "plain", "plain"],
    ["an empty string", "", ""],
    ["a message", new AIMessage("said"), "said"],
    ["an empty message", new AIMessage(""), ""],
    ["a human message", new HumanMessage("asked"), "asked"],
    ["a chunk", new AIMessageChunk("piece"), "piece"],
    ["no blocks", blocks(), ""],
    ["text blocks", blocks(a, b), "ab"],
    ["pieces of text blocks", blocks(a, { type: "text_delta", text: "d" }), "ad"],
    [
      "reasoning and text",
      blocks({ type: "reasoning", reasoning: "hm" }, a, { type: "thinking", thinking: "hm" }),
      "a",
    ],
    ["text and tool calls", blocks(a, { type: "tool_use", id: "1", name: "n", input: {} }, b), "ab"],
    ["text and an image", blocks({ type: "image_url", image_url: "u" }, a), "a"],
    ["blocks of kinds that are not known", blocks({ type: "poem", text: "no" }, { text: "no type" }, a), "a"],
    ["text blocks without text", blocks({ type: "text" }, { type: "text", text: 5 }, a), "a"],
    ["blocks that are none", blocks(null, 5, a), "a"],
  ])("%s", async (_what, input, text) => {
    expect(await parser.invoke(input)).toBe(text);
    expect(await listOf(parser.stream(input))).toEqual([text]);
    expect(await listOf(parser.transform([input]))).toEqual([text]);
    expect(parser["~call"](input, undefined)).toBe(text);
  });

  it.each<[unknown, string]>([
    [undefined, "got undefined"],
    [null, "got null"],
    [5, "got a number 5"],
    [{}, "got an empty object"],
    [{ content: 5 }, "got an object with key content"],
    [() => "x", "got a function"],
  ])("%j is refused", async (input, message) => {
    const refused = expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(message) });
    await expect(parser.invoke(input as ParserInput)).rejects.toEqual(refused);
    await expect(listOf(parser.transform([input as ParserInput]))).rejects.toEqual(refused);
  });
});

describe("StringOutputParser", () => {
  it("parses text and generations", async () => {
    expect(await parser.parse("text")).toBe("text");
    expect(await parser.parseResult([{ text: "first" }, { text: "second" }])).toBe("first");
  });

  it("needs at least one generation", () => {
    expect(() => parser.parseResult([])).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  it("asks the model for no form", () => {
    expect(parser.getFormatInstructions()).toBe("");
  });

  it("has the peer's name and place", () => {
    expect(parser.getName()).toBe("StrOutputParser");
    expect(parser["~serialized"]().id).toEqual(["langchain_core", "output_parsers", "string", "StrOutputParser"]);
  });

  it("gives each chunk its text, also where that is empty", async () => {
    const chunks = ["a", new AIMessageChunk("b"), "", new AIMessageChunk(""), "c"];
    expect(await listOf(parser.transform(chunks))).toEqual(["a", "b", "", "", "c"]);
  });

  it("gives nothing for an empty stream", async () => {
    expect(await listOf(parser.transform([]))).toEqual([]);
  });

  it("gives the same text however its input is cut", async () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom("😀", "{", "\n", "é"), fc.string({ maxLength: 1 })) });
    const pieces = fc.array(fc.tuple(text, fc.boolean()), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pieces, async (cut) => {
        const whole = cut.map(([piece]) => piece).join("");
        const chunks = cut.map(([piece, asMessage]) => (asMessage ? new AIMessageChunk(piece) : piece));
        const parsed = await listOf(parser.transform(chunks));
        expect(parsed).toHaveLength(cut.length);
        expect(parsed.join("")).toBe(whole);
        expect(await parser.invoke(whole)).toBe(whole);
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives a chunk before it asks for the next", async () => {
    const log: string[] = [];
    async function* source(): AsyncGenerator<string> {
      for (const piece of ["a", "b"]) {
        log.push(`made ${piece}`);
        yield piece;
      }
    }
    for await (const piece of parser.transform(source())) log.push(`read ${piece}`);
    expect(log).toEqual(["made a", "read a", "made b", "read b"]);
  });

  it("returns its source where the reader leaves", async () => {
    const returned = vi.fn();
    async function* source(): AsyncGenerator<string> {
      try {
        while (true) yield "a";
      } finally {
        returned();
      }
    }
    for await (const _piece of parser.transform(source())) break;
    expect(returned).toHaveBeenCalledOnce();
  });

  it("passes a failure of its source on", async () => {
    async function* source(): AsyncGenerator<string> {
      yield "a";
      throw new TypeError("broken");
    }
    const read: string[] = [];
    const reading = (async () => {
      for await (const piece of parser.transform(source())) read.push(piece);
    })();
    await expect(reading).rejects.toThrow("broken");
    expect(read).toEqual(["a"]);
  });

  it("keeps a subclass's parse and parseResult", async () => {
    class Shouting extends StringOutputParser {
      override async parse(text: string): Promise<string> {
        return (await super.parse(text)).toUpperCase();
      }
    }
    class Named extends StringOutputParser {
      override async parseResult(...args: Parameters<StringOutputParser["parseResult"]>): Promise<string> {
        const [first] = args[0];
        return `${first?.message?.type}: ${await super.parseResult(...args)}`;
      }
    }
    expect(await new Shouting().invoke("a")).toBe("A");
    expect(await listOf(new Shouting().transform(["a", "b"]))).toEqual(["A", "B"]);
    expect(await new Named().invoke(new AIMessage("a"))).toBe("ai: a");
    expect(await new Named().invoke("a")).toBe("undefined: a");
    expect(await listOf(new Named().transform([new AIMessage("a"), "b"]))).toEqual(["ai: a", "undefined: b"]);
  });
});

describe("a string parser's run", () => {
  const words = RunnableLambda.from(function* (text: string) {
    for (const word of text.split(" ")) yield word;
    yield "";
  });

  it("in a chain has an event for each chunk, the empty one too", async () => {
    const events: string[] = [];
    for await (const event of words.pipe(parser).streamEvents("a b", { version: "v2" })) {
      if (event.name !== "StrOutputParser") continue;
      events.push(event.event === "on_parser_stream" ? `stream ${JSON.stringify(event.data.chunk)}` : event.event);
      if (event.event === "on_parser_end") expect(event.data).toEqual({ output: "ab", input: "ab" });
    }
    expect(events).toEqual(["on_parser_start", 'stream "a"', 'stream "b"', 'stream ""', "on_parser_end"]);
  });

  it("as the root has no stream event", async () => {
    const events: string[] = [];
    for await (const event of parser.streamEvents(new AIMessage("hi"), { version: "v2" })) {
      events.push(event.event);
      if (event.event === "on_parser_end") expect(event.data).toEqual({ output: "hi" });
    }
    expect(events).toEqual(["on_parser_start", "on_parser_end"]);
  });

  it("that fails is told of once", async () => {
    const told: string[] = [];
    const handler = {
      handleChainStart: (...args: unknown[]) => void told.push(`start ${args[6]}`),
      handleChainEnd: () => void told.push("end"),
      handleChainError: () => void told.push("error"),
    };
    await expect(parser.invoke(5 as never, { callbacks: [handler] })).rejects.toThrow("Expected a string or a message");
    expect(told).toEqual(["start parser", "error"]);
  });
});
