import { LinnetError } from "../../errors/linnet-error.ts";
import { isJsonSchema, type JsonSchema } from "../../schema/json-schema.ts";
import { shownSchema } from "../../schema/shown-schema.ts";
import { isStandardSchema } from "../../schema/standard-schema.ts";
import { strictSchema } from "../../schema/strict-schema.ts";
import { noSchema, type Schema } from "../../schema/validate.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { FunctionDefinition } from "../../tools/openai-tools.ts";
import type {
  StructuredFunction,
  StructuredOutputMethodOptions,
  StructuredOutputSchema,
} from "./structured-options.ts";

/** What providers take as a name. */
const FOREIGN_CHARACTERS = /[^\w-]+/g;
const NAME_LENGTH = 64;

/** The schema that the output has to fit. @throws LinnetError `INVALID_CONFIG` for what is no schema. */
export function schemaOf(given: StructuredOutputSchema): Schema {
  const schema = isFunction(given) ? given.parameters : given;
  if (isStandardSchema(schema) || isJsonSchema(schema)) return schema;
  throw noSchema(schema);
}

/**
 * The output as a function that the model is told of.
 *
 * @throws LinnetError `INVALID_CONFIG` for what is no schema, or cannot be shown as JSON Schema.
 */
export function askedFunction(
  given: StructuredOutputSchema,
  { name, strict }: StructuredOutputMethodOptions<boolean>,
): FunctionDefinition {
  const shown = shownSchema(schemaOf(given));
  const told = isFunction(given) ? given : { name: nameOf(shown.title), description: shown.description };
  return {
    name: name ?? told.name,
    ...(told.description !== undefined && { description: told.description }),
    parameters: { ...(strict ? strictSchema(shown) : shown) } as Record<string, unknown>,
    ...(strict !== undefined && { strict }),
  };
}

/** The error of an option that does not fit the others. */
export function invalidOption(option: string, message: string): LinnetError {
  return new LinnetError(message, { code: "INVALID_CONFIG", data: { option } });
}

function nameOf(title: JsonSchema["title"]): string {
  const name = String(title ?? "")
    .replace(FOREIGN_CHARACTERS, "_")
    .slice(0, NAME_LENGTH);
  return /[a-z]/i.test(name) ? name : "extract";
}

function isFunction(given: StructuredOutputSchema): given is StructuredFunction {
  if (isStandardSchema(given) || isJsonSchema(given) || !isPlainRecord(given)) return false;
  const { name, parameters } = given as Partial<StructuredFunction>;
  return typeof name === "string" && isPlainRecord(parameters);
}
