import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import "../../src/runnables/wiring.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { collect, plain } from "./transcript.ts";

/** The transcripts of the notes on ChatParrotLink, result by result. */
const model = new ChatParrotLink({ parrotBufferLength: 3, model: "my_custom_model" });

function reply(content: string, input: number, output: number, run: number = 1): unknown {
  return {
    AIMessage: {
      content,
      response_metadata: { time_in_seconds: 3 },
      id: `run-<run ${run}>-0`,
      usage_metadata: { input_tokens: input, output_tokens: output, total_tokens: input + output },
    },
  };
}

describe("the notes on ChatParrotLink", () => {
  test("count 26, 3 and 29 tokens for a list of messages", async () => {
    const messages = [
      new HumanMessage({ content: "hello!" }),
      new AIMessage({ content: "Hi there human!" }),
      new HumanMessage({ content: "Meow!" }),
    ];
    expect(plain(await model.invoke(messages))).toEqual(reply("Meo", 26, 3));
  });

  test("count 5, 3 and 8 for a text", async () => {
    expect(plain(await model.invoke("hello"))).toEqual(reply("hel", 5, 3));
  });

  test("count 7, 3 and 10 for the second of a batch", async () => {
    expect(plain(await model.batch(["hello", "goodbye"]))).toEqual([reply("hel", 5, 3, 1), reply("goo", 7, 3, 2)]);
  });

  test.each(["stream", "astream"] as const)("give c|a|t|| by %s, and the sum of its usage", async (verb) => {
    const chunks = await collect(await model[verb]("cat"));
    expect(chunks.map((chunk) => `${chunk.content}|`).join("")).toBe("c|a|t||");
    const usage = (input: number, output: number) => ({
      input_tokens: input,
      output_tokens: output,
      total_tokens: input + output,
    });
    expect(plain(chunks)).toEqual([
      { AIMessageChunk: { content: "c", id: "run-<run 1>", usage_metadata: usage(3, 1) } },
      { AIMessageChunk: { content: "a", id: "run-<run 1>", usage_metadata: usage(0, 1) } },
      { AIMessageChunk: { content: "t", id: "run-<run 1>", usage_metadata: usage(0, 1) } },
      { AIMessageChunk: { content: "", id: "run-<run 1>", response_metadata: { time_in_sec: 3 } } },
    ]);
    expect(plain(concatAll(chunks))).toEqual({
      AIMessageChunk: {
        content: "cat",
        id: "run-<run 1>",
        response_metadata: { time_in_sec: 3 },
        usage_metadata: usage(3, 3),
      },
    });
  });
});
