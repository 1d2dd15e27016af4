import { describe, expectTypeOf, test } from "vitest";
import type { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import { chatModelConformance, llmConformance } from "../../src/testing/conformance/conformance.ts";
import { FakeListChatModel } from "../../src/testing/fake-list-chat-model.ts";
import { FakeLLM } from "../../src/testing/fake-llm.ts";
import { fakeModel } from "../../src/testing/fake-model.ts";
import { simulateReadableStream } from "../../src/testing/simulate-readable-stream.ts";

describe("the types of fakes", () => {
  test("structured answers have the type that is asked for", () => {
    const model = fakeModel();
    const plain = model.withStructuredOutput<{ city: string }>({});
    expectTypeOf(plain.invoke).returns.resolves.toEqualTypeOf<{ city: string }>();
    const raw = model.withStructuredOutput<{ city: string }>({}, { includeRaw: true });
    expectTypeOf(raw.invoke).returns.resolves.toHaveProperty("raw").toEqualTypeOf<BaseMessage>();
    expectTypeOf(raw.invoke).returns.resolves.toHaveProperty("parsed").toEqualTypeOf<{ city: string } | null>();
  });

  test("bound tools leave what comes out as it is", () => {
    const bound = new FakeListChatModel({ responses: [] }).bindTools([{ name: "t" }]);
    expectTypeOf(bound.invoke).returns.resolves.toEqualTypeOf<AIMessageChunk>();
    void fakeModel().bindTools([], { tool_choice: "any" });
    // @ts-expect-error A choice is a name or an object.
    void fakeModel().bindTools([], { tool_choice: 1 });
  });

  test("call options are those of the fake", () => {
    const model = new FakeListChatModel({ responses: [] });
    expectTypeOf(model.invoke).parameter(1).extract<object>().toHaveProperty("thrownErrorString");
    // @ts-expect-error No number is the message of an error.
    void model.invoke("x", { thrownErrorString: 1 });
  });

  test("a script takes texts, messages, errors and what makes them", () => {
    const model = fakeModel()
      .respond("a")
      .respond(new Error("b"))
      .respond(async (messages) => messages[0] ?? "none");
    expectTypeOf(model.respondWithChunks(["a", new Error("b")])).toEqualTypeOf(model);
    // @ts-expect-error A number is no answer.
    model.respond(1);
  });

  test("a simulated stream has the type of its chunks", () => {
    expectTypeOf(simulateReadableStream({ chunks: [1, 2] })).toEqualTypeOf<ReadableStream<number>>();
  });
});

describe("the types of the kit", () => {
  test("a kit takes models of its kind, made at once or later", () => {
    void chatModelConformance(() => new ChatParrotLink({ model: "m", parrotBufferLength: 1 }), { stop: false });
    void chatModelConformance(() => new FakeListChatModel({ responses: [] }));
    void chatModelConformance(async () => fakeModel());
    void llmConformance(() => new FakeLLM());
    // @ts-expect-error An LLM is no chat model.
    void chatModelConformance(() => new FakeLLM());
    // @ts-expect-error A chat model is no LLM.
    void llmConformance(() => fakeModel());
    void chatModelConformance(() => fakeModel(), { structuredOutput: "jsonSchema" });
    // @ts-expect-error No such method.
    void chatModelConformance(() => fakeModel(), { structuredOutput: "yaml" });
    // @ts-expect-error No such claim.
    void llmConformance(() => new FakeLLM(), { sings: true });
  });
});
