import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageContent } from "../messages/content.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { type MessagesInput, toMessages } from "./messages-input.ts";
import { arrayOf, callIdOfBlock, idOfCall } from "./tool-calls.ts";

/** What the approximation assumes of a model. */
export interface CountTokensApproximatelyOptions {
  /** Characters (UTF-16 code units) per token. Default: 4, which fits English; other scripts need less. */
  charsPerToken?: number | undefined;
  /** Tokens that each message costs beyond what is said. Default: 3. */
  extraTokensPerMessage?: number | undefined;
  /** Whether names are counted. Default: true. */
  countName?: boolean | undefined;
  /** Tokens of an image, whatever its size. Default: 85. */
  tokensPerImage?: number | undefined;
}

const IMAGES: ReadonlySet<unknown> = new Set(["image", "image_url", "input_image"]);

/** Roles as providers call them: they are sent too. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ["human", "user"],
  ["ai", "assistant"],
]);

/**
 * How many tokens messages cost, roughly: quick, without a tokenizer and without a network. Counted are texts, roles, names,
 * calls of tools and the ids they are answered by; other parts of a content by the length of their JSON. The count of a list
 * is the sum of the counts of its messages.
 *
 * @throws LinnetError `INVALID_CONFIG` if `charsPerToken` is not above 0.
 *
 * @example
 * ```ts
 * import { countTokensApproximately, HumanMessage } from "linnet/messages";
 *
 * console.log(countTokensApproximately([new HumanMessage("Which bird sings at night?")])); // 11
 * ```
 */
export function countTokensApproximately(
  messages: MessagesInput,
  options: CountTokensApproximatelyOptions = {},
): number {
  const { charsPerToken = 4, extraTokensPerMessage = 3, countName = true, tokensPerImage = 85 } = options;
  if (!(typeof charsPerToken === "number" && charsPerToken > 0)) {
    throw new LinnetError(`Expected charsPerToken to be a number above 0, got ${describeValue(charsPerToken)}.`, {
      code: "INVALID_CONFIG",
    });
  }
  let tokens = 0;
  for (const message of toMessages(messages)) {
    const { content } = message;
    const images = arrayOf(content).filter(isImage).length;
    const name = countName ? lengthOf(message.name ?? "") : 0;
    const characters = lengthOfContent(content) + lengthOfCalls(message) + lengthOfRole(message) + name;
    tokens += Math.ceil(characters / charsPerToken) + extraTokensPerMessage + images * tokensPerImage;
  }
  return Math.ceil(tokens);
}

function isImage(block: unknown): boolean {
  return isPlainRecord(block) && IMAGES.has(block.type);
}

function lengthOfContent(content: MessageContent): number {
  if (typeof content === "string") return content.length;
  return arrayOf(content).reduce((length: number, block) => length + lengthOfBlock(block), 0);
}

function lengthOfBlock(block: unknown): number {
  if (isImage(block)) return 0;
  return lengthOf(isPlainRecord(block) && block.type === "text" ? (block.text ?? "") : block);
}

function lengthOfRole(message: BaseMessage): number {
  const { type, role, tool_call_id } = message as { type: string; role?: unknown; tool_call_id?: unknown };
  return lengthOf(role ?? ROLES.get(type) ?? type) + lengthOf(tool_call_id ?? "");
}

/** Calls that stand in the content as well are counted there. */
function lengthOfCalls(message: BaseMessage): number {
  const { tool_calls, invalid_tool_calls } = message as Partial<AIMessage>;
  const inContent = new Set(arrayOf(message.content).map(callIdOfBlock));
  const calls = [...arrayOf(tool_calls), ...arrayOf(invalid_tool_calls)].filter(
    (call) => idOfCall(call) === undefined || !inContent.has(idOfCall(call)),
  );
  return calls.reduce((length: number, call) => length + lengthOf(call), 0);
}

/** How long a text is, or what stands for it as JSON; of what cannot be written as JSON nothing is counted. */
function lengthOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  let bytes = 0;
  const withoutBytes = (_key: string, item: unknown): unknown => {
    if (!ArrayBuffer.isView(item)) return item;
    bytes += item.byteLength;
    return "";
  };
  try {
    // Bytes are sent as base64.
    return (JSON.stringify(value, withoutBytes)?.length ?? 0) + Math.ceil(bytes / 3) * 4;
  } catch {
    return 0;
  }
}
