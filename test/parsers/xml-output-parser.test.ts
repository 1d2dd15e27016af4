import { describe, expect, it } from "vitest";
import { applyJsonPatch, type JsonPatchOperation } from "../../src/json/json-patch.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import type { ParsableGeneration } from "../../src/parsers/base-llm-output-parser.ts";
import { parseXMLMarkdown, XML_FORMAT_INSTRUCTIONS, XMLOutputParser } from "../../src/parsers/xml-output-parser.ts";
import type { XMLResult } from "../../src/parsers/xml-reader.ts";
import "../../src/runnables/wiring.ts";

const parser = new XMLOutputParser();

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const cut = (text: string, size: number): string[] => text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [""];

const F = "```";

describe("XML", () => {
  it.each<[what: string, text: string, value: unknown]>([
    ["is a tag and its text", "<a>x y</a>", { a: "x y" }],
    ["is a tag and what is in it", "<a><b>1</b><c><d>2</d></c></a>", { a: [{ b: "1" }, { c: [{ d: "2" }] }] }],
    ["may be empty", "<a/>", { a: "" }],
    ["may hold what is empty", "<a><b/><b /><c></c></a>", { a: [{ b: "" }, { b: "" }, { c: "" }] }],
    ["keeps white space in texts", "<a> x\n</a>", { a: " x\n" }],
    ["has no text beside elements", "<a>\n x <b>1</b> y\n</a>", { a: [{ b: "1" }] }],
    ["has no attributes", `<a b="1" c='2>"' d e=f><g h="/"/></a >`, { a: [{ g: "" }] }],
    ["may have names of any language", "<ns:vögel.x-1><鳥>1</鳥></ns:vögel.x-1>", { "ns:vögel.x-1": [{ 鳥: "1" }] }],
    ["has entities", "<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</a>", { a: "<&>\"'A😀" }],
    ["may have what only looks like markup", "<a>R&D & 1 < 2 <3 &; &averylongname; </a>", undefined],
    [
      "may have an ampersand",
      "<a>R&D, Q & A, 1 < 2 <3 &averylongname;</a>",
      { a: "R&D, Q & A, 1 < 2 <3 &averylongname;" },
    ],
    [
      "has comments and instructions",
      "<?xml version='1'?><!-- <b> --><a>1<!-- - -- > -->2<?x?></a><!---->",
      { a: "12" },
    ],
    ["has CDATA", "<a><![CDATA[x<b>&amp;]]]]><![CDATA[>]]></a>", { a: "x<b>&amp;]]>" }],
    ["may have words around", "Here, 1 < 2: <a>1</a> and so on", { a: "1" }],
    ["may have a fence around", `Sure:\n${F}xml\n<a>1</a>\n${F}\nNot <b>2</b>.`, { a: "1" }],
    ["ends with the answer", "<a><b>1</b><c>2", { a: [{ b: "1" }, { c: "2" }] }],
    ["ends with the answer also in a tag", "<a>x<b", { a: "x" }],
  ])("%s", async (_what, text, value) => {
    for (const size of [1, 2, 1_000]) {
      const streamed = listOf(parser.transform(cut(text, size)));
      if (value === undefined) await expect(streamed).rejects.toThrow("got &;");
      else expect((await streamed).at(-1)).toEqual(value);
    }
    if (value === undefined) return;
    expect(await parser.invoke(new AIMessage(text))).toEqual(value);
    expect(parseXMLMarkdown(text)).toEqual(value);
  });

  it.each<[text: string, got: string]>([
    ["", "no element"],
    ["words < more", "no element"],
    ["<a", "no element"],
    ["<a>1</b>", "</b>"],
    ["<a><b></a>", "</a>"],
    ["</a>", "</a>"],
    ["<a>1</a x>", "</a x"],
    ["<ax>1</a x>", "</a x"],
    ["<a>1</a>\n<b/>", "a second root, <b>"],
    ["<a <b>", "< in a tag"],
    ["<a>&foo;</a>", "&foo;"],
    ["<a>&toString;</a>", "&toString;"],
    ["<a>&#x110000;</a>", "&#x110000;"],
    ["<a>&#;</a>", "&#;"],
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "<!D"],
    ['<a><!ENTITY x SYSTEM "file:///etc/passwd"></a>', "<!E"],
    ["<a><![IF[x]]></a>", "<![I"],
  ])("%j is refused", async (text, got) => {
    const refused = expect.objectContaining({
      name: "OutputParserException",
      message: `Expected XML, got ${got}.`,
      llmOutput: text,
    });
    await expect(parser.invoke(text)).rejects.toEqual(refused);
    for (const size of [1, 3]) await expect(listOf(parser.transform(cut(text, size)))).rejects.toEqual(refused);
    expect(() => parseXMLMarkdown(text)).toThrow(refused);
  });

  it("shows what there is so far, once each time that it grows", async () => {
    const pieces = ["<a", ">", "x", "<b>1", "", "2</b", "> y <c", "/>", "<!-- z -->", "</a>", " end"];
    expect(await listOf(parser.transform(pieces))).toEqual([
      { a: "" },
      { a: "x" },
      { a: [{ b: "1" }] },
      { a: [{ b: "12" }] },
      { a: [{ b: "12" }, { c: "" }] },
    ]);
  });

  it("shows no white space that may stand between elements", async () => {
    const pieces = ["<a> ", "\n", "<b>", " ", "</b>", " </a>"];
    expect(await listOf(parser.transform(pieces))).toEqual([{ a: "" }, { a: [{ b: "" }] }, { a: [{ b: " " }] }]);
  });

  it("keeps what it has shown as it is", async () => {
    const shown = await listOf(parser.transform(["<a><b>1</b>", "<c>2</c>", "</a>"]));
    expect(shown).toEqual([{ a: [{ b: "1" }] }, { a: [{ b: "1" }, { c: "2" }] }]);
  });

  it("shows no half of a character, and none twice", async () => {
    expect(await listOf(parser.transform(["<a>x\ud83d", "\ude00", "\ud83d", "</a>"]))).toEqual([
      { a: "x" },
      { a: "x😀" },
      { a: "x😀\ud83d" },
    ]);
    expect(await parser.invoke("<a>x\ud83d")).toEqual({ a: "x" });
    expect(await parser.invoke("<a>\ud83d&amp;\ud83d<b/></a>")).toEqual({ a: [{ b: "" }] });
  });

  it("shows nothing of what is broken", async () => {
    const shown: unknown[] = [];
    const reading = (async () => {
      for await (const value of parser.transform(["<a>x", "y</b>"])) shown.push(value);
    })();
    await expect(reading).rejects.toThrow("</b>");
    expect(shown).toEqual([{ a: "x" }]);
    expect(parser.parsePartialResult([{ text: "<a>y</b>" }])).toBeUndefined();
    expect(parser.parsePartialResult([])).toBeUndefined();
  });

  it("gives patches with diff", async () => {
    const text = "<a>x<b>1</b><c><d>23</d></c></a>";
    const values = await listOf(parser.transform(cut(text, 2)));
    let value: unknown;
    const patched = (await listOf(new XMLOutputParser({ diff: true }).transform(cut(text, 2)))).map((patch) => {
      value = applyJsonPatch(value, patch as unknown as JsonPatchOperation[]);
      return value;
    });
    expect(patched).toEqual(values);
  });

  it("makes no prototype of a tag", async () => {
    const value = await parser.invoke("<a><__proto__>x</__proto__><constructor>y</constructor></a>");
    const [proto, made] = value.a as XMLResult[];
    expect(Object.keys(proto as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(proto)).toBe(Object.prototype);
    expect(made).toEqual({ constructor: "y" });
    const root = await parser.invoke("<__proto__><isAdmin>1</isAdmin></__proto__>");
    expect("isAdmin" in root).toBe(false);
  });

  it("is at most 256 deep", async () => {
    expect(await parser.invoke(`${"<a>".repeat(256)}x${"</a>".repeat(256)}`)).toHaveProperty("a");
    const start = performance.now();
    const refused = expect.objectContaining({ message: "Expected XML, got elements more than 256 deep." });
    await expect(parser.invoke(`${"<a>".repeat(20_000)}x${"</a>".repeat(20_000)}`)).rejects.toEqual(refused);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it("is read at a cost that grows with the text", async () => {
    const texts = [
      `<a>${"<b>some bird</b>".repeat(10_000)}</a>`,
      `<a>${"x".repeat(150_000)}</a>`,
      `<a b="${"x".repeat(150_000)}">`,
      `<a${"x".repeat(150_000)}>`,
      `<a><![CDATA[${"]".repeat(150_000)}`,
      "&<".repeat(75_000),
      `<a>${"&".repeat(150_000)}`,
    ];
    for (const text of texts) {
      const start = performance.now();
      await listOf(parser.transform(cut(text, 12))).catch(() => undefined);
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  it("ends with the whole, also where a part of it was not shown", async () => {
    const text = `<a>${"<b>1</b>".repeat(2_000)}<c/>`;
    const values = await listOf(parser.transform(cut(text, 4)));
    expect(values.length).toBeLessThan(2_000);
    expect(values.at(-1)).toEqual(await parser.invoke(text));
  });

  it("is asked for with the tags", () => {
    expect(parser.getFormatInstructions()).toBe(XML_FORMAT_INSTRUCTIONS);
    const instructions = new XMLOutputParser({ tags: ["a", "$&"] }).getFormatInstructions();
    expect(instructions).toContain("```\na, $&\n```");
    expect(parser["~serialized"]().id).toEqual(["langchain_core", "output_parsers", "XMLOutputParser"]);
  });

  it("keeps a subclass's parse", async () => {
    class Marked extends XMLOutputParser {
      override async parse(text: string): Promise<XMLResult> {
        return { parsed: [await super.parse(text)] };
      }
      override parsePartialResult(generations: readonly ParsableGeneration[]): XMLResult | undefined {
        return super.parsePartialResult(generations);
      }
    }
    const values = await listOf(new Marked().transform(["<a>", "x</a>"]));
    expect(values).toEqual([{ a: "" }, { a: "x" }, { parsed: [{ a: "x" }] }]);
  });
});
