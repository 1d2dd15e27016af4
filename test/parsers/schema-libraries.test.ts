import { toJsonSchema as ofValibot } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { AIMessage } from "../../src/messages/ai.ts";
import { JsonMarkdownStructuredOutputParser } from "../../src/parsers/json-markdown-structured-output-parser.ts";
import { JsonOutputKeyToolsParser } from "../../src/parsers/openai/json-output-tools-parsers.ts";
import { StandardSchemaOutputParser } from "../../src/parsers/standard-schema-output-parser.ts";
import { StructuredOutputParser } from "../../src/parsers/structured-output-parser.ts";
import type { JsonSchema } from "../../src/schema/json-schema.ts";
import { withJsonSchema } from "../../src/schema/to-json-schema.ts";
import "../../src/runnables/wiring.ts";

interface Bird {
  name: string;
  eggs?: number | undefined;
}

const ofZod = z.object({ name: z.string().describe("Its name."), eggs: z.number().optional() });
const valibotSchema = v.object({ name: v.pipe(v.string(), v.description("Its name.")), eggs: v.optional(v.number()) });
const shown = withJsonSchema(valibotSchema, ofValibot(valibotSchema) as JsonSchema);
const ofArktype = type({ name: "string", "eggs?": "number" });

describe.each([
  ["zod", ofZod],
  ["valibot", shown],
  ["arktype", ofArktype],
])("a schema of %s", (_library, schema) => {
  it("is what an answer has to fit", async () => {
    const parser = StructuredOutputParser.fromZodSchema(schema);
    expect(await parser.invoke('{"name":"linnet","eggs":5}')).toEqual({ name: "linnet", eggs: 5 });
    await expect(parser.invoke('{"name":1}')).rejects.toMatchObject({ name: "OutputParserException" });
    expect(await new StandardSchemaOutputParser<Bird>(schema).invoke('{"name":"linnet"}')).toEqual({ name: "linnet" });
  });

  it("is shown to the model", () => {
    expect(StructuredOutputParser.fromZodSchema(schema).getFormatInstructions()).toContain('"required":["name"]');
    const outline = JsonMarkdownStructuredOutputParser.fromZodSchema(schema).getFormatInstructions();
    expect(outline).toMatch(/"name": string[^\n]*\n/);
    expect(outline).toContain('"eggs": number // (optional)');
  });

  it("is what a tool's arguments have to fit", async () => {
    const parser = new JsonOutputKeyToolsParser<Bird>({ keyName: "see", returnSingle: true, zodSchema: schema });
    const said = (args: Record<string, unknown>) =>
      new AIMessage({ content: "", tool_calls: [{ name: "see", args, id: "1" }] });
    expect(await parser.invoke(said({ name: "linnet" }))).toEqual({ name: "linnet" });
    await expect(parser.invoke(said({ name: 1 }))).rejects.toMatchObject({ name: "OutputParserException" });
  });
});

describe("the type of an answer", () => {
  it("is what the schema gives", () => {
    expectTypeOf(
      new StructuredOutputParser(ofZod).invoke("{}").catch(() => undefined as never),
    ).resolves.toEqualTypeOf<{
      name: string;
      eggs?: number | undefined;
    }>();
  });
});
