import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BytesOutputParser } from "../../src/parsers/bytes-output-parser.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { accumulate } from "../../src/streams/accumulator.ts";
import { concat } from "../../src/streams/concat.ts";
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
    expect(await bytesOf(["a\ud83d", "\ude00", "b"])).toEqual([[97], [0xf0, 0x9f, 0x98, 0x80], [98]]);
  });

  it.each<[what: string, pieces: string[], bytes: number[][]]>([
    ["between others", ["", "a", "", "b", ""], [[97], [98]]],
    ["of half a character", ["\ud83d", "\ude00"], [[0xf0, 0x9f, 0x98, 0x80]]],
    ["of an answer without text", ["", ""], [[]]],
    ["of no answer", [], []],
  ])("gives no piece for a chunk without text, %s", async (_what, pieces, bytes) => {
    prepare();
    expect(await bytesOf(pieces)).toEqual(bytes);
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

describe("the bytes of a stream", () => {
  const plain = (bytes: Uint8Array): Uint8Array => bytes;

  it("are summed for a step that waits for all, and for the end of the run", async () => {
    const ends: unknown[] = [];
    const handler = { name: "test", handleChainEnd: (outputs: unknown) => void ends.push(outputs) };
    const whole: Uint8Array[] = [];
    const chain = parser.pipe(RunnableLambda.from(plain));
    for await (const bytes of chain.transform(["a\ud83d", "\ude00", "é"], { callbacks: [handler] })) whole.push(bytes);
    const expected = Buffer.from("a😀é");
    expect(whole.map((bytes) => Buffer.from(bytes))).toEqual([expected]);
    expect(ends.length).toBe(3);
    for (const end of ends) expect(Buffer.from(end as Uint8Array)).toEqual(expected);
  });

  it("are plain bytes to everybody else", async () => {
    const bytes = await parser.invoke("é");
    expect(bytes).toStrictEqual(Uint8Array.from([0xc3, 0xa9]));
    expect(Object.keys(bytes)).toEqual(["0", "1"]);
    expect(inspect(bytes)).toBe("Uint8Array(2) [ 195, 169 ]");
    expect(await new Response(bytes as BodyInit).text()).toBe("é");
  });

  it("are summed pairwise too, and stay as they are", async () => {
    const [one, other] = [await parser.invoke("a"), await parser.invoke("b")];
    expect([...concat(concat(one, other), one)]).toEqual([97, 98, 97]);
    const sum = accumulate(one);
    for (let turn = 0; turn < 3; turn++) sum.add(other);
    expect([...sum.value()]).toEqual([97, 98, 98, 98]);
    sum.add(one);
    expect([...sum.value()]).toEqual([97, 98, 98, 98, 97]);
    expect([[...one], [...other]]).toEqual([[97], [98]]);
  });

  it("are summed at a cost that grows with them", async () => {
    const bytes = await parser.invoke("0123456789");
    const start = performance.now();
    const sum = accumulate(bytes);
    for (let turn = 0; turn < 30_000; turn++) sum.add(bytes);
    expect(sum.value()).toHaveLength(300_010);
    expect(performance.now() - start).toBeLessThan(1_000);
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
