import fc from "fast-check";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { isPlainRecord } from "../../../src/secrets/plain-record.ts";
import { concat } from "../../../src/streams/concat.ts";
import { aiKind } from "./arbitraries/chunks.ts";
import { text } from "./arbitraries/fields.ts";
import { property, proveLaw } from "./law.ts";
import { differInKind, expectSame, freezeDeep, objectsIn, seen } from "./seen.ts";
import { accumulating, concatenating, everyKind, fold, type Sums, spoilt, sumsOf } from "./sums.ts";

type Data = Record<string, unknown>;

const key = fc.constantFrom(
  "a",
  "b",
  "id",
  "index",
  "type",
  "name",
  "text",
  "args",
  "items",
  "__proto__",
  "constructor",
);

/** Any JSON, under names that mean something and names that objects inherit. */
const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false, 0, 1, -1.5, "", "a", "1"), text),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
})).value;

const record = fc.dictionary(key, json, { maxKeys: 4 });
const usageKey = fc.constantFrom("input_tokens", "total_tokens", "input_token_details", "tier", "__proto__");
const pieceKey = fc.constantFrom("name", "args", "id", "index", "type", "extra", "__proto__");

/** Fields that are legal where a message has a type of its own, and hold anything where a provider may put anything. */
const hostileFields: fc.Arbitrary<Data> = fc
  .record(
    {
      content: fc.oneof(text, fc.array(json, { maxLength: 3 })),
      additional_kwargs: record,
      response_metadata: record,
      usage_metadata: fc.oneof(fc.constant(null), fc.dictionary(usageKey, json, { maxKeys: 3 })),
      tool_call_chunks: fc.array(fc.dictionary(pieceKey, json, { maxKeys: 4 }), { maxLength: 3 }),
      tool_calls: fc.array(fc.dictionary(pieceKey, json, { maxKeys: 3 }), { maxLength: 2 }),
      invalid_tool_calls: fc.array(fc.dictionary(pieceKey, json, { maxKeys: 3 }), { maxLength: 2 }),
      id: fc.constantFrom("run-1", "p1", "", undefined),
      name: text,
      role: text,
      tool_call_id: text,
      status: fc.constantFrom("success", "error"),
      artifact: json,
      metadata: record,
    },
    { requiredKeys: [] },
  )
  // By way of JSON, as it would come.
  .map((fields) => JSON.parse(JSON.stringify(fields)) as Data);

const survivesAnything = ({ kind: { make }, concat, accumulate }: Sums) =>
  property(fc.array(hostileFields, { minLength: 2, maxLength: 4 }), (fields) => {
    const [first, ...rest] = fields.map((of) => freezeDeep(make(of))) as [BaseMessage, ...BaseMessage[]];
    const operands = objectsIn([first, ...rest]);
    let folded = first;
    let inPlace: ReturnType<Sums["accumulate"]>;
    try {
      inPlace = accumulate(first);
      for (const chunk of rest) {
        folded = concat(folded, chunk);
        inPlace.add(chunk);
        seen(inPlace.value());
      }
    } catch (error) {
      throw new Error(`thrown: ${String(error)}`, { cause: error });
    }
    expectSame(seen(inPlace.value()), seen(folded), "sum in place and left fold");
    const { content, additional_kwargs, response_metadata } = folded;
    for (const object of objectsIn([content, additional_kwargs, response_metadata])) {
      if (operands.has(object)) throw new Error(`shared object ${JSON.stringify(object)}`);
    }
  });

proveLaw(
  "nothing that a provider sends makes a sum throw, and in place it is the left fold",
  survivesAnything,
  everyKind,
  [
    [
      "refuses values that change type",
      concatenating((left, right) => {
        for (const name of Object.keys(right.additional_kwargs)) {
          if (!Object.hasOwn(left.additional_kwargs, name)) continue;
          if (differInKind(left.additional_kwargs[name], right.additional_kwargs[name]))
            throw new TypeError("changed type");
        }
        return concat(left, right);
      }),
      /thrown: TypeError: changed type/,
    ],
    [
      "takes every index for a number or a text",
      concatenating((left, right) => {
        for (const { index } of right.tool_call_chunks) (index ?? "").toString().charCodeAt(0).toFixed();
        for (const { args } of right.tool_call_chunks) if (args !== undefined && args !== null) args.trim();
        return concat(left, right);
      }),
      /thrown: TypeError/,
    ],
    [
      "takes every block for an object",
      concatenating((left, right) => {
        if (typeof right.content !== "string") for (const block of right.content) if (block.type === "x") return left;
        return concat(left, right);
      }),
      /thrown: TypeError/,
    ],
    [
      "sums in place from the right",
      accumulating((first) => {
        const chunks = [first];
        return {
          add: (chunk) => void chunks.push(chunk),
          value: () => chunks.reduceRight((right, left) => concat(left, right)),
        };
      }),
      /sum in place and left fold/,
    ],
    [
      "keeps the first of values that change type, but only in place",
      accumulating((first) => {
        const chunks = [first];
        return {
          add: (chunk) => void chunks.push(chunk),
          value: () => {
            const sum = fold(chunks);
            for (const { additional_kwargs } of [...chunks].reverse()) {
              for (const [name, value] of Object.entries(additional_kwargs)) {
                if (name !== "__proto__" && differInKind(value, sum.additional_kwargs[name]))
                  sum.additional_kwargs[name] = value;
              }
            }
            return sum;
          },
        };
      }),
      /sum in place and left fold/,
    ],
    [
      "takes over as it is what it cannot merge",
      spoilt((sum, _left, right) => {
        for (const [name, value] of Object.entries(right.additional_kwargs)) {
          if (Array.isArray(value)) sum.additional_kwargs[name] = value;
        }
      }),
      /shared object/,
    ],
  ],
);

/** What no JSON has, but an author of a model may put there. Each is made anew for every try. */
const exotic: Record<string, () => unknown> = {
  "a date": () => new Date(0),
  bytes: () => new Uint8Array([1, 2]),
  "a big integer": () => 1n,
  "a symbol": () => Symbol("s"),
  "a function": () => () => 1,
  "a map": () => new Map([["a", 1]]),
  "a number that is none": () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  "a list with holes": () => new Array(2),
  "a record without a prototype": () => Object.assign(Object.create(null) as object, { a: 1 }),
  "a record that refuses to be read": () =>
    Object.defineProperty({}, "hidden", {
      get: () => {
        throw new Error("read");
      },
    }),
  text: () => "a",
  number: () => 1,
  record: () => ({ a: "x" }),
};

const takesAnyValue = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.constantFrom(...Object.keys(exotic)), fc.constantFrom(...Object.keys(exotic)), (one, other) => {
    const [left, right] = [exotic[one]?.(), exotic[other]?.()];
    const chunks = [left, right].map((value) =>
      make({
        content: [{ type: "custom", index: 0, value }],
        additional_kwargs: { value, list: [value] },
        response_metadata: { value },
      }),
    ) as [BaseMessage, BaseMessage];
    let sums: BaseMessage[];
    try {
      sums = [concat(...chunks), concatAll(chunks)];
    } catch (error) {
      throw new Error(`thrown by ${one} and ${other}: ${String(error)}`, { cause: error });
    }
    if (typeof left === typeof right && typeof left !== "object") return;
    for (const { additional_kwargs, response_metadata } of sums) {
      // Of two objects without a class there is a sum; of any others the last stands.
      if (isPlainRecord(left) && isPlainRecord(right)) continue;
      if (Array.isArray(left) && Array.isArray(right)) continue;
      const standing = [additional_kwargs.value, response_metadata.value];
      if (!isPlainRecord(right) && !Array.isArray(right) && standing.some((value) => !Object.is(value, right))) {
        throw new Error(`value that stands of ${one} and ${other}`);
      }
      expectSame((additional_kwargs.list as unknown[]).length, 2, "both items of a list");
    }
  });

proveLaw(
  "values that no JSON has are told whole",
  takesAnyValue,
  [["data of a model", sumsOf(aiKind)]],
  [
    [
      "joins whatever comes",
      spoilt((sum, left, right) => {
        sum.additional_kwargs.value =
          (left.additional_kwargs.value as string) + (right.additional_kwargs.value as string);
      }),
      /thrown by|value that stands/,
    ],
    [
      "copies by way of JSON",
      spoilt((sum) => {
        sum.response_metadata = JSON.parse(JSON.stringify(sum.response_metadata)) as Data;
      }),
      /thrown by|value that stands/,
    ],
    [
      "copies objects of a class by their fields",
      spoilt((sum, _left, right) => {
        const { value } = right.response_metadata;
        if (value instanceof Date || value instanceof Map) sum.response_metadata.value = { ...value };
      }),
      /value that stands/,
    ],
    [
      "merges objects of a class by their fields",
      spoilt((sum, left, right) => {
        const [one, other] = [left.response_metadata.value, right.response_metadata.value];
        if (typeof one === "object" && other instanceof Date)
          Object.assign(sum.response_metadata, { value: { ...one } });
      }),
      /value that stands/,
    ],
  ],
);
