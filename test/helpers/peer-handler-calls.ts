import type { PlainCall } from "../fixtures/event-plain.mjs";
import { isRecord, placedIds, renamedVersions, rewrite, withoutEmptyDetails } from "./peer-events.ts";

/** What handlers of linnet are told, given what was recorded of the peer: the differences that docs/decisions/0006 permits. */

/** Where a start has the run's name, by method. */
const NAME_AT: Readonly<Record<string, number>> = { handleChainStart: 8, handleLLMStart: 8, handleChatModelStart: 8 };

/** The class that is named by the first argument of a start. */
function classOf(serialized: unknown): string {
  if (typeof serialized === "string") return serialized;
  return (serialized as { id: string[] }).id.at(-1) ?? "";
}

/**
 * A call without what `serialized` says beyond the class: where a class lives, and which arguments are shown of it, is each
 * library's own.
 */
export function withoutSerialized([method, first, ...rest]: PlainCall): PlainCall {
  return method.endsWith("Start") ? [method, classOf(first), ...rest] : [method, first, ...rest];
}

/** A record is what handlers are given; a bare value is put in one. */
export function asRecord(value: unknown): unknown {
  return isRecord(value) ? value : { output: value };
}

/** The sum of chunks gains no empty facts. */
function withoutEmptyInfo(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value.generationInfo)) return value;
  const { generationInfo, ...rest } = value;
  return Object.keys(generationInfo).length === 0 ? rest : value;
}

/** Values inside a call. */
export function expectedValue(value: unknown): unknown {
  return rewrite(value, (item) => withoutEmptyInfo(withoutEmptyDetails(placedIds(renamedVersions(item)))));
}

/** A call as linnet makes it; `serialized` may be the name of the class already. */
export function expectedCall(call: PlainCall): PlainCall {
  const told = expectedValue(call) as PlainCall;
  const [method] = told;
  const nameAt = NAME_AT[method];
  if (nameAt !== undefined && told[nameAt] === "<undefined>") told[nameAt] = classOf(told[1]);
  if (method === "handleChainEnd") told[1] = asRecord(told[1]);
  if (method === "handleLLMStart" || method === "handleChatModelStart") {
    told[5] = { ...(told[5] as object), invocation_params: { model_name: "echo-model", length: 3 } };
  }
  return withoutSerialized(told);
}

/** A lambda that is streamed by itself has its input at the start, where the peer tells of it at the end. */
function withInputAtStart(calls: readonly PlainCall[]): PlainCall[] {
  const [start, end] = calls as [PlainCall, PlainCall];
  const { inputs } = end[5] as { inputs: unknown };
  return [
    Object.assign([...start] as PlainCall, { 2: inputs, 9: "<undefined>" }),
    Object.assign([...end] as PlainCall, { 5: "<undefined>" }),
  ];
}

/** The calls that a handler of linnet is expected to get for a case. */
export function expectedCalls(recorded: Readonly<Record<string, PlainCall[]>>, name: string): PlainCall[] {
  const calls = (recorded[name] as PlainCall[]).map(expectedCall);
  return name === "lambda: stream" ? withInputAtStart(calls) : calls;
}
