import { PassThrough } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../../src/runnables/wiring.ts";
import { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import { JsonlTracer, type JsonlTracerInput } from "../../../src/callbacks/tracers/jsonl.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import type { Serialized } from "../../../src/secrets/serialized.ts";
import { collectReports } from "../../helpers/reports.ts";
import { defer, outcomeOf, settle } from "../../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const NOW = 1_700_000_000_000;
const reports = collectReports();

type Line = Record<string, unknown>;

/** A tracer, and the lines that it wrote. */
function writing(fields: Partial<JsonlTracerInput> = {}) {
  const texts: string[] = [];
  const tracer = new JsonlTracer({ write: (line) => void texts.push(line), ...fields });
  return { tracer, texts, lines: (): Line[] => texts.map((text) => JSON.parse(text)) };
}

const next = RunnableLambda.from((x: number) => x + 1, { name: "next" });

describe("a tracer that writes lines", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("writes a line for each run, children before parents", async () => {
    const { tracer, texts, lines } = writing();
    const root = await new CallbackManager(undefined, {
      inheritableHandlers: [tracer],
      tags: ["tag"],
      metadata: { m: 1 },
    }).handleChainStart(SERIALIZED, { a: 1 }, undefined, undefined, undefined, undefined, "root");
    const child = await (root.getChild() as CallbackManager).handleToolStart(SERIALIZED, "in");
    vi.setSystemTime(NOW + 1_500);
    await child.end("out");
    await root.end({ b: 2 });
    const times = { start_time: "2023-11-14T22:13:20.000Z", end_time: "2023-11-14T22:13:21.500Z", took_ms: 1_500 };
    expect(lines()).toEqual([
      {
        id: child.runId,
        trace_id: root.runId,
        parent_run_id: root.runId,
        name: "Job",
        run_type: "tool",
        ...times,
        tags: [],
        metadata: {},
        inputs: { input: "in" },
        outputs: { output: "out" },
      },
      {
        id: root.runId,
        trace_id: root.runId,
        name: "root",
        run_type: "chain",
        ...times,
        tags: ["tag"],
        metadata: { m: 1 },
        inputs: { a: 1 },
        outputs: { b: 2 },
      },
    ]);
    expect(texts.every((text) => text.indexOf("\n") === text.length - 1)).toBe(true);
  });

  it.each<[string, unknown, unknown]>([
    ["an error", new TypeError("wrong"), { name: "TypeError", message: "wrong" }],
    ["a text", "wrong", { name: "Error", message: "wrong" }],
    ["nothing", undefined, { name: "Error", message: "undefined" }],
    ["an object", { a: 1 }, { name: "Error", message: "an object with key a" }],
  ])("writes what a run failed with: %s", async (_what, failure, error) => {
    const { tracer, lines } = writing();
    const run = await new CallbackManager(undefined, { handlers: [tracer] }).handleChainStart(SERIALIZED, {});
    await run.fail(failure, false, { partial: "so far" });
    expect(lines()).toEqual([expect.objectContaining({ error, partial: "so far" })]);
    expect(lines()[0]).not.toHaveProperty("outputs");
  });
});

describe("a line", () => {
  it("says that its reader left", async () => {
    const { tracer, lines } = writing();
    for await (const _ of next.pipe(next).astream(1, { callbacks: [tracer] })) break;
    // The first step had given all it had.
    expect(lines().map(({ cancelled }) => cancelled)).toEqual([undefined, true, true]);
    expect(lines().at(-1)).toMatchObject({ cancelled: true, outputs: { output: 3 } });
  });

  it("says what a model took", async () => {
    const { tracer, lines } = writing();
    const model = new ChatParrotLink({ model: "bird", parrotBufferLength: 3 });
    await RunnableLambda.from((x: string) => x)
      .pipe(model)
      .invoke("cat", { callbacks: [tracer] });
    expect(lines().map(({ run_type, model, usage }) => [run_type, model, usage])).toEqual([
      ["chain", undefined, undefined],
      ["llm", "bird", { input_tokens: 3, output_tokens: 3, total_tokens: 6 }],
      ["chain", undefined, undefined],
    ]);
    expect(lines()[1]?.inputs).toMatchObject({ messages: [[{ type: "human", data: { content: "cat" } }]] });
  });

  it("names a model by its answer, else by what it was called with", async () => {
    const { tracer, lines } = writing();
    const manager = new CallbackManager(undefined, { handlers: [tracer] });
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    for (const response_metadata of [{ model_name: "said" }, {}]) {
      const params = { invocation_params: { model: "called" } };
      const [run] = await manager.handleLLMStart(SERIALIZED, ["hi"], undefined, undefined, params);
      const message = Object.assign(new HumanMessage({ content: "a", response_metadata }), { usage_metadata: usage });
      await run?.end({ generations: [[{ text: "a", message }]] });
    }
    const [bare] = await manager.handleLLMStart(SERIALIZED, ["hi"]);
    await bare?.end(undefined);
    expect(lines().map(({ model }) => model)).toEqual(["said", "called", undefined]);
  });

  it("says what a model took before it failed, and that an answer came from a cache", async () => {
    const { tracer, lines } = writing();
    const manager = new CallbackManager(undefined, { handlers: [tracer] });
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    const message = Object.assign(new HumanMessage("a"), { usage_metadata: usage });
    const [failing] = await manager.handleLLMStart(SERIALIZED, ["hi"]);
    await failing?.fail(new Error("broken"), false, { partial: { text: "a", message } });
    const [cached] = await manager.handleLLMStart(SERIALIZED, ["hi"]);
    await cached?.handleLLMEnd({ generations: [] }, undefined, undefined, undefined, { cached: true });
    expect(lines()[0]?.usage).toEqual(usage);
    expect(lines()[1]).toMatchObject({ cached: true });
    expect(lines()[1]).not.toHaveProperty("usage");
  });

  it("hides secrets, and is told as the redact hook leaves it", async () => {
    const { tracer, texts } = writing();
    const step = RunnableLambda.from((x: unknown) => ({ x, key: Secret.from("sk-1") }));
    await step.invoke({ lc_secrets: { token: "T" }, token: "sk-2" }, { callbacks: [tracer] });
    await step.invoke("sk-3", { callbacks: [tracer], redact: () => "hidden" } as never);
    expect(texts).toHaveLength(2);
    expect(texts.join("")).not.toContain("sk-");
  });

  it.each<[string, number]>([
    ["x", 2_048],
    ["é", 2_048],
    ["\n", 4_096],
    ["🐦", 5_000],
    ["\u2028", 3_000],
  ])("is cut where it is too long: %j in %i bytes", async (character, maxBytes) => {
    const { tracer, texts, lines } = writing({ maxBytes });
    const big = RunnableLambda.from((x: string) => ({ list: Array.from({ length: 9_999 }, () => 1), x }));
    await big.invoke(character.repeat(20_000), { callbacks: [tracer], tags: ["tag"], metadata: { m: 1 } });
    const [line] = lines();
    expect(Buffer.byteLength(texts[0] as string)).toBeLessThanOrEqual(maxBytes);
    expect(Buffer.byteLength(texts[0] as string)).toBeGreaterThan(maxBytes * 0.8);
    expect(line).toMatchObject({ cut: true, tags: ["tag"], metadata: { m: 1 }, name: "RunnableLambda" });
    expect((line as { inputs: { input: string } }).inputs.input).toMatch(/… 20000 characters$|… 40000 characters$/);
    expect(line?.outputs).toHaveProperty("list");
  });

  it.each(["inputs", "outputs"])("is cut no more than it has to be: %s", async (field) => {
    const { tracer, texts, lines } = writing({ maxBytes: 10_000 });
    const long = "x".repeat(20_000);
    const [given, gives] = field === "inputs" ? [long, "y"] : ["y", long];
    await RunnableLambda.from(() => gives).invoke(given, { callbacks: [tracer] });
    expect((texts[0] as string).length).toBeGreaterThan(9_900);
    expect(lines()[0]).toMatchObject({ cut: true, [field === "inputs" ? "outputs" : "inputs"]: expect.anything() });
    expect(JSON.stringify(lines()[0])).toContain(':"y"');
  });

  it("is whole up to its bound, and has no mark then", async () => {
    const { tracer, texts } = writing();
    await next.pipe(next).invoke(1, { callbacks: [tracer] });
    await RunnableLambda.from((x: string) => x.length).invoke("x".repeat(200_000), { callbacks: [tracer] });
    expect(texts.join("")).not.toContain('"cut"');
    expect((texts.at(-1) as string).length).toBeGreaterThan(200_000);
  });

  it("is valid and bounded whatever a run is given and gives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({
          withBigInt: true,
          withMap: true,
          withSet: true,
          withDate: true,
          withNullPrototype: true,
        } as never),
        fc.array(fc.string({ unit: "binary", maxLength: 600 }), { maxLength: 9 }),
        async (value, texts) => {
          const { tracer, texts: written } = writing({ maxBytes: 2_048 });
          const callbacks = [tracer];
          await RunnableLambda.from(() => value as object).invoke(texts, { callbacks, tags: texts, runName: texts[0] });
          const line = written[0] as string;
          expect(line.endsWith("\n")).toBe(true);
          expect(line.slice(0, -1)).not.toMatch(/[\n\r\u2028\u2029\u0085]/);
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(2_048);
          expect(JSON.parse(line)).toHaveProperty("run_type", "chain");
        },
      ),
      { numRuns: 200 },
    );
    expect(reports).toEqual([]);
  });
});

describe("what lines are written to", () => {
  it("may be slow: runs wait for it, and order is kept", async () => {
    const gate = defer();
    const written: string[] = [];
    const { tracer } = writing({
      write: async (line) => {
        await gate.promise;
        written.push(JSON.parse(line).name);
      },
    });
    const call = next.pipe(next).invoke(1, { callbacks: [tracer], runName: "root" });
    expect(await outcomeOf(call)).toBe("pending");
    gate.resolve();
    expect(await call).toBe(3);
    expect(written).toEqual(["next", "next", "root"]);
  });

  it("may be slow in the background: runs do not wait, and a flush does", async () => {
    const gate = defer();
    const written: string[] = [];
    const { tracer } = writing({
      awaitHandlers: false,
      write: async (line) => {
        await gate.promise;
        written.push(JSON.parse(line).name);
      },
    });
    expect(await next.pipe(next).invoke(1, { callbacks: [tracer], runName: "root" })).toBe(3);
    expect((await tracer.flush(5)).lost).toBeGreaterThan(0);
    gate.resolve();
    expect((await tracer.flush()).lost).toBe(0);
    expect(written).toEqual(["next", "next", "root"]);
  });

  it("may hang: an abort ends the wait", async () => {
    const { tracer } = writing({ write: () => new Promise(() => undefined) });
    const controller = new AbortController();
    const call = next.invoke(1, { callbacks: [tracer], signal: controller.signal });
    expect(await outcomeOf(call)).toBe("pending");
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    expect((await tracer.flush(5)).lost).toBeGreaterThan(0);
  });

  it("may fail: runs go on, it is reported once, and lines are counted", async () => {
    const error = new Error("no space");
    const { tracer } = writing({ write: () => Promise.reject(error) });
    expect(await next.pipe(next).invoke(1, { callbacks: [tracer] })).toBe(3);
    expect(reports).toEqual([{ error, place: "jsonl_tracer" }]);
    expect(tracer.lost).toBe(3);
  });

  it("breaks no run even where the tracer raises errors", async () => {
    const { tracer } = writing({
      raiseError: true,
      write: () => {
        throw new Error("no space");
      },
    });
    expect(await next.invoke(1, { callbacks: [tracer] })).toBe(2);
  });

  it("is a stream of Node's, with lines of 50 trees that run side by side", async () => {
    const stream = new PassThrough({ highWaterMark: 100 });
    const tracer = new JsonlTracer({ write: stream });
    const chain = new RunnableMap({ steps: { a: next, b: next } });
    const inputs = Array.from({ length: 50 }, (_, index) => index);
    let text = "";
    stream.on("data", (piece) => {
      text += piece;
    });
    await chain.batch(inputs, { callbacks: [tracer] });
    stream.end();
    await settle();
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    expect(lines).toHaveLength(150);
    const seen = new Set<unknown>();
    for (const { id, parent_run_id } of lines) {
      expect(seen.has(parent_run_id)).toBe(false);
      seen.add(id);
    }
    expect(stream.listenerCount("drain")).toBe(0);
  });

  it("may be given alone", async () => {
    const written: string[] = [];
    class Kept {
      readonly own: string[] = [];
      write(line: string): void {
        this.own.push(line);
      }
    }
    const kept = new Kept();
    const stream = new PassThrough();
    const { writable, readable } = new TransformStream<string, string>();
    const read = readable.getReader();
    const first = read.read();
    for (const target of [(line: string) => written.push(line), kept, stream, writable.getWriter()]) {
      await next.invoke(1, { callbacks: [new JsonlTracer(target)] });
    }
    written.push(...kept.own, String(stream.read()), (await first).value as string);
    expect(written.map((line) => JSON.parse(line).name)).toEqual(["next", "next", "next", "next"]);
    expect(reports).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["a web stream alone", new WritableStream()],
    ["a name alone", "runs.jsonl"],
    ["nothing", undefined],
    ["no input at all", null],
    ["a text", { write: "file.jsonl" }],
    ["a web stream itself", { write: new WritableStream() }],
    ["nowhere", { write: undefined }],
    ["null", { write: null }],
    ["a bound that is too small", { write: () => undefined, maxBytes: 100 }],
    ["a bound that is none", { write: () => undefined, maxBytes: Number.NaN }],
  ])("has to be something that can be written to: %s", (_what, fields) => {
    expect(() => new JsonlTracer(fields as JsonlTracerInput)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG" }),
    );
  });

  it("gets no line of a run that is open, and nothing is held of those that have closed", async () => {
    const { tracer, lines } = writing();
    const gate = defer();
    const waiting = RunnableLambda.from(async (x: number) => {
      await gate.promise;
      return x;
    });
    const call = next.pipe(waiting).invoke(1, { callbacks: [tracer], runName: "root" });
    await settle();
    expect(lines().map(({ name }) => name)).toEqual(["next"]);
    const open = [...(tracer as unknown as { runMap: Map<string, { child_runs: unknown[] }> }).runMap.values()];
    expect(open.map((run) => run.child_runs)).toEqual([[], []]);
    gate.resolve();
    await call;
  });
});
