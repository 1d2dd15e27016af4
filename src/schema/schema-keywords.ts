import { describeValue } from "../errors/describe-value.ts";
import { canonicalJson } from "./canonical-json.ts";
import { hasFormat } from "./formats.ts";
import { matchesPattern } from "./safe-pattern.ts";
import { type SchemaIssue, tellIssue } from "./schema-issue.ts";
import {
  also,
  descend,
  fail,
  fits,
  forLists,
  forNumbers,
  forObjects,
  forStrings,
  type Holder,
  has,
  isRecord,
  type Keyword,
  keysOf,
  listOf,
  MAX_ISSUES,
  own,
  type Place,
} from "./schema-place.ts";

/** How many of the forms that a value could have had are told of. */
const MAX_TOLD_FORMS = 3;

const TYPES: Readonly<Record<string, readonly [name: string, fits: (value: unknown) => boolean]>> = {
  null: ["null", (value) => value === null],
  boolean: ["a boolean", (value) => typeof value === "boolean"],
  number: ["a number", (value) => Number.isFinite(value)],
  integer: ["an integer", (value) => Number.isInteger(value)],
  string: ["a string", (value) => typeof value === "string"],
  array: ["an array", (value) => Array.isArray(value)],
  object: ["an object", isRecord],
};

/** What each keyword asks of a value. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: (ref, at) => {
    const target = at.check.resolve(ref);
    if (target === undefined) return fail(at, "the schema here refers to a place that is not in it");
    also(at, target);
  },
  type: (type, at) => {
    if (at.value === null && own(at.schema, "nullable") === true) return;
    const names = (Array.isArray(type) ? type : [type]).filter((name) => Object.hasOwn(TYPES, String(name)));
    const types = names.map((name) => TYPES[name] as (typeof TYPES)[string]);
    if (types.some(([, fits]) => fits(at.value))) return;
    fail(
      at,
      `expected ${types.map(([name]) => name).join(" or ") || "what the schema does not say"}, got ${describeValue(at.value)}`,
    );
  },
  enum: (options, at) => {
    if (at.value === null && own(at.schema, "nullable") === true) return;
    const list = listOf(options);
    const wanted = canonicalJson(at.value);
    if (!list.some((option) => option === at.value || canonicalJson(option) === wanted)) {
      fail(at, `expected one of ${shorten(canonicalJson(list))}, got ${describeValue(at.value)}`);
    }
  },
  const: (wanted, at) => {
    if (wanted !== at.value && canonicalJson(wanted) !== canonicalJson(at.value)) {
      fail(at, `expected ${shorten(canonicalJson(wanted))}, got ${describeValue(at.value)}`);
    }
  },
  required: /* @__PURE__ */ forObjects((names, value, at) => missing(listOf(names), value, at)),
  dependentRequired: /* @__PURE__ */ forObjects(dependents),
  dependentSchemas: /* @__PURE__ */ forObjects(dependents),
  // Both in one, as earlier drafts have it.
  dependencies: /* @__PURE__ */ forObjects(dependents),
  properties: /* @__PURE__ */ forObjects((schemas, value, at) => {
    if (!isRecord(schemas)) return;
    for (const key of Object.keys(schemas)) if (has(value, key)) descend(at, schemas[key], value[key], key);
  }),
  patternProperties: /* @__PURE__ */ forObjects((schemas, value, at) => {
    if (!isRecord(schemas)) return;
    for (const pattern of Object.keys(schemas)) {
      for (const key of keysOf(value)) {
        const isNamed = matchesPattern(pattern, key);
        if (isNamed) descend(at, schemas[pattern], value[key], key);
        else if (isNamed === undefined) at.seen?.add(key);
      }
    }
  }),
  additionalProperties: /* @__PURE__ */ forObjects((schema, value, at) => {
    const named = own(at.schema, "properties");
    const patterns = own(at.schema, "patternProperties");
    const isNamed = (key: string): boolean =>
      (isRecord(named) && Object.hasOwn(named, key)) ||
      (isRecord(patterns) && Object.keys(patterns).some((pattern) => matchesPattern(pattern, key) !== false));
    restOf(
      keysOf(value).filter((key) => !isNamed(key)),
      schema,
      value,
      at,
    );
  }),
  propertyNames: /* @__PURE__ */ forObjects((schema, value, at) => {
    for (const key of keysOf(value)) {
      if (at.issues.length < MAX_ISSUES) at.issues.push(...at.check.of(schema, key, [...at.path, key], at.depth + 1));
    }
  }),
  minProperties: /* @__PURE__ */ forObjects((limit, value, at) =>
    atLeast(keysOf(value).length, limit, "properties", at),
  ),
  maxProperties: /* @__PURE__ */ forObjects((limit, value, at) =>
    atMost(keysOf(value).length, limit, "properties", at),
  ),
  prefixItems: /* @__PURE__ */ forLists((schemas, list, at) => {
    for (const [place, schema] of listOf(schemas).entries())
      if (place < list.length) descend(at, schema, list[place], place);
  }),
  items: /* @__PURE__ */ forLists((schema, list, at) => {
    // A list of schemas, and schemas for what comes after, as earlier drafts have it.
    if (Array.isArray(schema)) {
      (KEYWORDS.prefixItems as Keyword)(schema, at);
      return eachFrom(schema.length, own(at.schema, "additionalItems"), list, at);
    }
    eachFrom(listOf(own(at.schema, "prefixItems")).length, schema, list, at);
  }),
  contains: /* @__PURE__ */ forLists((schema, list, at) => {
    const isOne = (item: unknown): boolean => at.check.of(schema, item, at.path, at.depth + 1).length === 0;
    const places = [...list.keys()].filter((place) => isOne(list[place]));
    for (const place of places) at.seen?.add(place);
    atLeast(places.length, own(at.schema, "minContains") ?? 1, "items of a kind", at);
    atMost(places.length, own(at.schema, "maxContains"), "items of a kind", at);
  }),
  minItems: /* @__PURE__ */ forLists((limit, list, at) => atLeast(list.length, limit, "items", at)),
  maxItems: /* @__PURE__ */ forLists((limit, list, at) => atMost(list.length, limit, "items", at)),
  uniqueItems: /* @__PURE__ */ forLists((wanted, list, at) => {
    if (wanted === true && new Set(list.map((item) => canonicalJson(item))).size < list.length) {
      fail(at, "expected items that differ from each other");
    }
  }),
  minimum: /* @__PURE__ */ forNumbers(
    (limit, value, at) => value < limit && fail(at, `expected at least ${limit}, got ${value}`),
  ),
  maximum: /* @__PURE__ */ forNumbers(
    (limit, value, at) => value > limit && fail(at, `expected at most ${limit}, got ${value}`),
  ),
  exclusiveMinimum: /* @__PURE__ */ forNumbers(
    (limit, value, at) => value <= limit && fail(at, `expected more than ${limit}, got ${value}`),
  ),
  exclusiveMaximum: /* @__PURE__ */ forNumbers(
    (limit, value, at) => value >= limit && fail(at, `expected less than ${limit}, got ${value}`),
  ),
  multipleOf: /* @__PURE__ */ forNumbers((step, value, at) => {
    const times = value / step;
    // 0.3 is a multiple of 0.1, whatever floating point says.
    const isMultiple = Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
    if (!isMultiple) fail(at, `expected a multiple of ${step}, got ${value}`);
  }),
  minLength: /* @__PURE__ */ forStrings((limit, text, at) => atLeast(lengthOf(text), limit, "characters", at)),
  maxLength: /* @__PURE__ */ forStrings((limit, text, at) => atMost(lengthOf(text), limit, "characters", at)),
  pattern: /* @__PURE__ */ forStrings((pattern, text, at) => {
    if (typeof pattern !== "string" || matchesPattern(pattern, text) !== false) return;
    fail(at, `expected a string that matches ${shorten(pattern)}, got ${describeValue(text)}`);
  }),
  format: /* @__PURE__ */ forStrings((format, text, at) => {
    if (typeof format !== "string" || hasFormat(format, text)) return;
    fail(at, `expected a string of the format ${format}, got ${describeValue(text)}`);
  }),
  allOf: (schemas, at) => {
    for (const schema of listOf(schemas)) also(at, schema);
  },
  anyOf: (schemas, at) => oneForm(listOf(schemas), at, false),
  oneOf: (schemas, at) => oneForm(listOf(schemas), at, true),
  not: (schema, at) => {
    if (fits(at, schema)) fail(at, "fits what the schema excludes");
  },
  if: (schema, at) => also(at, own(at.schema, fits(at, schema, at.seen) ? "then" : "else")),
};

/** What is looked at after all else: the parts of a value that nothing else in the schema has looked at. */
export const LATE_KEYWORDS: Readonly<Record<string, Keyword>> = {
  unevaluatedProperties: /* @__PURE__ */ forObjects((schema, value, at) =>
    restOf(
      keysOf(value).filter((key) => !at.seen?.has(key)),
      schema,
      value,
      at,
    ),
  ),
  unevaluatedItems: /* @__PURE__ */ forLists((schema, list, at) => {
    for (const place of list.keys()) if (!at.seen?.has(place)) descend(at, schema, list[place], place);
  }),
};

/** The properties that no other keyword is for. */
function restOf(keys: readonly string[], schema: unknown, value: Holder, at: Place): void {
  for (const key of keys) {
    if (schema === false) fail(at, "is not among the properties that the schema has", key);
    else descend(at, schema, value[key], key);
  }
}

/** What has to be there, or to fit, where a property is. */
function dependents(wanted: unknown, value: Holder, at: Place): void {
  if (!isRecord(wanted)) return;
  for (const key of Object.keys(wanted)) {
    if (!has(value, key)) continue;
    if (Array.isArray(wanted[key])) missing(wanted[key], value, at);
    else also(at, wanted[key]);
  }
}

function eachFrom(start: number, schema: unknown, list: readonly unknown[], at: Place): void {
  for (let place = start; place < list.length; place++) descend(at, schema, list[place], place);
}

function missing(names: readonly unknown[], value: Holder, at: Place): void {
  for (const name of names) {
    if (typeof name === "string" && !has(value, name)) fail(at, "is missing", name);
  }
}

function atLeast(count: number, limit: unknown, what: string, at: Place): void {
  if (typeof limit === "number" && count < limit) fail(at, `expected at least ${limit} ${what}, got ${count}`);
}

function atMost(count: number, limit: unknown, what: string, at: Place): void {
  if (typeof limit === "number" && count > limit) fail(at, `expected at most ${limit} ${what}, got ${count}`);
}

function oneForm(schemas: readonly unknown[], at: Place, isExact: boolean): void {
  const tried = schemas.map((schema) => at.check.of(schema, at.value, at.path, at.depth + 1, at.seen));
  const fitting = tried.filter((issues) => issues.length === 0).length;
  if (fitting === 1 || (fitting > 1 && !isExact)) return;
  if (fitting > 1) return fail(at, `expected to fit one form alone, and fits ${fitting}`);
  const told = tried.slice(0, MAX_TOLD_FORMS).map(([issue]) => tellIssue(issue as SchemaIssue, at.path.length));
  fail(at, `fits none of ${schemas.length} forms: ${told.join("; or ")}`);
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
