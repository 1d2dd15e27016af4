import { expect, test } from "vitest";
import type { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { ChatModelStream } from "../../../src/models/stream/chat-model-stream.ts";
import { convertChunksToEvents } from "../../../src/models/stream/convert-chunks-to-events.ts";
import type { ChatModelStreamEvent } from "../../../src/models/stream/events.ts";
import { validateEventStream } from "../../../src/models/stream/validate-event-stream.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { runTree } from "../../helpers/run-tree.ts";
import "../../../src/runnables/wiring.ts";
import { all, chunks, piece } from "./events.ts";

const ANSWER = chunks(
  { content: "", id: "m1", additional_kwargs: { reasoning_content: "h" } },
  { content: "", additional_kwargs: { reasoning_content: "m" } },
  "Hel",
  "lo",
  piece(0, '{"x":1}', "a", "add"),
  piece(1, "[", "b", "sub"),
  { content: "", usage_metadata: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
  { content: "", usage_metadata: { input_tokens: 0, output_tokens: 1, total_tokens: 1 } },
  { content: "", response_metadata: { model_name: "wren" } },
);
const CALL = { type: "tool_call", id: "a", name: "add", args: { x: 1 } };

/** A stream over chunks that tells how far it was read, and whether it was let go of. */
function watched(given: readonly AIMessageChunk[] = ANSWER, error?: unknown) {
  const seen = { read: 0, released: 0 };
  async function* read(): AsyncGenerator<AIMessageChunk> {
    try {
      for (const chunk of given) {
        seen.read += 1;
        yield chunk;
      }
      if (error !== undefined) throw error;
    } finally {
      seen.released += 1;
    }
  }
  return { seen, stream: new ChatModelStream(convertChunksToEvents(read())) };
}

test("awaited it is the message, its content as standard parts", async () => {
  const { stream } = watched();
  const message = await stream;
  expect(message.toDict()).toEqual({
    type: "ai",
    data: {
      id: "m1",
      content: [
        { type: "reasoning", reasoning: "hm" },
        { type: "text", text: "Hello" },
        CALL,
        { type: "invalid_tool_call", id: "b", name: "sub", args: "[", error: "Malformed args." },
      ],
      tool_calls: [CALL],
      invalid_tool_calls: [{ type: "invalid_tool_call", id: "b", name: "sub", args: "[", error: "Malformed args." }],
      usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
      additional_kwargs: { reasoning_content: "hm" },
      response_metadata: { finish_reason: "tool_use", model_name: "wren", output_version: "v1" },
    },
  });
  expect(await stream.output).toBe(message);
});

test("its parts are iterated as they come, and awaited whole", async () => {
  const { stream } = watched();
  expect(await Promise.all([all(stream.text), all(stream.text.full), stream.text])).toEqual([
    ["Hel", "lo"],
    ["Hel", "Hello"],
    "Hello",
  ]);
  expect(await Promise.all([all(stream.reasoning), all(stream.reasoning.full), stream.reasoning])).toEqual([
    ["h", "m"],
    ["h", "hm"],
    "hm",
  ]);
  expect(await Promise.all([all(stream.toolCalls), all(stream.toolCalls.full), stream.toolCalls])).toEqual([
    [CALL],
    [[CALL]],
    [CALL],
  ]);
  const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  expect(await all(stream.usage)).toEqual([{ input_tokens: 1, output_tokens: 1, total_tokens: 2 }, usage]);
  expect(await stream.usage).toEqual(usage);
});

test("parts that there are none of are empty", async () => {
  const { stream } = watched([]);
  expect(await Promise.all([stream.text, stream.reasoning, stream.toolCalls, stream.usage])).toEqual([
    "",
    "",
    [],
    undefined,
  ]);
});

test("nothing starts before it is read", async () => {
  const { seen, stream } = watched();
  const text = stream.text[Symbol.asyncIterator]();
  void stream.output;
  await Promise.resolve();
  expect(seen.read).toBe(0);
  await text.next();
  expect(seen.read).toBe(3);
});

test("it is read no further than its readers ask", async () => {
  const { seen, stream } = watched();
  const events = stream[Symbol.asyncIterator]();
  await events.next();
  expect(seen.read).toBe(1);
});

test("a late reader gets all events from the first on", async () => {
  const { stream } = watched();
  await stream;
  const events = await all(stream);
  expect(events[0]).toEqual({ event: "message-start", id: "m1" });
  expect(await all(stream)).toEqual(events);
});

test("readers that lag keep nobody waiting", async () => {
  const { stream } = watched();
  const slow = stream[Symbol.asyncIterator]();
  await slow.next();
  expect(await stream.text).toBe("Hello");
  expect((await all({ [Symbol.asyncIterator]: () => slow })).length).toBeGreaterThan(3);
});

test("two reads of one reader that are under way at once are answered in order", async () => {
  const { stream } = watched();
  const reader = stream.text[Symbol.asyncIterator]();
  const [first] = await Promise.all([reader.next()]);
  expect(first).toEqual({ value: "Hel", done: false });
  const events = stream[Symbol.asyncIterator]();
  const [one, two] = await Promise.all([events.next(), events.next()]);
  expect([one.value?.event, two.value?.event]).toEqual(["message-start", "content-block-start"]);
});

test("when its last reader leaves, its source is let go of", async () => {
  const { seen, stream } = watched();
  for await (const _text of stream.text) break;
  expect(seen.released).toBe(1);
  expect(seen.read).toBe(3);
});

test("while another reads on, it goes on", async () => {
  const { seen, stream } = watched();
  const message = stream.then((given) => given.text);
  for await (const _event of stream) break;
  expect(await message).toBe("Hello");
  expect(seen.read).toBe(ANSWER.length);
});

test("a reader that has not begun may leave, and is left out of the count", async () => {
  const { stream } = watched();
  await stream[Symbol.asyncIterator]().return?.();
  expect(await stream.text).toBe("Hello");
});

test("who begins once the stream was left gets what was read, and is then told of it", async () => {
  const { stream } = watched();
  for await (const _text of stream.text) break;
  const texts: string[] = [];
  const reading = (async () => {
    for await (const text of stream.text) texts.push(text);
  })();
  await expect(reading).rejects.toMatchObject({
    name: "AbortError",
    message: expect.stringContaining("Begin to read or await all that you need before one leaves."),
  });
  expect(texts).toEqual(["Hel"]);
  await expect(stream).rejects.toMatchObject({ name: "AbortError" });
});

test("in a run, waiting for a stream that was left is a failure, and not the reader's leaving", async () => {
  const tree = runTree();
  const step = RunnableLambda.from(async () => {
    const { stream } = watched();
    for await (const _text of stream.text) break;
    return (await stream).text;
  });
  await expect(step.invoke("", { callbacks: [tree.handler] })).rejects.toThrow("its last reader left");
  expect(tree.lines.at(-1)).toContain("error RunnableLambda");
});

test("readers that are behind get the last snapshot of a call alone, so that no more is kept than was said", async () => {
  const given = chunks(
    piece(0, '{"x":', "a", "add"),
    ...Array.from({ length: 100 }, () => piece(0, "1")),
    { content: [{ type: "image", url: "u", index: 1 }] },
    { content: [{ type: "image", mimeType: "image/png", index: 1 }] },
    piece(0, "}"),
  );
  const { stream } = watched(given);
  const early = await all(stream);
  const late = await all(stream);
  expect(early.filter(({ event }) => event === "content-block-delta")).toHaveLength(103);
  expect(late.filter(({ event }) => event === "content-block-delta")).toHaveLength(2);
  for (const events of [early, late]) expect(await validateEventStream(events)).toEqual([]);
  expect((await stream).tool_calls[0]?.args).toEqual({ x: Number("1".repeat(100)) });
});

test("a reader that has left gets no more", async () => {
  const { stream } = watched();
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  expect(await reader.return?.()).toEqual({ value: undefined, done: true });
  expect(await reader.next()).toEqual({ value: undefined, done: true });
});

test.each<[string, (stream: ChatModelStream) => Promise<void>]>([
  ["cancel", (stream) => stream.cancel("enough")],
  ["await using", (stream) => stream[Symbol.asyncDispose]()],
])("%s leaves for all readers: iterations end, awaits are rejected", async (_name, leave) => {
  const { seen, stream } = watched();
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  const message = stream.then((given) => given);
  const texts = all(stream.text);
  await leave(stream);
  await leave(stream);
  expect(seen.released).toBe(1);
  await expect(message).rejects.toMatchObject({ name: "AbortError" });
  await expect(stream.usage).rejects.toMatchObject({ name: "AbortError" });
  expect(await texts).toEqual([]);
});

test("leaving settles a read that would never be answered", async () => {
  let released = false;
  const never = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<IteratorResult<ChatModelStreamEvent>>(() => {}),
      return: async () => {
        released = true;
        return { value: undefined, done: true as const };
      },
    }),
  };
  const stream = new ChatModelStream(never);
  const reader = stream.text[Symbol.asyncIterator]();
  const pending = reader.next();
  await reader.return?.();
  expect(await pending).toEqual({ value: undefined, done: true });
  expect(released).toBe(true);
});

test("after an error each reader gets the events before it, the error's event, and the error", async () => {
  const { seen, stream } = watched(chunks("Hel"), new Error("gone"));
  for (let reader = 0; reader < 2; reader += 1) {
    const events: string[] = [];
    const reading = (async () => {
      for await (const { event } of stream) events.push(event);
    })();
    await expect(reading).rejects.toThrow("gone");
    expect(events).toEqual(["message-start", "content-block-start", "content-block-delta", "error"]);
  }
  await expect(stream).rejects.toThrow("gone");
  await expect(stream.text).rejects.toThrow("gone");
  await expect(stream.usage.then(null, () => "handled")).resolves.toBe("handled");
  expect(seen.released).toBe(1);
});

test("an error reaches nobody who does not ask, and is not left unhandled", async () => {
  const { stream } = watched([], new Error("gone"));
  void stream.text;
  void stream.output;
  await expect(stream.toolCalls).rejects.toThrow("gone");
});

test("what a reader does to a call is not seen by others", async () => {
  const { stream } = watched();
  for (const call of await stream.toolCalls) call.args.x = "changed";
  expect((await stream.toolCalls)[0]?.args).toEqual({ x: 1 });
  expect((await stream).tool_calls[0]?.args).toEqual({ x: 1 });
});

test("events of a provider's own making are read as far as they can be", async () => {
  const events = [
    { event: "message-start", usage: { input_tokens: 3 } },
    { event: "content-block-start", index: 1, content: { type: "text", text: "a" } },
    { event: "content-block-delta", index: 1, delta: { type: "text-delta", text: "b" } },
    { event: "content-block-delta", index: 1, delta: { type: "text-delta", text: 4 } },
    { event: "content-block-delta", index: 1, delta: null },
    { event: "content-block-delta", index: 9, delta: { type: "text-delta", text: "" } },
    { event: "content-block-start", index: 0 },
    { event: "content-block-finish", index: 0, content: { type: "reasoning", reasoning: "r" } },
    { event: "provider", provider: "p", name: "n", payload: 1 },
    { event: "unheard of" },
    { event: "message-finish", usage: { output_tokens: 2 } },
  ] as unknown as ChatModelStreamEvent[];
  const stream = new ChatModelStream(events);
  const message = await stream;
  expect(message.content).toEqual([
    { type: "reasoning", reasoning: "r" },
    { type: "text", text: "ab" },
  ]);
  expect(message.response_metadata).toEqual({ output_version: "v1" });
  expect(await stream.text).toBe("ab");
  expect(await stream.usage).toEqual({ input_tokens: 3, output_tokens: 2 });
});

test("tool calls are gathered in time that grows as they do, and each reader has a list of his own", async () => {
  const count = 20_000;
  const events = Array.from({ length: count }, (_, index) => ({
    event: "content-block-finish" as const,
    index,
    content: { type: "tool_call" as const, id: `c${index}`, name: "f", args: {} },
  }));
  const stream = new ChatModelStream(events);
  const start = performance.now();
  let seen = 0;
  for await (const _call of stream.toolCalls) seen += 1;
  const first = await stream.toolCalls;
  const second = await stream.toolCalls;
  first.pop();
  expect([seen, first.length, second.length]).toEqual([count, count - 1, count]);
  // Quadratic, it was 4 seconds and more.
  expect(performance.now() - start).toBeLessThan(2_500);
  const kept: unknown[][] = [];
  for await (const calls of new ChatModelStream(events.slice(0, 3)).toolCalls.full) kept.push(calls);
  expect(kept.map((calls) => calls.length)).toEqual([1, 2, 3]);
  expect(await new ChatModelStream([]).toolCalls).toEqual([]);
});
