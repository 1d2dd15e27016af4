import { describe, expect, test } from "vitest";
import type { CallbackManagerForLLMRun } from "../../../src/callbacks/model-run-manager.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { ParsedCallOptions } from "../../../src/models/call-options.ts";
import { LLM } from "../../../src/models/llm.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../../src/outputs/chat-result.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";
import "../../../src/runnables/wiring.ts";
import type { ModelCapabilities } from "../../../src/testing/conformance/capabilities.ts";
import { chatModelConformance, llmConformance } from "../../../src/testing/conformance/conformance.ts";
import { ConformanceError } from "../../../src/testing/conformance/conformance-error.ts";
import { findings } from "./findings.ts";

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
const never = () => new Promise<never>(() => {});

function usage(input: number, output: number) {
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}

/** A model without a fault: an echo, word by word, which the faulty ones extend. */
class Good extends BaseChatModel {
  _llmType(): string {
    return "good";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "good-1" };
  }

  say(messages: BaseMessage[], stop: string[] = []): string {
    const text = messages.at(-1)?.text ?? "";
    const ends = stop.filter((word) => text.includes(word)).map((word) => text.indexOf(word) + word.length);
    return text.slice(0, Math.min(text.length, ...ends));
  }

  words(text: string): string[] {
    return text.match(/\S+\s*/g) ?? [];
  }

  override async _generate(messages: BaseMessage[], options: ParsedCallOptions): Promise<ChatResult> {
    await tick();
    return answered(this.say(messages, options.stop), usage(7, 3));
  }

  override async *_stream(
    messages: BaseMessage[],
    options: ParsedCallOptions,
    _runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for (const word of this.words(this.say(messages, options.stop))) {
      await tick();
      yield chunkOf(word);
    }
    yield new ChatGenerationChunk({ message: new AIMessageChunk({ content: "", usage_metadata: usage(7, 3) }) });
  }
}

function chunkOf(text: string): ChatGenerationChunk {
  return new ChatGenerationChunk({ message: new AIMessageChunk(text) });
}

function answered(content: string, usage_metadata?: ReturnType<typeof usage>): ChatResult {
  return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage({ content, usage_metadata }) })] });
}

class Silent extends Good {
  override say(): string {
    return "";
  }
}

class HumanReply extends Good {
  override async _generate(): Promise<ChatResult> {
    return new ChatResult({ generations: [new ChatGeneration({ message: new HumanMessage("x") })] });
  }
}

class BackwardsBatch extends Good {
  override batch: Good["batch"] = (async (inputs: string[]) =>
    (await Promise.all(inputs.map((input) => this.invoke(input)))).reverse()) as never;
}

class ShortBatch extends Good {
  override batch: Good["batch"] = (async (inputs: string[]) => [await this.invoke(inputs[0] ?? "")]) as never;
}

class OnePiece extends Good {
  override words(text: string): string[] {
    return [text];
  }
}

class ShoutingStream extends Good {
  override words(text: string): string[] {
    return super.words(text.toUpperCase());
  }
}

class OtherTwin extends Good {
  override async _agenerate(messages: BaseMessage[], options: ParsedCallOptions): Promise<ChatResult> {
    return answered(`${this.say(messages, options.stop)}!`, usage(7, 3));
  }
}

class OtherStreamTwin extends Good {
  override async *_astream(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    yield chunkOf("well");
    yield chunkOf(this.say(messages));
  }
}

class HalfCharacters extends Good {
  override words(text: string): string[] {
    return text.split("");
  }
}

class Nameless extends Good {
  override _identifyingParams(): Record<string, unknown> {
    return { model: "good-1" };
  }
}

class Kindless extends Good {
  override _llmType(): string {
    return "";
  }
}

class WrongTokens extends Good {
  override async *_stream(
    messages: BaseMessage[],
    options: ParsedCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for await (const chunk of super._stream(messages, options)) {
      await runManager?.handleLLMNewToken("?", undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }
}

/** Tells with each chunk of all that was said so far. */
class GrowingTokens extends Good {
  override async *_stream(
    messages: BaseMessage[],
    options: ParsedCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    let said = "";
    for await (const chunk of super._stream(messages, options)) {
      said += chunk.text;
      await runManager?.handleLLMNewToken(said, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }
}

/** Tells of a token that it never gives. */
class ExtraToken extends Good {
  override async *_stream(
    messages: BaseMessage[],
    options: ParsedCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for await (const chunk of super._stream(messages, options)) {
      const token = chunk.text || "[DONE]";
      await runManager?.handleLLMNewToken(token, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }
}

/** A key that is kept well, and shown elsewhere. */
class LeakedSecret extends Good {
  auth = new Secret("sk-789-hidden");
  shortOne = new Secret("good");

  override _identifyingParams(): Record<string, unknown> {
    return { ...super._identifyingParams(), headers: { authorization: `Bearer ${this.auth.reveal()}` } };
  }
}

class Unwatched extends Good {
  override stream: Good["stream"] = async (input) => {
    const { text } = new HumanMessage(input as string);
    return new IterableReadableStream(toSource(super.words(text).map((word) => new AIMessageChunk(word)))) as never;
  };
  override "~open"(input: never): never {
    return toSource(this.words(String(input)).map((word) => new AIMessageChunk(word))) as never;
  }
}

function toSource<Item>(items: Item[]) {
  return {
    pull(sink: { item(value: Item): void; end(): void }): void {
      const item = items.shift();
      if (item === undefined) sink.end();
      else sink.item(item);
    },
    close: () => undefined,
  } as never;
}

class PlainKey extends Good {
  apiKey = "sk-123-in-the-open";
}

class KeyInParams extends Good {
  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "good-1", auth: "Bearer sk-456" };
  }
}

class DeafToStop extends Good {
  override say(messages: BaseMessage[]): string {
    return super.say(messages);
  }
}

class TakesStop extends Good {
  override say(messages: BaseMessage[], stop: string[] = []): string {
    const text = super.say(messages, stop);
    stop.length = 0;
    return text;
  }
}

class WithoutStopText extends Good {
  override say(messages: BaseMessage[], stop: string[] = []): string {
    const text = super.say(messages, stop);
    const word = stop.find((end) => text.endsWith(end)) ?? "";
    return text.slice(0, text.length - word.length);
  }
}

class StreamDeafToStop extends Good {
  override async *_stream(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    yield* super._stream(messages, {} as ParsedCallOptions);
  }
}

class Uncounted extends Good {
  override async _generate(messages: BaseMessage[], options: ParsedCallOptions): Promise<ChatResult> {
    return answered(this.say(messages, options.stop));
  }
}

class Miscounted extends Good {
  override async _generate(messages: BaseMessage[], options: ParsedCallOptions): Promise<ChatResult> {
    return answered(this.say(messages, options.stop), { ...usage(7, 3), total_tokens: 11 });
  }
}

class CountedTwice extends Good {
  override async *_stream(messages: BaseMessage[], options: ParsedCallOptions): AsyncGenerator<ChatGenerationChunk> {
    for (const word of this.words(this.say(messages, options.stop))) {
      const message = new AIMessageChunk({ content: word, usage_metadata: usage(7, 1) });
      yield new ChatGenerationChunk({ message });
    }
  }
}

class DeafToAbort extends Good {
  override async _generate(): Promise<ChatResult> {
    return never();
  }
}

class OwnAbortError extends Good {
  override invoke: Good["invoke"] = () => Promise.reject(new TypeError("fetch failed"));
}

class AnswersAborted extends Good {
  override invoke: Good["invoke"] = async () => new AIMessageChunk("x");
}

class StreamDeafToAbort extends Good {
  override async *_stream(messages: BaseMessage[], options: ParsedCallOptions): AsyncGenerator<ChatGenerationChunk> {
    yield chunkOf(this.say(messages, options.stop));
    await never();
  }
}

class StreamsOn extends Good {
  override stream: Good["stream"] = async () =>
    (async function* () {
      for (let count = 0; count < 9; count += 1) yield new AIMessageChunk(String(count));
    })() as never;
}

class Unleavable extends Good {
  override _stream(messages: BaseMessage[], options: ParsedCallOptions): AsyncGenerator<ChatGenerationChunk> {
    const inner = super._stream(messages, options);
    return { [Symbol.asyncIterator]: () => ({ next: () => inner.next() }) } as never;
  }
}

let openRequests = 0;

/** A request goes on in the background, which no `finally` closes. */
class KeepsRequest extends Good {
  override async *_stream(messages: BaseMessage[], options: ParsedCallOptions): AsyncGenerator<ChatGenerationChunk> {
    openRequests += 1;
    yield* super._stream(messages, options);
    openRequests -= 1;
  }
}

class SharedBuffer extends Good {
  buffer: string[] = [];

  override async *_stream(messages: BaseMessage[], options: ParsedCallOptions): AsyncGenerator<ChatGenerationChunk> {
    this.buffer = this.words(this.say(messages, options.stop));
    for (let word = this.buffer.shift(); word !== undefined; word = this.buffer.shift()) {
      await tick();
      yield chunkOf(word);
    }
    yield new ChatGenerationChunk({ message: new AIMessageChunk({ content: "", usage_metadata: usage(7, 3) }) });
  }
}

class SharedAnswer extends Good {
  heard: BaseMessage[] = [];

  override async _generate(messages: BaseMessage[], options: ParsedCallOptions): Promise<ChatResult> {
    this.heard = messages;
    await tick();
    return answered(this.say(this.heard, options.stop), usage(7, 3));
  }
}

class Scribbler extends Good {
  override say(messages: BaseMessage[], stop?: string[]): string {
    const last = messages.at(-1) as BaseMessage;
    const text = super.say(messages, stop);
    last.content = `${last.text} (seen)`;
    return text;
  }
}

class Picky extends Good {
  readonly refuses: (message: BaseMessage) => boolean;

  constructor(refuses: (message: BaseMessage) => boolean) {
    super();
    this.refuses = refuses;
  }

  override say(messages: BaseMessage[], stop?: string[]): string {
    if (messages.some(this.refuses)) throw new TypeError("unknown role");
    return super.say(messages, stop);
  }
}

/** Calls the tool as it is told to by a table of messages. */
class Caller extends Good {
  readonly message: ConstructorParameters<typeof AIMessageChunk>[0];

  constructor(message: ConstructorParameters<typeof AIMessageChunk>[0]) {
    super();
    this.message = message;
  }

  override bindTools(): this {
    return this;
  }

  override withStructuredOutput(): never {
    return { invoke: async () => ({ city: "Bern", degrees: "17" }) } as never;
  }

  override async _generate(): Promise<ChatResult> {
    return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessageChunk(this.message) })] });
  }

  override async *_stream(): AsyncGenerator<ChatGenerationChunk> {
    yield new ChatGenerationChunk({ message: new AIMessageChunk(this.message) });
  }
}

const call = (fields: object) => ({ type: "tool_call" as const, name: "say", args: { text: "x" }, id: "1", ...fields });
const TOOLS = { toolCalling: true, structuredOutput: true };

type Plant = [rule: string, make: () => BaseChatModel, message: string | RegExp, capabilities?: ModelCapabilities];

const PLANTS: Plant[] = [
  ["invoke answers", () => new Silent(), "an answer with a text or tool calls, got an empty one. Put what"],
  ["invoke answers", () => new HumanReply(), "Expected invoke to give an AIMessage, got a HumanMessage."],
  ["batch keeps the order", () => new BackwardsBatch(), 'Expected answer 0 of batch to be "One: Polly'],
  ["batch keeps the order", () => new ShortBatch(), "Expected 3 answers to 3 inputs, got 1."],
  ["answers stream in pieces", () => new OnePiece(), "Expected at least 2 chunks with text, got 1."],
  ["a stream says what invoke says", () => new ShoutingStream(), "Expected the chunks of stream to sum to"],
  ["async hooks say what plain hooks say", () => new OtherTwin(), "Expected _agenerate to say"],
  ["async hooks say what plain hooks say", () => new OtherStreamTwin(), "Expected _astream to say"],
  ["unicode stays whole", () => new HalfCharacters(), "Expected no half characters, got"],
  ["the model is named", () => new Nameless(), "Expected handlers to be told of model_name, got undefined."],
  ["the kind is named", () => new Kindless(), 'Expected _llmType() to be a word, got "".'],
  [
    "tokens are told before they are read",
    () => new WrongTokens(),
    'Expected "Polly " to be told of once it is read, got "?".',
  ],
  [
    "tokens are told before they are read",
    () => new GrowingTokens(),
    'Expected "Polly the " to be told of once it is read, got "Polly Polly the ".',
  ],
  ["tokens are told before they are read", () => new ExtraToken(), "Expected no more to be told of than"],
  [
    "events show the call",
    () => new Unwatched(),
    "Expected the events on_chat_model_start, on_chat_model_stream, on_chat_model_end, got",
  ],
  [
    "secrets stay hidden",
    () => new PlainKey(),
    "model) to show no key, got one in plain sight. Keep keys as a Secret.",
  ],
  ["secrets stay hidden", () => new LeakedSecret(), "Expected String(model) to show no key"],
  ["secrets stay hidden", () => new KeyInParams(), "Expected String(model) to show no key", { secrets: ["sk-456"] }],
  [
    "stop texts end invoke",
    () => new DeafToStop(),
    /^stop texts end invoke: Expected the stop text ".." to end the answer as "Polly/,
  ],
  [
    "stop texts end invoke",
    () => new DeafToStop(),
    /to end with the stop text "..", got "Polly/,
    { deterministic: false },
  ],
  ["stop texts end invoke", () => new WithoutStopText(), "keep it as the answer's end; or claim { stop: false }."],
  [
    "stop texts end invoke",
    () => new Good(),
    'Expected an answer of at least 4 characters, got "hi".',
    { prompt: "hi" },
  ],
  ["stop texts end invoke", () => new TakesStop(), "Expected options.stop as it was, got ."],
  ["stop texts end a stream", () => new StreamDeafToStop(), "Expected the stop text"],
  ["invoke counts tokens", () => new Uncounted(), "Expected invoke to give usage_metadata, got none."],
  ["invoke counts tokens", () => new Miscounted(), "Expected counts that add up to total_tokens, got {"],
  ["a stream counts tokens", () => new CountedTwice(), "Expected input_tokens to be 7, as by invoke, got 70."],
  [
    "an abort ends invoke",
    () => new DeafToAbort(),
    "Expected every hook to end within 5 ms of the abort of invoke, got 1 still at work. Hand options.signal",
  ],
  [
    "an abort ends invoke",
    () => new OwnAbortError(),
    "Expected an AbortError after an abort, got TypeError: fetch failed.",
  ],
  ["an abort ends invoke", () => new AnswersAborted(), "to fail with the abort, got an answer."],
  [
    "an abort ends a stream",
    () => new StreamDeafToAbort(),
    "Expected every hook to end within 5 ms of the abort of a stream",
  ],
  ["an abort ends a stream", () => new StreamsOn(), "Expected no more than the chunk under way after an abort"],
  [
    "leaving a stream releases the provider",
    () => new Unleavable(),
    "Expected an iterator with return() from the stream hook, got one without.",
  ],
  [
    "leaving a stream releases the provider",
    () => new KeepsRequest(),
    "Expected every request to be closed within 5 ms of the reader's leaving, got 1 still open.",
    { openRequests: () => openRequests },
  ],
  ["concurrent calls do not mix", () => new SharedBuffer(), "Keep what belongs to a call in variables of the hook"],
  ["concurrent calls do not mix", () => new SharedAnswer(), 'Expected invoke 0 to say "First, please'],
  ["what is given stays unchanged", () => new Scribbler(), "Expected messages and options as they were, got others."],
  [
    "a conversation is taken",
    () => new Picky((message) => message.getType() === "system"),
    "and it failed with TypeError: unknown role",
  ],
  [
    "a history with tools is taken",
    () => new Picky((message) => message.getType() === "tool"),
    "and it failed with TypeError: unknown role",
  ],
  [
    "a message's name is taken",
    () => new Picky((message) => message.name !== undefined),
    "and it failed with TypeError: unknown role",
  ],
  ["a message's name is taken", () => new Silent(), "Expected an answer to 1 messages, got an empty one."],
  ["tools are called", () => new Good(), "Expected Good to implement bindTools, and it does not.", TOOLS],
  ["tools are called", () => new Caller("no"), 'Expected invoke to give a call of the tool "say", got no call.', TOOLS],
  [
    "tools are called",
    () => new Caller({ content: "", tool_calls: [call({ name: "shout" })] }),
    'Expected the tool "say" to be called with a text, got [{',
    TOOLS,
  ],
  [
    "tools are called",
    () => new Caller({ content: "", tool_calls: [call({ id: undefined })] }),
    "Expected a call with an id",
    TOOLS,
  ],
  [
    "tool calls are streamed",
    () => new Caller({ content: "", tool_call_chunks: [{ name: "say", args: '{"text":"x"}', index: 0 }] }),
    "Expected stream to give a call of the tool",
    TOOLS,
  ],
  [
    "tool arguments keep unicode",
    () => new Caller({ content: "", tool_calls: [call({ args: { text: "Gr??e" } })] }),
    'got "Gr??e". Read the arguments by JSON.parse',
    TOOLS,
  ],
  [
    "structured output fits its schema",
    () => new Caller("no"),
    'got {"city":"Bern","degrees":"17"}. Ask the provider',
    TOOLS,
  ],
];

test("the model that the faulty ones extend has no fault", async () => {
  expect(await findings(chatModelConformance(() => new Good()))).toEqual({});
});

describe("a faulty model", () => {
  test.each(PLANTS)("breaks the rule that %s (%#)", async (rule, make, message, capabilities) => {
    openRequests = 0;
    const rules = chatModelConformance(make, { releaseTimeout: 5, ...capabilities });
    const broken = rules.find(({ name }) => name === rule);
    const error: unknown = await broken?.run().then(
      () => "kept",
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(ConformanceError);
    const { message: text, data } = error as ConformanceError;
    expect(text.startsWith(`${rule}: Expected `)).toBe(true);
    if (typeof message === "string") expect(text).toContain(message);
    else expect(text).toMatch(message);
    expect(data.rule).toBe(rule);
  });

  test("breaks every rule that the kit has, in one plant or another", () => {
    const rules = chatModelConformance(() => new Good()).map(({ name }) => name);
    expect(rules.filter((rule) => !PLANTS.some(([planted]) => planted === rule))).toEqual([]);
    expect(new Set(rules).size).toBe(rules.length);
  });
});

describe("a faulty LLM", () => {
  class Echo extends LLM {
    _llmType(): string {
      return "echo";
    }

    override _identifyingParams(): Record<string, unknown> {
      return { model_name: "echo-1" };
    }

    override _call(prompt: string): string {
      return prompt;
    }
  }

  test.each([
    [
      "a number for an answer",
      { _call: () => ({ generations: [[{ text: 7 }]] }) },
      "invoke answers",
      "to give a string, got a number|to give at least one generation",
    ],
    [
      "nothing for an answer",
      { _call: () => "" },
      "invoke answers",
      "an answer with a text or tool calls, got an empty one",
    ],
    [
      "other async answers",
      { _acall: () => "other" },
      "async hooks say what plain hooks say",
      "Expected _acall to say",
    ],
    [
      "an error",
      { _call: () => Promise.reject(new RangeError("down")) },
      "batch keeps the order",
      "failed with RangeError: down Mend it\\.",
    ],
    ["a stream of nothing", { async *_stream() {} }, "answers stream in pieces", "MODEL_NO_OUTPUT|at least one"],
  ])("with %s breaks a rule", async (_name, hooks, rule, message) => {
    const make = () => Object.assign(new Echo(), hooks) as unknown as Echo;
    const found = await findings(llmConformance(make, { stop: false, releaseTimeout: 5 }));
    expect(found[rule]).toMatch(new RegExp(message));
  });

  test("is none for want of a stream hook", async () => {
    expect(await findings(llmConformance(() => new Echo(), { stop: false, streaming: false }))).toEqual({});
  });

  test("is told of the rules that are its own: no usage, no roles, no tools", () => {
    const names = llmConformance(() => new Echo()).map(({ name }) => name);
    expect(names).not.toContain("invoke counts tokens");
    expect(names).not.toContain("a conversation is taken");
    expect(names).not.toContain("tools are called");
    expect(names.length).toBe(18);
  });
});
