import type { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { ContentBlock, MessageContent } from "../messages/content.ts";
import { Lanes } from "../messages/lanes.ts";
import { copyData, METADATA_RULES, mergeInto } from "../messages/merge.ts";
import { mergeIds } from "../messages/message-sum.ts";
import { mergeWholeCalls, type ToolCalls } from "../messages/tool-call.ts";
import { mergeUsage } from "../messages/usage.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { isOptionsAlone, type MessagesInput, toMessages, toRunnable } from "./messages-input.ts";
import { arrayOf } from "./tool-calls.ts";

/** How runs of messages are joined. */
export interface MergeMessageRunsFields {
  /** What stands between two texts. Default: a line break. */
  chunkSeparator?: string | undefined;
}

/**
 * Joins messages that follow each other and are said by the same one: same type, same role, same name. Texts are joined by
 * the separator, empty ones left out; where one of the messages has parts instead of a text, the parts follow each other as
 * they are. Calls of tools are collected and usages added. Of facts told more than once (`additional_kwargs`,
 * `response_metadata`) the last stands.
 *
 * Results of tools are never joined, since each answers a call, nor are messages of different names: two people stay two. A
 * joined message is a new one of the class of the first; nothing given is written to.
 *
 * Without messages it gives a runnable from messages to messages.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` if an item is no message and stands for none.
 *
 * @example
 * ```ts
 * import { AIMessage, HumanMessage, mergeMessageRuns } from "linnet/messages";
 *
 * mergeMessageRuns([new HumanMessage("Hi!"), new HumanMessage("Are you there?"), new AIMessage("I am.")]);
 * // HumanMessage { content: "Hi!\nAre you there?" }, AIMessage { content: "I am." }
 * ```
 */
export function mergeMessageRuns(fields?: MergeMessageRunsFields): Runnable<MessagesInput, BaseMessage[]>;
export function mergeMessageRuns(messages: MessagesInput, fields?: MergeMessageRunsFields): BaseMessage[];
export function mergeMessageRuns(
  first?: MessagesInput | MergeMessageRunsFields,
  second?: MergeMessageRunsFields,
): BaseMessage[] | Runnable<MessagesInput, BaseMessage[]> {
  const isAlone = isOptionsAlone(first, second);
  const { chunkSeparator = "\n" } = (isAlone ? (first as MergeMessageRunsFields | undefined) : second) ?? {};
  const merge = (messages: readonly BaseMessage[]): BaseMessage[] => mergeRuns(messages, chunkSeparator);
  return isAlone ? toRunnable(merge) : merge(toMessages(first));
}

function mergeRuns(messages: readonly BaseMessage[], separator: string): BaseMessage[] {
  const runs: BaseMessage[][] = [];
  for (const message of messages) {
    const run = runs.at(-1);
    if (run?.[0] !== undefined && isSameSpeaker(run[0], message)) run.push(message);
    else runs.push([message]);
  }
  return runs.map((run) => joinRun(run, separator));
}

/** Results of tools answer one call each, and removals name one message each. */
function isSameSpeaker(one: BaseMessage, other: BaseMessage): boolean {
  if (one.type !== other.type || one.type === "tool" || one.type === "remove") return false;
  return (one.name || "") === (other.name || "") && roleOf(one) === roleOf(other);
}

function roleOf(message: BaseMessage): unknown {
  return (message as { role?: unknown }).role;
}

function joinRun(run: readonly BaseMessage[], separator: string): BaseMessage {
  const [first, ...others] = run;
  if (first === undefined || others.length === 0) return first as BaseMessage;
  const sum = first["~copy"]();
  sum.content = joinContents(
    run.map((message) => message.content),
    separator,
  );
  const lanes = new Lanes();
  for (const { id, additional_kwargs, response_metadata } of others) {
    sum.id = mergeIds(sum.id, id);
    // Whole messages tell their facts whole: glued, as the pieces of a stream are, they would be nonsense.
    mergeInto(sum.additional_kwargs, additional_kwargs, METADATA_RULES, lanes);
    mergeInto(sum.response_metadata, response_metadata, METADATA_RULES, lanes);
  }
  if (first.type === "ai") joinAnswers(sum as AIMessage, run as readonly AIMessage[]);
  return sum;
}

function joinAnswers(sum: AIMessage, run: readonly AIMessage[]): void {
  const all: ToolCalls = {
    tool_calls: run.flatMap((message) => arrayOf(message.tool_calls)),
    invalid_tool_calls: run.flatMap((message) => arrayOf(message.invalid_tool_calls)),
  };
  Object.assign(sum, mergeWholeCalls({ tool_calls: [], invalid_tool_calls: [] }, all));
  for (const { usage_metadata } of run.slice(1)) sum.usage_metadata = mergeUsage(sum.usage_metadata, usage_metadata);
}

/** Texts before the first list of parts make one part; each text behind it makes a part of its own. */
function joinContents(contents: readonly MessageContent[], separator: string): MessageContent {
  const said = contents.filter((content) => content?.length > 0);
  const place = said.findIndex((content) => typeof content !== "string");
  const lead = (place === -1 ? said : said.slice(0, place)).join(separator);
  if (place === -1) return lead;
  const list: ContentBlock[] = lead === "" ? [] : [{ type: "text", text: lead }];
  for (const content of said.slice(place)) {
    if (typeof content === "string") list.push({ type: "text", text: content });
    else for (const block of content) list.push(copyData(block));
  }
  return list;
}
