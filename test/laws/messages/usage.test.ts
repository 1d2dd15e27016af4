import fc from "fast-check";
import type { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { UsageMetadata } from "../../../src/messages/usage.ts";
import { concat } from "../../../src/streams/concat.ts";
import { aiKind, moodyKind } from "./arbitraries/chunks.ts";
import { given } from "./arbitraries/fields.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame } from "./seen.ts";
import { concatenating, type Sums, spoilt, sumsOf } from "./sums.ts";

type Data = Record<string, unknown>;

const COUNTS = ["input_tokens", "output_tokens", "total_tokens"] as const;
const DETAILS = ["input_token_details", "output_token_details"] as const;

/** A count as providers give it, or what they give where they have none. */
const count = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 1_000 }) },
  { weight: 2, arbitrary: fc.constantFrom<unknown[]>(null, undefined, Number.NaN, Number.POSITIVE_INFINITY) },
);

const details = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  {
    weight: 3,
    arbitrary: fc.dictionary(
      fc.constantFrom("audio", "cache_read", "reasoning", "birdsong", "__proto__", "constructor"),
      fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 9 }) }, { weight: 1, arbitrary: fc.constant(null) }),
    ),
  },
);

const usage = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        ...Object.fromEntries(COUNTS.map((name) => [name, count])),
        ...Object.fromEntries(DETAILS.map((name) => [name, details])),
        seconds: fc.constantFrom(undefined, 1, 2),
      } as Record<string, fc.Arbitrary<unknown>>)
      .map(given),
  },
);

const numberOf = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);

/** The sum of what is under a name in several records, counting what is no number as nothing. */
const total = (records: readonly (Data | null | undefined)[], name: string): number =>
  records.reduce((sum, record) => sum + numberOf(record != null && Object.hasOwn(record, name) ? record[name] : 0), 0);

const countsEverything = ({ kind: { make }, concat, concatAll }: Sums) =>
  property(fc.array(usage, { minLength: 2, maxLength: 4 }), (usages) => {
    const chunks = usages.map((one) => make({ usage_metadata: one }));
    let sums: AIMessageChunk[];
    try {
      sums = [chunks.reduce((left, right) => concat(left, right)), concatAll(chunks)] as AIMessageChunk[];
    } catch (error) {
      throw new Error(`thrown: ${String(error)}`, { cause: error });
    }
    const told = usages.filter((one) => one != null) as Data[];
    for (const { usage_metadata } of sums) {
      if (told.length === 0) {
        expectSame(usage_metadata ?? undefined, undefined, "no usage where none was told");
        continue;
      }
      const sum = usage_metadata as unknown as Data;
      for (const name of COUNTS) {
        // A usage that is told once stands as it was told.
        if (told.length === 1) expectSame(sum[name], told[0]?.[name], "usage told once");
        else expectSame(sum[name], total(told, name), `count ${name}`);
      }
      for (const name of DETAILS) {
        const lists = told.map((one) => one[name] as Data | null | undefined);
        const kinds = new Set(lists.flatMap((list) => Object.keys(list ?? {})));
        expectSame(new Set(Object.keys((sum[name] as Data | undefined) ?? {})), kinds, `kinds of ${name}`);
        for (const kind of kinds) {
          expectSame(numberOf((sum[name] as Data)[kind]), total(lists, kind), `detail ${kind}`);
        }
      }
      expectSame(sum.seconds ?? 0, total(told, "seconds"), "count that is not known here");
    }
  });

/** A fault in the sum of two usages that both are there. */
function counting(wrongly: (sum: Data, left: Data, right: Data) => void): Sums {
  return spoilt((sum, left, right) => {
    const [one, other] = [left.usage_metadata, right.usage_metadata] as unknown as [Data | null, Data | null];
    if (one != null && other != null) wrongly(sum.usage_metadata as unknown as Data, one, other);
  });
}

proveLaw(
  "every count of tokens is summed, whatever is not told",
  countsEverything,
  [
    ["a model's chunks", sumsOf(aiKind)],
    ["chunks of one's own class", sumsOf(moodyKind)],
  ],
  [
    [
      "adds what is no number",
      counting((sum, left, right) => {
        sum.input_tokens = (left.input_tokens as number) + (right.input_tokens as number);
      }),
      /count input_tokens/,
    ],
    [
      "reads details that are not there",
      counting((_sum, left, right) => {
        for (const name of DETAILS) for (const side of [left, right]) Object.keys(side[name] as object);
      }),
      /thrown: TypeError/,
    ],
    [
      "reads a usage that is null",
      concatenating((left, right) => {
        if (right.usage_metadata !== undefined) right.usage_metadata.input_tokens.toFixed;
        return concat(left, right);
      }),
      /thrown: TypeError/,
    ],
    [
      "drops details that it does not know",
      counting((sum) => {
        const { audio, cache_read } = (sum.input_token_details ?? {}) as Data;
        sum.input_token_details = given({ audio, cache_read });
      }),
      /kinds of input_token_details/,
    ],
    [
      "drops counts that it does not know",
      counting((sum) => {
        delete sum.seconds;
      }),
      /count that is not known here/,
    ],
    [
      "takes the last usage for the whole",
      counting((sum, _left, right) => {
        sum.output_tokens = numberOf(right.output_tokens);
      }),
      /count output_tokens/,
    ],
    [
      "makes up the total from the other two",
      counting((sum) => {
        sum.total_tokens = (sum.input_tokens as number) + (sum.output_tokens as number);
      }),
      /count total_tokens/,
    ],
    [
      "writes details of outside names by assignment",
      counting((sum) => {
        sum.input_token_details = Object.entries((sum.input_token_details ?? {}) as Data).reduce<Data>(
          (copy, [name, value]) => {
            copy[name] = value;
            return copy;
          },
          {},
        );
      }),
      /kinds of input_token_details/,
    ],
    [
      "adds to details that are inherited",
      counting((sum, left, right) => {
        const [one, other] = [left.input_token_details, right.input_token_details] as [Data | null, Data | null];
        if (one == null || other == null || !Object.hasOwn(other, "constructor")) return;
        const before = one.constructor as unknown as number;
        Object.assign(sum.input_token_details as Data, {
          constructor: before ? before + (other.constructor as unknown as number) : 0,
        });
      }),
      /detail constructor/,
    ],
    [
      "invents a usage where none was told",
      spoilt((sum) => {
        sum.usage_metadata ??= { input_tokens: 0, output_tokens: 0, total_tokens: 0 } satisfies UsageMetadata;
      }),
      /told/,
    ],
  ],
);
