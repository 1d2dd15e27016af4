import { expect, test } from "vitest";
import { finishReasonOf } from "../../../src/models/stream/finish-reason.ts";

test.each<[Record<string, unknown>, boolean, string | undefined]>([
  [{}, false, "stop"],
  [{}, true, "tool_use"],
  [{ finish_reason: "stop" }, false, "stop"],
  [{ finish_reason: "stop" }, true, "tool_use"],
  [{ finish_reason: "length" }, true, "length"],
  [{ finish_reason: "tool_calls" }, false, "tool_use"],
  [{ stop_reason: "end_turn" }, false, "stop"],
  [{ stop_reason: "max_tokens" }, false, "length"],
  [{ stop_reason: "refusal" }, false, "content_filter"],
  [{ finishReason: "MAX_TOKENS" }, false, "length"],
  [{ stopReason: "guardrail_intervened" }, false, "content_filter"],
  [{ done_reason: "stop" }, false, "stop"],
  [{ finish_reason: null, stop_reason: "tool_use" }, false, "tool_use"],
  [{ stop_reason: "pause_turn" }, true, undefined],
  [{ finish_reason: 4 }, false, "stop"],
  [Object.create({ finish_reason: "length" }), false, "stop"],
])("%o with calls %s ends for %s", (metadata, callsTools, reason) => {
  expect(finishReasonOf(metadata, callsTools)).toBe(reason);
});
