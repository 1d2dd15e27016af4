import type { FinishReason } from "./events.ts";

/** Where providers say why they stopped. */
const FIELDS = ["finish_reason", "stop_reason", "finishReason", "stopReason", "done_reason"] as const;

/** In which words, with small letters. */
const REASONS: ReadonlyMap<FinishReason, RegExp> = new Map([
  ["stop", /^(stop|end_turn|stop_sequence|complete|completed|eos|eos_token)$/],
  ["length", /^(length|max_tokens|max_output_tokens|model_length|model_context_window_exceeded)$/],
  ["tool_use", /^(tool_use|tool_calls|tool_call|function_call)$/],
  [
    "content_filter",
    /^(content_filter|content_filtered|safety|refusal|recitation|blocklist|prohibited_content|spii|guardrail_intervened|error_toxic)$/,
  ],
]);

/**
 * Why a model stopped, by what its provider says.
 *
 * @param callsTools whether it wants tools called, which some providers do not say.
 * @returns undefined where the provider's word is not known.
 */
export function finishReasonOf(
  metadata: Readonly<Record<string, unknown>>,
  callsTools: boolean,
): FinishReason | undefined {
  const told = FIELDS.map((field) => Object.hasOwn(metadata, field) && metadata[field]).find(Boolean);
  if (typeof told !== "string") return callsTools ? "tool_use" : "stop";
  const word = told.toLowerCase();
  for (const [reason, words] of REASONS) {
    if (words.test(word)) return callsTools && reason === "stop" ? "tool_use" : reason;
  }
  return undefined;
}
