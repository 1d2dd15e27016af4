import { isPlainRecord } from "../secrets/plain-record.ts";

/** The types that JSON Schema knows. */
export type JsonSchemaType = "null" | "boolean" | "object" | "array" | "number" | "integer" | "string";

/**
 * A JSON Schema, as far as tools and structured output use it (drafts 7 and 2020-12 alike). Other keywords may be there;
 * models see them, and validating passes over them. Types of other packages for JSON Schema fit.
 *
 * @example
 * ```ts
 * import type { JsonSchema } from "linnet";
 *
 * const schema: JsonSchema = {
 *   type: "object",
 *   properties: { city: { type: "string", description: "Where." } },
 *   required: ["city"],
 * };
 * ```
 */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  /** A place, an anchor or an id in the same schema: `#`, `#/$defs/name`, `#anchor`, `id`. */
  readonly $ref?: string;
  readonly $defs?: JsonSchemaMap;
  readonly definitions?: JsonSchemaMap;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: unknown;
  readonly type?: JsonSchemaType | readonly JsonSchemaType[] | (string & {}) | readonly string[];
  /** Whether null fits too, as OpenAPI says it. */
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: JsonSchemaMap;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchemaLike;
  readonly patternProperties?: JsonSchemaMap;
  readonly propertyNames?: JsonSchemaLike;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly dependentSchemas?: JsonSchemaMap;
  readonly unevaluatedProperties?: JsonSchemaLike;
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly items?: JsonSchemaLike | readonly JsonSchemaLike[];
  readonly prefixItems?: readonly JsonSchemaLike[];
  readonly additionalItems?: JsonSchemaLike;
  readonly unevaluatedItems?: JsonSchemaLike;
  readonly contains?: JsonSchemaLike;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** Validated where it is a common one; else told to models alone. */
  readonly format?: string;
  readonly allOf?: readonly JsonSchemaLike[];
  readonly anyOf?: readonly JsonSchemaLike[];
  readonly oneOf?: readonly JsonSchemaLike[];
  readonly not?: JsonSchemaLike;
  readonly if?: JsonSchemaLike;
  readonly then?: JsonSchemaLike;
  readonly else?: JsonSchemaLike;
  /** A name for this place, which references may use. */
  readonly $anchor?: string;
  // Seen by models alone.
  readonly $comment?: string;
  readonly deprecated?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly contentEncoding?: string;
  readonly contentMediaType?: string;
}

/** A JSON Schema, or whether anything fits at all. */
export type JsonSchemaLike = JsonSchema | boolean;

/** JSON Schemas by name. */
export type JsonSchemaMap = Readonly<Record<string, JsonSchemaLike>>;

/** A JSON Schema under the name that code for the peer uses. */
export type JSONSchema = JsonSchema;

/** What says of a value what is to fit, or where that is said; an object without any of it is no schema by intent. */
const TELLING_KEYWORDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ `$schema $id $ref $defs $anchor definitions type nullable enum const properties required
additionalProperties patternProperties propertyNames minProperties maxProperties dependencies dependentRequired
dependentSchemas unevaluatedProperties items prefixItems additionalItems contains unevaluatedItems minItems maxItems
uniqueItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format allOf anyOf oneOf
not if`.split(/\s+/),
);

/** Whether a value is meant as a JSON Schema: a plain object with one of its keywords, or with nothing at all. */
export function isJsonSchema(value: unknown): value is JsonSchema {
  if (!isPlainRecord(value) || "~standard" in value) return false;
  const keys = Object.keys(value);
  return keys.length === 0 || keys.some((key) => TELLING_KEYWORDS.has(key));
}
