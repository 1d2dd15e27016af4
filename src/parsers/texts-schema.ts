import type { JsonSchema } from "../schema/json-schema.ts";
import type { SerializableSchema } from "../schema/standard-schema.ts";
import { validateJsonSchema } from "../schema/validate-json-schema.ts";
import { setOwn } from "../secrets/plain-record.ts";

/** An object with these keys, each of them a text. */
export type DescribedTexts<Names> = { [Name in keyof Names]: string };

/** A schema for an object of texts; what else an object has is left out. @param descriptions what each text is, by its name. */
export function textsSchema<Names extends Readonly<Record<string, string>>>(
  descriptions: Names,
): SerializableSchema<DescribedTexts<Names>> {
  const names = Object.keys(descriptions);
  const properties: Record<string, JsonSchema> = {};
  for (const name of names) setOwn(properties, name, { type: "string", description: descriptions[name] as string });
  const jsonSchema: JsonSchema = { type: "object", properties, required: names };
  const shown = (): Record<string, unknown> => ({ ...jsonSchema, additionalProperties: false });
  return {
    "~standard": {
      version: 1,
      vendor: "linnet",
      validate: (value) => {
        const issues = validateJsonSchema(jsonSchema, value);
        return issues.length > 0 ? { issues } : { value: pick(value as DescribedTexts<Names>, names) };
      },
      jsonSchema: { input: shown, output: shown },
    },
  };
}

function pick<Texts>(texts: Texts, names: readonly string[]): Texts {
  const picked: Record<string, unknown> = {};
  for (const name of names) setOwn(picked, name, (texts as Record<string, unknown>)[name]);
  return picked as Texts;
}
