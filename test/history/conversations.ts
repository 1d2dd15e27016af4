import fc from "fast-check";
import { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";

/** A counter that counts messages. */
export function countMessages(messages: readonly BaseMessage[]): number {
  return messages.length;
}

/** A counter that counts characters, five for each part that is no text. */
export function countCharacters(messages: readonly BaseMessage[]): number {
  return messages.reduce((sum, message) => sum + sizeOf(message), 0);
}

function sizeOf({ content }: BaseMessage): number {
  if (typeof content === "string") return content.length;
  return content.reduce((sum, block) => sum + (typeof block.text === "string" ? block.text.length : 5), 0);
}

/** A model's message that calls tools; each call is named after its id. */
export function calling(...ids: string[]): AIMessage {
  return new AIMessage({ content: "", tool_calls: ids.map((id) => ({ id, name: `tool-${id}`, args: {} })) });
}

/** What a tool answers to a call. */
export function result(id: string, content = `result ${id}`): ToolMessage {
  return new ToolMessage({ content, tool_call_id: id });
}

/** Messages as short texts: who speaks, and what. */
export function shown(messages: readonly BaseMessage[]): string[] {
  return messages.map(
    ({ type, content }) => `${type}: ${typeof content === "string" ? content : JSON.stringify(content)}`,
  );
}

const text = fc
  .array(fc.constantFrom("ab", "c", "defg", "😀", "h i"), { minLength: 1, maxLength: 3 })
  .map((lines) => lines.join("\n"));

const content = fc.oneof(
  { weight: 3, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.oneof(
        text.map((value) => ({ type: "text", text: value })),
        fc.constant({ type: "image", url: "u" }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

const callId = fc.constantFrom("1", "2", "3", "__proto__", "constructor");

/** One message of any kind that takes part in a conversation. */
const anyMessage: fc.Arbitrary<() => BaseMessage> = fc.oneof(
  content.map((said) => () => new HumanMessage({ content: said })),
  content.map((said) => () => new AIMessage({ content: said })),
  content.map((said) => () => new SystemMessage({ content: said })),
  fc.uniqueArray(callId, { minLength: 1, maxLength: 2 }).map((ids) => () => calling(...ids)),
  callId.map((id) => () => result(id)),
);

/** A question, perhaps calls with their results, perhaps some of them late, and an answer. */
const turn: fc.Arbitrary<(() => BaseMessage)[]> = fc
  .tuple(content, fc.uniqueArray(callId, { maxLength: 3 }), fc.boolean(), content)
  .map(([question, ids, isTalkedInto, answer]) => [
    () => new HumanMessage({ content: question }),
    ...(ids.length > 0 ? [() => calling(...ids)] : []),
    ...ids.flatMap((id, place) => [
      ...(isTalkedInto && place > 0 ? [() => new HumanMessage("hurry")] : []),
      () => result(id),
    ]),
    () => new AIMessage({ content: answer }),
  ]);

/** Conversations as they should be, and lists of messages as they should not be. */
export const conversation: fc.Arbitrary<BaseMessage[]> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.array(turn, { maxLength: 4 }).map((turns) => turns.flat()),
      fc.array(anyMessage, { maxLength: 10 }),
    ),
  )
  .map(([hasSystem, messages]) => [
    ...(hasSystem ? [new SystemMessage("sys\ntem")] : []),
    ...messages.map((make) => make()),
  ]);

/** Counters as users write them, each of which counts a longer list as no less. */
export const counters: Readonly<Record<string, (messages: readonly BaseMessage[]) => number>> = {
  messages: countMessages,
  characters: countCharacters,
  "with something for each message and each list": (messages) => 3 + countCharacters(messages) + 4 * messages.length,
  "with something between messages": (messages) => countCharacters(messages) + Math.max(0, messages.length - 1),
  "rounding the sum": (messages) => Math.ceil(countCharacters(messages) / 4),
  squared: (messages) => countCharacters(messages) ** 2,
};
