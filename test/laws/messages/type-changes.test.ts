import fc from "fast-check";
import type { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { aiKind } from "./arbitraries/chunks.ts";
import { text } from "./arbitraries/fields.ts";
import { property, proveLaw } from "./law.ts";
import { differInKind, expectSame } from "./seen.ts";
import { type Sums, spoilt, sumsOf } from "./sums.ts";

type Data = Record<string, unknown>;

/** Values of which no two neighbours are of one kind; nothing counts as no value. */
const changing: fc.Arbitrary<unknown[]> = fc
  .array(
    fc.oneof(
      fc.constantFrom<unknown[]>(null, true, 0, 7, "", "a", "1"),
      fc.array(fc.constantFrom(1, "x"), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("a", "__proto__"), text, { maxKeys: 2 }),
    ),
    { minLength: 2, maxLength: 6 },
  )
  .map((values) => {
    let last: unknown = null;
    return values.filter((value) => {
      if (value === null) return true;
      if (last !== null && !differInKind(last, value)) return false;
      last = value;
      return true;
    });
  });

/** The places of a message where a provider puts data of its own, by how such a value gets there and back. */
const places: Record<string, { put: (value: unknown) => Data; read: (message: BaseMessage) => unknown }> = {
  additional_kwargs: {
    put: (value) => ({ additional_kwargs: { value } }),
    read: (message) => message.additional_kwargs.value,
  },
  response_metadata: {
    put: (value) => ({ response_metadata: { value } }),
    read: (message) => message.response_metadata.value,
  },
  "data within data": {
    put: (value) => ({ additional_kwargs: { deep: { value } } }),
    read: (message) => (message.additional_kwargs.deep as Data).value,
  },
  "an item of a list": {
    put: (value) => ({ additional_kwargs: { items: [{ index: 0, value }] } }),
    read: (message) => (message.additional_kwargs.items as Data[])[0]?.value,
  },
  "a block": {
    put: (value) => ({ content: [{ type: "custom", index: 0, value }] }),
    read: (message) => (message.content as unknown as Data[])[0]?.value,
  },
  "a piece of a tool call": {
    put: (value) => ({ tool_call_chunks: [{ index: 0, value }] }),
    read: (message) => (message as AIMessageChunk).tool_call_chunks[0]?.value,
  },
};

const lastStands = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.constantFrom(...Object.keys(places)), changing, (where, values) => {
    const { put, read } = places[where] as (typeof places)[string];
    const chunks = values.map((value) => make(put(value)));
    const last = [...values].reverse().find((value) => value !== null) ?? null;
    let folded: BaseMessage;
    try {
      folded = chunks.reduce((sum, chunk) => concat(sum, chunk));
    } catch (error) {
      throw new Error(`thrown: ${String(error)}`, { cause: error });
    }
    const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expectSame(asJson(read(folded)), asJson(last), `value that stands in ${where}`);
    expectSame(asJson(read(concatAll(chunks))), asJson(last), `value that stands in ${where}, summed in place`);
  });

/** A fault in what becomes of two values of one name in `additional_kwargs`. */
function joining(join: (left: unknown, right: unknown) => unknown): Sums {
  return spoilt((sum, left, right) => {
    const [one, other] = [left.additional_kwargs.value, right.additional_kwargs.value];
    if (differInKind(one, other)) sum.additional_kwargs.value = join(one, other);
  });
}

proveLaw(
  "where a value changes type the last stands",
  lastStands,
  [["data of a model", sumsOf(aiKind)]],
  [
    ["keeps the first", joining((left) => left), /value that stands in additional_kwargs/],
    ["joins both as texts", joining((left, right) => JSON.stringify([left, right]).slice(1, -1)), /value that stands/],
    ["makes a list of both", joining((left, right) => [left, right]), /value that stands/],
    [
      "throws",
      joining(() => {
        throw new TypeError("another type");
      }),
      /thrown: TypeError: another type/,
    ],
    [
      "takes null for a value",
      spoilt((sum, _left, right) => {
        if (right.response_metadata.value === null) sum.response_metadata.value = null;
      }),
      /value that stands in response_metadata/,
    ],
    [
      "takes an empty text for none",
      joining((left, right) => (right === "" ? left : right)),
      /value that stands in additional_kwargs/,
    ],
    [
      "keeps the first in blocks",
      spoilt((sum, left, right) => {
        const [one, other] = [left, right].map(({ content }) => content[0] as unknown as Data | undefined);
        if (differInKind(one?.value, other?.value)) Object.assign(sum.content[0] as object, { value: one?.value });
      }),
      /value that stands in a block/,
    ],
  ],
);
