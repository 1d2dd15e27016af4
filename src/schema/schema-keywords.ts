import { describeValue } from "../errors/describe-value.ts";
import { canonicalJson } from "./canonical-json.ts";
import { matchesPattern } from "./safe-pattern.ts";
import { type SchemaIssue, tellIssue } from "./schema-issue.ts";
import {
  descend,
  fail,
  forLists,
  forNumbers,
  forObjects,
  forStrings,
  type Holder,
  has,
  isRecord,
  type Keyword,
  listOf,
  own,
  type Place,
} from "./schema-place.ts";

/** How many of the forms that a value could have had are told of. */
const MAX_TOLD_FORMS = 3;

const TYPES: Readonly<Record<string, readonly [name: string, fits: (value: unknown) => boolean]>> = {
  null: ["null", (value) => value === null],
  boolean: ["a boolean", (value) => typeof value === "boolean"],
  number: ["a number", Number.isFinite],
  integer: ["an integer", Number.isInteger],
  string: ["a string", (value) => typeof value === "string"],
  array: ["an array", Array.isArray],
  object: ["an object", isRecord],
};

/** What each keyword asks of a value. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: (ref, at) => {
    const target = resolve(ref, at.check.root);
    if (target === undefined) return fail(at, "the schema here refers to a place that is not in it");
    descend(at, target, at.value);
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
  dependentRequired: /* @__PURE__ */ forObjects((lists, value, at) => {
    if (!isRecord(lists)) return;
    for (const key of Object.keys(lists)) if (has(value, key)) missing(listOf(lists[key]), value, at);
  }),
  properties: /* @__PURE__ */ forObjects((schemas, value, at) => {
    if (!isRecord(schemas)) return;
    for (const key of Object.keys(schemas)) if (has(value, key)) descend(at, schemas[key], value[key], key);
  }),
  patternProperties: /* @__PURE__ */ forObjects((schemas, value, at) => {
    if (!isRecord(schemas)) return;
    for (const pattern of Object.keys(schemas)) {
      for (const key of Object.keys(value)) {
        if (has(value, key) && matchesPattern(pattern, key)) descend(at, schemas[pattern], value[key], key);
      }
    }
  }),
  additionalProperties: /* @__PURE__ */ forObjects((schema, value, at) => {
    const named = own(at.schema, "properties");
    const patterns = own(at.schema, "patternProperties");
    const isNamed = (key: string): boolean =>
      (isRecord(named) && Object.hasOwn(named, key)) ||
      (isRecord(patterns) && Object.keys(patterns).some((pattern) => matchesPattern(pattern, key) !== false));
    for (const key of Object.keys(value)) {
      if (!has(value, key) || isNamed(key)) continue;
      if (schema === false) fail(at, "is not among the properties that the schema has", key);
      else descend(at, schema, value[key], key);
    }
  }),
  propertyNames: /* @__PURE__ */ forObjects((schema, value, at) => {
    for (const key of Object.keys(value)) descend(at, schema, key, key);
  }),
  minProperties: /* @__PURE__ */ forObjects((limit, value, at) =>
    atLeast(Object.keys(value).length, limit, "properties", at),
  ),
  maxProperties: /* @__PURE__ */ forObjects((limit, value, at) =>
    atMost(Object.keys(value).length, limit, "properties", at),
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
  allOf: (schemas, at) => {
    for (const schema of listOf(schemas)) descend(at, schema, at.value);
  },
  anyOf: (schemas, at) => oneForm(listOf(schemas), at, false),
  oneOf: (schemas, at) => oneForm(listOf(schemas), at, true),
  not: (schema, at) => {
    if (fits(schema, at)) fail(at, "fits what the schema excludes");
  },
  if: (schema, at) => descend(at, own(at.schema, fits(schema, at) ? "then" : "else"), at.value),
};

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
  const tried = schemas.map((schema) => at.check.of(schema, at.value, at.path, at.depth + 1));
  const fitting = tried.filter((issues) => issues.length === 0).length;
  if (fitting === 1 || (fitting > 1 && !isExact)) return;
  if (fitting > 1) return fail(at, `expected to fit one form alone, and fits ${fitting}`);
  const told = tried.slice(0, MAX_TOLD_FORMS).map(([issue]) => tellIssue(issue as SchemaIssue, at.path.length));
  fail(at, `fits none of ${schemas.length} forms: ${told.join("; or ")}`);
}

function fits(schema: unknown, at: Place): boolean {
  return at.check.of(schema, at.value, at.path, at.depth + 1).length === 0;
}

/** The place in a schema that a reference names; undefined where there is none. */
function resolve(ref: unknown, root: unknown): unknown {
  if (typeof ref !== "string" || (ref !== "#" && !ref.startsWith("#/"))) return undefined;
  let place: unknown = root;
  for (const part of ref.split("/").slice(1)) {
    if (typeof place !== "object" || place === null) return undefined;
    place = own(place as Holder, decode(part));
  }
  return place;
}

function decode(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // Percent signs may be there for themselves.
  }
  return text.replace(/~1/g, "/").replace(/~0/g, "~");
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
