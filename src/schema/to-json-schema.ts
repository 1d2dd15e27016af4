import { LinnetError } from "../errors/linnet-error.ts";
import { isJsonSchema, type JsonSchema } from "./json-schema.ts";
import {
  isStandardJsonSchema,
  isStandardSchema,
  type SerializableSchema,
  type StandardJSONSchemaV1,
  type StandardSchemaV1,
} from "./standard-schema.ts";
import { noSchema, type Schema } from "./validate.ts";

/** What {@link toJsonSchema} may be told. */
export interface ToJsonSchemaOptions {
  /** The draft. Default: `draft-2020-12`. */
  readonly target?: StandardJSONSchemaV1.Target | undefined;
  /** Whether it describes what the schema takes, or what it gives. Default: `input`. */
  readonly io?: "input" | "output" | undefined;
}

/**
 * The JSON Schema of a schema: what models are shown. A JSON Schema is given back as it is.
 *
 * @throws LinnetError `INVALID_CONFIG` for a schema of a library that does not make JSON Schema, and for what is no schema;
 * whatever the library throws for what JSON Schema cannot say.
 *
 * @example
 * ```ts
 * import { toJsonSchema } from "linnet";
 *
 * const schema = toJsonSchema({ type: "object", properties: {} });
 * console.log(schema.type); // object
 * ```
 */
export function toJsonSchema(schema: Schema | StandardJSONSchemaV1, options: ToJsonSchemaOptions = {}): JsonSchema {
  if (isStandardJsonSchema(schema)) {
    const { target = "draft-2020-12", io = "input" } = options;
    return schema["~standard"].jsonSchema[io]({ target }) as JsonSchema;
  }
  if (isJsonSchema(schema)) return schema;
  if (!isStandardSchema(schema)) throw noSchema(schema);
  const { vendor } = schema["~standard"];
  throw new LinnetError(
    `Expected a schema that can be shown as JSON Schema, and this one of ${vendor} cannot. Give ${wayOut(schema, vendor)}.`,
    { code: "INVALID_CONFIG", data: { vendor } },
  );
}

/** What to give instead of a schema that cannot be shown. */
function wayOut(schema: object, vendor: string): string {
  if (vendor === "valibot") return "toStandardJsonSchema(schema) of @valibot/to-json-schema";
  if (vendor !== "zod") return `withJsonSchema(schema, jsonSchema), with what ${vendor} or its companion makes of it`;
  // Zod 4 and zod/mini have it; zod 3 has neither this nor a function for it.
  if ("_zod" in schema)
    return 'withJsonSchema(schema, z.toJSONSchema(schema, { io: "input" })), or a schema of the full zod';
  return "withJsonSchema(schema, zodToJsonSchema(schema)), with zodToJsonSchema of zod-to-json-schema, or a schema of zod 4";
}

/**
 * A schema that validates as the given one, and is shown to models as the given JSON Schema: for libraries that keep the two
 * apart (`z.toJSONSchema` of zod/mini, `toJsonSchema` of @valibot/to-json-schema).
 *
 * @example
 * ```ts
 * import { type StandardSchemaV1, toJsonSchema, withJsonSchema } from "linnet";
 *
 * const even: StandardSchemaV1<number> = {
 *   "~standard": {
 *     version: 1,
 *     vendor: "mine",
 *     validate: (value) => (Number(value) % 2 === 0 ? { value: Number(value) } : { issues: [{ message: "is odd" }] }),
 *   },
 * };
 * const shown = withJsonSchema(even, { type: "integer", multipleOf: 2 });
 * console.log(toJsonSchema(shown)); // { type: 'integer', multipleOf: 2 }
 * ```
 */
export function withJsonSchema<Input, Output>(
  schema: StandardSchemaV1<Input, Output>,
  jsonSchema: object,
): SerializableSchema<Input, Output> {
  const { version, vendor, types, validate } = schema["~standard"];
  const shown = (): Record<string, unknown> => ({ ...jsonSchema });
  return { "~standard": { version, vendor, types, validate, jsonSchema: { input: shown, output: shown } } };
}
