import { type } from "arktype";
import * as v from "valibot";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import type { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import type { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { BaseLanguageModelInput } from "../../../src/models/base-language-model.ts";
import { assembleStructuredOutputPipeline } from "../../../src/models/structured/pipeline.ts";
import type { StructuredOutputWithRaw } from "../../../src/models/structured/structured-options.ts";
import { createContentParser, createFunctionCallingParser } from "../../../src/models/structured/structured-parsers.ts";
import { ChatPromptTemplate } from "../../../src/prompts/chat-prompt-template.ts";
import type { Runnable } from "../../../src/runnables/runnable.ts";
import { tool } from "../../../src/tools/tool.ts";

declare const model: BaseChatModel;
interface Bird {
  name: string;
  age: number;
}

test("the output is what the schema gives, whatever the library", () => {
  const coerced = z.object({ name: z.string(), age: z.coerce.number().default(1) });
  expectTypeOf(model.withStructuredOutput(coerced)).toEqualTypeOf<Runnable<BaseLanguageModelInput, Bird>>();
  expectTypeOf(
    model.withStructuredOutput(mini.object({ name: mini.string(), age: mini.number() }), { name: "bird" }).invoke,
  ).returns.resolves.toEqualTypeOf<Bird>();
  expectTypeOf(
    model.withStructuredOutput(v.object({ name: v.string(), age: v.optional(v.number(), 1) }), { method: "jsonMode" })
      .invoke,
  ).returns.resolves.toEqualTypeOf<Bird>();
  expectTypeOf(
    model.withStructuredOutput(type({ name: "string", age: "number = 1" }), { strict: true }).invoke,
  ).returns.resolves.toEqualTypeOf<Bird>();
});

test("the output of a JSON Schema is what is said of it", () => {
  const schema = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
  expectTypeOf(model.withStructuredOutput(schema).invoke).returns.resolves.toEqualTypeOf<Record<string, unknown>>();
  expectTypeOf(model.withStructuredOutput<Bird>(schema).invoke).returns.resolves.toEqualTypeOf<Bird>();
  expectTypeOf(
    model.withStructuredOutput<Bird>({ name: "bird", parameters: schema }).invoke,
  ).returns.resolves.toEqualTypeOf<Bird>();
});

test("the message comes along where it is asked for", () => {
  const schema = z.object({ name: z.string(), age: z.number() });
  const withRaw = model.withStructuredOutput(schema, { includeRaw: true });
  expectTypeOf(withRaw).toEqualTypeOf<Runnable<BaseLanguageModelInput, StructuredOutputWithRaw<Bird>>>();
  expectTypeOf(withRaw.invoke).returns.resolves.toHaveProperty("raw").toEqualTypeOf<BaseMessage>();
  expectTypeOf(withRaw.invoke).returns.resolves.toHaveProperty("parsed").toEqualTypeOf<Bird | null>();
  expectTypeOf(model.withStructuredOutput<Bird>({ type: "object" }, { includeRaw: true })).toEqualTypeOf<
    Runnable<BaseLanguageModelInput, StructuredOutputWithRaw<Bird>>
  >();
  expectTypeOf(model.withStructuredOutput(schema, { includeRaw: false }).invoke).returns.resolves.toEqualTypeOf<Bird>();
  const includeRaw = Math.random() > 2;
  expectTypeOf(model.withStructuredOutput(schema, { includeRaw }).invoke).returns.resolves.toEqualTypeOf<
    Bird | StructuredOutputWithRaw<Bird>
  >();
});

test("it stands in a chain with its types", () => {
  const chain = ChatPromptTemplate.fromMessages([["human", "{song}"]])
    .pipe(model.withStructuredOutput(z.object({ name: z.string(), age: z.number() })))
    .pipe(({ age }) => age);
  expectTypeOf(chain.invoke).parameter(0).toHaveProperty("song");
  expectTypeOf(chain.invoke).returns.resolves.toEqualTypeOf<number>();
});

test("what is no schema is refused", () => {
  // @ts-expect-error a text is no schema
  model.withStructuredOutput("bird");
  // @ts-expect-error a list is no schema
  model.withStructuredOutput(["bird"]);
});

test("tools of every form are bound", () => {
  const now = tool(() => "now", { name: "now", schema: z.object({ zone: z.string() }) });
  interface ProvidersTool {
    type: "web_search";
  }
  const search: ProvidersTool = { type: "web_search" };
  expectTypeOf(
    model.bindTools([now, search, { name: "x", schema: { type: "object" } }]).invoke,
  ).returns.resolves.toEqualTypeOf<AIMessageChunk>();
  expectTypeOf(model.bindTools([now], { stop: ["x"] })).toExtend<Runnable<BaseLanguageModelInput, AIMessageChunk>>();
  // @ts-expect-error a name is no tool
  model.bindTools(["now"]);
});

test("the parts tell their types", () => {
  const schema = z.object({ name: z.string(), age: z.number() });
  expectTypeOf(createContentParser(schema).invoke).returns.resolves.toEqualTypeOf<Bird>();
  expectTypeOf(createFunctionCallingParser(schema, "x").invoke).returns.resolves.toEqualTypeOf<Bird>();
  const parser = createContentParser(schema);
  expectTypeOf(assembleStructuredOutputPipeline(model, parser).invoke).returns.resolves.toEqualTypeOf<Bird>();
  expectTypeOf(assembleStructuredOutputPipeline(model.bindTools([]), parser, true)).toEqualTypeOf<
    Runnable<BaseLanguageModelInput, StructuredOutputWithRaw<Bird>>
  >();
});
