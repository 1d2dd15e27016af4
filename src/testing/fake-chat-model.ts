import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { ParsedCallOptions } from "../models/call-options.ts";
import { SimpleChatModel } from "../models/simple-chat-model.ts";

/**
 * A chat model that says all it heard, a line for each message. With stop texts, the first of them is the answer.
 *
 * @example
 * ```ts
 * import { FakeChatModel } from "linnet/testing";
 *
 * const reply = await new FakeChatModel().invoke("hello");
 * console.log(reply.text); // hello
 * ```
 */
export class FakeChatModel extends SimpleChatModel {
  static override lc_name(): string {
    return "FakeChatModel";
  }

  _llmType(): string {
    return "fake";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "fake" };
  }

  async _call(
    messages: BaseMessage[],
    options: ParsedCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): Promise<string> {
    const text = options.stop?.[0] ?? messages.map(said).join("\n");
    await runManager?.handleLLMNewToken(text);
    return text;
  }
}

function said({ content }: BaseMessage): string {
  return typeof content === "string" ? content : JSON.stringify(content, null, 2);
}
