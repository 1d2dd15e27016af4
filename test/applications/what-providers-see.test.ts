import { expect, test } from "vitest";
import { z } from "zod";
import {
  AIMessage,
  BytesOutputParser,
  convertToOpenAITool,
  type LinnetError,
  runTools,
  tool,
} from "../../src/entries/index.ts";
import { callingTools, PortedModel } from "./ported-model.ts";

const Bird = z.object({
  name: z.string(),
  size: z.object({ cm: z.number() }),
  songs: z.array(z.object({ text: z.string() })),
});
const note = tool(({ name }) => name, { name: "note", description: "Notes a bird.", schema: Bird });

/** Every schema of an object in a schema, itself included. */
function objectsOf(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== "object" || schema === null) return [];
  const inner = Object.values(schema).flatMap(objectsOf);
  return (schema as { type?: unknown }).type === "object" ? [schema as Record<string, unknown>, ...inner] : inner;
}

test.each([
  ["a tool", async () => convertToOpenAITool(note, { strict: true })],
  ["a call that gives structured output", () => sentFor("functionCalling", "tools")],
  ["a JSON schema", () => sentFor("jsonSchema", "response_format")],
])("what is sent as strict is closed at every depth, as providers want it: %s", async (_, sent) => {
  const objects = objectsOf(await sent());
  expect(objects).toHaveLength(3);
  expect(objects.map(({ additionalProperties }) => additionalProperties)).toEqual([false, false, false]);
});

async function sentFor(method: "functionCalling" | "jsonSchema", option: string): Promise<unknown> {
  const model = new PortedModel({ answers: [new AIMessage("no")] });
  await model
    .withStructuredOutput(Bird, { method, strict: true })
    .invoke("A bird?")
    .catch(() => undefined);
  return model.calls[0]?.options[option];
}

test.each([
  ["a retry", (model: PortedModel) => model.withRetry()],
  ["a config", (model: PortedModel) => model.withConfig({ tags: ["agent"] })],
  ["a fallback", (model: PortedModel) => model.withFallbacks([new PortedModel({ answers: [new AIMessage("")] })])],
])("no agent forgets to show its tools without a word: a model in %s", async (_, wrapped) => {
  const model = new PortedModel({ answers: [new AIMessage("No tool needed.")] });
  const failure: unknown = await Promise.resolve()
    .then(() => runTools(wrapped(model), [note]).invoke("A bird?"))
    .then(
      () => undefined,
      (error) => error,
    );
  if (failure !== undefined) expect((failure as LinnetError).code).toBe("NOT_SUPPORTED");
  else expect(model.calls[0]?.options.tools).toHaveLength(1);
});

test("bytes of a stream make a response as they are, also where the model gives empty chunks", async () => {
  const model = new PortedModel({
    answers: [
      new AIMessage({ content: "a linnet", tool_calls: callingTools({ name: "x", args: {}, id: "1" }).tool_calls }),
    ],
  });
  const sizes: number[] = [];
  for await (const bytes of await model.pipe(new BytesOutputParser()).stream("?")) sizes.push(bytes.length);
  expect(sizes).toEqual([2, 6]);
});
