import { expect, test } from "vitest";
import "../../../src/models/stream/wiring.ts";
import "../../../src/runnables/configurable/wiring.ts";
import { ChatModelStream } from "../../../src/models/stream/chat-model-stream.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { chatChunk, HookedChatModel } from "../models.ts";
import { all } from "./events.ts";

const parrot = (): HookedChatModel =>
  new HookedChatModel({
    async *_streamResponseChunks() {
      yield chatChunk("Hel");
      yield chatChunk("lo");
    },
  });

test("streamEvents without options of runs' events is the stream of the answer's parts", async () => {
  const stream = parrot().streamEvents("hi", { tags: ["t"] });
  expect(stream).toBeInstanceOf(ChatModelStream);
  expect(await all(stream.text)).toEqual(["Hel", "lo"]);
});

test("a binding of a model hands on", async () => {
  const stream = parrot()
    .bind({ stop: ["."] })
    .withConfig({ tags: ["t"] })
    .streamEvents("hi") as unknown;
  expect(stream).toBeInstanceOf(ChatModelStream);
  expect((await (stream as ChatModelStream)).text).toBe("Hello");
});

test("a model that is made anew per call hands on, a retry and fallbacks do not", async () => {
  const configurable = parrot().configurableFields({ tags: { id: "tags" } });
  expect(configurable.streamEvents("hi")).toBeInstanceOf(ChatModelStream);
  for (const other of [parrot().withRetry(), parrot().withFallbacks([parrot()])]) {
    expect((await all(other.streamEvents("hi")))[0]?.event).toMatch(/^on_/);
  }
});

test.each([{ version: "v1" }, { version: "v2" }, { errorEvents: true }, { parentIds: true }] as { version: "v1" }[])(
  "with %o it is the stream of runs' events",
  async (options) => {
    const [first] = await all(parrot().streamEvents("hi", options));
    expect(first?.event).toBe("on_chat_model_start");
  },
);

test("with a filter it is the stream of runs' events", async () => {
  const events = parrot().streamEvents("hi", { version: "v2" }, { includeTypes: ["chat_model"] });
  expect((await all(events))[0]?.event).toBe("on_chat_model_start");
});

test("a chain that ends with a model streams runs' events", async () => {
  const chain = RunnableLambda.from((text: string) => text).pipe(parrot());
  expect((await all(chain.streamEvents("hi")))[0]?.event).toBe("on_chain_start");
});
