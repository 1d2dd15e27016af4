import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import type { JsonSchema } from "./json-schema.ts";
import { isStandardJsonSchema, type StandardJSONSchemaV1 } from "./standard-schema.ts";
import { toJsonSchema } from "./to-json-schema.ts";
import type { Schema } from "./validate.ts";

/**
 * The JSON Schema that models are shown: of what the schema takes, with what has a default not required. An object is closed
 * where the library says that other keys do not come out of it: a model is not to make them up.
 *
 * @throws LinnetError as `toJsonSchema` does.
 */
export function shownSchema(schema: Schema | StandardJSONSchemaV1): JsonSchema {
  const input = toJsonSchema(schema);
  if (!isStandardJsonSchema(schema)) return input;
  return closedAs(input, outputOf(schema)) as JsonSchema;
}

/** What comes out of a schema; undefined where the library cannot say it. */
function outputOf(schema: StandardJSONSchemaV1): unknown {
  try {
    // An option of zod: a transform is shown as anything, and is no reason to tell nothing of the rest.
    const libraryOptions = { unrepresentable: "any" };
    return schema["~standard"].jsonSchema.output({ target: "draft-2020-12", libraryOptions });
  } catch {
    return undefined;
  }
}

/** A copy of the first schema, closed where the second is and the first says nothing. */
function closedAs(input: unknown, output: unknown): unknown {
  if (Array.isArray(input)) {
    const isSame = Array.isArray(output) && output.length === input.length;
    return isSame ? input.map((item, place) => closedAs(item, output[place])) : input;
  }
  if (!isPlainRecord(input) || !isPlainRecord(output)) return input;
  const closed: Record<string, unknown> = {};
  for (const key of Object.keys(input)) {
    setOwn(closed, key, Object.hasOwn(output, key) ? closedAs(input[key], output[key]) : input[key]);
  }
  const isClosed = Object.hasOwn(output, "additionalProperties") && output.additionalProperties === false;
  if (isClosed && !Object.hasOwn(closed, "additionalProperties")) closed.additionalProperties = false;
  return closed;
}
