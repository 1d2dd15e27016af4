import type { JsonSchema, JsonSchemaLike } from "../schema/json-schema.ts";

/** How deep a schema is outlined; what lies deeper is `any`. */
const MAX_DEPTH = 16;

/**
 * A JSON Schema as a reader would write it down: the form of the value, with a word of each field behind it.
 *
 * @example `{\n  "bird": string // Its name.\n}`
 */
export function outlineOf(schema: JsonSchema): string {
  return typeOf(schema, "") + remarkOf(schema, false);
}

function typeOf(schema: JsonSchemaLike | undefined, indent: string): string {
  if (typeof schema !== "object" || schema === null || indent.length > 2 * MAX_DEPTH) return "any";
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => typeOf(choice, indent)).join(" | ");
  if (schema.properties !== undefined) return objectOf(schema, indent);
  if (schema.type === "array") return `array[${itemsOf(schema, indent)}]`;
  const { type = "any" } = schema;
  return typeof type === "string" ? type : type.join(" | ");
}

function objectOf({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, field]) => {
    const remark = typeof field === "object" ? remarkOf(field, !required.includes(name)) : "";
    return `${inner}${JSON.stringify(name)}: ${typeOf(field, inner)}${remark}`;
  });
  return `{\n${fields.join("\n")}\n${indent}}`;
}

function itemsOf({ items }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(items)) return items.map((item) => typeOf(item, indent)).join(", ");
  return `\n${inner}${typeOf(items as JsonSchemaLike | undefined, inner)}\n${indent}`;
}

function remarkOf({ description = "" }: JsonSchema, isOptional: boolean): string {
  const remark = [description, isOptional ? "(optional)" : ""].filter((part) => part !== "").join(" ");
  return remark === "" ? "" : ` // ${remark}`;
}
