import { describe, expect, it, vi } from "vitest";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { CallbackManagerForLLMRun } from "../../src/callbacks/model-run-manager.ts";
import type { RunObserver } from "../../src/callbacks/run-observer.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { defer, outcomeOf } from "../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Model"] };

async function started(...handlers: (CallbackHandler | RunObserver)[]): Promise<CallbackManagerForLLMRun> {
  const manager = new CallbackManager(undefined, { inheritableHandlers: handlers });
  return (await manager.handleChatModelStart(SERIALIZED, [[]]))[0] as CallbackManagerForLLMRun;
}

/** The tokens that were told, each with its chunk. */
function tokens(calls: readonly Call[]): unknown[] {
  return calls
    .filter(([method]) => method === "handleLLMNewToken")
    .map((call) => [call[1], (call[6] as { chunk: unknown }).chunk]);
}

const chunkOf = (text: string): ChatGenerationChunk => new ChatGenerationChunk({ message: new AIMessageChunk(text) });

describe("the tokens of a model's run", () => {
  it("are told at once where no chunks are expected, also to observers", async () => {
    const calls: Call[] = [];
    const streamed: unknown[] = [];
    const observer: RunObserver = {
      "~observer": true,
      runStarted: () => {},
      runStreamed: (_run, chunk) => void streamed.push(chunk),
      runEnded: () => {},
      runFailed: () => {},
      customEvent: () => {},
    };
    const run = await started(recordingHandler(calls), observer);
    const chunk = chunkOf("b");
    await run.handleLLMNewToken("a");
    await run.handleLLMNewToken("b", undefined, undefined, undefined, undefined, { chunk });
    expect(tokens(calls)).toEqual([
      ["a", undefined],
      ["b", chunk],
    ]);
    expect(streamed).toEqual(["a", chunk]);
  });

  it("are a promise in any case: it rejects with what a handler raises, and holds where nothing is told", async () => {
    const error = new Error("raised");
    const handleLLMNewToken = vi.fn(() => {
      throw error;
    });
    const run = await started({ raiseError: true, handleLLMNewToken });
    await expect(run.handleLLMNewToken("a")).rejects.toBe(error);
    run["~expectChunks"]();
    await expect(run.handleLLMNewToken("noted")).resolves.toBeUndefined();
    await run.end();
    await expect(run.handleLLMNewToken("late")).resolves.toBeUndefined();
    expect(handleLLMNewToken).toHaveBeenCalledTimes(1);
  });

  it("are waited for, where they are told at once", async () => {
    const gate = defer();
    const run = await started({ handleLLMNewToken: () => gate.promise });
    const telling = run.handleLLMNewToken("a");
    expect(await outcomeOf(telling)).toBe("pending");
    gate.resolve();
    await telling;
  });

  it("are told when their chunks are received, with the author's token", async () => {
    const calls: Call[] = [];
    const run = await started(recordingHandler(calls));
    run["~expectChunks"]();
    const given = chunkOf("x");
    await run.handleLLMNewToken("author's", undefined, undefined, undefined, undefined, { chunk: given });
    expect(tokens(calls)).toEqual([]);
    const received = chunkOf("x");
    run["~given"](given);
    run.chunk(received);
    const unreported = chunkOf("y");
    run["~given"](unreported);
    run.chunk(unreported);
    expect(tokens(calls)).toEqual([
      ["author's", received],
      ["y", unreported],
    ]);
  });

  it("are not made into anything where nobody hears of them", async () => {
    const run = await started({ handleLLMEnd: () => {} });
    const tell = vi.spyOn(run as unknown as { tell: () => void }, "tell");
    await run.handleLLMNewToken("a");
    run.chunk(chunkOf("b"));
    expect(tell).not.toHaveBeenCalled();
  });
});

describe("the end of a model's run", () => {
  it("is the result as it is", async () => {
    const calls: Call[] = [];
    const run = await started(recordingHandler(calls));
    const result = { generations: [[{ text: "a" }]], llmOutput: { some: "fact" } };
    await run.end(result);
    expect(calls.at(-1)?.[1]).toBe(result);
  });

  it("is a result of the sum of the chunks, with the counts where they are known", async () => {
    const calls: Call[] = [];
    const run = await started(recordingHandler(calls));
    run.chunk(chunkOf("a"));
    const usage_metadata = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    run.chunk(new ChatGenerationChunk({ message: new AIMessageChunk({ content: "b", usage_metadata }) }));
    await run.end();
    const told = calls.at(-1)?.[1] as { generations: ChatGenerationChunk[][]; llmOutput: unknown };
    expect(told.generations).toHaveLength(1);
    expect(told.generations[0]?.map((generation) => generation.text)).toEqual(["ab"]);
    expect(told.llmOutput).toEqual({ tokenUsage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } });
  });

  it("has no counts where there are none", async () => {
    const calls: Call[] = [];
    const run = await started(recordingHandler(calls));
    const chunk = new GenerationChunk({ text: "a" });
    run.chunk(chunk);
    await run.end();
    expect(calls.at(-1)?.[1]).toStrictEqual({ generations: [[chunk]] });
  });

  it("may be told by the methods of a model's author", async () => {
    const calls: Call[] = [];
    const ended = await started(recordingHandler(calls));
    const result = { generations: [[{ text: "a" }]] };
    await ended.handleLLMEnd(result);
    expect(calls.at(-1)?.[0]).toBe("handleLLMEnd");
    const failed = await started(recordingHandler(calls));
    const error = new Error("broken");
    await failed.handleLLMError(error);
    expect(calls.at(-1)?.slice(0, 2)).toEqual(["handleLLMError", error]);
    expect(ended.isClosed && failed.isClosed).toBe(true);
  });
});

describe("whether a run prefers streaming", () => {
  it("follows from its handlers, inherited or local", async () => {
    const prefers: CallbackHandler = { lc_prefer_streaming: true };
    expect((await started(prefers)).prefersStreaming).toBe(true);
    expect((await started({})).prefersStreaming).toBe(false);
    const local = new CallbackManager(undefined, { handlers: [prefers] });
    expect((await local.handleLLMStart(SERIALIZED, [""]))[0]?.prefersStreaming).toBe(true);
  });
});

describe("the start of a model's run", () => {
  it("builds what it is told with only where a handler hears of it", () => {
    const serialize = vi.fn(() => SERIALIZED);
    const quiet = CallbackManager.fromHandlers({ handleLLMEnd: () => {} });
    new CallbackManagerForLLMRun("llm", quiet, { runName: "m" }).beginWithPrompts(serialize, [""], {});
    new CallbackManagerForLLMRun("chat_model", quiet, { runName: "m" }).beginWithMessages(serialize, [[]], {});
    expect(serialize).not.toHaveBeenCalled();
  });

  it("adds a model's own metadata to what the user set, and knows both", () => {
    const manager = new CallbackManager(undefined, { metadata: { user: 1 } });
    const run = new CallbackManagerForLLMRun("llm", manager, {
      runName: "m",
      localMetadata: { local: 1 },
      modelMetadata: { ls_provider: "x" },
    });
    expect(run.userMetadata).toEqual({ user: 1, local: 1 });
    expect(run.metadata).toEqual({ user: 1, local: 1, ls_provider: "x" });
    expect(manager.metadata).toEqual({ user: 1 });
  });
});
