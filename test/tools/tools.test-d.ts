import { expectTypeOf, test } from "vitest";
import type { MessageContent } from "../../src/messages/content.ts";
import type { ToolMessage } from "../../src/messages/tool.ts";
import type { ToolCall } from "../../src/messages/tool-call.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import type { JsonSchema } from "../../src/schema/json-schema.ts";
import type { StandardSchemaV1 } from "../../src/schema/standard-schema.ts";
import { validate } from "../../src/schema/validate.ts";
import { fakeModel } from "../../src/testing/fake-model.ts";
import { DynamicStructuredTool } from "../../src/tools/dynamic-structured-tool.ts";
import type { DynamicTool } from "../../src/tools/dynamic-tool.ts";
import { convertToOpenAIFunction, convertToOpenAITool, type ToolDefinition } from "../../src/tools/openai-tools.ts";
import { runTools } from "../../src/tools/run-tools.ts";
import type { ToolInterface } from "../../src/tools/string-tool.ts";
import { StructuredTool } from "../../src/tools/structured-tool.ts";
import { tool } from "../../src/tools/tool.ts";
import type {
  ClientTool,
  ContentAndArtifact,
  ServerTool,
  StructuredToolCallInput,
  StructuredToolInterface,
  ToolReturnType,
  ToolRuntime,
} from "../../src/tools/tool-types.ts";
import type { BaseToolkit } from "../../src/tools/toolkit.ts";

interface In {
  a: number;
  b?: number | undefined;
}
interface Out {
  a: number;
  b: number;
}
declare const numbers: StandardSchemaV1<In, Out>;
declare const text: StandardSchemaV1<string, string>;
declare const json: JsonSchema;
declare const call: ToolCall;

test("a function's arguments are typed by the schema of a library", () => {
  const add = tool(
    (args, runtime) => {
      expectTypeOf(args).toEqualTypeOf<Out>();
      expectTypeOf(runtime).toEqualTypeOf<ToolRuntime>();
      return args.a + args.b;
    },
    { name: "add", schema: numbers },
  );
  expectTypeOf(add.invoke({ a: 1 })).resolves.toEqualTypeOf<number>();
  expectTypeOf(add.invoke(call)).resolves.toEqualTypeOf<ToolMessage>();
  expectTypeOf(add.invoke({ a: 1 }, { tags: [] })).resolves.toEqualTypeOf<number>();
  expectTypeOf(add.invoke({ a: 1 }, { toolCall: { ...call, id: "x" } })).resolves.toEqualTypeOf<ToolMessage>();
  expectTypeOf(add.name).toEqualTypeOf<"add">();
  // @ts-expect-error the schema wants a number.
  add.invoke({ a: "1" });
  const either = call as ToolCall | In;
  expectTypeOf(add.invoke(either)).resolves.toEqualTypeOf<number | ToolMessage>();
});

test("what a function gives is found in promises and generators", () => {
  const fields = { name: "t", schema: numbers };
  expectTypeOf(tool(async () => 1, fields).invoke({ a: 1 })).resolves.toEqualTypeOf<number>();
  expectTypeOf(
    tool(async function* () {
      yield 1;
      return "done";
    }, fields).invoke({ a: 1 }),
  ).resolves.toEqualTypeOf<string>();
  expectTypeOf(
    tool(function* () {
      yield 1;
      return true;
    }, fields).invoke({ a: 1 }),
  ).resolves.toEqualTypeOf<boolean>();
});

test("without a schema, or with one of a text, a function takes a text", () => {
  const plain = tool(
    (input) => {
      expectTypeOf(input).toEqualTypeOf<string>();
      return input.length;
    },
    { name: "t" },
  );
  expectTypeOf(plain).toEqualTypeOf<DynamicTool<number>>();
  expectTypeOf(plain.invoke("x")).resolves.toEqualTypeOf<number>();
  expectTypeOf(plain.invoke({ input: "x" })).resolves.toEqualTypeOf<number>();
  const checked = tool((input) => input, { name: "t", schema: text });
  expectTypeOf(checked).toEqualTypeOf<DynamicTool<string>>();
});

test("with a JSON Schema the function's own parameter says the type", () => {
  const typed = tool(({ city }: { city: string }) => city, { name: "t", schema: { type: "object" } });
  expectTypeOf(typed.invoke({ city: "x" })).resolves.toEqualTypeOf<string>();
  // @ts-expect-error the function wants a city.
  typed.invoke({ town: "x" });
  const untyped = tool((args) => args, { name: "t", schema: json });
  expectTypeOf(untyped.invoke({ x: 1 })).resolves.toEqualTypeOf<Record<string, unknown>>();
});

test("what is a whole answer stays one", () => {
  interface Command {
    lc_direct_tool_output: true;
    goto: string;
  }
  const go = tool((): Command => ({ lc_direct_tool_output: true, goto: "x" }), { name: "go", schema: json });
  expectTypeOf(go.invoke(call)).resolves.toEqualTypeOf<Command>();
});

test("any tool is a runnable, and fits where tools are wanted", () => {
  const add = tool(({ a }) => a, { name: "add", schema: numbers });
  expectTypeOf(add).toExtend<Runnable<In | ToolCall, number | ToolMessage>>();
  expectTypeOf(add).toExtend<StructuredTool<typeof numbers, number>>();
  expectTypeOf(add).toExtend<StructuredToolInterface>();
  expectTypeOf(tool((x) => x, { name: "t" })).toExtend<StructuredToolInterface>();
  expectTypeOf(tool((x) => x, { name: "t", schema: json })).toExtend<StructuredToolInterface>();
  const tools: StructuredToolInterface[] = [add, tool((x) => x, { name: "t" })];
  expectTypeOf(tools).items.toEqualTypeOf<StructuredToolInterface>();
  expectTypeOf<BaseToolkit["tools"]>().toEqualTypeOf<StructuredToolInterface[]>();
});

test("classes are typed by their schema", () => {
  class Add extends StructuredTool<typeof numbers, number> {
    override name = "add";
    description = "Adds.";
    schema = numbers;
    async _call({ a, b }: Out): Promise<number> {
      return a + b;
    }
  }
  expectTypeOf(new Add().invoke({ a: 1 })).resolves.toEqualTypeOf<number>();
  const made = new DynamicStructuredTool({
    name: "t",
    description: "d",
    schema: numbers,
    func: async (args, _runManager, config) => {
      expectTypeOf(args).toEqualTypeOf<Out>();
      expectTypeOf(config).toExtend<RunnableConfig>();
      return args.b;
    },
  });
  expectTypeOf(made.invoke({ a: 1 })).resolves.toEqualTypeOf<number>();
});

test("what invoke gives can be named", () => {
  expectTypeOf<ToolReturnType<In, undefined, number>>().toEqualTypeOf<number>();
  expectTypeOf<ToolReturnType<ToolCall, undefined, number>>().toEqualTypeOf<ToolMessage>();
  expectTypeOf<ToolReturnType<In, { toolCall: { id: string } }, number>>().toEqualTypeOf<ToolMessage>();
});

test("tools may be taken by the names that code for the peer uses", () => {
  const upper = tool((x) => x, { name: "t" });
  expectTypeOf(upper).toExtend<ToolInterface<string>>();
  expectTypeOf(upper).toExtend<ClientTool>();
  expectTypeOf({ type: "web_search" }).toExtend<ServerTool>();
  expectTypeOf<StructuredToolCallInput<typeof numbers>>().toEqualTypeOf<In | ToolCall>();
  expectTypeOf<StructuredToolCallInput<typeof text>>().toEqualTypeOf<string | ToolCall>();
});

test("anything that tells of a tool can be converted", () => {
  interface Params {
    name: string;
    schema: { type: "object" };
  }
  expectTypeOf(convertToOpenAITool).toBeCallableWith({} as Params);
  expectTypeOf(convertToOpenAITool).toBeCallableWith(
    tool((x) => x, { name: "t" }),
    { strict: true },
  );
  expectTypeOf(convertToOpenAITool).toBeCallableWith(numbers);
  expectTypeOf(convertToOpenAIFunction).toBeCallableWith(json);
  expectTypeOf([tool((x) => x, { name: "t" })].map(convertToOpenAITool)).toEqualTypeOf<ToolDefinition[]>();
});

test("validating gives what the schema gives", async () => {
  const result = await validate(numbers as StandardSchemaV1<unknown, Out>, 1);
  if (result.issues === undefined) expectTypeOf(result.value).toEqualTypeOf<Out>();
});

test("under content_and_artifact a function gives both, and invoke the content", () => {
  const responseFormat = "content_and_artifact";
  const plain = tool((text) => [text.length, { deep: 1 }], { name: "t", responseFormat });
  expectTypeOf(plain).toEqualTypeOf<DynamicTool<number>>();
  const checked = tool(async (input) => [input, 1], { name: "t", schema: text, responseFormat });
  expectTypeOf(checked).toEqualTypeOf<DynamicTool<string>>();
  const add = tool(
    async ({ a, b }) => {
      expectTypeOf(a).toEqualTypeOf<number>();
      return [`${a + b}`, { a, b }];
    },
    { name: "add", schema: numbers, responseFormat },
  );
  expectTypeOf(add.invoke({ a: 1 })).resolves.toEqualTypeOf<string>();
  expectTypeOf(add.invoke(call)).resolves.toEqualTypeOf<ToolMessage>();
  expectTypeOf(add.name).toEqualTypeOf<"add">();
  const found = tool((x: { q: string }) => [x.q, { deep: 1 }] as const, { name: "j", schema: json, responseFormat });
  expectTypeOf(found.invoke({ q: "x" })).resolves.toEqualTypeOf<string>();
  // @ts-expect-error the function wants a text.
  found.invoke({ q: 1 });
  const said = tool(
    async function* (_: object): AsyncGenerator<number, ContentAndArtifact<number[]>> {
      yield 1;
      return [[{ type: "text", text: "x" }], [1]];
    },
    { name: "g", schema: json, responseFormat },
  );
  expectTypeOf(said.invoke({})).resolves.toEqualTypeOf<MessageContent>();
  class Found extends StructuredTool<typeof numbers, string> {
    override name = "found";
    description = "Finds.";
    schema = numbers;
    override responseFormat = responseFormat;
    async _call({ a }: Out): Promise<[string, number]> {
      return [`${a}`, a];
    }
  }
  expectTypeOf(new Found().invoke({ a: 1 })).resolves.toEqualTypeOf<string>();
  const pair = tool(() => ["a", 1] as const, { name: "t", schema: json, responseFormat: "content" });
  expectTypeOf(pair.invoke({})).resolves.toEqualTypeOf<readonly ["a", 1]>();
});

test("what asTool gives is a tool among others, and a model in any wrapping may be given them", () => {
  const like = RunnableLambda.from((x: In) => x.a).asTool({ name: "t", schema: numbers });
  expectTypeOf(like).toExtend<StructuredToolInterface>();
  expectTypeOf(runTools).toBeCallableWith(fakeModel().withRetry(), [like]);
  expectTypeOf(runTools).toBeCallableWith(fakeModel().withConfig({ tags: [] }).withFallbacks([fakeModel()]), [like]);
});
