import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../src/outputs/chat-result.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import { RUN_KEY } from "../../src/outputs/llm-result.ts";
import { concatAll } from "../../src/streams/accumulator.ts";

const info = fc.option(
  fc.record(
    {
      finish_reason: fc.constantFrom("", "stop"),
      n: fc.nat({ max: 5 }),
      logprobs: fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const text = fc.string({ maxLength: 3 });
const generation = fc.record({ text, generationInfo: info }).map((fields) => new GenerationChunk(fields));
const chatGeneration = fc
  .record({ content: text, generationInfo: info, own: fc.option(text, { nil: undefined }) })
  .map(
    ({ content, generationInfo, own }) =>
      new ChatGenerationChunk({ message: new AIMessageChunk(content), generationInfo, text: own }),
  );

const seen = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("GenerationChunk", () => {
  test("sums text and what the provider says of it, of which the last stands", () => {
    const [left, right] = [
      new GenerationChunk({ text: "a", generationInfo: { finish_reason: "stop", n: 1, list: [1] } }),
      new GenerationChunk({ text: "b", generationInfo: { finish_reason: "length", n: 1, list: [2] } }),
    ];
    const sum = left.concat(right);
    expect(sum).toBeInstanceOf(GenerationChunk);
    expect(sum).toStrictEqual(
      new GenerationChunk({ text: "ab", generationInfo: { finish_reason: "length", n: 1, list: [1, 2] } }),
    );
    expect(left.generationInfo).toEqual({ finish_reason: "stop", n: 1, list: [1] });
  });

  test("says nothing of itself where neither side does", () => {
    expect(
      new GenerationChunk({ text: "a" }).concat(new GenerationChunk({ text: "b" })).generationInfo,
    ).toBeUndefined();
    const given = { generationInfo: null as never, text: "a" };
    expect(new GenerationChunk(given).concat(new GenerationChunk(given)).generationInfo).toBeUndefined();
    expect(concatAll([new GenerationChunk(given), new GenerationChunk(given)])?.generationInfo).toBeUndefined();
  });
});

describe("ChatGenerationChunk", () => {
  test("has the text of its message, unless it has one of its own", () => {
    const message = new AIMessageChunk([{ type: "text", text: "a" }, { type: "image" }]);
    expect(new ChatGenerationChunk({ message }).text).toBe("a");
    expect(new ChatGenerationChunk({ message, text: "" }).text).toBe("");
    expect(new ChatGenerationChunk({ message }).message).toBe(message);
  });

  test("sums its messages too", () => {
    const sum = new ChatGenerationChunk({ message: new AIMessageChunk("a"), generationInfo: { n: 1 } }).concat(
      new ChatGenerationChunk({ message: new AIMessageChunk({ content: "b", id: "i" }) }),
    );
    expect(sum).toBeInstanceOf(ChatGenerationChunk);
    expect(sum.text).toBe("ab");
    expect(sum.message).toEqual(new AIMessageChunk({ content: "ab", id: "i" }));
    expect(sum.generationInfo).toEqual({ n: 1 });
  });
});

describe.each([
  ["GenerationChunk", generation, new GenerationChunk({ text: "" })],
  ["ChatGenerationChunk", chatGeneration, new ChatGenerationChunk({ message: new AIMessageChunk("") })],
] as [string, fc.Arbitrary<GenerationChunk>, GenerationChunk][])("the sum of %s", (_name, any, empty) => {
  test("is associative and has an identity", () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(seen(a.concat(b).concat(c))).toEqual(seen(a.concat(b.concat(c))));
        expect(seen(a.concat(empty))).toEqual(seen(a));
        expect(seen(empty.concat(a))).toEqual(seen(a));
      }),
      { numRuns: 300 },
    );
  });

  test("in place equals the left fold, at any point, and shares nothing with it", () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 2, maxLength: 5 }), (chunks) => {
        const [first, ...rest] = chunks as [GenerationChunk, ...GenerationChunk[]];
        const before = seen(chunks);
        const sum = first["~accumulator"]();
        let fold = first;
        for (const next of rest) {
          fold = fold.concat(next);
          sum?.add(next);
          const value = sum?.value();
          expect(value).toEqual(fold);
          if (value?.generationInfo !== undefined) value.generationInfo.mine = 1;
        }
        expect(seen(chunks)).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a chunk of a class of one's own", () => {
  test("sums by its own concat", () => {
    class Loud extends GenerationChunk {
      override concat(other: GenerationChunk): Loud {
        return new Loud({ text: `${this.text}!${other.text}` });
      }
    }
    class LoudChat extends ChatGenerationChunk {
      override concat(other: ChatGenerationChunk): LoudChat {
        return new LoudChat({ message: this.message, text: `${this.text}!${other.text}` });
      }
    }
    const loud = ["a", "b", "c"].map((text) => new Loud({ text }));
    const chats = ["a", "b", "c"].map((text) => new LoudChat({ message: new AIMessageChunk(text) }));
    expect(concatAll(loud)?.text).toBe("a!b!c");
    expect(concatAll(chats)?.text).toBe("a!b!c");
  });
});

describe("ChatGeneration", () => {
  test("is an answer with the text of its message", () => {
    const message = new AIMessage("hi");
    expect(new ChatGeneration({ message })).toMatchObject({ text: "hi", message });
    expect(new ChatGeneration({ message, text: "own" }).text).toBe("own");
    expect(new ChatGeneration({ message, generationInfo: { a: 1 } }).generationInfo).toEqual({ a: 1 });
    expect(Object.hasOwn(new ChatGeneration({ message }), "generationInfo")).toBe(false);
  });
});

describe("ChatResult", () => {
  test("holds generations, and what the provider says of the call", () => {
    const generations = [new ChatGeneration({ message: new AIMessage("hi") })];
    expect(new ChatResult({ generations }).generations).toBe(generations);
    expect(Object.keys(new ChatResult({ generations }))).toEqual(["generations"]);
    expect(new ChatResult({ generations, llmOutput: { a: 1 } }).llmOutput).toEqual({ a: 1 });
  });
});

describe("RUN_KEY", () => {
  test("is the name that code written for the peer reads", () => {
    expect(RUN_KEY).toBe("__run");
  });
});
