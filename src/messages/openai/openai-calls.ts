import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { writeJson } from "../../json/safe-json.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import { copyData } from "../merge.ts";
import { type InvalidToolCall, type ToolCall, toolCallsFromOpenAI } from "../tool-call.ts";

/** A call as OpenAI has it, with what a server says of it beyond that. */
export type OpenAICall = Record<string, unknown>;

/**
 * Calls as OpenAI has them.
 *
 * @param raw the calls as they came from OpenAI, where that is known. They stand in that order; the text of arguments that
 *   still mean the same is kept to the letter, since servers find what they have cached by it; what is no function's call
 *   stands among them.
 */
export function toOpenAICalls(calls: readonly (ToolCall | InvalidToolCall)[], raw: readonly unknown[]): OpenAICall[] {
  const places = new Map(raw.map((call, place) => [isPlainRecord(call) ? call.id : undefined, place]));
  const placed: { call: OpenAICall; place: number }[] = [];
  const ids = new Set(calls.filter(isRead).map(({ id }) => id));
  for (const call of calls) {
    // One that was repaired, and not taken from those that cannot be read. No two calls may have one id.
    if (call.id !== undefined && ids.has(call.id) && !isRead(call)) continue;
    const place = call.id === undefined ? undefined : places.get(call.id);
    const came = place === undefined ? undefined : raw[place];
    placed.push({ call: meansTheSame(came, call) ? withoutIndex(came) : callOf(call), place: place ?? raw.length });
  }
  for (const [place, call] of raw.entries()) {
    if (isPlainRecord(call) && call.type === "custom") placed.push({ call: withoutIndex(call), place });
  }
  return placed.sort((left, right) => left.place - right.place).map(({ call }) => call);
}

function isRead(call: ToolCall | InvalidToolCall): boolean {
  return isPlainRecord(call.args);
}

function callOf({ id, name = "", args = "" }: ToolCall | InvalidToolCall): OpenAICall {
  const written = typeof args === "string" ? args : writeJson(args);
  if (written === undefined) {
    throw new LinnetError(
      `Expected the arguments of the call ${JSON.stringify(id ?? name)} to be what JSON can say, got ${describeValue(args)}. Change them, or leave the call out.`,
      { code: "INVALID_INPUT", data: { id, name } },
    );
  }
  return { ...(id !== undefined && { id }), type: "function", function: { name, arguments: written } };
}

/** Whether a call as it came is one of ours, which may have been changed since. */
function meansTheSame(came: unknown, call: ToolCall | InvalidToolCall): came is OpenAICall {
  if (!isPlainRecord(came) || !isPlainRecord(came.function) || typeof came.function.arguments !== "string")
    return false;
  const { tool_calls, invalid_tool_calls } = toolCallsFromOpenAI([came]);
  return [...tool_calls, ...invalid_tool_calls].some(
    ({ name, args }) => writeJson([name, args]) === writeJson([call.name, call.args]),
  );
}

/** A call as it came, without what told pieces of a stream apart. */
function withoutIndex({ index: _, ...call }: OpenAICall): OpenAICall {
  return copyData(call);
}
