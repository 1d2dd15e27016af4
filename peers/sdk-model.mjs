/** A model of the AI SDK, as its providers write theirs: the fields of its fourth specification, without its mock, which keeps every call. */

import { words } from "./words.mjs";

const usage = { inputTokens: { total: 8, noCache: 8 }, outputTokens: { total: 3, text: 3 } };
const finishReason = { unified: "stop", raw: "stop" };

/** A model that answers at once, and streams so many tokens without a wait. */
export function sdkModel(tokens) {
  return {
    specificationVersion: "v4",
    provider: "bench",
    modelId: "bench",
    supportedUrls: {},
    async doGenerate() {
      return { content: [{ type: "text", text: "Finches sing." }], finishReason, usage, warnings: [] };
    },
    async doStream() {
      return { stream: new ReadableStream({ start: (controller) => fill(controller, tokens) }) };
    },
  };
}

/** All at once: the fastest way to make such a stream. */
function fill(controller, tokens) {
  controller.enqueue({ type: "stream-start", warnings: [] });
  controller.enqueue({ type: "text-start", id: "0" });
  for (let place = 0; place < tokens; place += 1) {
    controller.enqueue({ type: "text-delta", id: "0", delta: words[place % words.length] });
  }
  controller.enqueue({ type: "text-end", id: "0" });
  controller.enqueue({ type: "finish", finishReason, usage });
  controller.close();
}
