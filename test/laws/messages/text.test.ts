import fc from "fast-check";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import type { ContentBlock, MessageContent } from "../../../src/messages/content.ts";
import { concat } from "../../../src/streams/concat.ts";
import { cuts, cutText } from "./arbitraries/deltas.ts";
import { text } from "./arbitraries/fields.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame } from "./seen.ts";
import { everyKind, type Sums, spoilt } from "./sums.ts";

const longText = fc.array(text, { minLength: 1, maxLength: 5 }).map((texts) => texts.join(""));

/** A text with no half of a character in it, but many characters of two halves. */
const wellFormed = fc.string({ unit: fc.constantFrom("a", "😀", "𝒳", "é", "\n", '"', "\\"), maxLength: 8 });

const isWellFormed = (value: string): boolean => !/\p{Surrogate}/u.test(value);

const bytesOf = (value: string): string => Buffer.from(new TextEncoder().encode(value)).toString("hex");

const joinsTexts = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.oneof(longText, wellFormed), cuts, fc.boolean(), (whole, numbers, asBlocks) => {
    const chunks = cutText(whole, numbers).map((part) =>
      make({ content: asBlocks ? [{ type: "text", text: part, index: 0 }] : part }),
    );
    for (const sum of [concatAll(chunks), chunks.reduce((left, right) => concat(left, right))]) {
      expectSame(sum.text, whole, "text");
      // What a byte sink would make of halves that stay apart are replacement characters.
      expectSame(bytesOf(sum.text), bytesOf(whole), "bytes");
    }
  });

/** A fault in the text of a sum. */
function saying(say: (sum: string, left: string, right: string) => string): Sums {
  return spoilt((sum, left, right) => {
    const said = say(sum.text, left.text, right.text);
    sum.content = typeof sum.content === "string" ? said : [{ type: "text", text: said, index: 0 }];
  });
}

proveLaw("texts join as they came, also within a character", joinsTexts, everyKind, [
  ["replaces halves of characters", saying((said) => said.replace(/\p{Surrogate}/gu, "\ufffd")), /text/],
  [
    "adds a piece by its bytes",
    saying((_, left, right) => Buffer.concat([Buffer.from(left), Buffer.from(right)]).toString()),
    /text/,
  ],
  ["drops halves of characters", saying((said) => said.replace(/\p{Surrogate}/gu, "")), /text/],
  ["puts a blank between pieces", saying((_, left, right) => `${left} ${right}`), /text/],
  [
    "takes a text that comes again for one that was sent twice",
    saying((said, left, right) => (left === right ? left : said)),
    /text/,
  ],
  ["normalizes", saying((said) => said.normalize("NFD")), /text/],
]);

const image = (place: number): ContentBlock => ({ type: "image", url: `u${place}` });

/** Texts and images in any order: the texts are told as strings or as blocks. */
const saidAndShown = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ text, isBlock: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ image: fc.nat({ max: 2 }) }) },
  ),
  { minLength: 1, maxLength: 7 },
);

/** Each run of texts is one block, and stands between the images that it stood between. */
function blocksOf(items: readonly ({ text: string } | { image: number })[]): ContentBlock[] {
  const blocks: ContentBlock[] = [];
  for (const item of items) {
    const last = blocks[blocks.length - 1];
    if ("image" in item) blocks.push(image(item.image));
    else if (last?.type === "text") last.text = `${last.text as string}${item.text}`;
    else if (item.text !== "") blocks.push({ type: "text", text: item.text });
  }
  return blocks;
}

const textsBetweenImages = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(saidAndShown, (items) => {
    const chunks = items.map((item, place) => {
      if ("image" in item) return make({ content: [image(item.image)] });
      // A list stays one where there is nothing before it, even of an empty text.
      const isBlock = item.isBlock && (item.text !== "" || "image" in (items[place - 1] ?? {}));
      return make({ content: isBlock ? [{ type: "text", text: item.text }] : item.text });
    });
    const blocks = blocksOf(items);
    const said = items.map((item) => ("text" in item ? item.text : "")).join("");
    const sums: BaseMessage[] = [
      concatAll(chunks),
      chunks.reduce((left, right) => concat(left, right)),
      chunks.reduceRight((right, left) => concat(left, right)),
    ];
    for (const { content, text: saidInSum } of sums) {
      const list = typeof content === "string" ? blocksOf([{ text: content }]) : content;
      expectSame(list, blocks, "one block for each run of texts");
      expectSame(saidInSum, said, "text of all blocks");
    }
  });

/** A fault in what becomes of a list that a string follows, or the other way round. */
function meeting(meet: (left: ContentBlock[], right: ContentBlock[]) => MessageContent): Sums {
  const listOf = (content: MessageContent): ContentBlock[] =>
    typeof content !== "string" ? content : content === "" ? [] : [{ type: "text", text: content }];
  return spoilt((sum, left, right) => {
    if (typeof left.content === typeof right.content) return;
    sum.content = meet(listOf(left.content), listOf(right.content));
  });
}

proveLaw("texts between images are one block each", textsBetweenImages, everyKind, [
  ["puts text after blocks into a block of its own", meeting((left, right) => [...left, ...right]), /one block/],
  ["puts text behind what follows it", meeting((left, right) => [...right, ...left]), /one block/],
  ["drops text that meets a block", meeting((left, right) => (right[0]?.type === "text" ? left : right)), /one block/],
  [
    "joins text to the last block that is one, wherever it stands",
    meeting((left, right) => {
      const list = concat(new AIMessageChunk(left), new AIMessageChunk(right))?.content as ContentBlock[];
      const texts = list.filter(({ type }) => type === "text").map(({ text: part }) => part);
      const others = list.filter(({ type }) => type !== "text");
      return texts.length === 0 ? others : [{ type: "text", text: texts.join("") }, ...others];
    }),
    /one block/,
  ],
]);

/** How each character may be written in JSON: as it is, or as the escapes of its halves. */
const written = fc.array(fc.tuple(fc.constantFrom("a", "😀", "é", '"', "\\", "\n"), fc.boolean()), { maxLength: 6 });

function jsonOf(characters: readonly (readonly [string, boolean])[]): string {
  const parts = characters.map(([character, isEscaped]) => {
    if (!isEscaped) return JSON.stringify(character).slice(1, -1);
    return character.replace(/[\s\S]/g, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, "0")}`);
  });
  return `{"said":"${parts.join("")}"}`;
}

/** Reads the arguments of a call from a stream of chunks, after each of them. */
type Reading = (chunks: readonly AIMessageChunk[]) => unknown[];

const tellsNoHalves = (read: Reading) =>
  property(written, cuts, (characters, numbers) => {
    const whole = characters.map(([character]) => character).join("");
    const chunks = cutText(jsonOf(characters), numbers).map(
      (args) => new AIMessageChunk({ tool_call_chunks: [{ name: "f", id: "a", args, index: 0 }] }),
    );
    const read_ = read(chunks);
    for (const args of read_) {
      const { said = "" } = args as { said?: string };
      if (!isWellFormed(said)) throw new Error(`half a character in ${JSON.stringify(said)}`);
      if (!whole.startsWith(said)) throw new Error(`no beginning: ${JSON.stringify(said)} of ${JSON.stringify(whole)}`);
    }
    expectSame((read_[read_.length - 1] as { said?: string }).said, whole, "arguments at the end");
  });

const readingOurs: Reading = (chunks) => {
  let sum: AIMessageChunk | undefined;
  return chunks.map((chunk) => {
    sum = sum === undefined ? chunk : sum.concat(chunk);
    return sum.tool_calls[0]?.args;
  });
};

/** A fault in how the beginning of a JSON is closed. */
function closing(close: (json: string) => string): Reading {
  return (chunks) => {
    let json = "";
    return chunks.map((chunk) => {
      json += chunk.tool_call_chunks[0]?.args ?? "";
      try {
        return JSON.parse(json) as unknown;
      } catch {
        try {
          return JSON.parse(close(json)) as unknown;
        } catch {
          return {};
        }
      }
    });
  };
}

proveLaw(
  "arguments that are still coming tell no half of a character",
  tellsNoHalves,
  [["the calls of a sum", readingOurs]],
  [
    ["closes the text where it stands", closing((json) => `${json}"}`), /half a character|no beginning/],
    [
      "drops an escape that has begun, but not half a character",
      closing((json) => `${json.replace(/\\(u[\da-f]{0,3})?$/, "")}"}`),
      /half a character/,
    ],
    [
      "replaces halves of characters",
      closing((json) => `${json}"}`.replace(/\p{Surrogate}|\\ud[\da-f]{3}/gu, "\ufffd")),
      /no beginning/,
    ],
  ],
);
