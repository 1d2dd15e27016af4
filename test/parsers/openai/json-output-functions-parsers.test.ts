import { describe, expect, it } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import {
  JsonKeyOutputFunctionsParser,
  JsonOutputFunctionsParser,
  OutputFunctionsParser,
} from "../../../src/parsers/openai/json-output-functions-parsers.ts";
import "../../../src/runnables/wiring.ts";

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const call = (args: string) => ({ name: "fn", arguments: args });
const said = (args: string) => new AIMessage({ content: "", additional_kwargs: { function_call: call(args) } });
const parts = ["", '{"x"', ':1,"y":"a', 'b"}'].map(
  (args, place) =>
    new AIMessageChunk({
      content: "",
      additional_kwargs: { function_call: place === 0 ? call(args) : { arguments: args } },
    }),
);

describe("OutputFunctionsParser", () => {
  it("gives the arguments as text, or the call", async () => {
    expect(await new OutputFunctionsParser().invoke(said('{"x":1}'))).toBe('{"x":1}');
    expect(await new OutputFunctionsParser({ argsOnly: false }).invoke(said('{"x":1}'))).toBe(
      JSON.stringify(call('{"x":1}')),
    );
    const odd = new AIMessage({ content: "", additional_kwargs: { function_call: { arguments: "{}", size: 1n } } });
    expect(await new OutputFunctionsParser({ argsOnly: false }).invoke(odd)).toBe("{}");
    expect(await listOf(new OutputFunctionsParser().transform(parts))).toEqual(['{"x":1,"y":"ab"}']);
  });

  it.each([{}, { function_call: "fn" }, { function_call: { name: "fn" } }])(
    "refuses a message without a call: %j",
    async (extras) => {
      const message = new AIMessage({ content: "hi", additional_kwargs: extras });
      await expect(new OutputFunctionsParser().invoke(message)).rejects.toMatchObject({
        name: "OutputParserException",
        llmOutput: "hi",
      });
    },
  );

  it("refuses a text", async () => {
    await expect(new OutputFunctionsParser().invoke("text")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("JsonOutputFunctionsParser", () => {
  it("gives the arguments, or the call with them", async () => {
    expect(await new JsonOutputFunctionsParser().invoke(said('{"x":1}'))).toEqual({ x: 1 });
    expect(await new JsonOutputFunctionsParser({ argsOnly: false }).invoke(said('{"x":1}'))).toEqual({
      name: "fn",
      arguments: { x: 1 },
    });
    expect(await new JsonOutputFunctionsParser().invoke(said(""))).toEqual({});
    expect(await new JsonOutputFunctionsParser().parse('{"x":1}')).toEqual({ x: 1 });
    expect(new JsonOutputFunctionsParser().getFormatInstructions()).toBe("");
  });

  it.each(['{"x":', "null", "[1]", "words"])("refuses arguments that are no object: %s", async (args) => {
    await expect(new JsonOutputFunctionsParser().invoke(said(args))).rejects.toMatchObject({
      name: "OutputParserException",
      llmOutput: args,
    });
  });

  it("shows the arguments as far as they go", async () => {
    const values = [{}, { x: 1, y: "a" }, { x: 1, y: "ab" }];
    expect(await listOf(new JsonOutputFunctionsParser().transform([new AIMessageChunk("a"), ...parts]))).toEqual(
      values,
    );
    expect(await listOf(new JsonOutputFunctionsParser({ argsOnly: false }).transform(parts))).toEqual(
      values.map((args) => ({ name: "fn", arguments: args })),
    );
    expect(await listOf(new JsonOutputFunctionsParser({ diff: true }).transform(parts))).toHaveLength(3);
  });

  it("fails at the end of a stream that has no call, or half of one", async () => {
    const parser = new JsonOutputFunctionsParser();
    await expect(listOf(parser.transform([new AIMessageChunk("a")]))).rejects.toMatchObject({
      name: "OutputParserException",
    });
    await expect(listOf(parser.transform(parts.slice(0, 3)))).rejects.toMatchObject({ name: "OutputParserException" });
  });
});

describe("JsonKeyOutputFunctionsParser", () => {
  it("gives one argument, and no inherited one", async () => {
    const parser = (attrName: string) => new JsonKeyOutputFunctionsParser({ attrName });
    expect(await parser("x").invoke(said('{"x":1}'))).toBe(1);
    expect(await parser("y").invoke(said('{"x":1}'))).toBeUndefined();
    expect(await parser("toString").invoke(said('{"x":1}'))).toBeUndefined();
    await expect(parser("x").invoke(said("{"))).rejects.toMatchObject({ name: "OutputParserException" });
  });

  it("lives where the peer's does", () => {
    const names = [
      new OutputFunctionsParser(),
      new JsonOutputFunctionsParser(),
      new JsonKeyOutputFunctionsParser({ attrName: "x" }),
    ];
    for (const parser of names)
      expect(parser["~serialized"]().id).toEqual([
        "langchain",
        "output_parsers",
        "openai_functions",
        parser.constructor.name,
      ]);
  });
});
