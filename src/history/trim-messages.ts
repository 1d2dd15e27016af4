import type { BaseMessage } from "../messages/base-message.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { CuttableMessages } from "./cuttable-messages.ts";
import { largestFitting } from "./largest-fitting.ts";
import { type Count, type FittingWindow, largestWindow } from "./largest-window.ts";
import { isOptionsAlone, type MessagesInput, toMessages, toRunnable } from "./messages-input.ts";
import { type PartialMessage, splitMessage } from "./partial-message.ts";
import { type CountTokens, countWith } from "./token-counter.ts";
import { planTrim, type TrimMessagesFields, type TrimPlan } from "./trim-fields.ts";

/**
 * The most messages from one end of a conversation that count no more tokens than allowed. Nothing given is written to; what
 * is kept are the messages given, but for one that is kept in part.
 *
 * A model's calls of tools and their results are kept together or not at all, and a result without a call is dropped: no
 * provider takes one without the other. The work grows with what is kept, not with the whole conversation: each message is
 * counted once alone, then a few lists are counted as a whole to be sure.
 *
 * Without messages it gives a runnable from messages to messages.
 *
 * @throws LinnetError `INVALID_CONFIG` if a field is out of its range, or goes with strategy `"last"` only;
 *   `INVALID_INPUT` if the counter gives no number or the splitter no texts; `MESSAGE_COERCION_FAILURE` if an item is no
 *   message and stands for none. With messages the promise rejects.
 *
 * @example
 * ```ts
 * import { AIMessage, HumanMessage, SystemMessage, trimMessages } from "linnet/messages";
 *
 * const messages = [
 *   new SystemMessage("Be brief."),
 *   new HumanMessage("Which bird sings at night?"),
 *   new AIMessage("The nightingale."),
 *   new HumanMessage("And at noon?"),
 * ];
 * const kept = await trimMessages(messages, { maxTokens: 16, includeSystem: true, startOn: "human" });
 * console.log(kept.map((message) => message.text)); // [ 'Be brief.', 'And at noon?' ]
 * ```
 */
export function trimMessages(fields: TrimMessagesFields): Runnable<MessagesInput, BaseMessage[]>;
export function trimMessages(messages: MessagesInput, fields: TrimMessagesFields): Promise<BaseMessage[]>;
export function trimMessages(
  first: MessagesInput | TrimMessagesFields,
  second?: TrimMessagesFields,
): Runnable<MessagesInput, BaseMessage[]> | Promise<BaseMessage[]> {
  if (!isOptionsAlone(first, second)) return trimInput(first, second);
  const plan = planTrim((first ?? {}) as TrimMessagesFields);
  return toRunnable((messages) => trim(messages, plan));
}

async function trimInput(input: unknown, fields: TrimMessagesFields | undefined): Promise<BaseMessage[]> {
  return trim(toMessages(input), planTrim(fields ?? ({} as TrimMessagesFields)));
}

async function trim(messages: readonly BaseMessage[], plan: TrimPlan): Promise<BaseMessage[]> {
  const conversation = new CuttableMessages(messages, plan);
  const { system } = conversation;
  const count = countWith(plan.tokenCounter);
  const base = { tokens: await count(system), messages: system.length };
  if (base.tokens > plan.maxTokens) return [];
  const window = await largestWindow({
    units: conversation.units,
    maxTokens: plan.maxTokens,
    base,
    countUnit: (unit) => countEach(conversation.unitAt(unit), count),
    countWindow: (units) => count(conversation.keep(units)),
  });
  const next = plan.allowPartial ? conversation.messageBehind(window.units) : undefined;
  const split = next && (await splitMessage(next, plan.strategy, plan.textSplitter));
  const part =
    split && (await fittingPart(split, window, plan.maxTokens, count, (kept) => conversation.keep(window.units, kept)));
  return part === undefined ? conversation.keepToEdge(window.units) : conversation.keep(window.units, part);
}

async function countEach(messages: readonly BaseMessage[], count: CountTokens): Promise<Count> {
  let tokens = 0;
  for (const message of messages) tokens += await count([message]);
  return { tokens, messages: messages.length };
}

/** The most of a message that fits beside a window; undefined where no piece of it does. */
async function fittingPart(
  message: PartialMessage,
  window: FittingWindow,
  maxTokens: number,
  count: CountTokens,
  keep: (part: BaseMessage) => BaseMessage[],
): Promise<BaseMessage | undefined> {
  // Searched for alone, so that the whole window is not counted for each try.
  const room = maxTokens - window.tokens + Math.max(0, window.saving);
  const fitsAlone = async (pieces: number): Promise<boolean> => (await count([message.take(pieces)])) <= room;
  const fits = async (pieces: number): Promise<boolean> => (await count(keep(message.take(pieces)))) <= maxTokens;
  const most = message.pieces - 1;
  const pieces = await largestFitting(most, fits, await largestFitting(most, fitsAlone));
  return pieces === 0 ? undefined : message.take(pieces);
}
