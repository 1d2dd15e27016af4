import { expectTypeOf, test } from "vitest";
import type { CallbackManagerForLLMRun } from "../../src/callbacks/model-run-manager.ts";
import type { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { BaseChatModel } from "../../src/models/base-chat-model.ts";
import type { BaseLanguageModelParams } from "../../src/models/base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "../../src/models/call-options.ts";
import { AsyncCaller } from "../../src/models/calls/async-caller.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import type { LanguageModelLike } from "../../src/models/language-model-like.ts";
import type { LLM } from "../../src/models/llm.ts";
import type { ChatResult } from "../../src/outputs/chat-result.ts";

interface Options extends BaseLanguageModelCallOptions {
  temperature?: number;
}

/** A model as providers write it for the peer. */
class Ported extends BaseChatModel<Options, AIMessageChunk> {
  constructor(fields: BaseLanguageModelParams & { maxRetries?: number }) {
    super(fields);
    this.caller = new AsyncCaller(fields);
  }

  _llmType(): string {
    return "ported";
  }

  override invocationParams(options?: this["ParsedCallOptions"]): { temperature: number | undefined } {
    return { temperature: options?.temperature };
  }

  override getLsParams(options: this["ParsedCallOptions"]): { ls_model_type: "chat"; ls_stop: string[] | undefined } {
    return { ls_model_type: "chat", ls_stop: options.stop };
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    await runManager?.handleLLMNewToken("");
    const ask = async (): Promise<ChatResult> => ({ generations: messages.map((message) => ({ message })) });
    return this.caller.callWithOptions({ signal: options.signal }, ask);
  }
}

test("a class written for the peer keeps its types", () => {
  const model = new Ported({});
  expectTypeOf(model.invoke("x", { temperature: 1 })).resolves.toEqualTypeOf<AIMessageChunk>();
  // @ts-expect-error: it is a number.
  model.invoke("x", { temperature: "hot" });
  const base: BaseChatModel = new ChatParrotLink({ model: "m", parrotBufferLength: 1 });
  expectTypeOf(base).toExtend<BaseChatModel<BaseLanguageModelCallOptions, AIMessageChunk>>();
});

test("models of both kinds, bound or in a chain, are like a model", () => {
  const parrot = new ChatParrotLink({ model: "m", parrotBufferLength: 1 });
  expectTypeOf(parrot).toExtend<LanguageModelLike>();
  expectTypeOf(parrot.bind({ stop: ["."] })).toExtend<LanguageModelLike>();
  expectTypeOf(parrot.pipe((message) => message.text)).toExtend<LanguageModelLike>();
  expectTypeOf<LLM>().toExtend<LanguageModelLike>();
  expectTypeOf(parrot.pipe(() => 5)).not.toExtend<LanguageModelLike>();
});
