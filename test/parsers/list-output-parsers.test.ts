import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import {
  CommaSeparatedListOutputParser,
  CustomListOutputParser,
  ListOutputParser,
  MarkdownListOutputParser,
  NumberedListOutputParser,
} from "../../src/parsers/list-output-parsers.ts";
import "../../src/runnables/wiring.ts";

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const commas = new CommaSeparatedListOutputParser();
const numbered = new NumberedListOutputParser();
const markdown = new MarkdownListOutputParser();
const custom = (separator: string) => new CustomListOutputParser({ separator });

describe("a list", () => {
  it.each<[what: string, parser: ListOutputParser, text: string, items: string[]]>([
    ["has commas between its items", commas, "a, b,c", ["a", "b", "c"]],
    ["may have empty items", commas, " a,, b , ", ["a", "", "b", ""]],
    ["has one empty item where nothing is said", commas, "", [""]],
    ["keeps white space inside of items", commas, "a b\nc,d", ["a b\nc", "d"]],
    ["may have another separator", custom(";"), "a; b,c", ["a", "b,c"]],
    ["may have a long separator", custom("--"), "a--b---c", ["a", "b", "-c"]],
    ["may have a line end for a separator", custom("\n"), "\na\n\nb \n", ["a", "", "b"]],
    ["has a comma for no separator", custom(""), "a,b", ["a", "b"]],
    ["may be numbered", numbered, "Birds:\n\n1. linnet\n\n  2.  finch \n10. wren", ["linnet", "finch", "wren"]],
    ["has the numbers that a dot and a space follow", numbered, "1) a\n. b\n2.b\nv1.0 3. c 4. d\n5. \n6.", ["c 4. d"]],
    ["may have line ends of two characters", numbered, "1. a\r\n2. b\r\n", ["a", "b"]],
    ["may have bullets", markdown, "Birds:\n- linnet\n* finch\n  -  wren \n", ["linnet", "finch", "wren"]],
    ["has the bullets that begin a line and a space follows", markdown, "-a\na - b\n- \n+ c\n-", []],
  ])("%s", async (_what, parser, text, items) => {
    expect(await parser.invoke(new AIMessage(text))).toEqual(items);
    const streamed = await listOf(parser.transform([...text].map((piece) => new AIMessageChunk(piece))));
    expect(streamed.flat()).toEqual(items);
    expect(streamed).toHaveLength(Math.max(1, items.length));
  });

  it("is the same however it is cut", async () => {
    const piece = fc.constantFrom("a", " ", ",", "\n", "1.", "1. ", "- ", "--", ";", "\r");
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        for (const parser of [commas, custom("--"), custom("\n"), numbered, markdown]) {
          const items = await parser.invoke(pieces.join(""));
          expect((await listOf(parser.transform(pieces))).flat()).toEqual(items);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is trimmed as a whole and then split", async () => {
    const piece = fc.constantFrom("a", " ", "\n", ",", "--", "-");
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom(",", "--", "\n", " "),
        async (pieces, separator) => {
          const text = pieces.join("");
          const split = text.trim().split(separator);
          expect(await custom(separator).invoke(text)).toEqual(split.map((item) => item.trim()));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("gives an item as soon as it is over", async () => {
    const log: string[] = [];
    async function* source(): AsyncGenerator<string> {
      for (const piece of ["a,b", ",c"]) {
        log.push(piece);
        yield piece;
      }
    }
    for await (const item of commas.transform(source())) log.push(`item ${item}`);
    expect(log).toEqual(["a,b", "item a", ",c", "item b", "item c"]);
  });

  it("may have to be of a length, and fails at its end otherwise", async () => {
    const two = new CustomListOutputParser({ length: 2 });
    expect(await two.invoke("a, b")).toEqual(["a", "b"]);
    const refused = expect.objectContaining({
      name: "OutputParserException",
      message: "Expected a list of 2 items, got 3.",
    });
    await expect(two.invoke("a,b,c")).rejects.toEqual(refused);
    const read: unknown[] = [];
    const reading = (async () => {
      for await (const item of two.transform(["a,b", ",c"])) read.push(item);
    })();
    await expect(reading).rejects.toEqual(refused);
    expect(read).toEqual([["a"], ["b"], ["c"]]);
    expect(await listOf(two.transform(["a,b"]))).toEqual([["a"], ["b"]]);
  });

  it("asks the model for its form", () => {
    expect(commas.getFormatInstructions()).toContain("separated by commas");
    expect(new CustomListOutputParser({ length: 2, separator: ";" }).getFormatInstructions()).toBe(
      'Answer with a list of 2 values separated by ";", such as: `red; green; blue`',
    );
    expect(new CustomListOutputParser().getFormatInstructions()).toContain("a list of values separated by");
    expect(numbered.getFormatInstructions()).toContain("1. red");
    expect(markdown.getFormatInstructions()).toContain("- red");
    expect(commas["~serialized"]().id).toEqual([
      "langchain_core",
      "output_parsers",
      "list",
      "CommaSeparatedListOutputParser",
    ]);
  });

  it("is read at a cost that grows with the text", async () => {
    const texts = ["1".repeat(300_000), "1.".repeat(150_000), `- ${" ".repeat(300_000)}`, "a".repeat(300_000)];
    for (const text of texts) {
      const pieces = text.match(/.{1,12}/g) ?? [];
      for (const parser of [numbered, markdown, commas, custom("ab")]) {
        const start = performance.now();
        await parser.invoke(text);
        await listOf(parser.transform(pieces));
        expect(performance.now() - start).toBeLessThan(1_500);
      }
    }
  });
});

describe("a list parser of an author's", () => {
  class Words extends ListOutputParser {
    getFormatInstructions(): string {
      return "";
    }
    async parse(text: string): Promise<string[]> {
      return text === "" ? [] : text.split(" ");
    }
  }

  it("parses the whole, and gives it item by item", async () => {
    expect(await new Words().invoke("a b")).toEqual(["a", "b"]);
    expect(await listOf(new Words().transform(["a", " b"]))).toEqual([["a"], ["b"]]);
    expect(await listOf(new Words().transform([""]))).toEqual([[]]);
  });

  it("may extend one of ours", async () => {
    class Upper extends CommaSeparatedListOutputParser {
      override async parse(text: string): Promise<string[]> {
        return (await super.parse(text)).map((item) => item.toUpperCase());
      }
    }
    expect(await listOf(new Upper().transform(["a,", "b"]))).toEqual([["A"], ["B"]]);
  });
});
