import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isJsonSchema, type JsonSchema } from "./json-schema.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import { isStandardSchema, type StandardSchemaV1 } from "./standard-schema.ts";
import { validateJsonSchema } from "./validate-json-schema.ts";

/** What a value may be validated by: a schema of any library with Standard Schema, or JSON Schema. */
export type Schema = StandardSchemaV1 | JsonSchema;

/** The value as the schema gives it, or what is wrong with it. */
export type Validated<Value = unknown> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * Validates a value by a schema of any kind. A schema of a library may change the value (defaults, transforms), and may give a
 * promise; a JSON Schema gives it as it is.
 *
 * @throws LinnetError `INVALID_CONFIG` for what is no schema.
 *
 * @example
 * ```ts
 * import { validate } from "linnet";
 *
 * const result = await validate({ type: "string" }, 21);
 * console.log(result.issues?.[0]?.message); // expected a string, got a number 21
 * ```
 */
export function validate<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  value: unknown,
): Validated<Output> | Promise<Validated<Output>>;
export function validate(schema: Schema, value: unknown): Validated | Promise<Validated>;
export function validate(schema: Schema, value: unknown): Validated | Promise<Validated> {
  if (isStandardSchema(schema)) {
    const result = schema["~standard"].validate(value);
    return "then" in result ? Promise.resolve(result).then(toValidated) : toValidated(result);
  }
  if (!isJsonSchema(schema)) throw noSchema(schema);
  const issues = validateJsonSchema(schema, value);
  return issues.length === 0 ? { value } : { issues };
}

function toValidated(result: StandardSchemaV1.Result<unknown>): Validated {
  if (!result.issues) return { value: result.value };
  return { issues: result.issues.map(({ message, path }) => ({ message: String(message), path: toPath(path) })) };
}

function toPath(path: StandardSchemaV1.Issue["path"]): (string | number)[] {
  return (path ?? []).map((step) => {
    const key = typeof step === "object" && step !== null ? step.key : step;
    return typeof key === "number" ? key : String(key);
  });
}

/** The error of what was to be a schema and is none. */
export function noSchema(given: unknown): LinnetError {
  return new LinnetError(
    `Expected a schema with Standard Schema (such as of zod, valibot or arktype) or a JSON Schema, got ${describeValue(given)}.`,
    { code: "INVALID_CONFIG" },
  );
}
