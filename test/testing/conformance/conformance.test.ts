import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import "../../../src/models/structured/wiring.ts";
import "../../../src/runnables/wiring.ts";
import { chatModelConformance, llmConformance } from "../../../src/testing/conformance/conformance.ts";
import { ConformanceError } from "../../../src/testing/conformance/conformance-error.ts";
import { FakeChatModel } from "../../../src/testing/fake-chat-model.ts";
import { FakeListChatModel } from "../../../src/testing/fake-list-chat-model.ts";
import { FakeLLM, FakeStreamingLLM } from "../../../src/testing/fake-llm.ts";
import { fakeModel } from "../../../src/testing/fake-model.ts";
import { FakeStreamingChatModel } from "../../../src/testing/fake-streaming-chat-model.ts";
import { CustomChatModelAdvanced } from "../../golden/custom-chat-model-advanced.ts";
import { CustomLLM } from "../../golden/custom-llm-model.ts";
import { findings } from "./findings.ts";

/** A scripted model that does all that may be claimed. */
const ABLE = () =>
  fakeModel().respond(
    (messages, { tools }) => {
      const heard = messages.at(-1)?.text ?? "";
      if (tools === undefined) return heard;
      return new AIMessage({
        content: "",
        tool_calls: [{ name: "say", args: { text: heard.slice(heard.indexOf(": ") + 2) }, id: "call_1" }],
      });
    },
    { times: Number.POSITIVE_INFINITY, usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 } },
  );

describe.each([
  ["ChatParrotLink", chatModelConformance(() => new ChatParrotLink({ model: "m", parrotBufferLength: 100 }))],
  ["the guides' LLM", llmConformance(() => new CustomLLM({ n: 100 }), { stop: false })],
  [
    "FakeListChatModel",
    chatModelConformance(() => new FakeListChatModel({ responses: ["one two", "three"] }), {
      usage: false,
      deterministic: false,
    }),
  ],
  [
    "FakeListChatModel with one answer",
    chatModelConformance(() => new FakeListChatModel({ responses: ["one two"] }), { usage: false, stop: false }),
  ],
  ["FakeStreamingChatModel", chatModelConformance(() => new FakeStreamingChatModel({ sleep: 0 }), { usage: false })],
  [
    "FakeChatModel",
    chatModelConformance(() => new FakeChatModel(), { usage: false, streaming: false, deterministic: false }),
  ],
  ["FakeLLM", llmConformance(() => new FakeLLM(), { streaming: false })],
  ["FakeStreamingLLM", llmConformance(async () => new FakeStreamingLLM({ sleep: 0 }))],
  ["fakeModel()", chatModelConformance(ABLE, { toolCalling: true })],
  ...(["functionCalling", "jsonMode", "jsonSchema"] as const).map(
    (structuredOutput) =>
      [
        `fakeModel() with structured answers by ${structuredOutput}`,
        chatModelConformance(() => ABLE().structuredResponse({ city: "Bern", degrees: 17 }), { structuredOutput }),
      ] as [string, ReturnType<typeof chatModelConformance>],
  ),
  [
    "fakeModel() with structured answers",
    chatModelConformance(() => ABLE().structuredResponse({ city: "Bern", degrees: 17 }), { structuredOutput: true }),
  ],
])("%s", (_name, rules) => {
  test.each(rules.filter(({ skip }) => skip === undefined))("$name", ({ run }) => run());
});

describe("the Python guide's chat model", () => {
  const makeModel = () => new CustomChatModelAdvanced({ n: 100, modelName: "m" });

  test("is found to ignore stop texts, which the guide's own checklist asks for, and nothing else", async () => {
    const found = await findings(chatModelConformance(makeModel, { usage: false }));
    expect(Object.keys(found)).toEqual(["stop texts end invoke", "stop texts end a stream"]);
  });

  test("keeps the rules where it claims no more than it does", async () => {
    expect(await findings(chatModelConformance(makeModel, { usage: false, stop: false }))).toEqual({});
  });
});

describe("a rule", () => {
  const parrot = () => new ChatParrotLink({ model: "m", parrotBufferLength: 100 });

  test("says what it is for, and needs no `this`", async () => {
    const rules = chatModelConformance(parrot);
    for (const { name, why, run } of rules) {
      expect(name).toMatch(/^[a-z].*[^.]$/);
      expect(why).toMatch(/^[A-Z].*\.$/);
      expect(run.length).toBe(0);
    }
    const [{ run } = {}] = rules;
    await run?.();
  });

  test.each([
    ["tools are called", {}, "toolCalling is not claimed"],
    ["tool calls are streamed", { toolCalling: true, streaming: false }, "streaming is false"],
    ["stop texts end invoke", { stop: false }, "stop is false"],
    ["stop texts end invoke", {}, undefined],
    ["structured output fits its schema", { structuredOutput: true }, undefined],
  ])("that %s is with the claims %j skipped: %s", async (name, capabilities, skip) => {
    let made = 0;
    const makeModel = () => {
      made += 1;
      return parrot();
    };
    const rule = chatModelConformance(makeModel, capabilities).find((one) => one.name === name);
    expect(rule?.skip).toBe(skip);
    if (skip === undefined) return;
    await rule?.run();
    expect(made).toBe(0);
  });

  test.each([
    [
      { stops: false },
      'Expected claims among prompt, deterministic, streaming, stop, usage, toolCalling, structuredOutput, secrets, openRequests, releaseTimeout, ruleTimeout, got "stops".',
    ],
    [{ toString: 1 }, 'got "toString".'],
    [{ stop: "no" }, 'Expected the claim stop to be true or false, got a string "no".'],
    [{ prompt: "" }, "Expected the claim prompt to be a text, got an empty string."],
    [{ structuredOutput: "yaml" }, "to be true, false, or a method such as jsonSchema, got"],
    [{ secrets: "sk" }, 'Expected the claim secrets to be a list of texts, got a string "sk".'],
    [{ secrets: [7] }, "Expected the claim secrets to be a list of texts, got "],
    [{ openRequests: 0 }, "Expected the claim openRequests to be a function that counts, got a number 0."],
    [{ ruleTimeout: 0 }, "Expected the claim ruleTimeout to be milliseconds above 0, got a number 0."],
    [{ releaseTimeout: Number.NaN }, "Expected the claim releaseTimeout to be milliseconds above 0, got a number NaN."],
  ])("is not made with the claims %j", (capabilities, message) => {
    for (const kit of [chatModelConformance, llmConformance]) {
      const make = () => kit(parrot as never, capabilities as never);
      expect(make).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringContaining(message) }),
      );
    }
  });

  test("takes claims that are left undefined as not made", () => {
    const claims = { stop: undefined, prompt: undefined, secrets: [], openRequests: () => 0, releaseTimeout: 0.5 };
    expect(
      chatModelConformance(parrot, claims).find(({ name }) => name === "stop texts end invoke")?.skip,
    ).toBeUndefined();
  });

  test("takes no longer than it may", async () => {
    class Stuck extends ChatParrotLink {
      override invoke(): Promise<never> {
        return new Promise(() => {});
      }
    }
    const makeModel = () => new Stuck({ model: "m", parrotBufferLength: 9 });
    const [rule] = chatModelConformance(makeModel, { ruleTimeout: 3 });
    await expect(rule?.run()).rejects.toThrow(
      /^invoke answers: Expected the model to be done within 3 ms, and it did not. See what its hook waits for.$/,
    );
  });

  test("ends the calls that it leaves behind", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    class Slow extends ChatParrotLink {
      override async *_astream(
        _messages: unknown,
        options: { signal?: AbortSignal | undefined },
      ): AsyncGenerator<never> {
        signals.push(options.signal);
        await new Promise(() => {});
      }
    }
    const makeModel = () => new Slow({ model: "m", parrotBufferLength: 9 });
    const rules = chatModelConformance(makeModel, { ruleTimeout: 3 });
    await rules
      .find(({ name }) => name === "answers stream in pieces")
      ?.run()
      .catch(() => {});
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  test.each([
    ["nothing", () => undefined, "Expected a model to test, got undefined. Return one from makeModel."],
    ["another thing", () => ({ invoke: 1 }), "Expected a model to test, got an object with key invoke."],
    [
      "an error",
      () => {
        throw new TypeError("no key");
      },
      "Expected the model to answer, and it failed with TypeError: no key",
    ],
    ["a text as error", () => Promise.reject("no"), "and it failed with Error: no"],
  ])("fails where makeModel gives %s", async (_name, makeModel, message) => {
    const [rule] = chatModelConformance(makeModel as never);
    const error = await rule?.run().catch((reason: unknown) => reason);
    expect(ConformanceError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ name: "ConformanceError", code: "INVALID_INPUT", data: { rule: "invoke answers" } });
    expect((error as Error).message).toContain(message);
  });

  test.each([undefined, {}, "Model"])("refuses %j, which makes no model", (makeModel) => {
    expect(() => chatModelConformance(makeModel as never)).toThrow("Expected a function that makes a model, got");
  });

  test("takes a class for what makes models", async () => {
    class Bird extends ChatParrotLink {
      constructor() {
        super({ model: "m", parrotBufferLength: 99 });
      }
    }
    expect(await findings(chatModelConformance(Bird))).toEqual({});
    const old = function make(): ChatParrotLink {
      return new Bird();
    };
    expect(await findings(chatModelConformance(old))).toEqual({});
  });

  test("leaves an async hook of the object itself in its place", async () => {
    const model = parrot();
    const own = model._stream.bind(model);
    const streaming = Object.assign(model, { _astream: own });
    expect(await findings(chatModelConformance(() => streaming))).toEqual({});
    expect(streaming._astream).toBe(own);
  });

  test("waits for requests that take a while to close", async () => {
    let looks = 0;
    const openRequests = () => (++looks > 25 ? 0 : 1);
    expect(await findings(chatModelConformance(parrot, { openRequests }))).toEqual({});
  });

  test("leaves a model that is used for all of them as it was", async () => {
    const model = parrot();
    const own = Reflect.ownKeys(model);
    expect(await findings(chatModelConformance(() => model))).toEqual({});
    expect(Reflect.ownKeys(model)).toEqual(own);
  });
});
