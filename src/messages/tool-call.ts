import { writeJson } from "../json/safe-json.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { copyData } from "./merge.ts";
import { MAX_ARGUMENTS, parseToolArguments } from "./tool-arguments.ts";

/** A model's wish to have a tool called. */
export interface ToolCall<Name extends string = string, Args = Record<string, unknown>> {
  readonly type?: "tool_call";
  /** The tool's name. */
  name: Name;
  /** What the tool is called with. */
  args: Args;
  /** The call's id, by which the tool's answer refers to it. */
  id?: string | undefined;
}

/** A piece of a tool call that is still being said. */
export interface ToolCallChunk {
  type?: "tool_call_chunk";
  name?: string | undefined;
  /** A piece of the arguments' JSON. */
  args?: string | undefined;
  id?: string | undefined;
  /** Which of several calls it belongs to. */
  index?: number | string | undefined;
  /** Whether the tool takes text of any form, so that the arguments are no JSON. Default: no. */
  isCustomTool?: boolean | undefined;
  /** What a provider says of it beyond these fields. */
  [field: string]: unknown;
}

/** A piece of a call of a tool that takes text of any form. */
export interface RawInputToolCallChunk extends ToolCallChunk {
  isCustomTool: true;
}

/** A wish that cannot be carried out, because it cannot be read. */
export interface InvalidToolCall {
  type?: "invalid_tool_call";
  name?: string | undefined;
  /** The arguments as they came. */
  args?: string | undefined;
  id?: string | undefined;
  /** Why it cannot be read. */
  error?: string | undefined;
}

/** Tool calls, those that can be read and those that cannot. */
export interface ToolCalls {
  readonly tool_calls: ToolCall[];
  readonly invalid_tool_calls: InvalidToolCall[];
}

/** What is said of a call whose arguments are no JSON object, or that has no id to answer to. */
const MALFORMED = "Malformed args.";

/** The calls or pieces of a list from outside, of which what is none is left out. */
export function callsOf<Call extends object>(list: Call[] | null | undefined): Call[] {
  if (!Array.isArray(list)) return [];
  return list.every(isCall) ? list : list.filter(isCall);
}

function isCall(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/**
 * The calls that folded pieces stand for. A call needs an object for arguments, empty ones included, and an id.
 *
 * @param areWhole whether no more pieces come, so that arguments that break off are none. Default: no.
 */
export function toolCallsOfChunks(chunks: readonly ToolCallChunk[], areWhole: boolean = false): ToolCalls {
  const calls: ToolCalls = { tool_calls: [], invalid_tool_calls: [] };
  for (const { name, args, id, isCustomTool } of chunks) {
    // A tool that takes text of any form; providers mark it so, as they do for the peer.
    if (isCustomTool) calls.tool_calls.push({ name: name ?? "", args: { input: textOf(args) }, id, type: "tool_call" });
    if (isCustomTool) continue;
    const parsed = isPlainRecord(args) ? args : parseToolArguments(textOf(args), areWhole);
    if (parsed !== undefined && id) calls.tool_calls.push({ name: name ?? "", args: parsed, id, type: "tool_call" });
    else calls.invalid_tool_calls.push(invalidCall(name ?? "", args, id));
  }
  return calls;
}

/** Calls that came whole, then those of pieces that are not among them. */
export function joinCalls(whole: ToolCalls | undefined, read: ToolCalls): ToolCalls;
export function joinCalls(whole: ToolCalls, read: ToolCalls | undefined): ToolCalls;
export function joinCalls(whole: ToolCalls | undefined, read: ToolCalls | undefined): ToolCalls | undefined {
  if (whole === undefined || read === undefined) return whole ?? read;
  const ids = new Set(whole.tool_calls.map((call) => call.id));
  const others = <Call extends { id?: string | undefined }>(calls: Call[]) =>
    calls.filter(({ id }) => id === undefined || !ids.has(id));
  return {
    tool_calls: [...whole.tool_calls, ...others(read.tool_calls)],
    invalid_tool_calls: [...whole.invalid_tool_calls, ...others(read.invalid_tool_calls)],
  };
}

/** The calls of two lists that came whole; one on the right takes the place of the one on the left with its id. */
export function mergeWholeCalls(left: ToolCalls | undefined, right: ToolCalls | undefined): ToolCalls | undefined {
  if (left === undefined || right === undefined) return copyData(left ?? right);
  return {
    tool_calls: mergeById(left.tool_calls, right.tool_calls),
    invalid_tool_calls: mergeById(left.invalid_tool_calls, right.invalid_tool_calls),
  };
}

function mergeById<Call extends ToolCall | InvalidToolCall>(left: readonly Call[], right: readonly Call[]): Call[] {
  const calls = copyData([...left]);
  const places = new Map(calls.map((call, place) => [call.id, place]));
  for (const call of right) {
    const place = call.id ? places.get(call.id) : undefined;
    if (place === undefined) calls.push(copyData(call));
    else calls[place] = copyData(call);
  }
  return calls;
}

/** The calls of a message in the shape of OpenAI's API: `{ id, type: "function", function: { name, arguments } }`. */
export function toolCallsFromOpenAI(raw: readonly unknown[]): ToolCalls {
  const calls: ToolCalls = { tool_calls: [], invalid_tool_calls: [] };
  for (const call of raw) {
    if (!isPlainRecord(call) || !isPlainRecord(call.function)) continue;
    const id = textOf(call.id) || undefined;
    const name = textOf(call.function.name);
    const given = call.function.arguments;
    const args = isPlainRecord(given) ? given : parseToolArguments(textOf(given), true);
    if (args !== undefined) calls.tool_calls.push({ name, args, id, type: "tool_call" });
    else calls.invalid_tool_calls.push(invalidCall(name, textOf(given), id));
  }
  return calls;
}

function invalidCall(name: string, args: string | undefined, id: string | undefined): InvalidToolCall {
  const isLong = typeof args === "string" && args.length > MAX_ARGUMENTS;
  return {
    name,
    args,
    id,
    error: isLong ? `Args of more than ${MAX_ARGUMENTS} characters.` : MALFORMED,
    type: "invalid_tool_call",
  };
}

/** A text of a provider's; what is none is shown as JSON, since to ask an object for its text may throw. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : value == null ? "" : (writeJson(value) ?? "");
}
