import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { assembleStructuredOutputPipeline } from "../../../src/models/structured/pipeline.ts";
import { createContentParser } from "../../../src/models/structured/structured-parsers.ts";
import { OutputParserException } from "../../../src/parsers/output-parser-exception.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { concatAll } from "../../../src/streams/accumulator.ts";
import { runTree } from "../../helpers/run-tree.ts";
import { CallsModel, calling, callPieces, StreamsModel, textPieces } from "./models.ts";

const schema = z.object({ name: z.string() });
const raw = { includeRaw: true } as const;

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("the message along with what was parsed", () => {
  it("is given whole", async () => {
    const message = calling("extract", { name: "linnet" });
    const given = await new CallsModel(message).withStructuredOutput(schema, raw).invoke("x");
    expect(given).toStrictEqual({ raw: expect.any(AIMessage), parsed: { name: "linnet" } });
    expect((given.raw as AIMessage).tool_calls).toEqual(message.tool_calls);
  });

  test.each([
    ["that does not fit", calling("extract", { name: 1 })],
    ["without a call", new AIMessage("hm")],
  ])("comes with null and the error for an answer %s", async (_what, message) => {
    const given = await new CallsModel(message).withStructuredOutput(schema, raw).invoke("x");
    expect(given).toStrictEqual({
      raw: expect.any(AIMessage),
      parsed: null,
      parsing_error: expect.any(OutputParserException),
    });
    expect(given.raw.text).toBe(message.text);
  });

  it("does not hide that the model failed", async () => {
    const failure = new Error("overloaded");
    await expect(new CallsModel(failure).withStructuredOutput(schema, raw).invoke("x")).rejects.toBe(failure);
  });

  it("is streamed side by side with the values", async () => {
    const model = new StreamsModel(callPieces("extract", '{"name":', '"lin', 'net"}'));
    const chunks = await listOf(await model.withStructuredOutput(schema, raw).stream("x"));
    const keys = chunks.map((chunk) => Object.keys(chunk).join());
    expect(keys.slice(0, 3)).toEqual(["raw", "parsed", "raw"]);
    expect(keys.filter((key) => key === "raw")).toHaveLength(3);
    expect(chunks.flatMap((chunk) => ("parsed" in chunk ? [chunk.parsed] : []))).toEqual([
      {},
      { name: "lin" },
      { name: "linnet" },
    ]);
    const sum = concatAll(chunks);
    expect(sum?.parsed).toEqual({ name: "linnet" });
    expect(sum?.raw as AIMessageChunk).toMatchObject({ tool_calls: [{ name: "extract", args: { name: "linnet" } }] });
  });

  it("ends a stream that cannot be parsed with the message so far, null and the error", async () => {
    const model = new StreamsModel(callPieces("extract", '{"name":"linnet"', ',"name":1}'));
    const reads = model.withStructuredOutput(schema, raw);
    const chunks = await listOf(await reads.stream("x"));
    const last = chunks.at(-1) as (typeof chunks)[number];
    expect(last).toStrictEqual({
      raw: expect.any(AIMessageChunk),
      parsed: null,
      parsing_error: expect.any(OutputParserException),
    });
    expect(chunks[1]).toEqual({ parsed: { name: "linnet" } });
    expect((last.raw as AIMessageChunk).tool_calls).toMatchObject([{ args: { name: 1 } }]);
    const summed = await listOf(await reads.pipe((sum: unknown) => [sum]).stream("x"));
    expect(summed).toStrictEqual([
      [{ raw: expect.any(AIMessageChunk), parsed: null, parsing_error: expect.any(OutputParserException) }],
    ]);
  });

  it("goes on after a parser that fails early", async () => {
    const parser = RunnableLambda.from<AIMessageChunk, string>(async function* () {
      yield "begun";
      throw new TypeError("no");
    });
    const model = new StreamsModel(textPieces("a", "b", "c"));
    const chunks = await listOf(await assembleStructuredOutputPipeline(model, parser, true).stream("x"));
    expect(chunks.filter((chunk) => "parsing_error" in chunk)).toHaveLength(1);
    const sum = concatAll(chunks);
    expect(sum?.raw.text).toBe("abc");
    expect(sum).toMatchObject({ parsed: null, parsing_error: { message: "no" } });
  });

  it("is given by a parser that has its answer at once", async () => {
    const parser = RunnableLambda.from<AIMessageChunk, string>((message) => message.text);
    const reads = assembleStructuredOutputPipeline(new CallsModel(new AIMessage("x")), parser, true);
    expect(await reads.invoke("x")).toStrictEqual({ raw: expect.any(AIMessage), parsed: "x" });
  });

  it("reaches the readers of events, value by value", async () => {
    const model = new StreamsModel(callPieces("extract", '{"name":', '"lin', 'net"}'));
    const reads = model.withStructuredOutput(schema, raw);
    const streamed: unknown[] = [];
    let ended: unknown;
    for await (const event of reads.streamEvents("x", { version: "v2" })) {
      if (event.event === "on_parser_stream") streamed.push(event.data.chunk);
      if (event.event === "on_chain_end" && event.name === "StructuredOutput") ended = event.data.output;
    }
    expect(streamed).toEqual([{}, { name: "lin" }, { name: "linnet" }]);
    expect(ended).toStrictEqual({ raw: expect.any(AIMessageChunk), parsed: { name: "linnet" } });
  });

  it("gives what was thrown as an error", async () => {
    for (const thrown of ["word", undefined]) {
      const parser = RunnableLambda.from<AIMessageChunk, string>(() => {
        throw thrown;
      });
      const reads = assembleStructuredOutputPipeline(new CallsModel(new AIMessage("x")), parser, true);
      expect((await reads.invoke("x")).parsing_error).toBeInstanceOf(OutputParserException);
    }
  });

  test.each([
    ["after pieces of a call", callPieces("extract", '{"name":', '"lin')],
    ["after pieces that parse to nothing, which the parser reads ahead", textPieces("a", "b", "c", "d")],
  ])("fails where the model's stream fails %s, without a word of parsing", async (_what, pieces) => {
    const failure = new Error("cut off");
    const model = new StreamsModel([...pieces, failure]);
    const chunks: object[] = [];
    const read = async () => {
      for await (const chunk of model.withStructuredOutput(schema, raw).astream("x")) {
        chunks.push(chunk);
        // The parser reads ahead of a reader that takes its time.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await expect(read()).rejects.toBe(failure);
    expect(chunks.some((chunk) => "parsing_error" in chunk)).toBe(false);
    expect(chunks.length).toBeGreaterThan(0);
  });

  it("is let go of when its reader leaves", async () => {
    const model = new StreamsModel(callPieces("extract", '{"name":', '"lin', 'net"}'));
    for await (const _chunk of await model.withStructuredOutput(schema, raw).stream("x")) break;
    expect(model.isReleased).toBe(true);
  });

  it("takes an abort for no failure of the parser", async () => {
    const controller = new AbortController();
    const parser = RunnableLambda.from<AIMessageChunk, string>(async (_message, config) => {
      controller.abort();
      config.signal?.throwIfAborted();
      return "late";
    });
    const reads = assembleStructuredOutputPipeline(new CallsModel(new AIMessage("x")), parser, true);
    const tree = runTree();
    const config = { signal: controller.signal, callbacks: [tree.handler] };
    await expect(reads.invoke("x", config)).rejects.toThrow("abort");
    expect(tree.lines.filter((line) => line.includes("ParsedWithRaw"))).toEqual([
      expect.stringContaining("start ParsedWithRaw"),
      expect.stringContaining("error ParsedWithRaw"),
    ]);
    const second = new AbortController();
    const streams = assembleStructuredOutputPipeline(
      new StreamsModel(textPieces("a", "b")),
      RunnableLambda.from<AIMessageChunk, string>(async (_message, config) => {
        second.abort();
        config.signal?.throwIfAborted();
        return "late";
      }),
      true,
    );
    const chunks: object[] = [];
    const read = async () => {
      for await (const chunk of streams.astream("x", { signal: second.signal, callbacks: [streamed.handler] })) {
        chunks.push(chunk);
      }
    };
    const streamed = runTree();
    await expect(read()).rejects.toThrow("abort");
    expect(streamed.lines.filter((line) => line.includes("error ParsedWithRaw"))).toHaveLength(1);
    expect(chunks.every((chunk) => !("parsed" in chunk))).toBe(true);
  });

  it("is told of with the parser's failure below it", async () => {
    const tree = runTree();
    const model = new CallsModel(new AIMessage("hm"));
    await model.withStructuredOutput(schema, raw).invoke("x", { callbacks: [tree.handler] });
    expect(tree.lines.map((line) => line.replace(/,? got.*/, ""))).toEqual([
      "start StructuredOutput [] (RunnableSequence)",
      "  start ParsedWithRaw [seq:step:2] (ParsedWithRaw)",
      "    start JsonOutputKeyToolsParser [] (JsonOutputKeyToolsParser)",
      '    error JsonOutputKeyToolsParser Expected the model to call "extract"',
      expect.stringContaining("  end ParsedWithRaw"),
      expect.stringContaining("end StructuredOutput"),
    ]);
  });
});

describe("a pipeline put together by hand", () => {
  it("has the name that it is given, and else that of a sequence", async () => {
    for (const [name, shown] of [
      ["Reads", "Reads"],
      [undefined, "RunnableSequence"],
    ] as const) {
      const tree = runTree();
      const model = new CallsModel(new AIMessage('{"a":1}'));
      const reads = assembleStructuredOutputPipeline(model, createContentParser({ type: "object" }), false, name);
      expect(await reads.invoke("x", { callbacks: [tree.handler] })).toEqual({ a: 1 });
      expect(tree.lines[0]).toContain(`start ${shown} `);
    }
  });
});
