import { describe, expect, it } from "vitest";
import { applyJsonPatch, type JsonPatchOperation } from "../../../src/json/json-patch.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import type { ToolCallChunk } from "../../../src/messages/tool-call.ts";
import {
  JsonOutputKeyToolsParser,
  JsonOutputToolsParser,
} from "../../../src/parsers/openai/json-output-tools-parsers.ts";
import type { StandardSchemaV1 } from "../../../src/schema/standard-schema.ts";
import "../../../src/runnables/wiring.ts";

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const chunk = (...pieces: ToolCallChunk[]) => new AIMessageChunk({ content: "", tool_call_chunks: pieces });
const raw = (name: string, args: string) => ({ id: "c1", type: "function", function: { name, arguments: args } });

const said = new AIMessage({
  content: "",
  tool_calls: [
    { name: "f", args: { x: 1 }, id: "c1" },
    { name: "g", args: {}, id: "c2" },
    { name: "f", args: { x: 2 }, id: "c3" },
  ],
});
const pieces = [
  new AIMessageChunk("Wait."),
  chunk({ name: "f", args: "", id: "c1", index: 0 }),
  chunk({ args: '{"x":1,"y":"a', index: 0 }),
  chunk({ args: 'b"}', index: 0 }),
  chunk({ name: "g", args: '{"z":', id: "c2", index: 1 }),
  chunk({ args: "[]}", index: 1 }),
];
const whole = [
  { type: "f", args: { x: 1, y: "ab" } },
  { type: "g", args: { z: [] } },
];

const refused = (message: string) =>
  expect.objectContaining({ name: "OutputParserException", message: expect.stringContaining(message) });

describe("JsonOutputToolsParser", () => {
  it("gives the calls, with ids where it is asked to", async () => {
    expect(await new JsonOutputToolsParser().invoke(said)).toEqual([
      { type: "f", args: { x: 1 } },
      { type: "g", args: {} },
      { type: "f", args: { x: 2 } },
    ]);
    const [first] = await new JsonOutputToolsParser({ returnId: true }).invoke(said);
    expect(first).toEqual({ type: "f", args: { x: 1 }, id: "c1" });
  });

  it("gives nothing of the message that could be written to", async () => {
    const [first] = await new JsonOutputToolsParser().invoke(said);
    expect(first?.args).not.toBe(said.tool_calls[0]?.args);
  });

  it("gives an empty list where there are none", async () => {
    expect(await new JsonOutputToolsParser().invoke(new AIMessage("hi"))).toEqual([]);
    expect(await new JsonOutputToolsParser().invoke(new HumanMessage("hi"))).toEqual([]);
    expect(await new JsonOutputToolsParser().invoke({ content: "hi" } as never)).toEqual([]);
    expect(await listOf(new JsonOutputToolsParser().transform([new AIMessage("hi")]))).toEqual([[]]);
    expect(await listOf(new JsonOutputToolsParser().transform([new AIMessageChunk("a")]))).toEqual([[]]);
  });

  it("reads calls in the shape of OpenAI's API", async () => {
    const message = new AIMessage({
      content: "",
      additional_kwargs: { tool_calls: [raw("f", '{"x":1}'), "none", {}] },
    });
    message.tool_calls = [];
    expect(await new JsonOutputToolsParser({ returnId: true }).invoke(message)).toEqual([
      { type: "f", args: { x: 1 }, id: "c1" },
    ]);
  });

  it("fails where none of the calls can be read", async () => {
    const invalid_tool_calls = [{ name: "f", args: "{bad", id: "c1" }];
    const parser = new JsonOutputToolsParser();
    await expect(parser.invoke(new AIMessage({ content: "", invalid_tool_calls }))).rejects.toEqual(refused('"{bad"'));
    const broken = new AIMessage({ content: "", additional_kwargs: { tool_calls: [raw("f", '{"x":')] } });
    await expect(parser.invoke(broken)).rejects.toEqual(refused('of "f" to be a JSON object'));
    const mixed = new AIMessage({ content: "", tool_calls: [{ name: "g", args: {}, id: "c2" }], invalid_tool_calls });
    expect(await parser.invoke(mixed)).toEqual([{ type: "g", args: {} }]);
    expect(
      await listOf(parser.transform([new AIMessageChunk({ content: "", invalid_tool_calls }), ...pieces])),
    ).not.toEqual([]);
  });

  it("refuses a text, which has no calls", async () => {
    const parser = new JsonOutputToolsParser();
    await expect(parser.invoke("text")).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(parser.parse("text")).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(listOf(parser.transform(["text"]))).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("shows the calls as far as they go", async () => {
    expect(await listOf(new JsonOutputToolsParser().transform(pieces))).toEqual([
      [{ type: "f", args: {} }],
      [{ type: "f", args: { x: 1, y: "a" } }],
      [{ type: "f", args: { x: 1, y: "ab" } }],
      [whole[0], { type: "g", args: {} }],
      whole,
    ]);
  });

  it("gives patches with diff", async () => {
    const patches = await listOf(new JsonOutputToolsParser({ diff: true }).transform(pieces));
    const value = patches.reduce<unknown>(
      (sum, patch) => applyJsonPatch(sum, patch as unknown as JsonPatchOperation[]),
      undefined,
    );
    expect(value).toEqual(whole);
  });

  it("is read at a cost that grows with the arguments", async () => {
    const args = JSON.stringify({ text: "a bird sings ".repeat(6_000) });
    const parts = args.match(/.{1,12}/g) ?? [];
    const chunks = parts.map((part, place) =>
      chunk({ ...(place === 0 && { name: "f", id: "c1" }), args: part, index: 0 }),
    );
    const start = performance.now();
    const values = await listOf(new JsonOutputToolsParser().transform(chunks));
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(values.at(-1)).toEqual([{ type: "f", args: JSON.parse(args) }]);
    expect(values.length).toBeGreaterThan(50);
    const rawChunks = parts.map(
      (part) =>
        new AIMessageChunk({ content: "", additional_kwargs: { tool_calls: [{ index: 0, ...raw("", part) }] } }),
    );
    await listOf(new JsonOutputToolsParser().transform(rawChunks)).catch(() => undefined);
    expect(performance.now() - start).toBeLessThan(6_000);
  });

  it("lives where the peer's does, and asks for no form", () => {
    const parser = new JsonOutputToolsParser();
    expect(parser["~serialized"]().id).toEqual([
      "langchain",
      "output_parsers",
      "openai_tools",
      "JsonOutputToolsParser",
    ]);
    expect(parser.getFormatInstructions()).toBe("");
    expect(parser.parsePartialResult([{ text: "", message: new AIMessage("") }])).toBeUndefined();
  });
});

describe("JsonOutputKeyToolsParser", () => {
  const doubled: StandardSchemaV1<unknown, { x: number }> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: async (value) => {
        const { x } = value as { x?: unknown };
        return typeof x === "number" ? { value: { x: 2 * x } } : { issues: [{ message: "no number", path: ["x"] }] };
      },
    },
  };

  it("gives the arguments of one tool's calls, or of the first", async () => {
    expect(await new JsonOutputKeyToolsParser({ keyName: "f" }).invoke(said)).toEqual([{ x: 1 }, { x: 2 }]);
    expect(
      await new JsonOutputKeyToolsParser({ keyName: "f", returnSingle: true, returnId: true }).invoke(said),
    ).toEqual({ x: 1 });
  });

  it.each([true, false])("gives nothing where the tool is not called, single: %s", async (returnSingle) => {
    const parser = new JsonOutputKeyToolsParser({ keyName: "other", returnSingle });
    expect(await parser.invoke(said)).toBeUndefined();
    expect(await listOf(parser.transform(pieces))).toEqual([]);
  });

  it("gives what the schema gives, by either name", async () => {
    for (const fields of [{ serializableSchema: doubled }, { zodSchema: doubled }]) {
      expect(await new JsonOutputKeyToolsParser({ keyName: "f", ...fields }).invoke(said)).toEqual([
        { x: 2 },
        { x: 4 },
      ]);
    }
    const schema = { type: "object", required: ["y"] };
    await expect(
      new JsonOutputKeyToolsParser({ keyName: "f", serializableSchema: schema }).invoke(said),
    ).rejects.toEqual(refused('a call of "f" that fits its schema'));
  });

  it("refuses arguments that do not fit, and looks at no more than it gives", async () => {
    const message = new AIMessage({
      content: "",
      tool_calls: [
        { name: "f", args: { x: 1 }, id: "c1" },
        { name: "f", args: { x: "y" }, id: "c2" },
      ],
    });
    const all = new JsonOutputKeyToolsParser({ keyName: "f", zodSchema: doubled });
    await expect(all.invoke(message)).rejects.toEqual(expect.objectContaining({ llmOutput: '{"x":"y"}' }));
    const single = new JsonOutputKeyToolsParser({ keyName: "f", zodSchema: doubled, returnSingle: true });
    expect(await single.invoke(message)).toEqual({ x: 2 });
  });

  it("shows the arguments as far as they go, and at the end what the schema gives", async () => {
    const parser = new JsonOutputKeyToolsParser({ keyName: "f", returnSingle: true, serializableSchema: doubled });
    expect(await listOf(parser.transform(pieces))).toEqual([{}, { x: 1, y: "a" }, { x: 1, y: "ab" }, { x: 2 }]);
    const unfit = [chunk({ name: "f", args: '{"x":"', id: "c1", index: 0 }), chunk({ args: 'y"}', index: 0 })];
    await expect(listOf(parser.transform(unfit))).rejects.toEqual(refused("x: no number"));
  });
});
