import fc from "fast-check";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import type { ContentBlock } from "../../../src/messages/content.ts";
import { moodyKind } from "./arbitraries/chunks.ts";
import { type Cuts, cuts, cutText } from "./arbitraries/deltas.ts";
import { text } from "./arbitraries/fields.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame } from "./seen.ts";
import { everyKind, type Sums, spoilt, sumsOf } from "./sums.ts";

type Data = Record<string, unknown>;

/** A block as it is in the end, and how it is streamed: the field that comes in pieces, and those that are told whole. */
interface Streamed {
  readonly type: string;
  readonly id: string | undefined;
  readonly said: string;
  readonly saying: string;
  readonly facts: Data;
}

/** Of each type the field that is said, and the facts that may be told with any piece. */
const types: Readonly<Record<string, { saying: string; facts: Record<string, fc.Arbitrary<unknown>> }>> = {
  text: { saying: "text", facts: { title: fc.constant("title") } },
  reasoning: { saying: "reasoning", facts: { status: fc.constant("done") } },
  image: { saying: "data", facts: { mimeType: fc.constant("image/png"), url: fc.constant("u") } },
  tool_call_chunk: { saying: "args", facts: { name: fc.constant("f") } },
  tool_use: { saying: "partial_json", facts: { name: fc.constant("f"), input: fc.constant({ x: "1" }) } },
};

const streamed: fc.Arbitrary<Streamed> = fc.constantFrom(...Object.keys(types)).chain((type) => {
  const { saying, facts } = types[type] as (typeof types)[string];
  return fc.record({
    type: fc.constant(type),
    id: fc.constantFrom(undefined, "a", "b"),
    said: fc.array(text, { minLength: 1, maxLength: 3 }).map((texts) => texts.join("")),
    saying: fc.constant(saying),
    facts: fc.record(facts).map((told) => JSON.parse(JSON.stringify(told)) as Data),
  });
});

/** The pieces of a block: the first says what it is, and any may say it again, or give a placeholder for its id. */
function piecesOf({ type, id, said, saying, facts }: Streamed, index: number, numbers: Cuts): ContentBlock[] {
  const next = (): number => numbers.next().value as number;
  return cutText(said, numbers).flatMap((part, place): ContentBlock[] => {
    if (place === 0) return [{ type, index, ...(id && { id }), [saying]: part, ...facts }];
    const named = [{ type }, { type: `${type}_delta` }, {}, { type, id }, { type, id: "" }, { type, id: "null" }];
    const again = next() % 3 === 0 ? facts : {};
    const way = { index: next() % 2 ? index : String(index), [saying]: part };
    const piece = { ...named[next() % 6], ...way, ...again } as ContentBlock;
    // A fact may come alone too.
    const alone = Object.entries(facts).filter(() => next() % 4 === 0);
    return [piece, ...alone.map(([fact, value]) => ({ type, index, [fact]: value }) as ContentBlock)];
  });
}

const becomesItsBlocks = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.array(streamed, { minLength: 1, maxLength: 3 }), cuts, fc.boolean(), (blocks, numbers, inTurns) => {
    // In turns each has an index of its own; one after the other they may share one, if something else tells them apart.
    const shared = blocks.every((block, place) => {
      const before = blocks[place - 1];
      return before === undefined || before.type !== block.type || (block.id !== undefined && block.id !== before.id);
    });
    const lists = blocks.map((block, place) => piecesOf(block, shared && !inTurns ? 0 : place, numbers));
    const pieces = inTurns
      ? // The first pieces come in the order of the blocks.
        [0, 1, 2, 3, 4, 5].flatMap((round) =>
          lists.flatMap((list) => (round < 5 ? list.slice(round, round + 1) : list.slice(5))),
        )
      : lists.flat();
    const chunks = pieces.map((piece) => make({ content: [piece] }));
    const expected = blocks.map(({ type, id, said, saying, facts }) => ({
      type,
      ...(id && { id }),
      [saying]: said,
      ...facts,
    }));
    const sums: BaseMessage[] = [
      concatAll(chunks),
      chunks.reduce((left, right) => concat(left, right)),
      chunks.reduceRight((right, left) => concat(left, right)),
    ];
    for (const { content } of sums) {
      const list = (content as ContentBlock[]).map(({ index: _index, id, ...block }) => {
        // Where there is no id a placeholder for one may stand.
        return id === "" || id === "null" ? block : { id, ...block };
      });
      expectSame(JSON.parse(JSON.stringify(list)), expected, "blocks");
    }
  });

/** A fault in a list of blocks that was summed. */
function listing(list: (sum: ContentBlock[], left: ContentBlock[], right: ContentBlock[]) => ContentBlock[]): Sums {
  return spoilt((sum, left, right) => {
    sum.content = list(
      ...([sum.content, left.content, right.content] as [ContentBlock[], ContentBlock[], ContentBlock[]]),
    );
  });
}

/** What two blocks that are one both say under a name. */
const joining = (name: string, join: (left: string, right: string) => unknown): Sums =>
  listing((sum, left, right) => {
    const [one, other] = [left[left.length - 1]?.[name], right[0]?.[name]];
    if (typeof one === "string" && typeof other === "string" && sum.length === left.length) {
      Object.assign(sum[sum.length - 1] as object, { [name]: join(one, other) });
    }
    return sum;
  });

proveLaw(
  "a block that comes in pieces is one block: what it says joins, what it is said to be stands",
  becomesItsBlocks,
  [...everyKind, ["a list that one's own class sums", sumsOf(moodyKind)]],
  [
    ["follows each list by the other", listing((_, left, right) => [...left, ...right]), /blocks/],
    ["joins what a block is said to be", joining("url", (one, other) => one + other), /blocks/],
    ["joins mime types", joining("mimeType", (one, other) => one + other), /blocks/],
    ["joins names that come again", joining("name", (one, other) => one + other), /blocks/],
    ["keeps the first of what is said", joining("reasoning", (one) => one), /blocks/],
    [
      "takes a placeholder for another id",
      listing((sum, left, right) =>
        right[0]?.id === "null" && sum.length === left.length ? [...left, ...right] : sum,
      ),
      /blocks/,
    ],
    [
      "takes the placeholder for the id",
      listing((sum, _left, right) => {
        if (right[0]?.id === "null" || right[0]?.id === "")
          Object.assign(sum[sum.length - 1] as object, { id: right[0].id });
        return sum;
      }),
      /blocks/,
    ],
    [
      "takes a delta for another type",
      listing((sum, left, right) => (String(right[0]?.type).endsWith("_delta") ? [...left, ...right] : sum)),
      /blocks/,
    ],
    [
      "takes an index as a text for another",
      listing((sum, left, right) => (typeof right[0]?.index === "string" ? [...left, ...right] : sum)),
      /blocks/,
    ],
    [
      "fuses whatever has the same index",
      listing((sum) => {
        const [first, ...rest] = sum;
        const others = rest.filter(({ index }) => String(index) !== String(first?.index));
        return first === undefined ? sum : [first, ...others];
      }),
      /blocks/,
    ],
    [
      "merges arguments that are told whole",
      listing((sum) => {
        for (const block of sum) {
          const { input } = block as { input?: { x: string } };
          if (input !== undefined) block.input = { x: `${input.x}1` };
        }
        return sum;
      }),
      /blocks/,
    ],
  ],
);
