import { LinnetError } from "../../errors/linnet-error.ts";
import { writeJson } from "../../json/safe-json.ts";
import { parseToolArguments } from "../../messages/tool-arguments.ts";
import type { InvalidToolCall, ToolCall } from "../../messages/tool-call.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import { OutputParserException } from "../output-parser-exception.ts";

/** What {@link parseToolCall} may be told. */
export interface ParseToolCallOptions {
  /** Whether the call keeps its id. Default: no. */
  readonly returnId?: boolean | undefined;
  /** Whether the call may still be being written. Default: no. */
  readonly partial?: boolean | undefined;
}

/**
 * A call in the shape of OpenAI's API as a tool call. Arguments may be left empty.
 *
 * @returns undefined for what is no function's call, and for the beginning of one of which nothing can be told.
 * @throws OutputParserException where the arguments are no JSON object, or only a part of one.
 *
 * @example
 * ```ts
 * import { parseToolCall } from "linnet";
 *
 * const call = parseToolCall({ id: "1", function: { name: "listen", arguments: '{"bird":"linnet"}' } });
 * console.log(call?.args); // { bird: 'linnet' }
 * ```
 */
export function parseToolCall(
  rawToolCall: Readonly<Record<string, unknown>>,
  options: ParseToolCallOptions = {},
): ToolCall | undefined {
  const given = functionOf(rawToolCall);
  if (given === undefined) return undefined;
  const name = textOf(given.name);
  const written = textOf(given.arguments);
  const args = isPlainRecord(given.arguments) ? given.arguments : parseToolArguments(written, !options.partial);
  if (args === undefined) {
    if (options.partial) return undefined;
    throw unreadable(name, written);
  }
  const id = options.returnId && typeof rawToolCall.id === "string" ? { id: rawToolCall.id } : undefined;
  return { name, args, type: "tool_call", ...id };
}

/** The error of a call whose arguments cannot be read. */
export function unreadable(name: string | undefined, args: string | undefined): OutputParserException {
  const shown = JSON.stringify(args === undefined || args.length <= 200 ? args : `${args.slice(0, 200)}…`);
  return new OutputParserException(
    `Expected the arguments of ${JSON.stringify(name)} to be a JSON object, got ${shown}.`,
    args,
  );
}

/**
 * A call in the shape of OpenAI's API that cannot be read, as a message holds it.
 *
 * @param errorMsg why it cannot be read.
 */
export function makeInvalidToolCall(
  rawToolCall: Readonly<Record<string, unknown>>,
  errorMsg?: string | undefined,
): InvalidToolCall {
  const given = functionOf(rawToolCall);
  const text = (value: unknown): string | undefined => (value === undefined ? undefined : textOf(value));
  return {
    name: text(given?.name),
    args: text(given?.arguments),
    id: text(rawToolCall.id),
    error: errorMsg,
    type: "invalid_tool_call",
  };
}

/** A tool call in the shape of OpenAI's API. @throws LinnetError `INVALID_INPUT` for one without an id, or whose arguments JSON cannot say. */
export function convertLangChainToolCallToOpenAI(toolCall: ToolCall): {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
} {
  const { id, name, args } = toolCall;
  const written = writeJson(args);
  if (id === undefined || written === undefined)
    throw new LinnetError(
      `Expected the call of ${JSON.stringify(name)} to have an id, and arguments that JSON can say, got ${id === undefined ? "no id" : "others"}.`,
      { code: "INVALID_INPUT", data: { name } },
    );
  return { id, type: "function", function: { name, arguments: written } };
}

function functionOf(rawToolCall: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const given = rawToolCall.function;
  return isPlainRecord(given) ? given : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : (writeJson(value) ?? "");
}
