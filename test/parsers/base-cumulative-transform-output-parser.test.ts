import { describe, expect, it, vi } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BaseCumulativeTransformOutputParser } from "../../src/parsers/base-cumulative-transform-output-parser.ts";
import type { ParsableGeneration } from "../../src/parsers/base-llm-output-parser.ts";
import { ShowingBudget } from "../../src/parsers/cumulative-reader.ts";
import "../../src/runnables/wiring.ts";

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** The lines that are whole; a line "?" cannot be parsed. */
class Lines extends BaseCumulativeTransformOutputParser<string[]> {
  readonly seen: ParsableGeneration[] = [];

  parse(text: string): string[] {
    if (text.includes("?")) throw new TypeError("no line");
    return text.split("\n");
  }

  parsePartialResult(generations: readonly ParsableGeneration[]): string[] | undefined | Promise<string[]> {
    const [first] = generations;
    this.seen.push(...generations);
    const text = first?.text ?? "";
    const lines = text.split("\n").slice(0, -1);
    if (text.includes("!")) throw new RangeError("no part");
    return text.includes("later") ? Promise.resolve(lines) : lines.length === 0 ? undefined : lines;
  }
}

describe("BaseCumulativeTransformOutputParser", () => {
  it("gives each value that is another than the last, and the whole", async () => {
    expect(await listOf(new Lines().transform(["a", "\n", "b", "\nc"]))).toEqual([["a"], ["a", "b"], ["a", "b", "c"]]);
    expect(await listOf(new Lines().transform(["a\nlater\n", "b"]))).toEqual([
      ["a", "later"],
      ["a", "later", "b"],
    ]);
  });

  it("gives the whole once where it was shown already", async () => {
    class All extends Lines {
      override parsePartialResult([first]: readonly ParsableGeneration[]): string[] {
        return this.parse(first?.text ?? "");
      }
    }
    expect(await listOf(new All().transform(["a", "\nb"]))).toEqual([["a"], ["a", "b"]]);
  });

  it("gives JSON patches with diff, or what _diff makes of two values", async () => {
    expect(await listOf(new Lines({ diff: true }).transform(["a\n", "b"]))).toEqual([
      [{ op: "replace", path: "", value: ["a"] }],
      [{ op: "add", path: "/1", value: "b" }],
    ]);
    class Counted extends Lines {
      override _diff(previous: string[] | undefined, next: string[]): string {
        return `${previous?.length ?? 0} to ${next.length}`;
      }
    }
    expect(await listOf(new Counted({ diff: true }).transform(["a\n", "b"]))).toEqual(["0 to 1", "1 to 2"]);
  });

  it("sees the sum of the messages, and of texts the text alone", async () => {
    const lines = new Lines();
    await listOf(lines.transform([new AIMessageChunk({ content: "a", id: "1" }), new AIMessageChunk("\nb")]));
    expect(lines.seen.map(({ text }) => text)).toEqual(["a", "a\nb"]);
    expect(lines.seen.map(({ message }) => [message?.content, message?.id])).toEqual([
      ["a\nb", "1"],
      ["a\nb", "1"],
    ]);
    const texts = new Lines();
    await listOf(texts.transform(["a"]));
    expect(texts.seen).toEqual([{ text: "a" }]);
  });

  it.each([
    ["a part", ["a\n", "!"], "no part"],
    ["the whole", ["a\n", "?"], "no line"],
  ])(
    "fails where %s cannot be parsed, after what it has shown, and returns its source",
    async (_what, pieces, message) => {
      const returned = vi.fn();
      function* source(): Generator<string> {
        try {
          yield* pieces;
        } finally {
          returned();
        }
      }
      const shown: unknown[] = [];
      const reading = (async () => {
        for await (const value of new Lines().transform(source())) shown.push(value);
      })();
      await expect(reading).rejects.toThrow(message);
      expect(shown[0]).toEqual(["a"]);
      expect(returned).toHaveBeenCalledOnce();
    },
  );

  it("asks the model for no form", () => {
    expect(new Lines().getFormatInstructions()).toBe("");
  });
});

describe("what is shown of a stream", () => {
  it("is all of what is small, and of what is large as much as its pieces pay for", () => {
    const small = new ShowingBudget();
    expect(Array.from({ length: 10 }, () => small.pays(1, 500))).toEqual(Array(10).fill(true));
    const large = new ShowingBudget();
    const shown = Array.from({ length: 100 }, () => large.pays(1, 5_440));
    expect(shown.filter(Boolean)).toHaveLength(10);
  });
});
