import type { StandardTypedV1 } from "../schema/standard-schema.ts";
import { type Schema, validate } from "../schema/validate.ts";
import { OutputParserException } from "./output-parser-exception.ts";

/** What a schema gives: of a Standard Schema its output, of a JSON Schema anything. */
export type SchemaOutput<Given> = Given extends StandardTypedV1 ? StandardTypedV1.InferOutput<Given> : unknown;

/**
 * The value as the schema gives it.
 *
 * @param what what is validated, for the error.
 * @param said what the model said.
 * @throws OutputParserException where it does not fit.
 */
export async function fitted<Given extends Schema>(
  schema: Given,
  value: unknown,
  what: string,
  said: string,
): Promise<SchemaOutput<Given>> {
  const result = await validate(schema, value);
  if (result.issues === undefined) return result.value as SchemaOutput<Given>;
  const issues = result.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new OutputParserException(
    `Expected ${what} that fits its schema, got one that does not: ${issues.join("; ")}.`,
    said,
  );
}
