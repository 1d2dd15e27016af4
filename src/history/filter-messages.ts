import type { BaseMessage } from "../messages/base-message.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { listOf, type MessageTest, type MessageTypeOrClass, type OneOrMore, testOfTypes } from "./message-type.ts";
import { isOptionsAlone, type MessagesInput, toMessages, toRunnable } from "./messages-input.ts";
import { type CallId, idOf, isToolResult } from "./tool-calls.ts";
import { withoutCalls } from "./without-calls.ts";

/**
 * Which messages stay. What is excluded goes first; where any of the three includes is given, of the rest only those stay
 * that one of them means. An empty list means no message.
 */
export interface FilterMessagesFields {
  /** Messages with one of these names stay. Default: not asked for. */
  includeNames?: OneOrMore<string> | undefined;
  /** Messages with one of these names go. Default: none. */
  excludeNames?: OneOrMore<string> | undefined;
  /** Messages of these types or classes stay. Default: not asked for. */
  includeTypes?: OneOrMore<MessageTypeOrClass> | undefined;
  /** Messages of these types or classes go. Default: none. */
  excludeTypes?: OneOrMore<MessageTypeOrClass> | undefined;
  /** Messages with one of these ids stay. Default: not asked for. */
  includeIds?: OneOrMore<string> | undefined;
  /** Messages with one of these ids go. Default: none. */
  excludeIds?: OneOrMore<string> | undefined;
  /**
   * Takes out calls of tools and their results: all with `true`, or those with these ids of calls. A model's message loses
   * just the calls, wherever they stand in it; one that says nothing else goes, also where only reasoning is left. Default:
   * none.
   */
  excludeToolCalls?: boolean | readonly string[] | undefined;
}

/**
 * The messages that are asked for, in their order. Those that stay are the messages given, except where a call was taken
 * out of one; nothing given is written to.
 *
 * Without messages it gives a runnable from messages to messages.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` if an item is no message and stands for none.
 *
 * @example
 * ```ts
 * import { AIMessage, filterMessages, HumanMessage, SystemMessage } from "linnet/messages";
 *
 * const messages = [
 *   new SystemMessage("Be brief."),
 *   new HumanMessage({ content: "Hi!", name: "ada" }),
 *   new AIMessage("Hello."),
 * ];
 * filterMessages(messages, { includeTypes: ["ai"], includeNames: ["ada"] }); // the last two
 * ```
 */
export function filterMessages(fields?: FilterMessagesFields): Runnable<MessagesInput, BaseMessage[]>;
export function filterMessages(messages: MessagesInput, fields?: FilterMessagesFields): BaseMessage[];
export function filterMessages(
  first?: MessagesInput | FilterMessagesFields,
  second?: FilterMessagesFields,
): BaseMessage[] | Runnable<MessagesInput, BaseMessage[]> {
  const isAlone = isOptionsAlone(first, second);
  const filter = filterOf((isAlone ? (first as FilterMessagesFields | undefined) : second) ?? {});
  return isAlone ? toRunnable(filter) : filter(toMessages(first));
}

function filterOf(fields: FilterMessagesFields): (messages: readonly BaseMessage[]) => BaseMessage[] {
  const excludes = testsOf(fields.excludeNames, fields.excludeTypes, fields.excludeIds);
  const includes = testsOf(fields.includeNames, fields.includeTypes, fields.includeIds);
  const isMeant = testOfCalls(fields.excludeToolCalls);
  return (messages) =>
    messages.flatMap((message) => {
      if (excludes.some((test) => test(message))) return [];
      if (includes.length > 0 && !includes.some((test) => test(message))) return [];
      const rest = isMeant === undefined ? message : withoutTools(message, isMeant);
      return rest === undefined ? [] : [rest];
    });
}

function testsOf(
  names: OneOrMore<string> | undefined,
  types: OneOrMore<MessageTypeOrClass> | undefined,
  ids: OneOrMore<string> | undefined,
): MessageTest[] {
  const tests = [testOfTexts(names, "name"), testOfTypes(types), testOfTexts(ids, "id")];
  return tests.filter((test) => test !== undefined);
}

function testOfTexts(texts: OneOrMore<string> | undefined, field: "name" | "id"): MessageTest | undefined {
  if (texts === undefined) return undefined;
  const wanted = new Set<string | undefined>(listOf(texts));
  return (message) => wanted.has(message[field]);
}

function testOfCalls(calls: boolean | readonly string[] | undefined): ((id: CallId) => boolean) | undefined {
  if (calls === undefined || calls === false) return undefined;
  if (calls === true) return () => true;
  const meant = new Set<CallId>(listOf(calls));
  return (id) => id !== undefined && meant.has(id);
}

function withoutTools(message: BaseMessage, isMeant: (id: CallId) => boolean): BaseMessage | undefined {
  if (message.type === "ai") return withoutCalls(message, isMeant);
  if (!isToolResult(message)) return message;
  return isMeant(idOf((message as { tool_call_id?: unknown }).tool_call_id)) ? undefined : message;
}
