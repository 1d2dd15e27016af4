import fc from "fast-check";
import { aiKind, kinds, toolKind } from "./arbitraries/chunks.ts";
import { count, given, id, someOf, text } from "./arbitraries/fields.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame } from "./seen.ts";
import { type Sums, spoilt, sumsOf } from "./sums.ts";

type Data = Record<string, unknown>;

/** What a provider says of its answer: facts of one type each, which it may tell again with every chunk. */
const facts = someOf({
  model_name: fc.constantFrom("", "gpt", "gpt-2"),
  finish_reason: fc.constantFrom("", "stop", "length"),
  created: count,
  system_fingerprint: text,
  done: fc.boolean(),
  nothing: fc.constantFrom(null, "something"),
  model: someOf({ provider: text, version: count }),
});

/** What stands in the end: of each fact what was told last, unless that is nothing or an empty text. */
function lastTold(told: readonly Data[]): Data {
  const standing: Data = {};
  for (const one of told) {
    for (const [name, value] of Object.entries(one)) {
      const before = standing[name];
      if (name === "model") standing[name] = lastTold([(before ?? {}) as Data, value as Data]);
      else if (before == null || !(value === "" || value === null)) standing[name] = value;
    }
  }
  return standing;
}

const isLastTold = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.array(fc.tuple(facts, id, id), { minLength: 1, maxLength: 5 }), count, (told, again) => {
    // Some are told twice.
    const all = told.flatMap((one, place) => (place === again % told.length ? [one, one] : [one]));
    const chunks = all.map(([response_metadata, name, own]) => make({ response_metadata, name, id: own }));
    for (const sum of [chunks.reduce((left, right) => concat(left, right)), concatAll(chunks)]) {
      expectSame(sum.response_metadata, lastTold(all.map(([one]) => one)), "facts");
      const firstOf = (values: (string | undefined)[]): string | undefined => values.find((value) => value);
      expectSame(sum.name || undefined, firstOf(all.map(([, name]) => name)), "name");
      expectSame(sum.id || undefined, firstOf(all.map(([, , own]) => own)), "id");
    }
  });

/** A fault in what becomes of two facts of one name. */
function telling(tell: (before: unknown, again: unknown) => unknown): Sums {
  return spoilt((sum, left, right) => {
    for (const name of Object.keys(sum.response_metadata)) {
      const [before, again] = [left.response_metadata[name], right.response_metadata[name]];
      if (before != null && again != null) sum.response_metadata[name] = tell(before, again);
    }
  });
}

const isText = (value: unknown): value is string => typeof value === "string";

proveLaw(
  "of what is told more than once, the last stands",
  isLastTold,
  kinds.map((kind) => [kind.name, sumsOf(kind)] as const),
  [
    ["glues texts", telling((one, two) => (isText(one) && isText(two) ? one + two : two)), /facts/],
    ["adds numbers", telling((one, two) => (typeof one === "number" ? one + (two as number) : two)), /facts/],
    ["keeps the first", telling((one) => one), /facts/],
    ["takes an empty text for a fact", telling((_one, two) => two), /facts/],
    [
      "takes null for a fact",
      spoilt((sum, _left, right) => {
        if (right.response_metadata.nothing === null) sum.response_metadata.nothing = null;
      }),
      /facts/,
    ],
    [
      "takes what is told last for all that is told",
      spoilt((sum, _left, right) => {
        if (right.response_metadata.model !== undefined) {
          sum.response_metadata.model = { ...(right.response_metadata.model as Data) };
        }
      }),
      /facts/,
    ],
    [
      "loses the name",
      spoilt((sum) => {
        sum.name = undefined;
      }),
      /name/,
    ],
    [
      "glues names",
      spoilt((sum, left, right) => {
        if (left.name && right.name) sum.name = left.name + right.name;
      }),
      /name/,
    ],
    [
      "takes the last id",
      spoilt((sum, left, right) => {
        sum.id = right.id || left.id;
      }, aiKind),
      /id/,
    ],
  ],
);

/** What a provider streams in pieces of its own making: of one type under each name. */
const streamed = someOf({
  type: fc.constantFrom("", "t", "u"),
  index: count,
  created: count,
  id: fc.constantFrom("", "i", "j"),
  name: fc.constantFrom("", "n", "m"),
  role: fc.constantFrom("", "r", "s"),
  said: text,
  count,
  flag: fc.boolean(),
  nothing: fc.constantFrom(null, "something"),
});

/** What becomes of each name; of names that are not here the texts join and the numbers add. */
const RULES: Readonly<Record<string, (values: unknown[]) => unknown>> = {
  type: (values) => values.find((value) => value !== "") ?? "",
  index: ([first]) => first,
  created: ([first]) => first,
  id: (values) => values.reduce((last, value) => value || last),
  name: (values) => values.reduce((last, value) => value || last),
  role: (values) => values.reduce((last, value) => value || last),
  flag: (values) => values[values.length - 1],
};

const add = (values: unknown[]): unknown => values.reduce((sum, value) => (sum as string) + (value as string));

function sumOfData(all: readonly Data[]): Data {
  const names = new Set(all.flatMap((data) => Object.keys(data)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = all.map((data) => data[name]).filter((value) => value != null);
      return [name, values.length === 0 ? null : (RULES[name] ?? add)(values)];
    }),
  );
}

const keepsItsRules = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.array(streamed, { minLength: 2, maxLength: 4 }), (all) => {
    const chunks = all.map((additional_kwargs) => make({ additional_kwargs }));
    for (const sum of [chunks.reduce((left, right) => concat(left, right)), concatAll(chunks)]) {
      for (const [name, value] of Object.entries(sumOfData(all))) {
        expectSame(sum.additional_kwargs[name], value, `data ${name}`);
      }
    }
  });

/** A fault in what becomes of the data under some names. */
function summing(names: readonly string[], sum: (left: unknown, right: unknown) => unknown): Sums {
  return spoilt(({ additional_kwargs }, left, right) => {
    for (const name of names) {
      const [before, more] = [left.additional_kwargs[name], right.additional_kwargs[name]];
      if (before != null && more != null) additional_kwargs[name] = sum(before, more);
    }
  });
}

proveLaw(
  "what is streamed in a provider's data joins, adds or stands, by its name",
  keepsItsRules,
  kinds.map((kind) => [kind.name, sumsOf(kind)] as const),
  [
    ["joins types", summing(["type"], (one, other) => `${one}${other}`), /data type/],
    ["keeps an empty type", summing(["type"], (one) => one), /data type/],
    [
      "adds an index or a time",
      summing(["index", "created"], (one, other) => Number(one) + Number(other)),
      /data (index|created)/,
    ],
    [
      "joins ids, names and roles",
      summing(["id", "name", "role"], (one, other) => `${one}${other}`),
      /data (id|name|role)/,
    ],
    ["keeps the first id", summing(["id"], (one, other) => one || other), /data id/],
    ["takes the last of what is said", summing(["said"], (_one, other) => other), /data said/],
    ["takes the last count", summing(["count"], (_one, other) => other), /data count/],
    ["keeps what was said first to be so", summing(["flag"], (one) => one), /data flag/],
  ],
);

/** What is said of a tool's answer as a whole. */
const ofAnswer = fc.record({
  status: fc.constantFrom(undefined, "success", "error"),
  tool_call_id: fc.constantFrom("", "c1", "c2"),
});

const tellsOfErrors = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.array(ofAnswer, { minLength: 2, maxLength: 4 }), (all) => {
    const chunks = all.map((fields) => make(given(fields)));
    const statuses = all.map(({ status }) => status);
    const status = statuses.includes("error") ? "error" : statuses.find((one) => one !== undefined);
    for (const sum of [chunks.reduce((left, right) => concat(left, right)), concatAll(chunks)]) {
      const { status: told, tool_call_id } = sum as unknown as Data;
      expectSame(told, status, "status");
      expectSame(tool_call_id, all.find((fields) => fields.tool_call_id !== "")?.tool_call_id ?? "", "id of the call");
    }
  });

/** A fault in what becomes of a field of a tool's answer. */
const answering = (field: string, tell: (left: unknown, right: unknown) => unknown): Sums =>
  spoilt((sum, left, right) => {
    const [one, other] = [left, right].map((chunk) => (chunk as unknown as Data)[field]);
    Object.assign(sum, { [field]: tell(one, other) });
  }, toolKind);

proveLaw(
  "an answer in which one piece tells of an error is an error",
  tellsOfErrors,
  [["a tool's answer", sumsOf(toolKind)]],
  [
    ["takes the last status", answering("status", (one, other) => other ?? one), /status/],
    ["keeps the first status", answering("status", (one, other) => one ?? other), /status/],
    [
      "takes silence for success",
      answering("status", (one, other) => (one === "error" ? one : (other ?? "success"))),
      /status/,
    ],
    ["takes the last id of a call", answering("tool_call_id", (one, other) => other || one), /id of the call/],
    ["keeps an empty id of a call", answering("tool_call_id", (one) => one), /id of the call/],
  ],
);
