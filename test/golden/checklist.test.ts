import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { CallbackManagerForLLMRun } from "../../src/callbacks/model-run-manager.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { BaseChatModel } from "../../src/models/base-chat-model.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../src/outputs/chat-result.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { chatModelConformance, llmConformance } from "../../src/testing/conformance/conformance.ts";
import { CustomChatModelAdvanced } from "./custom-chat-model-advanced.ts";
import { CustomLLM } from "./custom-llm-model.ts";
import { collect } from "./transcript.ts";

/** The checklist for contributors at the end of the guides, point by point. */
describe("the contributors' checklist", () => {
  test("stop texts are honoured and part of the reply, by invoke and by stream", async () => {
    const model = new ChatParrotLink({ model: "m", parrotBufferLength: 100 });
    expect((await model.invoke("one, two, three", { stop: ["two"] })).text).toBe("one, two");
    const chunks = await collect(await model.stream("one, two, three", { stop: ["two"] }));
    expect(chunks.map((chunk) => chunk.text).join("")).toBe("one, two");
    const own = new ChatParrotLink({ model: "m", parrotBufferLength: 100, stop: [","] });
    expect((await own.invoke("one, two")).text).toBe("one,");
    expect((await own.invoke("one, two", { stop: ["w"] })).text).toBe("one, tw");
  });

  test("secret keys are in no print of the model", async () => {
    class KeyedModel extends ChatParrotLink {
      apiKey = new Secret("sk-very-secret");
      plainKey = "sk-plain-secret";

      override get lc_secrets(): Record<string, string> {
        return { plainKey: "PLAIN_KEY" };
      }

      override _identifyingParams(): Record<string, unknown> {
        return { ...super._identifyingParams(), apiKey: this.apiKey, plainKey: this.plainKey };
      }
    }
    const model = new KeyedModel({ model: "m", parrotBufferLength: 3 });
    const told: unknown[] = [];
    const handler = {
      handleChatModelStart: (...parameters: unknown[]) => void told.push(parameters),
      handleLLMEnd: (...parameters: unknown[]) => void told.push(parameters),
    };
    const events = await collect(model.streamEvents("hello", { version: "v2", callbacks: [handler] }));
    const prints = [String(model), inspect(model), JSON.stringify(model), `${model.apiKey}`];
    prints.push(inspect([told, events], { depth: 20 }), JSON.stringify([told, events]));
    for (const print of prints) expect(print).not.toMatch(/sk-(very|plain)-secret/);
    expect(String(model)).toContain('"model_name":"m"');
    expect(model.apiKey.reveal()).toBe("sk-very-secret");
  });

  test.each([
    ["the echo model", new CustomChatModelAdvanced({ n: 1, modelName: "m" }), "m"],
    ["the parrot", new ChatParrotLink({ model: "m", parrotBufferLength: 1 }), "m"],
    ["the LLM", new CustomLLM({ n: 1 }), "CustomChatModel"],
  ])("model_name is in the identifying parameters of %s, and reaches handlers", async (_name, model, modelName) => {
    expect(model._identifyingParams()).toEqual({ model_name: modelName });
    const params: unknown[] = [];
    const note = (_serialized: unknown, _input: unknown, _id: string, _parent: unknown, extra?: object) =>
      void params.push(extra);
    await model.invoke("hello", { callbacks: [{ handleChatModelStart: note, handleLLMStart: note }] });
    expect(params).toEqual([{ options: {}, invocation_params: { model_name: modelName }, batch_size: 1 }]);
  });

  test("native async hooks are the ones that invoke and stream use", async () => {
    class AsyncModel extends BaseChatModel {
      used: string[] = [];

      _llmType(): string {
        return "async";
      }

      override _generate(): ChatResult {
        this.used.push("_generate");
        return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage("sync") })] });
      }

      override async _agenerate(): Promise<ChatResult> {
        this.used.push("_agenerate");
        return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage("async") })] });
      }

      override *_stream(): Generator<ChatGenerationChunk> {
        this.used.push("_stream");
        yield new ChatGenerationChunk({ message: new AIMessageChunk("sync") });
      }

      override async *_astream(
        _messages: BaseMessage[],
        _options: object,
        _runManager?: CallbackManagerForLLMRun,
      ): AsyncGenerator<ChatGenerationChunk> {
        this.used.push("_astream");
        yield new ChatGenerationChunk({ message: new AIMessageChunk("async") });
      }
    }
    const model = new AsyncModel();
    expect((await model.invoke("x")).text).toBe("async");
    expect((await model.batch(["x"]))[0]?.text).toBe("async");
    for (const verb of ["stream", "astream"] as const) {
      expect((await collect(await model[verb]("x"))).map((chunk) => chunk.text)).toEqual(["async"]);
    }
    expect(model.used).toEqual(["_agenerate", "_agenerate", "_astream", "_astream"]);
  });

  test("tokens are told before their chunks are handed on, once each", async () => {
    const log: string[] = [];
    const handler = { handleLLMNewToken: (token: string) => void log.push(`told ${token}`) };
    for (const model of [new CustomChatModelAdvanced({ n: 2, modelName: "m" }), new CustomLLM({ n: 2 })]) {
      for await (const chunk of await model.stream("cat", { callbacks: [handler] })) {
        log.push(`read ${typeof chunk === "string" ? chunk : chunk.text}`);
      }
    }
    expect(log).toEqual([
      ...["told c", "read c", "told a", "read a", "told a", "read "],
      ...["told c", "read c", "told a", "read a"],
    ]);
  });
});

/** What the checklists ask for, in all guides together, and the rules that look after it. */
const CHECKLIST: [item: string, rules: string[], llmToo: boolean][] = [
  [
    "tests of invoke, ainvoke, batch and stream",
    ["invoke answers", "batch keeps the order", "a stream says what invoke says", "events show the call"],
    true,
  ],
  ["_stream is implemented", ["answers stream in pieces"], true],
  ["on_llm_new_token is called, before the chunk is given", ["tokens are told before they are read"], true],
  ["stop tokens are honoured", ["stop texts end invoke", "stop texts end a stream"], true],
  ["stop tokens are part of the answer", ["stop texts end invoke", "stop texts end a stream"], true],
  ["API keys are secrets", ["secrets stay hidden"], true],
  ["model_name is an identifying parameter", ["the model is named"], true],
  ["_agenerate and _astream are native", ["async hooks say what plain hooks say"], true],
  ["usage is counted, as by the parrot", ["invoke counts tokens", "a stream counts tokens"], false],
];

test.each(CHECKLIST)("that %s is looked after by rules of the kit", (_item, rules, llmToo) => {
  const makers = [chatModelConformance(() => new ChatParrotLink({ model: "m", parrotBufferLength: 1 }))];
  if (llmToo) makers.push(llmConformance(() => new CustomLLM({ n: 1 })));
  for (const kit of makers) expect(kit.map(({ name }) => name)).toEqual(expect.arrayContaining(rules));
});

test("every rule is named in the guide to testing", () => {
  const page = readFileSync("docs/testing.md", "utf8").replaceAll(/\s+/g, " ");
  const rules = chatModelConformance(() => new ChatParrotLink({ model: "m", parrotBufferLength: 1 }));
  expect(rules.map(({ name }) => name).filter((name) => !page.includes(name))).toEqual([]);
});
