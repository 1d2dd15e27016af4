import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { ParsedCallOptions } from "../../../src/models/call-options.ts";
import { endOfStop } from "../../../src/models/end-of-stop.ts";
import { LLM } from "../../../src/models/llm.ts";
import { SimpleChatModel } from "../../../src/models/simple-chat-model.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../../src/outputs/chat-result.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import "../../../src/models/structured/wiring.ts";
import "../../../src/runnables/wiring.ts";
import type { ModelCapabilities } from "../../../src/testing/conformance/capabilities.ts";
import { chatModelConformance, llmConformance } from "../../../src/testing/conformance/conformance.ts";
import { fakeModel } from "../../../src/testing/fake-model.ts";
import { findings } from "./findings.ts";

type Options = ParsedCallOptions;

function said(messages: readonly BaseMessage[], { stop }: Options): string {
  const text = messages.at(-1)?.text ?? "";
  return text.slice(0, endOfStop(text, stop));
}

function words(text: string): string[] {
  return text.match(/\S+\s*/g) ?? [];
}

const usage_metadata = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };

function result(content: AIMessage["content"]): ChatResult {
  return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage({ content, usage_metadata }) })] });
}

function chunk(content: AIMessageChunk["content"], usage?: typeof usage_metadata): ChatGenerationChunk {
  return new ChatGenerationChunk({ message: new AIMessageChunk({ content, usage_metadata: usage }) });
}

abstract class Named extends BaseChatModel {
  _llmType(): string {
    return "odd";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "odd-1" };
  }
}

class PlainGenerator extends Named {
  override *_stream(messages: BaseMessage[], options: Options): Generator<ChatGenerationChunk> {
    for (const word of words(said(messages, options))) yield chunk(word);
    yield chunk("", usage_metadata);
  }
}

class PeerHook extends Named {
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: Options,
  ): AsyncGenerator<ChatGenerationChunk> {
    yield chunk("", usage_metadata);
    for (const word of words(said(messages, options))) yield chunk(word);
  }
}

class OnlyAgenerate extends Named {
  override async _agenerate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    return result(said(messages, options));
  }
}

class PlainGenerate extends Named {
  override _generate(messages: BaseMessage[], options: Options): ChatResult {
    return result(said(messages, options));
  }
}

/** Waits between tokens, as long as the call is wanted. */
class Slow extends PlainGenerator {
  override async *_astream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    for (const word of [...words(said(messages, options)), ""]) {
      await sleep(1, undefined, { signal: options.signal });
      yield word === "" ? chunk("", usage_metadata) : chunk(word);
    }
  }
}

class Blocks extends Named {
  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    return result([
      { type: "reasoning", reasoning: "An echo, then." },
      { type: "text", text: said(messages, options) },
    ]);
  }

  override async *_stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    yield chunk([{ type: "reasoning", reasoning: "An echo, then.", index: 0 }]);
    for (const text of words(said(messages, options))) yield chunk([{ type: "text", text, index: 1 }]);
    yield chunk([], usage_metadata);
  }
}

/** Counts as it goes: the input on the first chunk, a token on each. */
class CountsAsItGoes extends Named {
  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    const content = said(messages, options);
    const output_tokens = words(content).length;
    const usage = { input_tokens: 5, output_tokens, total_tokens: 5 + output_tokens };
    const message = new AIMessage({ content, usage_metadata: usage });
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  override async *_stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    let input_tokens = 5;
    for (const word of words(said(messages, options))) {
      yield chunk(word, { input_tokens, output_tokens: 1, total_tokens: input_tokens + 1 });
      input_tokens = 0;
    }
  }
}

/** Has all chunks at once. */
class List extends Named {
  override _stream(messages: BaseMessage[], options: Options): ChatGenerationChunk[] {
    return [...words(said(messages, options)).map((word) => chunk(word)), chunk("", usage_metadata)];
  }
}

/** Answers otherwise each time. */
class Moody extends Named {
  static moods = 0;

  override async *_stream(): AsyncGenerator<ChatGenerationChunk> {
    Moody.moods += 1;
    for (const word of ["so ", "it ", "is ", String(Moody.moods)]) yield chunk(word);
  }
}

class HooksAsFields extends Named {
  override _generate = async (messages: BaseMessage[], options: Options): Promise<ChatResult> =>
    result(said(messages, options));
}

class WellKept extends PlainGenerator {
  readonly apiKey = new Secret("sk-very-secret");
  /** So short that it stands in the model's name by chance. */
  readonly pin = new Secret("odd");
  readonly #plain = "sk-private";

  get length(): number {
    return this.#plain.length;
  }
}

class Simple extends SimpleChatModel {
  _llmType(): string {
    return "simple";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "simple-1" };
  }

  override _call(messages: BaseMessage[], options: Options): string {
    return said(messages, options);
  }
}

const MODELS: [string, () => BaseChatModel, ModelCapabilities][] = [
  ["a plain generator, and nothing else", () => new PlainGenerator(), {}],
  ["the peer's stream hook alone, usage first", () => new PeerHook(), {}],
  ["only _agenerate", () => new OnlyAgenerate(), { streaming: false }],
  ["a plain _generate", () => new PlainGenerate(), { streaming: false }],
  ["waits", () => new Slow(), {}],
  ["content blocks", () => new Blocks(), {}],
  ["a list for a stream", () => new List(), {}],
  ["counts on each chunk", () => new CountsAsItGoes(), {}],
  ["other answers each time", () => new Moody(), { deterministic: false, usage: false, stop: false }],
  ["hooks that are fields", () => new HooksAsFields(), { streaming: false }],
  ["a kept key", () => new WellKept(), {}],
  ["one method", () => new Simple(), { streaming: false, usage: false }],
  ["a frozen model", () => Object.freeze(new PlainGenerator()), {}],
];

describe("the rules are kept by a model with", () => {
  test.each(MODELS)("%s", async (_form, makeModel, capabilities) => {
    expect(await findings(chatModelConformance(makeModel, { releaseTimeout: 100, ...capabilities }))).toEqual({});
  });

  test("all rules at once, on one model", async () => {
    const model = new Slow();
    const rules = chatModelConformance(() => model);
    await Promise.all(rules.map(({ run }) => run()));
    expect(Reflect.ownKeys(model)).toEqual(Reflect.ownKeys(new Slow()));
  });

  test("no stream hook, as an LLM", async () => {
    class Echo extends LLM {
      _llmType(): string {
        return "echo";
      }

      override _identifyingParams(): Record<string, unknown> {
        return { model_name: "echo-1" };
      }

      override async _acall(prompt: string, { stop }: Options): Promise<string> {
        return prompt.slice(0, endOfStop(prompt, stop));
      }
    }
    expect(await findings(llmConformance(() => new Echo(), { streaming: false }))).toEqual({});
  });
});

test("the method that is claimed for structured output is the one that is used, by invoke and by stream", async () => {
  const model = fakeModel().structuredResponse({ city: "Bern", degrees: 17 });
  const rules = chatModelConformance(() => model, { structuredOutput: "jsonSchema" });
  await rules.at(-1)?.run();
  expect(model.calls.map(({ options }) => options.response_format)).toMatchObject([
    { type: "json_schema" },
    { type: "json_schema" },
  ]);
});

describe("a history with tools", () => {
  test("has an answer to every call, and none to another, as providers demand", async () => {
    const model = fakeModel().respond("so", { times: Number.POSITIVE_INFINITY });
    const rules = chatModelConformance(() => model);
    await rules.find(({ name }) => name === "a history with tools is taken")?.run();
    const messages = model.calls[0]?.messages ?? [];
    const asked = messages.flatMap((message) => (AIMessage.isInstance(message) ? message.tool_calls : []));
    const answered = messages.filter((message) => ToolMessage.isInstance(message));
    expect(answered.map((message) => (message as ToolMessage).tool_call_id)).toEqual(asked.map(({ id }) => id));
    expect(answered.length).toBe(2);
  });

  test("goes with its tools to a model that calls tools, also where their answers are the last", async () => {
    const model = fakeModel()
      .respondWithTools([{ name: "weather", args: {} }])
      .respond("so");
    const rules = chatModelConformance(() => model, { toolCalling: true });
    await rules.find(({ name }) => name === "a history with tools is taken")?.run();
    expect(model.calls.map(({ messages }) => messages.at(-1)?.getType())).toEqual(["tool", "human"]);
    for (const { options } of model.calls) expect(options.tools).toMatchObject([{ function: { name: "weather" } }]);
  });

  test("may not be answered by nothing", async () => {
    const model = fakeModel().respond("", { times: 2 });
    const rules = chatModelConformance(() => model, { toolCalling: true });
    const rule = rules.find(({ name }) => name === "a history with tools is taken");
    await expect(rule?.run()).rejects.toThrow("Expected an answer to 4 messages, got an empty one. Turn every role");
  });
});
