import fc from "fast-check";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { HumanMessageChunk } from "../../../src/messages/human.ts";
import type { ToolMessageChunk } from "../../../src/messages/tool.ts";
import { type Accumulator, accumulate } from "../../../src/streams/accumulator.ts";
import { aiKind, type ChunkKind, kinds, toolKind } from "./arbitraries/chunks.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame, freezeDeep, objectsIn, scribbleOn, seen } from "./seen.ts";
import { accumulating, everyKind, fold, type Sums, sumsOf } from "./sums.ts";

/** What the left fold is after each chunk. */
function foldsOf(chunks: readonly BaseMessage[]): unknown[] {
  return chunks.map((_, place) => seen(fold(chunks.slice(0, place + 1))));
}

/** Chunks of a stream; a sum that is made in place begins with the second. */
const streamOf = (chunk: fc.Arbitrary<BaseMessage>): fc.Arbitrary<BaseMessage[]> =>
  fc.array(chunk, { minLength: 2, maxLength: 5 });

const equalsLeftFold = ({ kind: { chunk }, accumulate, concatAll }: Sums) =>
  property(streamOf(chunk), (chunks) => {
    const [first, ...rest] = chunks as [BaseMessage, ...BaseMessage[]];
    const sum = accumulate(first);
    for (const [place, folded] of foldsOf(chunks).entries()) {
      if (place > 0) sum.add(rest[place - 1] as BaseMessage);
      expectSame(seen(sum.value()), folded, "value as it grows");
    }
    expectSame(seen(concatAll(chunks)), seen(fold(chunks)), "value at the end");
  });

/** An accumulator of ours whose values are spoilt. */
function spoiling(spoil: (value: AIMessageChunk, first: AIMessageChunk) => void, kind?: ChunkKind): Sums {
  return accumulating((first) => {
    const sum = accumulate(first);
    return {
      add: (chunk) => sum.add(chunk),
      value: () => {
        const value = sum.value() as AIMessageChunk;
        if (value !== first) spoil(value, first as AIMessageChunk);
        return value;
      },
    };
  }, kind);
}

/** An accumulator of ours that does not always hear of a chunk as it is. */
function hearing(hear: (sum: Accumulator<BaseMessage>, chunk: AIMessageChunk) => void): Sums {
  return accumulating((first) => {
    const sum = accumulate(first);
    return { add: (chunk) => hear(sum, chunk as AIMessageChunk), value: () => sum.value() };
  });
}

proveLaw("an accumulator gives the left fold, whenever it is asked", equalsLeftFold, everyKind, [
  [
    "loses the name",
    spoiling((value) => {
      value.name = undefined;
    }),
    /value as it grows/,
  ],
  [
    "keeps the first id, though a run gave it",
    spoiling((value, first) => {
      value.id = first.id || value.id;
    }),
    /value as it grows/,
  ],
  [
    "gives each call's pieces unfolded",
    spoiling((value) => {
      value.tool_call_chunks = value.tool_call_chunks.flatMap(({ args, ...call }) => [{ args: "", ...call }, { args }]);
    }),
    /value as it grows/,
  ],
  [
    "takes an empty chunk for the end",
    hearing((sum, chunk) => {
      if (chunk.content !== "") sum.add(chunk);
    }),
    /value as it grows/,
  ],
  [
    "hears of text alone where there is some",
    hearing((sum, chunk) => {
      sum.add(chunk.content === "" ? chunk : new AIMessageChunk(chunk.content));
    }),
    /value as it grows/,
  ],
  [
    "begins anew once it was asked",
    accumulating((first) => {
      let sum = accumulate(first);
      return {
        add: (chunk) => sum.add(chunk),
        value: () => {
          const value = sum.value();
          sum = accumulate(new AIMessageChunk("") as BaseMessage);
          return value;
        },
      };
    }),
    /value as it grows/,
  ],
  [
    "hands out what it had when it was first asked",
    accumulating((first) => {
      const sum = accumulate(first);
      let value: BaseMessage | undefined;
      return {
        add: (chunk) => sum.add(chunk),
        value: () => {
          value ??= sum.value();
          return value;
        },
      };
    }),
    /value as it grows/,
  ],
  [
    "gives plain chunks for those of a class with more",
    accumulating(() => {
      const sum = accumulate(new HumanMessageChunk("") as BaseMessage);
      return { add: (chunk) => sum.add(new HumanMessageChunk(chunk.content)), value: () => sum.value() };
    }),
    /value as it grows/,
  ],
  [
    "says that a tool succeeded where nobody said so",
    spoiling((value) => {
      const answer = value as unknown as ToolMessageChunk;
      answer.status ??= "success";
    }, toolKind),
    /value as it grows/,
  ],
]);

const anyKind: ChunkKind = {
  ...aiKind,
  chunk: fc.oneof(...kinds.map(({ chunk }) => chunk)),
};

proveLaw(
  "of chunks of several classes too",
  equalsLeftFold,
  [["classes in any order", sumsOf(anyKind)]],
  [
    [
      "adds chunks of other classes as if they were of its own",
      accumulating((first) => {
        const sum = (first as AIMessageChunk)["~accumulator"]() as Accumulator<BaseMessage>;
        return sum;
      }, anyKind),
      /undefined|not a function|not iterable|value as it grows/,
    ],
    [
      "leaves chunks of other classes out",
      accumulating((first) => {
        const sum = accumulate(first);
        return {
          add: (chunk) => {
            if (chunk.type === first.type) sum.add(chunk);
          },
          value: () => sum.value(),
        };
      }, anyKind),
      /value as it grows/,
    ],
  ],
);

const valuesStay = ({ kind: { chunk }, accumulate }: Sums) =>
  property(streamOf(chunk), fc.infiniteStream(fc.boolean()), (chunks, coins) => {
    const folds = foldsOf(chunks);
    const [first, ...rest] = chunks as [BaseMessage, ...BaseMessage[]];
    const sum = accumulate(freezeDeep(first));
    const kept: [BaseMessage, unknown][] = [];
    const given = new Set<object>();
    for (const [place, next] of rest.entries()) {
      const operands = objectsIn(next);
      sum.add(next);
      // What was added is the caller's again.
      scribbleOn(next);
      const value = sum.value();
      expectSame(seen(value), folds[place + 1], "value after writing to what was added");
      for (const object of objectsIn(value)) {
        if (operands.has(object)) throw new Error(`shared with a chunk: ${JSON.stringify(object)}`);
        if (given.has(object)) throw new Error(`shared between values: ${JSON.stringify(object)}`);
        given.add(object);
      }
      // What was given is the caller's too.
      if (coins.next().value) scribbleOn(value);
      else kept.push([value, folds[place + 1]]);
    }
    expectSame(seen(sum.value()), folds[folds.length - 1], "value after writing to earlier ones");
    for (const [value, folded] of kept) expectSame(seen(value), folded, "earlier value at the end");
  });

const sameObject: Record<string, unknown> = {};

proveLaw("what an accumulator gave stays as it was", valuesStay, everyKind, [
  [
    "keeps the chunks and sums them when it is asked",
    accumulating((first) => {
      const chunks = [first];
      return { add: (chunk) => void chunks.push(chunk), value: () => fold(chunks) };
    }),
    /value after writing to what was added/,
  ],
  [
    "gives the sum that it goes on with",
    accumulating((first) => {
      let sum: BaseMessage = first;
      return {
        add: (chunk) => {
          const next = fold([sum, chunk]);
          sum = sum === first ? next : Object.assign(sum, next);
        },
        value: () => sum,
      };
    }),
    /shared between values|value after|Cannot create property/,
  ],
  [
    "gives its data in the same object each time",
    spoiling((value) => {
      value.additional_kwargs = Object.assign(sameObject, value.additional_kwargs);
    }),
    /shared between values|value after/,
  ],
  [
    "takes metadata over from the chunk that brings the first",
    accumulating((first) => {
      const sum = accumulate(first);
      let metadata: Record<string, unknown> | undefined;
      return {
        add: (chunk) => {
          if (Object.keys(sum.value().response_metadata).length === 0) metadata = chunk.response_metadata;
          sum.add(chunk);
        },
        value: () => Object.assign(sum.value(), metadata && { response_metadata: metadata }),
      };
    }),
    /shared with a chunk|value after/,
  ],
]);
