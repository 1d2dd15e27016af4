import { expect, test } from "vitest";
import "../../../src/models/stream/wiring.ts";
import "../../../src/runnables/wiring.ts";
import {
  BaseCallbackHandler,
  callbackHandlerPrefersChatModelStreamEvents,
} from "../../../src/callbacks/base-callback-handler.ts";
import type { CallbackHandler } from "../../../src/callbacks/handler.ts";
import type { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { ChatModelStreamEvent } from "../../../src/models/stream/events.ts";
import { validateEventStream } from "../../../src/models/stream/validate-event-stream.ts";
import { wrapModel } from "../../../src/models/wrap-model.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { chatChunk, HookedChatModel, result } from "../models.ts";
import { all, brief } from "./events.ts";

const parrot = (fail?: Error): HookedChatModel =>
  new HookedChatModel({
    _generate: () => result("whole"),
    async *_streamResponseChunks() {
      yield chatChunk("Hel");
      yield chatChunk("lo");
      if (fail) throw fail;
    },
  });

/** A handler that prefers parts, and notes what it is told. */
function preferring(more: CallbackHandler = {}) {
  const events: ChatModelStreamEvent[] = [];
  const told: string[] = [];
  const handler: CallbackHandler = {
    lc_prefer_chat_model_stream_events: true,
    handleChatModelStreamEvent(event, runId) {
      expect(runId).toMatch(/^[0-9a-f-]{36}$/);
      events.push(event as ChatModelStreamEvent);
    },
    handleLLMNewToken: (token) => void told.push(`token ${token}`),
    handleLLMEnd: () => void told.push(`end after ${events.length}`),
    handleLLMError: () => void told.push(`error after ${events.length}`),
    ...more,
  };
  return { events, told, handler };
}

const PARTS = [
  expect.stringMatching(/^message-start \{"id":"run-/),
  'start 0 {"type":"text","text":""}',
  'delta 0 {"type":"text-delta","text":"Hel"}',
  'delta 0 {"type":"text-delta","text":"lo"}',
  'finish 0 {"type":"text","text":"Hello"}',
  'message-finish {"reason":"stop"}',
];

test.each<[string, (model: BaseChatModel, callbacks: CallbackHandler[]) => Promise<unknown>]>([
  ["invoke", (model, callbacks) => model.invoke("hi", { callbacks })],
  ["stream", async (model, callbacks) => all(await model.stream("hi", { callbacks }))],
  ["streamEvents", async (model, callbacks) => model.streamEvents("hi", { callbacks })],
  [
    "a chain",
    (model, callbacks) =>
      RunnableLambda.from(() => "hi")
        .pipe(model)
        .invoke("", { callbacks }),
  ],
  ["a wrap", (model, callbacks) => wrapModel(model, {}).invoke("hi", { callbacks })],
])(
  "by %s a handler that prefers parts is told of them, and not of tokens, before the run ends",
  async (_verb, call) => {
    const { events, told, handler } = preferring();
    await call(parrot(), [handler]);
    expect(brief(events)).toEqual(PARTS);
    expect(told).toEqual(["end after 6"]);
    expect(await validateEventStream(events)).toEqual([]);
  },
);

test("other handlers are told of tokens, inherited or not", async () => {
  const { events, handler } = preferring();
  const tokens: string[] = [];
  const other: CallbackHandler = { handleLLMNewToken: (token) => void tokens.push(token) };
  const local = parrot();
  local.callbacks = [other];
  expect((await local.invoke("hi", { callbacks: [handler] })).text).toBe("Hello");
  expect((await parrot().invoke("hi", { callbacks: [handler, other] })).text).toBe("Hello");
  expect(tokens).toEqual(["Hel", "lo", "Hel", "lo"]);
  expect(events).toHaveLength(12);
});

test.each<[string, CallbackHandler]>([
  ["that has no method for them", { handleChatModelStreamEvent: undefined as never }],
  ["that does not say so", { lc_prefer_chat_model_stream_events: false }],
])("a handler %s makes no model stream", async (_what, more) => {
  const { events, told, handler } = preferring(more);
  expect((await parrot().invoke("hi", { callbacks: [handler] })).text).toBe("whole");
  for await (const _chunk of await parrot().stream("hi", { callbacks: [handler] }));
  expect(events).toEqual([]);
  expect(told).toEqual(["end after 0", "token Hel", "token lo", "end after 0"]);
});

test("where a model does not stream there are no parts", async () => {
  const { events, told, handler } = preferring();
  const silent = new HookedChatModel({ _generate: () => result("whole") });
  await silent.invoke("hi", { callbacks: [handler] });
  expect(events).toEqual([]);
  expect(told).toEqual(["end after 0"]);
});

test("a failure is the last part", async () => {
  const { events, told, handler } = preferring();
  await expect(parrot(new Error("gone")).invoke("hi", { callbacks: [handler] })).rejects.toThrow("gone");
  expect(brief(events).at(-1)).toBe('error {"message":"gone"}');
  expect(told).toEqual(["error after 5"]);
  const silent = preferring();
  const broken = new HookedChatModel({
    _generate: () => {
      throw new Error("gone");
    },
  });
  await expect(broken.invoke("hi", { callbacks: [silent.handler] })).rejects.toThrow("gone");
  expect(brief(silent.events)).toEqual(['error {"message":"gone"}']);
});

test("a reader that leaves is told of as an end without a failure", async () => {
  const { events, told, handler } = preferring();
  for await (const _chunk of await parrot().stream("hi", { callbacks: [handler] })) break;
  expect(brief(events).some((event) => event.startsWith("error"))).toBe(false);
  expect(told).toHaveLength(1);
});

test("an author's own events are told as they are, once", async () => {
  const { events, told, handler } = preferring();
  const model = parrot();
  Object.assign(model, {
    async *_streamChatModelEvents(): AsyncGenerator<ChatModelStreamEvent> {
      yield { event: "message-start", id: "m1" };
      yield { event: "provider", provider: "p", name: "n", payload: 1 };
      yield { event: "message-finish", reason: "stop" };
    },
  });
  await model.streamEvents("hi", { callbacks: [handler] });
  expect(events.map(({ event }) => event)).toEqual(["message-start", "provider", "message-finish"]);
  expect(told).toEqual(["end after 3"]);
});

test("an author who tells of parts himself is left to it", async () => {
  const { events, handler } = preferring();
  const model = new HookedChatModel({
    async *_streamResponseChunks(_messages, _options, run) {
      await run?.handleChatModelStreamEvent({ event: "message-start", id: "mine" });
      yield chatChunk("Hel");
    },
  });
  await model.invoke("hi", { callbacks: [handler] });
  expect(events).toEqual([{ event: "message-start", id: "mine" }]);
});

test("a redact hook is kept to", async () => {
  const { events, handler } = preferring();
  await parrot().invoke("hi", {
    callbacks: [handler],
    redact: (value, { payload }) => (payload === "chunk" && "event" in Object(value) ? { event: "hidden" } : value),
  });
  expect(new Set(events.map(({ event }) => event as string))).toEqual(new Set(["hidden"]));
});

test("handlers that prefer parts are told apart", () => {
  expect(callbackHandlerPrefersChatModelStreamEvents(preferring().handler)).toBe(true);
  expect(callbackHandlerPrefersChatModelStreamEvents(BaseCallbackHandler.fromMethods({}))).toBe(false);
});
