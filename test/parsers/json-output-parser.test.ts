import { describe, expect, it, vi } from "vitest";
import { applyJsonPatch, type JsonPatchOperation } from "../../src/json/json-patch.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { ContentBlock } from "../../src/messages/content.ts";
import type { ParsableGeneration } from "../../src/parsers/base-llm-output-parser.ts";
import { JsonOutputParser, parseJsonMarkdown } from "../../src/parsers/json-output-parser.ts";
import "../../src/runnables/wiring.ts";

const parser = new JsonOutputParser();

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function cut(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  return pieces;
}

const unreadable = (llmOutput: string) => expect.objectContaining({ name: "OutputParserException", llmOutput });

describe("JsonOutputParser", () => {
  it("parses texts, fences and messages, whatever else is in them", async () => {
    const content = [
      { type: "reasoning", reasoning: "{" },
      { type: "text", text: '{"a":' },
      { type: "tool_use", id: "1", name: "n", input: {} },
      { type: "text", text: "1}" },
    ];
    expect(await parser.invoke('{"a":1}')).toEqual({ a: 1 });
    expect(await parser.invoke(new AIMessage('```json\n{"a":1}\n```'))).toEqual({ a: 1 });
    expect(await parser.invoke(new AIMessage({ content: content as ContentBlock[] }))).toEqual({ a: 1 });
    expect(await parser.parse('{"a":1}')).toEqual({ a: 1 });
  });

  it("shows what there is so far, once each time that it grows", async () => {
    const pieces = ["``", "`json", '\n{"a', '":"x', "", "y", '"', ',"b":[1', ",", "23]", "}", "\n```", "."];
    const shown = [{}, { a: "x" }, { a: "xy" }, { a: "xy", b: [1] }, { a: "xy", b: [1, 23] }];
    expect(await listOf(parser.transform(pieces))).toEqual(shown);
    expect(await listOf(parser.transform(pieces.map((piece) => new AIMessageChunk(piece))))).toEqual(shown);
  });

  it("shows a value before it asks for more", async () => {
    const log: string[] = [];
    async function* source(): AsyncGenerator<string> {
      for (const piece of ["[1", ",2]"]) {
        log.push(`made ${piece}`);
        yield piece;
      }
    }
    for await (const value of parser.transform(source())) log.push(`read ${JSON.stringify(value)}`);
    expect(log).toEqual(["made [1", "read [1]", "made ,2]", "read [1,2]"]);
  });

  it.each(["", " ", "words", '{"a":1', '{"a":1} tail', "```json\n[1,]\n```", "nul"])(
    "fails, streamed or not, where there is no JSON or only a part: %j",
    async (text) => {
      await expect(parser.invoke(text)).rejects.toEqual(unreadable(text));
      await expect(parser.parse(text)).rejects.toEqual(unreadable(text));
      await expect(listOf(parser.transform(cut(text, 2)))).rejects.toEqual(unreadable(text));
    },
  );

  it("fails for a stream of nothing", async () => {
    await expect(listOf(parser.transform([]))).rejects.toEqual(unreadable(""));
  });

  it("gives what it has shown before it fails", async () => {
    const shown: unknown[] = [];
    const reading = (async () => {
      for await (const value of parser.transform(['{"a":1', "} x"])) shown.push(value);
    })();
    await expect(reading).rejects.toEqual(unreadable('{"a":1} x'));
    expect(shown).toEqual([{ a: 1 }]);
  });

  it.each([
    ['{"a":[1', "It breaks off: raise the model's limit of tokens, or ask for less."],
    ["```json\n[1, 2", "It breaks off: raise the model's limit of tokens, or ask for less."],
    ["words", "Ask the model for JSON."],
    ['{"a":1} tail', "Ask the model for JSON."],
    ["nul", "Ask the model for JSON."],
    ["", "Ask the model for JSON."],
  ])("says how to mend it: %j", async (text, hint) => {
    const said = `Expected JSON or a fenced block of it, whole and at most 256 deep, got ${JSON.stringify(text)}. ${hint}`;
    await expect(parser.invoke(text)).rejects.toThrow(said);
    await expect(listOf(parser.transform(cut(text, 2)))).rejects.toThrow(said);
  });

  it("names a long answer by its beginning", async () => {
    await expect(parser.invoke("x".repeat(1_000))).rejects.toThrow(`got "${"x".repeat(200)}…".`);
  });

  it.each<[text: string, whole: unknown]>([
    ["12", 12],
    ["null", null],
    ['"ab"', "ab"],
    ["true", true],
  ])("gives a value that is no object once it is whole: %s", async (text, whole) => {
    expect(await listOf(parser.transform([...text]))).toEqual([whole]);
    expect(await parser.invoke(text)).toEqual(whole);
  });

  it("gives one in a fence once it is whole, too", async () => {
    expect(await listOf(parser.transform(["```\n", "1", "2", "\n```"]))).toEqual([12]);
  });

  it("ends with what invoke gives", async () => {
    const text = 'So:\n```json\n{"a":[1,2.5,{"b":"\\ud83d\\ude00"}],"c":null,"d":-1e3}\n```\nDone.';
    for (let size = 1; size <= text.length; size++) {
      const values = await listOf(parser.transform(cut(text, size)));
      expect(values.at(-1)).toEqual(await parser.invoke(text));
    }
  });

  it("gives patches that make each value of the last with diff, and the value to invoke", async () => {
    const text = '{"a":[1,{"b":"xy"}],"c~/":{"d":[true,[]]}}';
    for (const size of [1, 3, 7, 100]) {
      const values = await listOf(parser.transform(cut(text, size)));
      const patches = await listOf(new JsonOutputParser({ diff: true }).transform(cut(text, size)));
      let value: unknown;
      const patched = patches.map((patch) => {
        value = applyJsonPatch(value, patch as unknown as JsonPatchOperation[]);
        return value;
      });
      expect(patched).toEqual(values);
    }
    expect(await new JsonOutputParser({ diff: true }).invoke(text)).toEqual(JSON.parse(text));
  });

  it("gives the patch of every piece with diff, also where values are shown every few pieces only", async () => {
    const text = `{${Array.from({ length: 500 }, (_, at) => `"key${at}":${at}`).join(",")}}`;
    const pieces = cut(text, 12);
    const values = await listOf(parser.transform(pieces));
    const patches = await listOf(new JsonOutputParser({ diff: true }).transform(pieces));
    expect(values.length).toBeLessThan(pieces.length / 2);
    expect(patches.length).toBeGreaterThan(pieces.length - 20);
    expect(applyJsonPatch(undefined, patches.flat() as unknown as JsonPatchOperation[])).toEqual(JSON.parse(text));
  });

  it("gives a patch of the whole with diff where it is another than what was shown", async () => {
    const pieces = ['{"a":1', "} or ```\n", "[2]", "\n```"];
    expect(await listOf(new JsonOutputParser({ diff: true }).transform(pieces))).toEqual([
      [{ op: "replace", path: "", value: { a: 1 } }],
      [{ op: "replace", path: "", value: [2] }],
    ]);
    expect(await listOf(new JsonOutputParser({ diff: true }).transform(["1", "2"]))).toEqual([
      [{ op: "replace", path: "", value: 12 }],
    ]);
  });

  it("keeps a subclass's way to tell of changes", async () => {
    class Sizes extends JsonOutputParser<unknown[]> {
      protected override _diff(previous: unknown[] | undefined, next: unknown[]): string {
        return `${previous?.length} -> ${next.length}`;
      }
    }
    expect(await listOf(new Sizes({ diff: true }).transform(["[1", ",2]"]))).toEqual(["undefined -> 1", "1 -> 2"]);
  });

  it("asks the model for no form", () => {
    expect(parser.getFormatInstructions()).toBe("");
    expect(parser.diff).toBe(false);
    expect(parser["~serialized"]().id).toEqual(["langchain_core", "output_parsers", "JsonOutputParser"]);
  });

  it("keeps a subclass's parse, parseResult and parsePartialResult", async () => {
    class Marked extends JsonOutputParser<unknown> {
      override async parse(text: string): Promise<unknown> {
        return { parsed: await super.parse(text) };
      }
    }
    class Result extends JsonOutputParser<unknown> {
      override async parseResult(generations: readonly ParsableGeneration[]): Promise<unknown> {
        return [await super.parseResult(generations)];
      }
    }
    class Partial extends JsonOutputParser<unknown> {
      override parsePartialResult(generations: readonly ParsableGeneration[]): unknown {
        return { partial: super.parsePartialResult(generations) };
      }
    }
    const pieces = ['{"a":', "1}"];
    expect(await listOf(new Marked().transform(pieces))).toEqual([{}, { a: 1 }, { parsed: { a: 1 } }]);
    expect(await listOf(new Result().transform(pieces))).toEqual([{}, { a: 1 }, [{ a: 1 }]]);
    expect(await listOf(new Partial().transform(pieces))).toEqual([{ partial: {} }, { partial: { a: 1 } }, { a: 1 }]);
    expect(parser.parsePartialResult([])).toBeUndefined();
  });

  it("returns its source where the reader leaves", async () => {
    const returned = vi.fn();
    async function* source(): AsyncGenerator<string> {
      try {
        yield "[1";
        yield ",2";
      } finally {
        returned();
      }
    }
    for await (const _value of parser.transform(source())) break;
    expect(returned).toHaveBeenCalledOnce();
  });

  it("passes a failure of its source on, and not its own", async () => {
    async function* source(): AsyncGenerator<string> {
      yield "[1";
      throw new TypeError("broken");
    }
    await expect(listOf(parser.transform(source()))).rejects.toThrow("broken");
  });

  it("makes no prototype of a key", async () => {
    const text = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":1},"x":"';
    const shown = await listOf(new JsonOutputParser<{ isAdmin?: unknown }>().transform([text, 'y"}']));
    for (const value of shown) {
      expect(value.isAdmin).toBeUndefined();
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.keys(value)).toEqual(["__proto__", "constructor", "x"]);
    }
  });

  it("refuses 200,000 open braces quickly, without running out of stack", async () => {
    for (const text of ["[".repeat(200_000), '{"a":'.repeat(200_000)]) {
      const start = performance.now();
      await expect(parser.invoke(text)).rejects.toMatchObject({ code: "OUTPUT_PARSING_FAILURE" });
      await expect(listOf(parser.transform(cut(text, 1_000)))).rejects.toMatchObject({
        code: "OUTPUT_PARSING_FAILURE",
      });
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });
});

describe("parseJsonMarkdown", () => {
  it("reads as far as it goes", () => {
    expect(parseJsonMarkdown('```json\n{"a":"b')).toEqual({ a: "b" });
    expect(parseJsonMarkdown("[1,2]")).toEqual([1, 2]);
    expect(parseJsonMarkdown("tru")).toBe(true);
    expect(parseJsonMarkdown("words")).toBeUndefined();
  });

  it("reads the text of the JSON with a parser of yours", () => {
    expect(parseJsonMarkdown('Sure:\n```json\n{"a":1}\n```', JSON.parse)).toEqual({ a: 1 });
    expect(parseJsonMarkdown(" [1] ", (json) => json.length)).toBe(3);
    expect(() => parseJsonMarkdown("words", JSON.parse)).toThrow(SyntaxError);
  });
});
