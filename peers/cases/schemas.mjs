/** Random JSON Schemas of draft 2020-12 and values that may fit them, and texts that look like those of a format. */
import fc from "fast-check";

const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor");
const keys = fc.uniqueArray(key, { maxLength: 3 });
const few = fc.integer({ min: 0, max: 3 });
const type = fc.constantFrom("null", "boolean", "object", "array", "number", "integer", "string");
const pattern = fc.constantFrom("^a", "b$", "^[ab]+$", "c", "^.?$");

/** An object with `__proto__` as a key of its own, as JSON has it. */
function record(entries) {
  const members = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return JSON.parse(`{${members.join(",")}}`);
}

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, "", "a", "ab", "abc", "b", "🐦", 0, 1, -1, 2, 1.5, 3, 10),
  fc.string({ maxLength: 3 }),
);

/** Values as JSON has them. */
export const jsonValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map(record),
  ),
})).value;

/** Schemas: most of the keywords, references, anchors and ids. */
export const jsonSchema = fc
  .letrec((tie) => {
    const schema = tie("schema");
    const list = (length) => fc.array(schema, { minLength: 1, maxLength: length });
    const map = (names) => fc.array(fc.tuple(names, schema), { maxLength: 3 }).map(record);
    const parts = {
      type: fc.oneof({ weight: 3, arbitrary: type }, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
      enum: fc.array(jsonValue, { minLength: 1, maxLength: 3 }),
      const: jsonValue,
      properties: map(key),
      required: keys,
      additionalProperties: schema,
      patternProperties: map(pattern),
      propertyNames: schema,
      minProperties: few,
      maxProperties: few,
      dependentRequired: fc.array(fc.tuple(key, keys), { maxLength: 2 }).map(record),
      dependentSchemas: map(key),
      unevaluatedProperties: schema,
      prefixItems: list(2),
      items: schema,
      contains: schema,
      minContains: few,
      maxContains: few,
      minItems: few,
      maxItems: few,
      uniqueItems: fc.boolean(),
      unevaluatedItems: schema,
      minimum: few,
      maximum: few,
      exclusiveMinimum: few,
      exclusiveMaximum: few,
      multipleOf: fc.constantFrom(0.5, 1, 2),
      minLength: few,
      maxLength: few,
      pattern,
      allOf: list(2),
      anyOf: list(3),
      oneOf: list(3),
      not: schema,
      if: schema,
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword.
      then: schema,
      else: schema,
      $ref: fc.constantFrom("#/$defs/x", "#/$defs/y", "#named", "some-id"),
    };
    const keyword = fc.constantFrom(...Object.keys(parts)).chain((name) => parts[name].map((wanted) => [name, wanted]));
    return {
      schema: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.boolean(),
        fc.array(keyword, { maxLength: 4 }).map(Object.fromEntries),
        fc.array(keyword, { maxLength: 4 }).map(Object.fromEntries),
      ),
    };
  })
  .schema.chain((root) =>
    fc.constantFrom({ type: "string" }, { minimum: 1 }, { properties: { a: { type: "number" } } }).map((x) => ({
      ...(typeof root === "object" ? root : { allOf: [root] }),
      $defs: {
        x,
        y: { $anchor: "named", items: { type: "string" } },
        z: { $id: "some-id", required: ["a"] },
      },
    })),
  );

const digits = fc.constantFrom("0", "1", "2", "00", "01", "12", "23", "24", "29", "30", "31", "59", "60", "255", "256");
const mark = fc.constantFrom(
  "-",
  ":",
  ".",
  "T",
  "Z",
  "+",
  "@",
  "a",
  "f",
  "g",
  "::",
  "P",
  "Y",
  "M",
  "S",
  "W",
  " ",
  "%",
  "",
);
const loose = fc.array(fc.oneof(digits, mark), { maxLength: 12 }).map((parts) => parts.join(""));
const two = fc.integer({ min: 0, max: 62 }).map((number) => String(number).padStart(2, "0"));
const date = fc.tuple(fc.constantFrom("2023", "2024", "1900", "2000"), two, two).map((parts) => parts.join("-"));
const zone = fc.oneof(
  fc.constantFrom("", "Z", "z"),
  fc.tuple(fc.constantFrom("+", "-"), two, two).map(([sign, hour, minute]) => `${sign}${hour}:${minute}`),
);
const time = fc
  .tuple(
    two,
    two,
    fc.oneof(
      two,
      two.map((second) => `${second}.5`),
    ),
    zone,
  )
  .map(([hour, minute, second, end]) => `${hour}:${minute}:${second}${end}`);
const group = fc.constantFrom("", "0", "1", "ab", "ffff", "10000", "g", "1.2.3.4");

/** A format and a text that may be of it. */
export const formatted = fc.oneof(
  fc.tuple(fc.constant("date"), fc.oneof(date, loose)),
  fc.tuple(fc.constant("time"), fc.oneof(time, loose)),
  fc.tuple(
    fc.constant("date-time"),
    fc.oneof(
      fc.tuple(date, time).map((both) => both.join("T")),
      loose,
    ),
  ),
  fc.tuple(
    fc.constant("ipv4"),
    fc.oneof(
      fc.array(digits, { minLength: 3, maxLength: 5 }).map((all) => all.join(".")),
      loose,
    ),
  ),
  fc.tuple(
    fc.constant("ipv6"),
    fc.array(group, { minLength: 2, maxLength: 9 }).map((groups) => groups.join(":")),
  ),
  fc.tuple(fc.constant("uuid"), fc.oneof(fc.uuid(), loose)),
  fc.tuple(fc.constant("email"), fc.oneof(fc.emailAddress(), loose)),
  fc.tuple(
    fc.constant("uri"),
    fc.oneof(fc.webUrl(), fc.constantFrom("a:b", "urn:x:y", "mailto:a@b.c", "x", "//a/b", "a b"), loose),
  ),
  fc.tuple(fc.constant("hostname"), fc.oneof(fc.domain(), loose)),
  fc.tuple(
    fc.constant("duration"),
    fc.constantFrom("P1D", "P", "PT", "PT1H", "P1Y2M3DT4H5M6S", "P1W", "P1WT1H", "1D", "P1S"),
  ),
);
