import type { JsonSchemaLike } from "./json-schema.ts";
import { SchemaIndex } from "./schema-index.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import { KEYWORDS, LATE_KEYWORDS } from "./schema-keywords.ts";
import {
  type Checker,
  type Holder,
  type Keyword,
  MAX_ISSUES,
  type Path,
  type Place,
  type Seen,
} from "./schema-place.ts";

/** How deep values and schemas may be nested. */
const MAX_DEPTH = 256;
/**
 * How many schemas are looked at for one value, and how many more for each of its parts, so that schemas that choose among
 * themselves again and again end.
 */
const MAX_CHECKS = 100_000;
const CHECKS_PER_PART = 20;
/** How many parts of a value are counted. */
const MAX_PARTS = 1_000_000;
const LATE: readonly string[] = /* @__PURE__ */ Object.keys(LATE_KEYWORDS);

/**
 * What is wrong with a value by a JSON Schema; nothing where it fits. Looks at the keywords of draft 2020-12 and of draft 7,
 * and at the formats `date`, `time`, `date-time`, `duration`, `email`, `hostname`, `ipv4`, `ipv6`, `uri` and `uuid`. A pattern
 * that could take long passes. Never throws: a schema that cannot be read is an issue. Nothing is fetched.
 *
 * @param schema a JSON Schema, which may refer to places, anchors and ids in itself.
 *
 * @example
 * ```ts
 * import { validateJsonSchema } from "linnet";
 *
 * const schema = { type: "object", properties: { age: { type: "integer" } }, required: ["age"] };
 * console.log(validateJsonSchema(schema, { age: "21" })[0]?.message); // expected an integer, got a string "21"
 * ```
 */
export function validateJsonSchema(schema: JsonSchemaLike, value: unknown): SchemaIssue[] {
  try {
    return new Check(schema, value).of(schema, value, [], 0);
  } catch {
    // Getters and proxies may throw.
    return [{ path: [], message: "the schema or the value cannot be read" }];
  }
}

class Check implements Checker {
  readonly #value: unknown;
  readonly #index: SchemaIndex;
  #checks = 0;
  #limit = MAX_CHECKS;
  #isCounted = false;

  constructor(root: JsonSchemaLike, value: unknown) {
    this.#value = value;
    this.#index = new SchemaIndex(root);
  }

  resolve(ref: unknown): unknown {
    return this.#index.resolve(ref);
  }

  of(schema: unknown, value: unknown, path: Path, depth: number, asked?: Seen): SchemaIssue[] {
    if (schema === true || schema === undefined) return [];
    if (schema === false) return [{ path, message: "nothing fits here" }];
    if (typeof schema !== "object" || schema === null) return [{ path, message: "the schema here is none" }];
    if (depth > MAX_DEPTH) return [{ path, message: `nested deeper than ${MAX_DEPTH} levels` }];
    if (this.#isTooMuch()) return [{ path, message: "the schema is too much to check" }];
    const issues: SchemaIssue[] = [];
    const asks = asked !== undefined || LATE.some((keyword) => Object.hasOwn(schema, keyword));
    const seen: Seen | undefined = asks ? new Set() : undefined;
    const at: Place = { check: this, schema: schema as Holder, value, path, depth, issues, seen };
    apply(KEYWORDS, at);
    if (asks) apply(LATE_KEYWORDS, at);
    if (asked !== undefined && seen !== undefined && issues.length === 0) for (const key of seen) asked.add(key);
    return issues.slice(0, MAX_ISSUES);
  }

  #isTooMuch(): boolean {
    this.#checks += 1;
    if (this.#checks > this.#limit && !this.#isCounted) {
      this.#isCounted = true;
      this.#limit += CHECKS_PER_PART * partsOf(this.#value);
    }
    return this.#checks > this.#limit;
  }
}

function apply(keywords: Readonly<Record<string, Keyword>>, at: Place): void {
  for (const keyword of Object.keys(at.schema)) {
    if (at.issues.length >= MAX_ISSUES) return;
    if (Object.hasOwn(keywords, keyword)) (keywords[keyword] as Keyword)(at.schema[keyword], at);
  }
}

/** How many parts a value has, all the way down. */
function partsOf(value: unknown): number {
  const parts: unknown[] = [value];
  const known = new Set<unknown>();
  // The list grows while it is read.
  for (const part of parts) {
    if (typeof part !== "object" || part === null || known.has(part)) continue;
    known.add(part);
    for (const inner of Object.values(part)) if (parts.length < MAX_PARTS) parts.push(inner);
  }
  return parts.length;
}
