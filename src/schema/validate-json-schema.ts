import type { JsonSchemaLike } from "./json-schema.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import { KEYWORDS } from "./schema-keywords.ts";
import { type Checker, type Holder, type Keyword, MAX_ISSUES, type Path, type Place } from "./schema-place.ts";

/** How deep values and schemas may be nested. */
const MAX_DEPTH = 256;
/** How many schemas are looked at for one value, so that schemas that choose among themselves again and again end. */
const MAX_CHECKS = 100_000;

/**
 * What is wrong with a value by a JSON Schema; nothing where it fits. Looks at the keywords that {@link JsonSchema} names, but
 * `format`, and patterns that could take long. Never throws: a schema that cannot be read is an issue.
 *
 * @param schema a JSON Schema, which may refer to places in itself.
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
    return new Check(schema).of(schema, value, [], 0);
  } catch {
    // Getters and proxies may throw.
    return [{ path: [], message: "the schema or the value cannot be read" }];
  }
}

class Check implements Checker {
  readonly root: JsonSchemaLike;
  #checks = 0;

  constructor(root: JsonSchemaLike) {
    this.root = root;
  }

  of(schema: unknown, value: unknown, path: Path, depth: number): SchemaIssue[] {
    if (schema === true || schema === undefined) return [];
    if (schema === false) return [{ path, message: "nothing fits here" }];
    if (typeof schema !== "object" || schema === null) return [{ path, message: "the schema here is none" }];
    this.#checks += 1;
    if (depth > MAX_DEPTH) return [{ path, message: `nested deeper than ${MAX_DEPTH} levels` }];
    if (this.#checks > MAX_CHECKS) return [{ path, message: "the schema is too much to check" }];
    const issues: SchemaIssue[] = [];
    const at: Place = { check: this, schema: schema as Holder, value, path, depth, issues };
    for (const keyword of Object.keys(schema)) {
      if (issues.length >= MAX_ISSUES) break;
      if (Object.hasOwn(KEYWORDS, keyword)) (KEYWORDS[keyword] as Keyword)((schema as Holder)[keyword], at);
    }
    return issues.slice(0, MAX_ISSUES);
  }
}
