import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessageChunk } from "../../src/messages/chat.ts";
import { FunctionMessageChunk } from "../../src/messages/function.ts";
import { HumanMessageChunk } from "../../src/messages/human.ts";
import { SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessageChunk } from "../../src/messages/tool.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { concat } from "../../src/streams/concat.ts";
import { chunk, piece } from "./chunk-arbitraries.ts";

/** All that can be seen of a message, as JSON: `__proto__` keys show in it, and undefined fields do not. */
const seen = (message: BaseMessage): unknown => JSON.parse(JSON.stringify(message));
const RUNS = { numRuns: Number(process.env.LAW_RUNS ?? 400) };

/** Two messages look the same. Much faster than `toEqual`, which only tells how they differ. */
function expectSame(one: BaseMessage, other: BaseMessage): void {
  if (!isDeepStrictEqual(seen(one), seen(other))) expect(seen(one)).toEqual(seen(other));
}

function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key of Object.keys(value)) freezeDeep((value as Record<string, unknown>)[key]);
  return value;
}

/** Every object that can be written to within a value. */
function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  for (const key of Object.keys(value)) objectsIn((value as Record<string, unknown>)[key], found);
  return found;
}

describe("the sum of a model's chunks", () => {
  test("is associative", () => {
    fc.assert(
      fc.property(chunk, chunk, chunk, (a, b, c) => {
        expectSame(a.concat(b).concat(c), a.concat(b.concat(c)));
      }),
      RUNS,
    );
  });

  test("is the same however a stream is grouped", () => {
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 1, maxLength: 7 }), fc.nat(), fc.nat(), (chunks, one, two) => {
        const [from, to] = [one % chunks.length, two % chunks.length].sort((left, right) => left - right) as [
          number,
          number,
        ];
        const middle = chunks.slice(from, to + 1).reduceRight((right, left) => left.concat(right));
        const grouped = [...chunks.slice(0, from), middle, ...chunks.slice(to + 1)];
        expectSame(concatAll(grouped) as AIMessageChunk, concatAll(chunks) as AIMessageChunk);
      }),
      RUNS,
    );
  });

  test("has the empty chunk for its identity", () => {
    const empty = new AIMessageChunk("");
    fc.assert(
      fc.property(chunk, (a) => {
        expectSame(a.concat(empty), a);
        expectSame(empty.concat(a), a);
      }),
      RUNS,
    );
  });

  test("in place equals the left fold, at any point", () => {
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 2, maxLength: 6 }), (chunks) => {
        const [first, ...rest] = chunks as [AIMessageChunk, ...AIMessageChunk[]];
        const sum = first["~accumulator"]();
        let fold = first;
        for (const next of rest) {
          fold = fold.concat(next);
          sum?.add(next);
          expectSame(sum?.value() as AIMessageChunk, fold);
        }
        expect(sum?.value()).toEqual(fold);
      }),
      RUNS,
    );
  });

  test("may itself stand on the right, when it was made in place", () => {
    fc.assert(
      fc.property(chunk, fc.array(chunk, { minLength: 2, maxLength: 4 }), (left, rights) => {
        const right = concatAll(rights) as AIMessageChunk;
        expectSame(left.concat(right), concatAll([left, ...rights]) as AIMessageChunk);
      }),
      RUNS,
    );
  });

  test("writes to neither side and shares nothing with them that can be written to", () => {
    fc.assert(
      fc.property(chunk, chunk, (a, b) => {
        const before = [seen(a), seen(b)];
        const operands = new Set([...objectsIn(freezeDeep(a)), ...objectsIn(freezeDeep(b))]);
        const accumulated = a["~accumulator"]();
        accumulated?.add(b);
        for (const sum of [a.concat(b), accumulated?.value() as AIMessageChunk]) {
          for (const object of objectsIn(sum)) {
            expect(operands.has(object)).toBe(false);
            expect(Object.isFrozen(object)).toBe(false);
          }
          sum.additional_kwargs.mine = 1;
          sum.tool_call_chunks.push({ args: "x" });
        }
        expect([seen(a), seen(b)]).toEqual(before);
      }),
      { numRuns: 400 },
    );
  });

  test("leaves Object.prototype alone", () => {
    fc.assert(
      fc.property(chunk, chunk, (a, b) => {
        const sum = a.concat(b);
        for (const record of [sum.additional_kwargs, sum.response_metadata]) {
          expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
          expect((record as { polluted?: unknown }).polluted).toBeUndefined();
        }
      }),
      { numRuns: 500 },
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("of tool call pieces is the same however they are spread over chunks", () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), fc.array(fc.nat({ max: 3 })), (pieces, sizes) => {
        const chunks: AIMessageChunk[] = [];
        let at = 0;
        while (at < pieces.length) {
          const size = sizes[chunks.length] ?? 1;
          chunks.push(new AIMessageChunk({ tool_call_chunks: pieces.slice(at, at + size) }));
          at += size;
          if (chunks.length > 40) break;
        }
        const spread = concatAll(
          chunks.concat(new AIMessageChunk({ tool_call_chunks: pieces.slice(at) })),
        ) as AIMessageChunk;
        const whole = new AIMessageChunk({ tool_call_chunks: pieces });
        expect(spread.tool_call_chunks).toEqual(whole.tool_call_chunks);
        expect(spread.tool_calls).toEqual(whole.tool_calls);
        expect(spread.invalid_tool_calls).toEqual(whole.invalid_tool_calls);
      }),
      RUNS,
    );
  });

  test("never throws where values change type, and the last stands in a left fold", () => {
    const any = fc.dictionary(fc.constantFrom("a", "b", "id", "__proto__"), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(any, any), { minLength: 2, maxLength: 5 }), (records) => {
        const chunks = records.map(
          ([additional_kwargs, response_metadata]) => new AIMessageChunk({ additional_kwargs, response_metadata }),
        );
        const fold = chunks.reduce((sum, next) => sum.concat(next));
        expectSame(concatAll(chunks) as AIMessageChunk, fold);
      }),
      RUNS,
    );
    const [text, list] = [new AIMessageChunk({ response_metadata: { a: "x" } }), { response_metadata: { a: [1] } }];
    expect(text.concat(new AIMessageChunk({ content: "", ...list })).response_metadata).toEqual({ a: [1] });
  });
});

describe("the sum of other chunks", () => {
  const role = fc.constantFrom("a", "b", "");
  const common = chunk.map(({ content, additional_kwargs, response_metadata, id, name }) => ({
    content,
    additional_kwargs,
    response_metadata,
    id,
    name,
  }));
  const status = fc.constantFrom(undefined, "success" as const, "error" as const);
  const artifact = fc.constantFrom<unknown[]>(undefined, { text: "x" }, { text: "y", list: [1] });
  const kinds: [string, fc.Arbitrary<BaseMessage>, BaseMessage][] = [
    ["human", common.map((fields) => new HumanMessageChunk(fields)), new HumanMessageChunk("")],
    ["system", common.map((fields) => new SystemMessageChunk(fields)), new SystemMessageChunk("")],
    [
      "function",
      common.map((fields) => new FunctionMessageChunk({ ...fields, name: fields.name ?? "" })),
      new FunctionMessageChunk("", ""),
    ],
    [
      "chat",
      fc.tuple(common, role).map(([fields, as]) => new ChatMessageChunk({ ...fields, role: as })),
      new ChatMessageChunk("", ""),
    ],
    [
      "tool",
      fc.tuple(common, role, status, artifact).map(
        ([fields, tool_call_id, how, what]) =>
          new ToolMessageChunk({
            ...fields,
            tool_call_id,
            status: how,
            artifact: what,
            metadata: fields.response_metadata,
          }),
      ),
      new ToolMessageChunk("", ""),
    ],
  ];

  test.each(kinds)("is associative, has an identity, and equals the sum in place: %s", (_kind, any, empty) => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const left = concat(concat(a, b), c);
        expectSame(left, concat(a, concat(b, c)));
        expectSame(concat(a, empty), a);
        expectSame(concat(empty, a), a);
        const summed = concatAll([a, b, c]) as BaseMessage;
        expectSame(summed, left);
        expect(summed.constructor).toBe(a.constructor);
        const operands = new Set([...objectsIn(a), ...objectsIn(b), ...objectsIn(c)]);
        for (const sum of [left, summed]) for (const object of objectsIn(sum)) expect(operands.has(object)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
