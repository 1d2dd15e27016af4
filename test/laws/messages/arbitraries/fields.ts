import fc from "fast-check";

/** What sums have to get right in texts: halves of characters, what JSON escapes, what trims away, and nothing at all. */
const unit: fc.Arbitrary<string> = fc.constantFrom(
  ..."ab{}[]:,1 \n",
  '"',
  "\\",
  "\\ud83d",
  "\u0000",
  "\u2028",
  "é",
  "😀",
  "\ud83d",
  "\ude00",
);

/** A short text, also one that begins or ends within a character. */
export const text: fc.Arbitrary<string> = fc.string({ unit, maxLength: 3 });

export const count: fc.Arbitrary<number> = fc.integer({ min: 0, max: 9 });

/** An index as providers write it, or none; what is no index may stand in its place. */
export const index: fc.Arbitrary<number | string | undefined> = fc.constantFrom<(number | string | undefined)[]>(
  ...[undefined, undefined, undefined, undefined, 0, 0, 0, 1, "0", "0", "1", "x", "01", "__proto__", ""],
  null as never,
);

/** An id, a placeholder for one, or none. */
export const id: fc.Arbitrary<string | undefined> = fc.constantFrom<(string | undefined)[]>(
  ...[undefined, undefined, undefined, undefined, "", "null", "a", "b", "constructor"],
  null as never,
);

/** Something that most often is not there. */
export function rarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** Names and values without those that are undefined: what a provider's JSON could have held. */
export function given<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

/** A record of some of these fields, as JSON brings it. */
export function someOf(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(fields, { requiredKeys: [] }).map(given);
}

/** A record of some of these fields, as an author of a model makes it: others may be there and undefined. */
export function looselySomeOf(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const loose = Object.entries(fields).map(([name, field]) => [name, fc.option(field, { nil: undefined, freq: 8 })]);
  return fc.record(Object.fromEntries(loose) as typeof fields, { requiredKeys: [] }).map((some) => ({ ...some }));
}
