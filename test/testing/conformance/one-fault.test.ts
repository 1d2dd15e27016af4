import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { ParsedCallOptions } from "../../../src/models/call-options.ts";
import { endOfStop } from "../../../src/models/end-of-stop.ts";
import "../../../src/models/structured/wiring.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../../src/outputs/chat-result.ts";
import "../../../src/runnables/wiring.ts";
import type { ModelCapabilities } from "../../../src/testing/conformance/capabilities.ts";
import { chatModelConformance } from "../../../src/testing/conformance/conformance.ts";
import { forcedTool, styledTools, type ToolOptions } from "../../../src/testing/tool-spec.ts";
import { findings } from "./findings.ts";

type Options = ParsedCallOptions & ToolOptions;
interface Answer {
  text: string;
  args?: Record<string, unknown>;
  tool?: string;
}

const usage_metadata = { input_tokens: 2, output_tokens: 3, total_tokens: 5 };
const BIRD_HOUSE = { city: "Bern", degrees: 17 };

/** A model that does all that may be claimed, each part of which can be put wrong. */
class Able extends BaseChatModel {
  _llmType(): string {
    return "able";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "able-1" };
  }

  answer(messages: readonly BaseMessage[], options: Options): Answer {
    const heard = messages.at(-1)?.text ?? "";
    const forced = forcedTool(options);
    if (forced !== undefined) return { text: "", tool: forced, args: BIRD_HOUSE };
    const isAsked = JSON.stringify(options.tools ?? "").includes('"say"');
    if (isAsked) return { text: "", tool: "say", args: { text: heard.slice(heard.indexOf(": ") + 2) } };
    return { text: heard.slice(0, endOfStop(heard, options.stop)) };
  }

  override bindTools(tools: readonly object[], kwargs: object = {}): ReturnType<BaseChatModel["bindTools"]> {
    return this.bind({ ...kwargs, tools: styledTools(tools, "openai") } as never);
  }

  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    return this.whole(this.answer(messages, options));
  }

  override async *_stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    yield* this.pieces(this.answer(messages, options));
  }

  whole({ text, args, tool }: Answer, usage: object | undefined = usage_metadata): ChatResult {
    const tool_calls =
      tool === undefined ? [] : [{ type: "tool_call" as const, name: tool, args: args ?? {}, id: "1" }];
    const message = new AIMessage({ content: text, tool_calls, usage_metadata: usage as never });
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  *pieces({ text, args, tool }: Answer): Generator<ChatGenerationChunk> {
    for (const word of text.match(/\S+\s*/g) ?? []) yield chunk({ content: word });
    const call = { name: tool, args: JSON.stringify(args), id: "1", index: 0 };
    if (tool !== undefined) yield chunk({ content: "", tool_call_chunks: [call] });
    yield chunk({ content: "", usage_metadata });
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}

function chunk(fields: object): ChatGenerationChunk {
  return new ChatGenerationChunk({ message: new AIMessageChunk(fields as never) });
}

class SilentInvoke extends Able {
  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    const answer = this.answer(messages, options);
    const isPlain = messages.length === 1 && messages[0]?.name === undefined && answer.text.startsWith("Polly");
    return this.whole(isPlain ? { text: "" } : answer);
  }
}

class BackwardsBatch extends Able {
  override batch: Able["batch"] = (async (inputs: string[]) =>
    (await Promise.all(inputs.map((input) => this.invoke(input)))).reverse()) as never;
}

class OnePiece extends Able {
  override *pieces({ text, args, tool }: Answer): Generator<ChatGenerationChunk> {
    if (tool !== undefined) return yield* super.pieces({ text, args, tool } as Answer);
    yield chunk({ content: text, usage_metadata });
  }
}

class OtherLateStream extends Able {
  override stream: Able["stream"] = async (input, options) => super.astream(input, options);

  override astream: Able["astream"] = (_input, options) => super.astream("other words", options);
}

class OtherTwin extends Able {
  override async _agenerate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    return this.whole(this.answer(messages, options));
  }

  override async _generate(): Promise<ChatResult> {
    return this.whole({ text: "nobody hears this" });
  }
}

class HalfCharacters extends Able {
  override *pieces(answer: Answer): Generator<ChatGenerationChunk> {
    for (const half of answer.text.split("")) yield chunk({ content: half });
    yield* super.pieces({ ...answer, text: "" });
  }
}

class Kindless extends Able {
  override _llmType(): string {
    return "";
  }
}

class Nameless extends Able {
  override _identifyingParams(): Record<string, unknown> {
    return { model: "able-1" };
  }
}

class LateTokens extends Able {
  override stream: Able["stream"] = (input, options) => {
    const late = (told: { handleLLMNewToken?: (...token: unknown[]) => void }) => ({
      handleLLMNewToken: (...token: unknown[]) => {
        let wait = Promise.resolve();
        for (let turn = 0; turn < 20; turn += 1) wait = wait.then(() => {});
        void wait.then(() => told.handleLLMNewToken?.(...token));
      },
    });
    const callbacks = (options?.callbacks as object[] | undefined)?.map(late);
    return super.stream(input, { ...options, callbacks } as never);
  };
}

class EventsWithoutEnd extends Able {
  override streamEvents = ((input: string, options: { version: "v2" }) => {
    const events = BaseChatModel.prototype.streamEvents.call(this, input, options) as AsyncIterable<{ event: string }>;
    return (async function* () {
      for await (const event of events) if (event.event !== "on_chat_model_end") yield event;
    })();
  }) as never;
}

class PlainKey extends Able {
  accessToken = "sk-in-the-open";
}

class InvokeDeafToStop extends Able {
  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    return this.whole(this.answer(messages, { ...options, stop: undefined }));
  }
}

class StreamDeafToStop extends Able {
  override async *_stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    yield* this.pieces(this.answer(messages, { ...options, stop: undefined }));
  }
}

class InvokeUncounted extends Able {
  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    const { generations } = this.whole(this.answer(messages, options));
    (generations[0]?.message as AIMessage).usage_metadata = undefined;
    return new ChatResult({ generations });
  }
}

class CountedOnEachChunk extends Able {
  override *pieces(answer: Answer): Generator<ChatGenerationChunk> {
    for (const piece of super.pieces(answer)) {
      (piece.message as AIMessageChunk).usage_metadata = usage_metadata;
      yield piece;
    }
  }
}

class InvokeDeafToAbort extends Able {
  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    await sleep(0);
    if (options.signal?.aborted) await never();
    return super._generate(messages, options);
  }
}

class StreamDeafToAbort extends Able {
  override async *_stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    for (const [place, piece] of [...this.pieces(this.answer(messages, options))].entries()) {
      if (place === 1) await sleep(0);
      if (options.signal?.aborted) await never();
      yield piece;
    }
  }
}

class Unleavable extends Able {
  override _stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    const pieces = this.pieces(this.answer(messages, options));
    const next = async () => {
      await sleep(0, undefined, { signal: options.signal });
      return pieces.next();
    };
    return { [Symbol.asyncIterator]: () => ({ next }) } as never;
  }
}

class SharedBuffer extends Able {
  left: ChatGenerationChunk[] = [];

  override async *_stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    this.left = [...this.pieces(this.answer(messages, options))];
    for (let piece = this.left.shift(); piece !== undefined; piece = this.left.shift()) {
      await sleep(0);
      yield piece;
    }
  }
}

class Scribbler extends Able {
  override answer(messages: readonly BaseMessage[], options: Options): Answer {
    const answer = super.answer(messages, options);
    const [first] = messages;
    if (first?.getType() === "system") first.response_metadata.seen = true;
    return answer;
  }
}

/** Takes no messages of which this holds. */
class Picky extends Able {
  readonly refuses: (messages: readonly BaseMessage[]) => boolean;

  constructor(refuses: (messages: readonly BaseMessage[]) => boolean) {
    super();
    this.refuses = refuses;
  }

  override answer(messages: readonly BaseMessage[], options: Options): Answer {
    if (this.refuses(messages)) throw new TypeError("unknown role");
    return super.answer(messages, options);
  }
}

/** Puts the call of a tool wrong, by one of the hooks. */
class WrongCalls extends Able {
  readonly #wrong: Partial<Record<"invoke" | "stream", (answer: Answer) => Answer>>;

  constructor(wrong: Partial<Record<"invoke" | "stream", (answer: Answer) => Answer>>) {
    super();
    this.#wrong = wrong;
  }

  #put(verb: "invoke" | "stream", answer: Answer): Answer {
    return (answer.tool === "say" && this.#wrong[verb]?.(answer)) || answer;
  }

  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    return this.whole(this.#put("invoke", this.answer(messages, options)));
  }

  override async *_stream(messages: BaseMessage[], options: Options): AsyncGenerator<ChatGenerationChunk> {
    yield* this.pieces(this.#put("stream", this.answer(messages, options)));
  }
}

class WrongValues extends Able {
  override answer(messages: readonly BaseMessage[], options: Options): Answer {
    const answer = super.answer(messages, options);
    return answer.tool === "weather" ? { ...answer, args: { city: "Bern", degrees: "17" } } : answer;
  }
}

class HalfStreamedValues extends Able {
  override withStructuredOutput = ((schema: object, options: object) => {
    const structured = BaseChatModel.prototype.withStructuredOutput.call(this, schema, options);
    const stream = async function* () {
      yield { city: "Bern" };
    };
    return Object.assign(structured, { stream });
  }) as never;
}

const type = (kind: string) => (message: BaseMessage) => message.getType() === kind;

const FAULTS: [rule: string, make: () => BaseChatModel, claims?: ModelCapabilities][] = [
  ["invoke answers", () => new SilentInvoke(), { deterministic: false, stop: false }],
  ["batch keeps the order", () => new BackwardsBatch()],
  ["answers stream in pieces", () => new OnePiece()],
  ["a stream says what invoke says", () => new OtherLateStream()],
  ["async hooks say what plain hooks say", () => new OtherTwin()],
  ["unicode stays whole", () => new HalfCharacters()],
  ["the kind is named", () => new Kindless()],
  ["the model is named", () => new Nameless()],
  ["tokens are told before they are read", () => new LateTokens()],
  ["events show the call", () => new EventsWithoutEnd()],
  ["secrets stay hidden", () => new PlainKey()],
  ["stop texts end invoke", () => new InvokeDeafToStop()],
  ["stop texts end a stream", () => new StreamDeafToStop()],
  ["invoke counts tokens", () => new InvokeUncounted()],
  ["a stream counts tokens", () => new CountedOnEachChunk()],
  ["a stream counts tokens", () => new CountedOnEachChunk(), { deterministic: false }],
  ["an abort ends invoke", () => new InvokeDeafToAbort()],
  ["an abort ends a stream", () => new StreamDeafToAbort()],
  ["leaving a stream releases the provider", () => new Unleavable()],
  ["concurrent calls do not mix", () => new SharedBuffer()],
  ["what is given stays unchanged", () => new Scribbler()],
  ["a conversation is taken", () => new Picky((all) => all.some(type("system")) && all.some(type("ai")))],
  ["a history with tools is taken", () => new Picky((all) => all.some(type("tool")))],
  [
    "a message's name is taken",
    () => new Picky((all) => all.some((one) => type("human")(one) && one.name !== undefined)),
  ],
  ["tools are called", () => new WrongCalls({ invoke: ({ text }) => ({ text }) })],
  ["tools are called", () => new WrongCalls({ invoke: (answer) => ({ ...answer, tool: "shout" }) })],
  ["tool calls are streamed", () => new WrongCalls({ stream: () => ({ text: "I will say it." }) })],
  [
    "tool arguments keep unicode",
    () => new WrongCalls({ invoke: (answer) => ({ ...answer, args: { text: "Gr??e" } }) }),
  ],
  ["structured output fits its schema", () => new WrongValues()],
  ["structured output fits its schema", () => new HalfStreamedValues()],
];

const ALL: ModelCapabilities = { toolCalling: true, structuredOutput: true, releaseTimeout: 15 };

describe("a model with one fault", () => {
  test("differs from one that keeps all rules", async () => {
    expect(await findings(chatModelConformance(() => new Able(), ALL))).toEqual({});
  });

  test.each(FAULTS)("is found by the rule that %s, and by no other (%#)", async (rule, make, claims) => {
    const found = await findings(chatModelConformance(make, { ...ALL, ...claims }));
    expect(Object.keys(found)).toEqual([rule]);
    expect(found[rule]).toMatch(new RegExp(`^${rule}: Expected `));
  });

  test("is here for every rule", () => {
    const rules = chatModelConformance(() => new Able()).map(({ name }) => name);
    expect(rules.filter((rule) => !FAULTS.some(([fault]) => fault === rule))).toEqual([]);
  });
});
