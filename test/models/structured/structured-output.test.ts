import { toJsonSchema as valibotToJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { OutputParserException } from "../../../src/parsers/output-parser-exception.ts";
import { StructuredPrompt } from "../../../src/prompts/structured-prompt.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";
import type { StandardSchemaV1 } from "../../../src/schema/standard-schema.ts";
import { withJsonSchema } from "../../../src/schema/to-json-schema.ts";
import { fakeModel } from "../../../src/testing/fake-model.ts";
import { runTree } from "../../helpers/run-tree.ts";
import { CallsModel, calling, callPieces, SaysModel, StreamsModel, textPieces } from "./models.ts";

const bird = {
  title: "Bird",
  description: "A bird.",
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name"],
} as const;

/** The function that a model was told of. */
const toldOf = (model: SaysModel): unknown => (model.asked[0] as { tools: { function: unknown }[] }).tools[0]?.function;

describe("structured output by a call", () => {
  test.each([
    ["of a whole message", calling("Bird", { name: "linnet" })],
    [
      "of a chunk",
      new AIMessageChunk({ content: "", tool_calls: [{ name: "Bird", args: { name: "linnet" }, id: "1" }] }),
    ],
  ])("gives the arguments %s", async (_what, message) => {
    const model = new CallsModel(message as AIMessage);
    expect(await model.withStructuredOutput(bird).invoke("which?")).toEqual({ name: "linnet" });
    expect(model.asked).toEqual([
      {
        stop: undefined,
        tool_choice: "any",
        tools: [{ type: "function", function: { name: "Bird", description: "A bird.", parameters: bird } }],
      },
    ]);
  });

  test.each<[what: string, schema: JsonSchema | object, name: string | undefined, expected: string]>([
    ["the name that is given", bird, "my bird", "my bird"],
    ["the title of the schema", bird, undefined, "Bird"],
    [
      "a title with other characters, without them",
      { title: "Birds, of 2 kinds", type: "object" },
      undefined,
      "Birds_of_2_kinds",
    ],
    ["the beginning of a long title", { title: "b".repeat(70), type: "object" }, undefined, "b".repeat(64)],
    ["extract for a title that no provider takes", { title: "鳥", type: "object" }, undefined, "extract"],
    ["extract without a title", { type: "object" }, undefined, "extract"],
    ["the name of a function", { name: "listen", parameters: { type: "object" } }, undefined, "listen"],
    ["the given name before that of a function", { name: "listen", parameters: { type: "object" } }, "hear", "hear"],
  ])("is known by %s", async (_what, schema, name, expected) => {
    const model = new CallsModel(calling(expected, { name: "linnet" }));
    const reads = model.withStructuredOutput(schema as { type: "object" }, { name });
    expect(await reads.invoke("x")).toEqual({ name: "linnet" });
    expect(toldOf(model)).toMatchObject({ name: expected });
  });

  it("is told of as closed where the library drops other keys, as tools are", async () => {
    const model = new CallsModel(calling("extract", { name: "linnet" }));
    await model.withStructuredOutput(z.object({ name: z.string(), size: z.number().default(1) })).invoke("x");
    expect(toldOf(model)).toMatchObject({ parameters: { additionalProperties: false, required: ["name"] } });
  });

  it("says strict where it is given, also by the peer's other name of the method", async () => {
    for (const strict of [true, false]) {
      const model = new CallsModel(calling("extract", {}));
      await model.withStructuredOutput({ type: "object" }, { strict, method: "functionMode" }).invoke("x");
      const closed = { required: [], additionalProperties: false };
      expect(toldOf(model)).toEqual({
        name: "extract",
        parameters: { type: "object", ...(strict && closed) },
        strict,
      });
    }
  });

  it("takes a function as providers do, and validates by its parameters", async () => {
    const given = { name: "listen", description: "Hears.", parameters: bird };
    const model = new CallsModel(calling("listen", { age: 1 }));
    await expect(model.withStructuredOutput(given).invoke("x")).rejects.toThrow("name");
    expect(toldOf(model)).toEqual({ name: "listen", description: "Hears.", parameters: bird });
  });

  it("does not hand its own schema on to be written to", async () => {
    const schema = { type: "object" } as const;
    const model = new CallsModel(calling("extract", {}));
    await model.withStructuredOutput(schema).invoke("x");
    const { parameters } = toldOf(model) as { parameters: Record<string, unknown> };
    parameters.type = "array";
    expect(schema).toEqual({ type: "object" });
  });

  const miniShape = mini.object({ a: mini._default(mini.number(), 3) });
  const valibotShape = v.object({ a: v.optional(v.number(), 3) });
  test.each<[vendor: string, schema: StandardSchemaV1]>([
    ["zod", z.object({ a: z.number().default(3) })],
    ["valibot", withJsonSchema(valibotShape, valibotToJsonSchema(valibotShape))],
    ["arktype", type({ a: "number = 3" })],
    ["zod/mini", withJsonSchema(miniShape, z.toJSONSchema(miniShape, { io: "input" }) as JsonSchema)],
  ])("is what a schema of %s makes of the arguments", async (_vendor, schema) => {
    const parse = (args: Record<string, unknown>) =>
      new CallsModel(calling("extract", args)).withStructuredOutput(schema).invoke("x");
    expect(await parse({})).toEqual({ a: 3 });
    expect(await parse({ a: 4 })).toEqual({ a: 4 });
    await expect(parse({ a: "four" })).rejects.toBeInstanceOf(OutputParserException);
  });

  test.each<[what: string, said: AIMessage, message: string]>([
    [
      "arguments that do not fit",
      calling("Bird", { age: "old" }),
      'Expected a call of "Bird" that fits its schema, got one that does not: ',
    ],
    ["a text", new AIMessage("a linnet"), 'Expected the model to call "Bird", got a string "a linnet".'],
    ["calls of others", calling("Fish", {}), 'Expected the model to call "Bird", got calls of Fish.'],
    [
      "arguments that are no JSON",
      new AIMessage({ content: "", invalid_tool_calls: [{ name: "Bird", args: "{a", id: "1" }] }),
      'Expected the arguments of "Bird" to be a JSON object, got "{a".',
    ],
  ])("fails on %s", async (_what, said, message) => {
    const failure = new CallsModel(said).withStructuredOutput(bird).invoke("x");
    await expect(failure).rejects.toBeInstanceOf(OutputParserException);
    await expect(failure).rejects.toThrow(message);
  });

  it("streams what there is so far, and at last what the schema gives", async () => {
    const schema = z.object({ name: z.string(), age: z.number().default(2) });
    const model = new StreamsModel(callPieces("extract", '{"na', 'me":"lin', 'net"}'));
    const given: unknown[] = [];
    for await (const value of await model.withStructuredOutput(schema).stream("x")) given.push(value);
    expect(given).toEqual([{}, { name: "lin" }, { name: "linnet" }, { name: "linnet", age: 2 }]);
  });

  test.each([
    ["that do not fit", callPieces("extract", '{"age":', '"old"}'), "that fits its schema"],
    ["of another call", callPieces("other", '{"name":', '"linnet"}'), "got calls of other."],
    ["of a text", textPieces("a ", "linnet"), 'got a string "a linnet"'],
  ])("fails at the end of a stream of pieces %s", async (_what, pieces, message) => {
    const stream = await new StreamsModel([...pieces])
      .withStructuredOutput({ type: "object", required: ["name"] })
      .astream("x");
    const read = async () => {
      for await (const _value of stream);
    };
    await expect(read()).rejects.toThrow(message);
  });

  it("takes no arguments that break off, though their beginning fits", async () => {
    const schema = { type: "object", required: ["name"] } as const;
    const cut = (pieces: AIMessageChunk[]) => new StreamsModel(pieces).withStructuredOutput(schema).stream("x");
    const values: unknown[] = [];
    const read = async () => {
      for await (const value of await cut(callPieces("extract", '{"name":', '"lin'))) values.push(value);
    };
    await expect(read()).rejects.toMatchObject({
      code: "OUTPUT_PARSING_FAILURE",
      llmOutput: '{"name":"lin',
      message:
        'Expected whole arguments in the call of "extract", got some that break off: a string "{\\"name\\":\\"lin". Allow the model more tokens.',
    });
    expect(values.at(-1)).toEqual({ name: "lin" });
    const [first, other] = [callPieces("extract", '{"name":"linnet"}'), callPieces("other", '{"name":"lin')];
    const [piece] = other[0]?.tool_call_chunks ?? [];
    Object.assign(piece as object, { index: 1, id: "2" });
    const stream = await cut([...first, ...other]);
    for await (const value of stream) expect(value).toEqual({ name: "linnet" });
  });

  it("needs a model that has bindTools", () => {
    const model = new SaysModel(new AIMessage("x"));
    for (const call of [() => model.bindTools([]), () => model.withStructuredOutput(bird)]) {
      expect(call).toThrow(
        expect.objectContaining({
          code: "NOT_SUPPORTED",
          data: { model: "SaysModel" },
          message: expect.stringContaining("Expected SaysModel to implement bindTools, and it does not."),
        }),
      );
    }
  });
});

describe("structured output by a text", () => {
  const schemaFormat = { type: "json_schema", json_schema: { name: "Bird", description: "A bird.", schema: bird } };
  test.each<[method: string, strict: boolean | undefined, format: object]>([
    ["jsonMode", undefined, { type: "json_object" }],
    ["jsonMode", false, { type: "json_object" }],
    ["jsonSchema", undefined, schemaFormat],
    [
      "jsonSchema",
      true,
      {
        ...schemaFormat,
        json_schema: {
          ...schemaFormat.json_schema,
          schema: { ...bird, required: ["name", "age"], additionalProperties: false },
          strict: true,
        },
      },
    ],
  ])("by %s with strict %s asks for a form, and reads JSON", async (method, strict, format) => {
    const model = new SaysModel(new AIMessage('```json\n{"name":"linnet"}\n```'));
    expect(await model.withStructuredOutput(bird, { method, strict }).invoke("x")).toEqual({ name: "linnet" });
    expect(model.asked).toEqual([{ stop: undefined, response_format: format }]);
  });

  it("in jsonMode takes a schema that cannot be shown", async () => {
    const schema = v.object({ a: v.optional(v.number(), 3) });
    const model = new SaysModel(new AIMessage("{}"));
    expect(await model.withStructuredOutput(schema, { method: "jsonMode" }).invoke("x")).toEqual({ a: 3 });
    for (const method of ["jsonSchema", "functionCalling"]) {
      expect(() => model.withStructuredOutput(schema, { method })).toThrow("valibot");
    }
  });

  test.each([
    ["JSON that does not fit", '{"age":1}', "Expected JSON that fits its schema"],
    ["a text", "a linnet", "Expected JSON or a fenced block of it"],
    ["half of JSON", '{"name":"lin', "Expected JSON or a fenced block of it"],
  ])("fails on %s, whole or streamed", async (_what, said, message) => {
    const options = { method: "jsonMode" } as const;
    const failure = new SaysModel(new AIMessage(said)).withStructuredOutput(bird, options).invoke("x");
    await expect(failure).rejects.toMatchObject({ code: "OUTPUT_PARSING_FAILURE", llmOutput: said });
    await expect(failure).rejects.toThrow(message);
    const stream = new StreamsModel(textPieces(...said)).withStructuredOutput(bird, options).astream("x");
    const read = async () => {
      for await (const _value of stream);
    };
    await expect(read()).rejects.toThrow(message);
  });

  it("streams what there is so far", async () => {
    const model = new StreamsModel(textPieces('{"na', 'me":"lin', 'net"}'));
    const given: unknown[] = [];
    for await (const value of await model.withStructuredOutput(bird, { method: "jsonSchema" }).stream("x"))
      given.push(value);
    expect(given).toEqual([{}, { name: "lin" }, { name: "linnet" }]);
  });
});

describe("what structured output refuses", () => {
  const model = new CallsModel(new AIMessage("x"));
  test.each(["functionCalling", "jsonMode", "jsonSchema"])("what is no schema, by %s", (method) => {
    for (const schema of [{ tittle: "x" }, "bird", undefined, null, [], { name: "x" }, { parameters: {} }]) {
      expect(() => model.withStructuredOutput(schema as never, { method })).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringContaining("Expected a schema") }),
      );
    }
  });

  test.each(["odd", "toString", "__proto__"])("the method %s", (method) => {
    expect(() => model.withStructuredOutput(bird, { method })).toThrow(
      expect.objectContaining({
        code: "INVALID_CONFIG",
        data: { option: "method" },
        message: `Expected method to be one of functionCalling, functionMode, jsonMode, jsonSchema, got ${method}.`,
      }),
    );
  });

  test.each<[string, object]>([
    ["array", z.array(z.string())],
    ["string", { type: "string" }],
    ["null", z.null()],
  ])("a schema of %s for a call, which has an object for arguments", (type, schema) => {
    for (const options of [{}, { method: "functionMode" }]) {
      expect(() => model.withStructuredOutput(schema as JsonSchema, options)).toThrow(
        expect.objectContaining({
          code: "INVALID_CONFIG",
          data: { option: "schema" },
          message: expect.stringContaining(`got one of "${type}". Make it a field of an object`),
        }),
      );
    }
    for (const method of ["jsonMode", "jsonSchema"]) model.withStructuredOutput(schema as JsonSchema, { method });
    model.withStructuredOutput(z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]));
  });

  test("strict in jsonMode", () => {
    expect(() => model.withStructuredOutput(bird, { method: "jsonMode", strict: true })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", data: { option: "strict" } }),
    );
  });
});

describe("structured output in a chain", () => {
  it("is told of under one name, and names no longer chain after itself", async () => {
    const tree = runTree();
    const reads = new CallsModel(calling("Bird", { name: "linnet" })).withStructuredOutput(bird);
    const chain = reads.pipe(({ name }) => String(name).length);
    expect(await chain.invoke("x", { callbacks: [tree.handler] })).toBe(6);
    expect(tree.lines.filter((line) => line.includes("start"))).toEqual([
      "start RunnableSequence [] (RunnableSequence)",
      "  start StructuredOutput [seq:step:1] (RunnableSequence)",
      "    start JsonOutputKeyToolsParser [seq:step:2] (JsonOutputKeyToolsParser)",
      "  start RunnableLambda [seq:step:2] (RunnableLambda)",
    ]);
  });

  it("is what a structured prompt makes of the model after it", async () => {
    const model = new CallsModel(calling("Bird", { name: "linnet" }));
    const prompt = StructuredPrompt.fromMessagesAndSchema([["human", "Which bird sings {song}?"]], bird);
    expect(await prompt.pipe(model).invoke({ song: "x" })).toEqual({ name: "linnet" });
    const byText = new SaysModel(new AIMessage('{"name":"siskin"}'));
    const asked = StructuredPrompt.fromMessagesAndSchema(["{song}"], bird, "jsonMode").pipe(
      byText.withConfig({ tags: ["t"] }),
    );
    expect(await asked.invoke({ song: "x" })).toEqual({ name: "siskin" });
    expect(byText.asked[0]).toMatchObject({ response_format: { type: "json_object" } });
  });

  it("is asked again, or asked of another model, where it does not fit", async () => {
    const fits = new CallsModel(calling("Bird", { name: "linnet" })).withStructuredOutput(bird);
    const not = new CallsModel(calling("Bird", {}));
    const reads = not.withStructuredOutput(bird);
    await expect(reads.withRetry({ stopAfterAttempt: 3, initialDelayMs: 0 }).invoke("x")).rejects.toThrow("fits");
    expect(not.asked).toHaveLength(3);
    expect(await reads.withFallbacks([fits]).invoke("x")).toEqual({ name: "linnet" });
    const given = await reads.batch(["a", "b"], {}, { returnExceptions: true });
    expect(given).toEqual([expect.any(OutputParserException), expect.any(OutputParserException)]);
  });

  it("tells one run of the model, and the options of the call reach it", async () => {
    const model = new CallsModel(calling("Bird", { name: "linnet" }));
    await model.withStructuredOutput(bird).invoke("x", { tags: ["t"], metadata: { a: 1 } });
    expect(model.asked).toHaveLength(1);
    expect(Object.keys(model.asked[0] ?? {}).sort()).toEqual(["stop", "tool_choice", "tools"]);
  });

  it("works over calls side by side", async () => {
    const reads = new CallsModel(calling("Bird", { name: "linnet" })).withStructuredOutput(bird);
    const given = await reads.batch(["a", "b"]);
    expect(given).toEqual([{ name: "linnet" }, { name: "linnet" }]);
    expect(given[0]).not.toBe(given[1]);
  });

  it("leaves the fakes their own", async () => {
    const model = fakeModel().respond('{"name":"linnet"}');
    expect(await model.withStructuredOutput(bird).invoke("x")).toEqual({ name: "linnet" });
  });
});
