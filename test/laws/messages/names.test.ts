import fc from "fast-check";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import type { ToolCall } from "../../../src/messages/tool-call.ts";
import { isPlainRecord } from "../../../src/secrets/plain-record.ts";
import { concatAll } from "../../../src/streams/accumulator.ts";
import { concat } from "../../../src/streams/concat.ts";
import { type Cuts, cuts, streamOf } from "./arbitraries/deltas.ts";
import { count, someOf, text } from "./arbitraries/fields.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame, objectsIn, seen } from "./seen.ts";
import { everyKind, type Sums, spoilt } from "./sums.ts";

type Data = Record<string, unknown>;

/** Names that every object has without having them for its own, and the one that sets what it inherits from. */
const inherited = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__defineGetter__",
];

const name = fc.constantFrom(...inherited, "a", "b");

/** Data as JSON brings it: under hostile names, at any depth, in records and lists, of one type under each name. */
const hostile: fc.Arbitrary<Data> = fc.letrec<{ level: Data }>((tie) => ({
  level: fc
    .record({
      texts: fc.dictionary(name, text, { maxKeys: 3 }),
      counts: fc.dictionary(name, count, { maxKeys: 2 }),
      levels: fc.dictionary(name, fc.oneof({ maxDepth: 2 }, someOf({ text }), tie("level")), { maxKeys: 2 }),
      items: fc.array(fc.dictionary(fc.constantFrom(...inherited, "id"), text, { maxKeys: 3 }), { maxLength: 2 }),
    })
    .map(({ texts, counts, levels, items }): Data => ({ ...levels, text: texts, count: counts, items })),
})).level;

/** All that could be read from data by a name that it may have inherited. */
function assertOwnNames(value: unknown): void {
  for (const object of objectsIn(value)) {
    const prototype: unknown = Object.getPrototypeOf(object);
    const isData = Array.isArray(object) ? prototype === Array.prototype : prototype === Object.prototype;
    if (!isData) throw new Error(`inherited names in ${JSON.stringify(object)}`);
  }
}

const keepsNamesForData = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(hostile, hostile, (one, other) => {
    // By way of JSON, as it would come.
    const [left, right] = [one, other].map((data) => JSON.stringify(data)) as [string, string];
    const chunk = (json: string): BaseMessage =>
      make({
        content: [{ type: "custom", index: 0, data: JSON.parse(json) as Data }],
        additional_kwargs: JSON.parse(json) as Data,
        response_metadata: JSON.parse(json) as Data,
      });
    let sums: BaseMessage[];
    try {
      sums = [concat(chunk(left), chunk(right)), concatAll([chunk(left), chunk(right)])];
    } catch (error) {
      throw new Error(`thrown: ${String(error)}`, { cause: error });
    }
    for (const { additional_kwargs, response_metadata, content } of sums) {
      assertOwnNames([additional_kwargs, response_metadata, content]);
      const names = new Set([...Object.keys(JSON.parse(left) as Data), ...Object.keys(JSON.parse(right) as Data)]);
      expectSame(new Set(Object.keys(additional_kwargs)), names, "names");
      for (const of of names) {
        const sides = [JSON.parse(left), JSON.parse(right)].filter((data: Data) => Object.hasOwn(data, of)) as Data[];
        // What only one side says stands as it is.
        if (sides.length === 1) expectSame(additional_kwargs[of], sides[0]?.[of], `value of ${of}`);
      }
    }
  });

/** A merge as it is often written. */
function naiveMerge(target: Data, source: Data): Data {
  for (const key of Object.keys(source)) {
    const [before, value] = [target[key], source[key]];
    if (typeof before === "object" && before !== null && isPlainRecord(value)) naiveMerge(before as Data, value);
    else target[key] = value;
  }
  return target;
}

const isHostile = (data: Data): boolean => Object.keys(data).some((key) => inherited.includes(key));

proveLaw("names that objects inherit are data like any other", keepsNamesForData, everyKind, [
  [
    "merges into whatever a name gives",
    spoilt((_sum, _left, right) => {
      naiveMerge({}, right.additional_kwargs);
    }),
    /poisoned prototypes|Immutable prototype/,
  ],
  [
    "sets prototypes by assignment",
    spoilt((sum, _left, right) => {
      sum.additional_kwargs = Object.keys(right.additional_kwargs).reduce<Data>((copy, key) => {
        copy[key] = right.additional_kwargs[key];
        return copy;
      }, {});
    }),
    /inherited names|names/,
  ],
  [
    "sets prototypes deep in lists",
    spoilt((sum, _left, right) => {
      const items = right.response_metadata.items as Data[];
      sum.response_metadata.items = items.map((item) => {
        const copy: Data = {};
        for (const key of Object.keys(item)) copy[key] = key === "__proto__" ? { polluted: 1 } : item[key];
        return copy;
      });
    }),
    /inherited names/,
  ],
  [
    "takes what a name inherits for what is there",
    spoilt((sum, left, right) => {
      for (const key of Object.keys(right.additional_kwargs)) {
        if (key in left.additional_kwargs && key !== "__proto__" && inherited.includes(key)) {
          sum.additional_kwargs[key] = left.additional_kwargs[key];
        }
      }
    }),
    /value of/,
  ],
  [
    "calls what data has under the names of methods",
    spoilt((sum, left) => {
      sum.id = left.additional_kwargs.toString();
    }),
    /thrown: TypeError/,
  ],
  [
    "drops the data beside hostile names",
    spoilt((sum, _left, right) => {
      if (isHostile(right.additional_kwargs)) delete sum.additional_kwargs.text;
    }),
    /names/,
  ],
]);

/** Calls of which every part that comes from outside has a name that objects inherit. */
const hostileCalls = fc
  .uniqueArray(
    fc.record({ id: fc.constantFrom(...inherited), tool: name, args: fc.dictionary(name, someOf({ text })) }),
    {
      minLength: 1,
      maxLength: 4,
      selector: ({ id }) => id,
    },
  )
  .map((calls) =>
    calls.map(({ id, tool, args }): ToolCall => ({ name: tool, args: args as Data, id, type: "tool_call" })),
  );

type Folding = (chunks: readonly BaseMessage[]) => ToolCall[];

const callsKeepTheirNames = (folding: Folding) =>
  property(hostileCalls, cuts, fc.boolean(), (calls, numbers: Cuts, hasIndex) => {
    const expected = JSON.stringify(calls);
    const deltas = calls.map(({ name: tool, args, id }, place) => {
      const index = hasIndex ? (inherited[place] as string) : undefined;
      return { kind: "call", piece: { name: tool, args: JSON.stringify(args), id, index } } as const;
    });
    const read = folding(streamOf(deltas, numbers));
    expectSame(JSON.parse(JSON.stringify(read)), JSON.parse(expected), "calls");
    assertOwnNames(read);
  });

const oursInPlace: Folding = (chunks) => (concatAll(chunks) as AIMessageChunk).tool_calls;
const oursOneByOne: Folding = (chunks) =>
  (chunks.reduce((left, right) => concat(left, right)) as AIMessageChunk).tool_calls;

proveLaw(
  "tools and calls may have names that objects inherit",
  callsKeepTheirNames,
  [
    ["the sum in place", oursInPlace],
    ["the left fold", oursOneByOne],
  ],
  [
    [
      "finds calls in an object by their ids",
      (chunks) => {
        const byId: Record<string, ToolCall> = {};
        for (const call of oursInPlace(chunks)) byId[call.id as string] ??= call;
        return Object.values(byId);
      },
      /calls/,
    ],
    [
      "looks tools up in an object",
      (chunks) => {
        const tools: Record<string, object> = { a: {}, b: {} };
        return oursInPlace(chunks).map((call) => ({ ...call, name: tools[call.name] ? call.name : "no such tool" }));
      },
      /calls/,
    ],
    [
      "copies arguments by assignment",
      (chunks) =>
        oursInPlace(chunks).map((call) => {
          const args: Data = {};
          for (const key of Object.keys(call.args)) args[key] = call.args[key];
          return { ...call, args };
        }),
      /calls|inherited names/,
    ],
    [
      "merges arguments into whatever a name gives",
      (chunks) => oursInPlace(chunks).map((call) => ({ ...call, args: naiveMerge({}, call.args) })),
      /poisoned prototypes|Immutable prototype|calls/,
    ],
  ],
);

proveLaw(
  "a message shows hostile names as what they are",
  (show: (message: BaseMessage) => unknown) =>
    property(hostile, (data) => {
      const json = JSON.stringify(data);
      const message = new AIMessageChunk({ additional_kwargs: JSON.parse(json) as Data });
      const shown = show(message) as { kwargs: { additional_kwargs: unknown } };
      expectSame(shown.kwargs.additional_kwargs, JSON.parse(json), "data shown");
    }),
  [["its JSON", seen]],
  [
    [
      "copies it by assignment",
      (message) => ({ kwargs: { additional_kwargs: naiveMerge({}, { ...message.additional_kwargs }) } }),
      /data shown|poisoned prototypes|Immutable prototype/,
    ],
  ],
);
