import { type Holder, isHeldBy, isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import type { JsonSchema } from "./json-schema.ts";

/** What holds schemas, and whether by name; what is not here is data, or is left as it is (`not`, `if`). */
const HOLDERS: Readonly<Record<string, "one" | "named">> = {
  $defs: "named",
  definitions: "named",
  properties: "named",
  patternProperties: "named",
  additionalProperties: "one",
  items: "one",
  prefixItems: "one",
  anyOf: "one",
  oneOf: "one",
  allOf: "one",
};
const FORMS = ["anyOf", "oneOf"] as const;
/** How deep it is looked into. What is below stays as it is. */
const MAX_DEPTH = 500;

/**
 * The schema as providers want it of what is strict, as a copy: every object takes no other keys, and has to have all that it
 * names; defaults are left out, since nothing is. What says of its other keys what they are stays so, and what is put together
 * of parts is not closed, since its parts would shut each other out.
 */
export function strictSchema(schema: JsonSchema): JsonSchema {
  return strictOf(schema, false, undefined, 0) as JsonSchema;
}

/** @param isPart whether it describes an object together with others. */
function strictOf(given: unknown, isPart: boolean, above: Holder | undefined, depth: number): unknown {
  if (Array.isArray(given)) return given.map((item) => strictOf(item, isPart, above, depth));
  if (!isPlainRecord(given) || depth > MAX_DEPTH || isHeldBy(given, above)) return given;
  const holder: Holder = { object: given, holder: above };
  const inner = (value: unknown, isPartOf: boolean): unknown => strictOf(value, isPartOf, holder, depth + 1);
  const isMixed = isPart || own(given, "allOf") !== undefined || hasFormsWithKeys(given);
  const strict: Record<string, unknown> = {};
  for (const key of Object.keys(given)) {
    const value = given[key];
    const holds = Object.hasOwn(HOLDERS, key) ? HOLDERS[key] : undefined;
    if (key === "default") continue;
    if (holds === "named" && isPlainRecord(value)) {
      const named: Record<string, unknown> = {};
      for (const name of Object.keys(value)) setOwn(named, name, inner(value[name], false));
      setOwn(strict, key, named);
    } else {
      const isPartOf = isMixed && (key === "allOf" || FORMS.some((form) => form === key));
      setOwn(strict, key, holds === undefined ? value : inner(value, isPartOf));
    }
  }
  if (!isObjectSchema(given)) return strict;
  const names = keysOfProperties(given);
  const required = own(given, "required");
  strict.required = [...new Set([...names, ...(Array.isArray(required) ? required : [])])];
  if (!isMixed && saysNothing(own(given, "additionalProperties"))) strict.additionalProperties = false;
  return strict;
}

/** Whether a schema of an object has forms that name keys of the same object. */
function hasFormsWithKeys(schema: Record<string, unknown>): boolean {
  if (keysOfProperties(schema).length === 0) return false;
  const forms = FORMS.flatMap((key) => own(schema, key) ?? []);
  return forms.some((form) => isPlainRecord(form) && (own(form, "properties") ?? own(form, "$ref")) !== undefined);
}

function isObjectSchema(schema: Record<string, unknown>): boolean {
  const type = own(schema, "type");
  return (
    type === "object" || (Array.isArray(type) && type.includes("object")) || isPlainRecord(own(schema, "properties"))
  );
}

function keysOfProperties(schema: Record<string, unknown>): string[] {
  const properties = own(schema, "properties");
  return isPlainRecord(properties) ? Object.keys(properties) : [];
}

/** Whether any other key fits: nothing is said of it, or that anything does. */
function saysNothing(additional: unknown): boolean {
  return (
    additional === undefined ||
    additional === true ||
    (isPlainRecord(additional) && Object.keys(additional).length === 0)
  );
}

function own(schema: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(schema, key) ? schema[key] : undefined;
}
