import fc from "fast-check";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { concatAll } from "../../../src/streams/accumulator.ts";
import { concat } from "../../../src/streams/concat.ts";
import { aiKind, toolKind } from "./arbitraries/chunks.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame, objectsIn, seen } from "./seen.ts";
import { concatenating, type Sums, spoilt, sumsOf } from "./sums.ts";

type Data = Record<string, unknown>;

/** How deep objects and lists may be nested in data and still be merged; deeper ones are not, and the last stands. */
const MERGE_DEPTH = 64;

/** How many characters the arguments of a call may have; with more it cannot be read. */
const ARGUMENTS_LENGTH = 2 ** 20;

/** How deep the arguments of a call may be nested; deeper ones cannot be read. */
const ARGUMENTS_DEPTH = 256;

/** Just within a limit, at it, and just beyond. */
const around = (limit: number): fc.Arbitrary<number> => fc.constantFrom(limit - 1, limit, limit + 1);

/** Data in which `inner` lies so many objects and lists deep, the two taking turns where lists are asked for. */
function nested(levels: number, inner: Data, withLists: boolean): Data {
  let value: unknown = inner;
  for (let level = levels - 1; level > 0; level -= 1) {
    if (!withLists) value = { value };
    else value = Array.isArray(value) ? { index: 0, value } : [value];
  }
  return { value };
}

/** What lies innermost. */
function innermost(data: unknown): Data {
  let value = data as Data | [Data];
  for (;;) {
    const next: unknown = Array.isArray(value) ? value[0] : value.value;
    if (typeof next !== "object" || next === null) return value as Data;
    value = next as Data;
  }
}

/** Fields that hold a provider's data; all have the same limit. */
const free = fc.constantFrom("additional_kwargs", "response_metadata");

const mergesToTheLimit = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(free, around(MERGE_DEPTH), (field, levels) => {
    const [left, right] = [{ left: 1 }, { right: 2 }].map((inner) =>
      make({ [field]: nested(levels, inner, false) }),
    ) as [BaseMessage, BaseMessage];
    const expected = levels <= MERGE_DEPTH ? { left: 1, right: 2 } : { right: 2 };
    let sums: BaseMessage[];
    try {
      sums = [concat(left, right), concatAll([left, right])];
    } catch (error) {
      throw new Error(`thrown: ${String(error)}`, { cause: error });
    }
    for (const sum of sums) {
      expectSame(innermost((sum as unknown as Data)[field]), expected, `data ${levels} levels deep`);
    }
    expectSame(seen(sums[1] as BaseMessage), seen(sums[0] as BaseMessage), "sum in place");
  });

/** A fault in what is done to data that is nested so deep. */
function deeperThan(limit: number, merge: (left: Data, right: Data) => Data): Sums {
  const depthOf = (data: unknown): number =>
    typeof data === "object" && data !== null ? 1 + Math.max(0, ...Object.values(data).map(depthOf)) : 0;
  return spoilt((sum, left, right) => {
    if (depthOf(right.additional_kwargs) - 1 <= limit) return;
    sum.additional_kwargs = merge(left.additional_kwargs, right.additional_kwargs);
  });
}

proveLaw(
  "data is merged as deep as the limit, and deeper the last stands",
  mergesToTheLimit,
  [
    ["a model's data", sumsOf(aiKind)],
    ["a tool's data", sumsOf(toolKind)],
  ],
  [
    ["merges one level less", deeperThan(MERGE_DEPTH - 1, (_, right) => right), /data 64 levels deep/],
    [
      "merges one level more",
      spoilt((sum, left, right) => {
        const [from, to] = [innermost(left.additional_kwargs), innermost(sum.additional_kwargs)];
        if (Object.keys(right.additional_kwargs).length > 0) Object.assign(to, from);
      }),
      /data 65 levels deep/,
    ],
    ["keeps the first beyond the limit", deeperThan(MERGE_DEPTH, (left) => left), /data 65 levels deep/],
    ["drops what is beyond the limit", deeperThan(MERGE_DEPTH, () => ({ value: {} })), /data 65 levels deep/],
    [
      "throws at the limit",
      deeperThan(MERGE_DEPTH, () => {
        throw new RangeError("too deep");
      }),
      /thrown: RangeError: too deep/,
    ],
    [
      "has another limit in place",
      {
        ...sumsOf(aiKind),
        concatAll: (chunks) => deeperThan(MERGE_DEPTH - 1, (_, right) => right).concatAll(chunks),
      },
      /data 64 levels deep/,
    ],
  ],
  1 / 6,
);

const neverOverflows = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(free, fc.constantFrom(65, 500, 600, 20_000, 100_000), fc.boolean(), (field, levels, withLists) => {
    const [left, right] = ["a", "b"].map((name) => make({ [field]: nested(levels, { [name]: 1 }, withLists) })) as [
      BaseMessage,
      BaseMessage,
    ];
    try {
      // What is nested this deep cannot be shown as JSON: only that there are sums is asked.
      for (const sum of [concat(left, right), concatAll([left, right, left])]) {
        expectSame(Object.keys((sum as unknown as Data)[field] as Data), ["value"], "data");
      }
    } catch (error) {
      throw new Error(`thrown: ${String(error)}`, { cause: error });
    }
  });

proveLaw(
  "data that is nested without end overflows nothing",
  neverOverflows,
  [["a model's data", sumsOf(aiKind)]],
  [
    [
      "copies level by level, as deep as they go",
      concatenating((left, right) => {
        structuredClone(right.additional_kwargs);
        JSON.stringify(right.response_metadata);
        return concat(left, right);
      }),
      /thrown: RangeError/,
    ],
  ],
  1 / 10,
);

/** How deep data is copied at least; a sum shares what lies deeper. */
const COPY_DEPTH = 500;

const sharesNothingDeep = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(free, fc.constantFrom(63, 64, 65, 66, 100, COPY_DEPTH), fc.boolean(), (field, levels, withLists) => {
    const [left, right] = [{ left: 1 }, { right: 2 }].map((inner) =>
      make({ [field]: nested(levels, inner, withLists) }),
    ) as [BaseMessage, BaseMessage];
    const operands = objectsIn([left, right]);
    for (const sum of [concat(left, right), concatAll([left, right])]) {
      for (const object of objectsIn(sum)) if (operands.has(object)) throw new Error(`shared object, ${levels} levels`);
    }
  });

proveLaw(
  "deep data is shared with no operand either",
  sharesNothingDeep,
  [["a model's data", sumsOf(aiKind)]],
  [
    ["takes over what it does not merge", deeperThan(MERGE_DEPTH, (_, right) => right), /shared object/],
    ["copies no deeper than it merges", deeperThan(100, (_, right) => right), /shared object, 500 levels/],
  ],
  1 / 6,
);

/** A call in chunks: what it comes to. */
type Folding = (chunks: readonly AIMessageChunk[]) => AIMessageChunk;

/** Arguments of so many characters. */
const argumentsOf = (length: number): string => `{"x":"${"a".repeat(length - 8)}"}`;

/** Arguments that are nested so deep. */
const deepArguments = (depth: number): string => `${'{"x":'.repeat(depth)}1${"}".repeat(depth)}`;

function inChunks(args: string, count: number): AIMessageChunk[] {
  const size = Math.ceil(args.length / count);
  return Array.from({ length: count }, (_, place) => {
    const piece = { args: args.slice(place * size, (place + 1) * size), index: 0 };
    return new AIMessageChunk({ tool_call_chunks: [place === 0 ? { name: "f", id: "c", ...piece } : piece] });
  });
}

const readsToTheLimit = (folding: Folding) =>
  property(
    fc.oneof(
      around(ARGUMENTS_LENGTH).map((length) => ({
        what: `${length} characters`,
        args: argumentsOf(length),
        isRead: length <= ARGUMENTS_LENGTH,
      })),
      around(ARGUMENTS_DEPTH).map((depth) => ({
        what: `${depth} levels`,
        args: deepArguments(depth),
        isRead: depth <= ARGUMENTS_DEPTH,
      })),
    ),
    fc.constantFrom(1, 3),
    ({ what, args, isRead }, count) => {
      let sum: AIMessageChunk;
      try {
        sum = folding(inChunks(args, count));
        expectSame(sum.tool_calls.length + sum.invalid_tool_calls.length, 1, `calls with ${what}`);
      } catch (error) {
        throw new Error(`thrown: ${String(error)}`, { cause: error });
      }
      if (isRead) expectSame(JSON.stringify(sum.tool_calls[0]?.args) === args, true, `arguments of ${what}`);
      else {
        const [call] = sum.invalid_tool_calls;
        expectSame([call?.name, call?.id, call?.args === args], ["f", "c", true], `call with ${what}`);
      }
    },
  );

/** A fault in which calls can be read. */
function refusing(isRefused: (args: string) => boolean): Folding {
  return (chunks) => {
    const sum = concatAll(chunks) as AIMessageChunk;
    const { args = "" } = sum.tool_call_chunks[0] ?? {};
    if (isRefused(args)) {
      sum.invalid_tool_calls = [{ name: "f", id: "c", args }];
      sum.tool_calls = [];
    } else if (sum.tool_calls.length === 0) {
      sum.tool_calls = [{ name: "f", id: "c", args: JSON.parse(args) as Data }];
      sum.invalid_tool_calls = [];
    }
    return sum;
  };
}

const depthOf = (args: string): number => args.lastIndexOf("{") / 5 + 1;

proveLaw(
  "arguments are read up to the limits, and a call with more is told as one that cannot be read",
  readsToTheLimit,
  [
    ["the sum in place", (chunks: readonly AIMessageChunk[]) => concatAll(chunks) as AIMessageChunk],
    ["the left fold", (chunks: readonly AIMessageChunk[]) => chunks.reduce((left, right) => left.concat(right))],
  ],
  [
    ["reads what is too long", refusing((args) => depthOf(args) > ARGUMENTS_DEPTH), /calls? with 1048577 characters/],
    ["reads what is too deep", refusing((args) => args.length > ARGUMENTS_LENGTH), /calls? with 257 levels/],
    [
      "refuses the longest",
      refusing((args) => args.length >= ARGUMENTS_LENGTH || depthOf(args) > ARGUMENTS_DEPTH),
      /arguments of 1048576 characters/,
    ],
    [
      "refuses the deepest",
      refusing((args) => args.length > ARGUMENTS_LENGTH || depthOf(args) >= ARGUMENTS_DEPTH),
      /arguments of 256 levels/,
    ],
    [
      "cuts what is too long",
      (chunks) => {
        const sum = concatAll(chunks) as AIMessageChunk;
        for (const call of sum.invalid_tool_calls) call.args = call.args?.slice(0, ARGUMENTS_LENGTH);
        return sum;
      },
      /call with 1048577 characters/,
    ],
    [
      "drops what is too long",
      (chunks) => {
        const sum = concatAll(chunks) as AIMessageChunk;
        sum.invalid_tool_calls = [];
        return sum;
      },
      /calls with/,
    ],
    [
      "throws at what is too long",
      refusing((args) => {
        if (args.length > ARGUMENTS_LENGTH) throw new RangeError("too long");
        return depthOf(args) > ARGUMENTS_DEPTH;
      }),
      /thrown: RangeError: too long/,
    ],
  ],
  1 / 6,
);
