import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { CustomChatModelAdvanced } from "./custom-chat-model-advanced.ts";
import { collect, plain } from "./transcript.ts";

/** The transcripts of the guide to custom chat models, result by result. */
const model = new CustomChatModelAdvanced({ n: 3, modelName: "my_custom_model" });

describe("the guide to custom chat models", () => {
  test("adds chunks", () => {
    const sum = new AIMessageChunk({ content: "Hello" }).concat(new AIMessageChunk({ content: " World!" }));
    expect(sum).toBeInstanceOf(AIMessageChunk);
    expect(plain(sum)).toEqual({ AIMessageChunk: { content: "Hello World!" } });
  });

  test("invokes with a list of messages", async () => {
    const reply = await model.invoke([
      new HumanMessage({ content: "hello!" }),
      new AIMessage({ content: "Hi there human!" }),
      new HumanMessage({ content: "Meow!" }),
    ]);
    expect(reply).not.toBeInstanceOf(AIMessageChunk);
    expect(plain(reply)).toEqual({
      AIMessage: { content: "Meo", response_metadata: { time_in_seconds: 3 }, id: "run-<run 1>-0" },
    });
  });

  test("invokes with a text", async () => {
    expect(plain(await model.invoke("hello"))).toEqual({
      AIMessage: { content: "hel", response_metadata: { time_in_seconds: 3 }, id: "run-<run 1>-0" },
    });
  });

  test("answers a batch, each in a run of its own", async () => {
    expect(plain(await model.batch(["hello", "goodbye"]))).toEqual([
      { AIMessage: { content: "hel", response_metadata: { time_in_seconds: 3 }, id: "run-<run 1>-0" } },
      { AIMessage: { content: "goo", response_metadata: { time_in_seconds: 3 }, id: "run-<run 2>-0" } },
    ]);
  });

  test.each(["stream", "astream"] as const)("gives c|a|t|| by %s", async (verb) => {
    const chunks = await collect(await model[verb]("cat"));
    expect(chunks.map((chunk) => `${chunk.content}|`).join("")).toBe("c|a|t||");
    expect(plain(chunks)).toEqual([
      { AIMessageChunk: { content: "c", id: "run-<run 1>" } },
      { AIMessageChunk: { content: "a", id: "run-<run 1>" } },
      { AIMessageChunk: { content: "t", id: "run-<run 1>" } },
      { AIMessageChunk: { content: "", response_metadata: { time_in_sec: 3 }, id: "run-<run 1>" } },
    ]);
  });

  test("tells of six v1 events", async () => {
    const events = await collect(model.streamEvents("cat", { version: "v1" }));
    const run = { name: "CustomChatModelAdvanced", run_id: "<run 1>", tags: [], metadata: {} };
    const chunk = (content: string) => ({ chunk: { AIMessageChunk: { content, id: "run-<run 1>" } } });
    const end = { response_metadata: { time_in_sec: 3 }, id: "run-<run 1>" };
    expect(plain(events)).toEqual([
      { event: "on_chat_model_start", ...run, data: { input: "cat" } },
      { event: "on_chat_model_stream", ...run, data: chunk("c") },
      { event: "on_chat_model_stream", ...run, data: chunk("a") },
      { event: "on_chat_model_stream", ...run, data: chunk("t") },
      { event: "on_chat_model_stream", ...run, data: { chunk: { AIMessageChunk: { content: "", ...end } } } },
      { event: "on_chat_model_end", ...run, data: { output: { AIMessageChunk: { content: "cat", ...end } } } },
    ]);
  });
});
