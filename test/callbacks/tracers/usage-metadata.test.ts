import { describe, expect, it } from "vitest";
import "../../../src/runnables/wiring.ts";
import { BaseCallbackHandler } from "../../../src/callbacks/base-callback-handler.ts";
import { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import { UsageMetadataCallbackHandler } from "../../../src/callbacks/tracers/usage-metadata.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import type { UsageMetadata } from "../../../src/messages/usage.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import type { ChatResult } from "../../../src/outputs/chat-result.ts";
import type { LLMResult } from "../../../src/outputs/llm-result.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import type { Serialized } from "../../../src/secrets/serialized.ts";
import { collectReports } from "../../helpers/reports.ts";
import { settle } from "../../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Model"] };
const reports = collectReports();

function usage(input_tokens: number, output_tokens: number): UsageMetadata {
  return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
}
function result(of: UsageMetadata, model_name?: string): LLMResult {
  const response_metadata = model_name === undefined ? {} : { model_name };
  const message = new AIMessage({ content: "a", usage_metadata: of, response_metadata });
  return { generations: [[new ChatGeneration({ message })]] };
}

/** A model that says 1 token in and 1 out with each of its three chunks. */
class Counting extends BaseChatModel {
  readonly model: string;
  failures: number;
  at: number;

  constructor(model: string, failures = 0, at = 0) {
    super({ maxRetries: 2 } as never);
    this.model = model;
    this.failures = failures;
    this.at = at;
  }
  _llmType() {
    return "counting";
  }
  override async *_stream(_messages: BaseMessage[]) {
    for (let count = 0; count < 3; count += 1) {
      if (count === this.at && this.failures > 0) {
        this.failures -= 1;
        throw new Error("once more");
      }
      const message = new AIMessageChunk({
        content: "a",
        usage_metadata: usage(1, 1),
        response_metadata: { model_name: this.model },
      });
      yield new ChatGenerationChunk({ message, text: "a" });
    }
  }
}

/** Answers at once. */
class Answering extends BaseChatModel {
  _llmType() {
    return "answering";
  }
  override _generate(): ChatResult {
    return { generations: [{ text: "a", message: new AIMessage({ content: "a", usage_metadata: usage(2, 3) }) }] };
  }
}

describe("a handler of usage", () => {
  it("sums what models took, by name and in all", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const callbacks = [handler];
    await new Counting("one").invoke("hi", { callbacks });
    await new Counting("one").batch(["a", "b"], { callbacks });
    for await (const _ of new Counting("two").astream("hi", { callbacks }));
    expect(handler.usageMetadata).toEqual({ one: usage(9, 9), two: usage(3, 3) });
    expect(handler.total).toEqual(usage(12, 12));
    expect(handler.name).toBe("usage_metadata_callback_handler");
  });

  it("has nothing where nothing was told", () => {
    const handler = new UsageMetadataCallbackHandler();
    expect(handler.usageMetadata).toEqual({});
    expect(handler.total).toEqual(usage(0, 0));
  });

  it("counts the parrot in a chain, however it is called", async () => {
    const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
    const expected = { input_tokens: 3, output_tokens: 3, total_tokens: 6 };
    for (const verb of ["invoke", "stream"] as const) {
      const handler = new UsageMetadataCallbackHandler();
      const chain = RunnableLambda.from((x: string) => x).pipe(model);
      const given = await chain[verb]("cat", { callbacks: [handler] });
      if (verb === "stream") for await (const _ of given as AsyncIterable<unknown>);
      expect(handler.usageMetadata).toEqual({ "bird-brain-001": expected });
    }
  });

  it("sums every detail", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const of = { ...usage(5, 5), input_token_details: { cache_read: 2 }, output_token_details: { reasoning: 1 } };
    for (let count = 0; count < 3; count += 1) await handler.handleLLMEnd(result(of, "m"), `${count}`);
    expect(handler.usageMetadata).toEqual({
      m: { ...usage(15, 15), input_token_details: { cache_read: 6 }, output_token_details: { reasoning: 3 } },
    });
  });

  it.each<[string, string | undefined, Record<string, unknown>, object | undefined, string | undefined, string]>([
    ["the answer", "said", { ls_model_name: "ls" }, { model: "param" }, "run", "said"],
    ["the metadata", undefined, { ls_model_name: "ls" }, { model: "param" }, "run", "ls"],
    ["the parameters", undefined, {}, { model: "param", model_name: "other" }, "run", "param"],
    ["the parameters' other name", undefined, { ls_model_name: 7 }, { model_name: "other" }, "run", "other"],
    ["the run", undefined, {}, {}, "run", "run"],
    ["the run, without parameters", undefined, {}, undefined, "run", "run"],
    ["the class of the run", undefined, {}, undefined, undefined, "Model"],
  ])("names a model by %s", async (_by, said, metadata, params, name, expected) => {
    for (const moment of ["handleLLMStart", "handleChatModelStart"] as const) {
      const handler = new UsageMetadataCallbackHandler();
      const manager = new CallbackManager(undefined, { handlers: [handler] });
      const given = params && { invocation_params: params as Record<string, unknown> };
      const [run] = await manager[moment](
        SERIALIZED,
        [[]] as never,
        undefined,
        undefined,
        given,
        undefined,
        metadata,
        name,
      );
      await run?.end(result(usage(1, 2), said));
      expect(handler.usageMetadata).toEqual({ [expected]: usage(1, 2) });
    }
  });

  it("names a model that nobody names", () => {
    const handler = new UsageMetadataCallbackHandler();
    handler.handleLLMEnd(result(usage(1, 2)), "never started");
    handler.handleLLMStart(SERIALIZED, [], "without a name");
    handler.handleLLMEnd(result(usage(1, 2)), "without a name");
    expect(handler.usageMetadata).toEqual({ unknown: usage(2, 4) });
  });

  it("forgets a run that has closed", () => {
    const handler = new UsageMetadataCallbackHandler();
    handler.handleLLMStart(SERIALIZED, [], "id", undefined, undefined, undefined, undefined, "run");
    handler.handleLLMEnd(result(usage(1, 2)), "id");
    handler.handleLLMEnd(result(usage(3, 4)), "id");
    expect(handler.usageMetadata).toEqual({ run: usage(1, 2), unknown: usage(3, 4) });
  });

  it.each(["__proto__", "constructor", "toString"])("counts a model called %s", (model) => {
    const handler = new UsageMetadataCallbackHandler();
    handler.handleLLMEnd(result(usage(1, 2), model), "id");
    handler.handleLLMEnd(result(usage(1, 2), model), "id");
    expect(Object.entries(handler.usageMetadata)).toEqual([[model, usage(2, 4)]]);
    expect(Object.getPrototypeOf(handler.usageMetadata)).toBe(Object.prototype);
    expect(handler.total).toEqual(usage(2, 4));
  });

  it("gives copies", () => {
    const handler = new UsageMetadataCallbackHandler();
    handler.handleLLMEnd(result({ ...usage(1, 2), input_token_details: { audio: 1 } }, "m"), "id");
    const copy = handler.usageMetadata;
    (copy.m as UsageMetadata).input_tokens = 99;
    (copy.m?.input_token_details as { audio: number }).audio = 99;
    copy.other = usage(1, 1);
    expect(handler.usageMetadata).toEqual({ m: { ...usage(1, 2), input_token_details: { audio: 1 } } });
  });

  it("counts what was given before a reader left", async () => {
    const handler = new UsageMetadataCallbackHandler();
    for await (const _ of new Counting("m").astream("hi", { callbacks: [handler] })) break;
    expect(handler.usageMetadata).toEqual({ m: usage(1, 1) });
  });

  it("counts what was given before an abort", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const controller = new AbortController();
    const stream = new Counting("m").astream("hi", { callbacks: [handler], signal: controller.signal });
    await stream.next();
    await stream.next();
    controller.abort();
    await expect(stream.next()).rejects.toThrow();
    await settle();
    expect(handler.usageMetadata).toEqual({ m: usage(2, 2) });
  });

  it("counts what was given before an error", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const stream = new Counting("m", 9, 2).astream("hi", { callbacks: [handler] });
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toThrow("once more");
    expect(handler.usageMetadata).toEqual({ m: usage(2, 2) });
  });

  it("counts nothing where a call failed before it gave anything", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const [run] = await CallbackManager.fromHandlers(handler).handleLLMStart(SERIALIZED, ["hi"]);
    await run?.fail(new Error("broken"));
    expect(handler.usageMetadata).toEqual({});
  });

  it("counts a model's own retries once", async () => {
    const handler = new UsageMetadataCallbackHandler();
    for await (const _ of new Counting("m", 2).astream("hi", { callbacks: [handler] }));
    expect(handler.usageMetadata).toEqual({ m: usage(3, 3) });
  });

  it("counts each attempt of a retry with what that took", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const model = new Counting("m", 1, 2);
    await model.withRetry({ stopAfterAttempt: 3 }).invoke("hi", { callbacks: [handler] });
    expect(handler.usageMetadata).toEqual({ m: usage(5, 5) });
  });

  it("counts answers from a cache as nothing", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const [run] = await CallbackManager.fromHandlers(handler).handleLLMStart(SERIALIZED, ["hi"]);
    await run?.handleLLMEnd(result(usage(1, 2), "m"), undefined, undefined, undefined, { cached: true });
    expect(handler.usageMetadata).toEqual({});
  });

  it("counts a run once, at however many levels it is attached", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const model = new Counting("m").withConfig({ callbacks: [handler] });
    const outer = RunnableLambda.from((x: string, config) =>
      model.invoke(x, { ...config, callbacks: config.callbacks }),
    );
    await outer.withConfig({ callbacks: [handler] }).invoke("hi", { callbacks: [handler, handler] });
    expect(handler.usageMetadata).toEqual({ m: usage(3, 3) });
  });

  it("keeps models that run side by side apart", async () => {
    const handler = new UsageMetadataCallbackHandler();
    const models = new RunnableMap({ steps: { a: new Counting("a"), b: new Counting("b"), c: new Answering({}) } });
    await models.batch(
      Array.from({ length: 50 }, () => "hi"),
      { callbacks: [handler] },
    );
    expect(handler.usageMetadata).toEqual({ a: usage(150, 150), b: usage(150, 150), Answering: usage(100, 150) });
  });

  it("counts in the background too", async () => {
    const handler = new UsageMetadataCallbackHandler({ awaitHandlers: false });
    await new Counting("m").invoke("hi", { callbacks: [handler] });
    await handler.flush();
    expect(handler.usageMetadata).toEqual({ m: usage(3, 3) });
  });

  it("is its own copy, and a handler", () => {
    const handler = new UsageMetadataCallbackHandler();
    expect(handler.copy()).toBe(handler);
    expect(handler).toBeInstanceOf(BaseCallbackHandler);
    expect(reports).toEqual([]);
  });

  it("breaks nothing where usage is no usage", () => {
    const handler = new UsageMetadataCallbackHandler();
    for (const wrong of ["many", 7, null, [1], { input_tokens: "x" }]) {
      handler.handleLLMEnd(result(wrong as never, "m"), "id");
    }
    handler.handleLLMEnd(undefined as never, "id");
    expect(handler.total).toEqual(usage(0, 0));
  });
});
