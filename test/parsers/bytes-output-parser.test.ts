import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BytesOutputParser } from "../../src/parsers/bytes-output-parser.ts";
import "../../src/runnables/wiring.ts";

const parser = new BytesOutputParser();

async function bytesOf(pieces: readonly string[]): Promise<number[][]> {
  const all: number[][] = [];
  for await (const bytes of parser.transform(pieces.map((piece) => new AIMessageChunk(piece)))) all.push([...bytes]);
  return all;
}

afterEach(() => vi.unstubAllGlobals());

describe.each(["with", "without"])("BytesOutputParser, %s the runtime's encoder", (how) => {
  const prepare = (): void => {
    if (how === "without") vi.stubGlobal("TextEncoder", undefined);
  };

  it("writes UTF-8", async () => {
    prepare();
    expect([...(await parser.invoke("aé鳥😀"))]).toEqual([...Buffer.from("aé鳥😀")]);
    expect([...(await parser.parse(""))]).toEqual([]);
  });

  it("writes a half that stays alone as U+FFFD", async () => {
    prepare();
    expect([...(await parser.invoke("\ud83da\ude00"))]).toEqual([...Buffer.from("\ufffda\ufffd")]);
    expect(await bytesOf(["a\ud83d"])).toEqual([[97], [0xef, 0xbf, 0xbd]]);
  });

  it("writes a character that is cut once it is whole", async () => {
    prepare();
    expect(await bytesOf(["a\ud83d", "\ude00", "", "b"])).toEqual([[97], [0xf0, 0x9f, 0x98, 0x80], [], [98]]);
  });

  it("writes the same however the text is cut", async () => {
    prepare();
    const unit = fc.constantFrom("a", "é", "\ud83d", "\ude00", "😀");
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { maxLength: 8 }), async (pieces) => {
        const whole = Buffer.from(await parser.invoke(pieces.join("")));
        expect(Buffer.from((await bytesOf(pieces)).flat())).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });
});

describe("BytesOutputParser", () => {
  it("asks the model for no form", () => {
    expect(parser.getFormatInstructions()).toBe("");
    expect(parser["~serialized"]().id).toEqual(["langchain_core", "output_parsers", "bytes", "BytesOutputParser"]);
  });

  it("keeps a subclass's parse", async () => {
    class Twice extends BytesOutputParser {
      override parse(text: string): Promise<Uint8Array> {
        return super.parse(text + text);
      }
    }
    const all: number[] = [];
    for await (const bytes of new Twice().transform(["a"])) all.push(...bytes);
    expect(all).toEqual([97, 97]);
  });
});
