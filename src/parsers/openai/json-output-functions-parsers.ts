import { writeJson } from "../../json/safe-json.ts";
import { parseToolArguments } from "../../messages/tool-arguments.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import {
  BaseCumulativeTransformOutputParser,
  type BaseCumulativeTransformOutputParserInput,
} from "../base-cumulative-transform-output-parser.ts";
import { BaseLLMOutputParser, type ParsableGeneration } from "../base-llm-output-parser.ts";
import { type CumulativeReader, GatheringReader } from "../cumulative-reader.ts";
import { parseJsonText } from "../json-output-parser.ts";
import { OutputParserException } from "../output-parser-exception.ts";
import { callLength, extrasOf, messageOf } from "./said-message.ts";
import { unreadable } from "./tool-calls.ts";

/** The fields of a {@link OutputFunctionsParser}. */
export interface OutputFunctionsParserFields {
  /** Whether the arguments alone are given, without the function's name. Default: yes. */
  readonly argsOnly?: boolean | undefined;
}

/** What a function is called with, as JSON Schema. */
export type FunctionParameters = JsonSchema;

/** The function that a message wants called, as OpenAI's API had it before there were tools. */
interface FunctionCall {
  readonly [field: string]: unknown;
  readonly arguments: string;
}

const NAMESPACE: readonly string[] = ["langchain", "output_parsers", "openai_functions"];

/**
 * The `function_call` of a chat model's message as text. A message without one is an {@link OutputParserException}.
 *
 * @example
 * ```ts
 * import { AIMessage, OutputFunctionsParser } from "linnet";
 *
 * const function_call = { name: "listen", arguments: '{"bird":"linnet"}' };
 * const message = new AIMessage({ content: "", additional_kwargs: { function_call } });
 * console.log(await new OutputFunctionsParser().invoke(message)); // {"bird":"linnet"}
 * ```
 */
export class OutputFunctionsParser extends BaseLLMOutputParser<string> {
  /** Whether the arguments alone are given. */
  declare readonly argsOnly: boolean;

  constructor(fields: OutputFunctionsParserFields = {}) {
    super();
    this.argsOnly = fields.argsOnly ?? true;
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return [...NAMESPACE];
  }

  /**
   * Parses the call of the message of the first generation.
   *
   * @throws LinnetError `INVALID_INPUT` where there is no message.
   * @throws OutputParserException where it calls no function.
   */
  async parseResult(generations: readonly ParsableGeneration[]): Promise<string> {
    const call = functionCallOf(generations);
    return (this.argsOnly ? undefined : writeJson(call)) ?? call.arguments;
  }
}

/**
 * The `function_call` of a chat model's message, with its arguments parsed. Streamed, each value is the arguments as far as
 * they go. A message without one, or whose arguments are no JSON object, is an {@link OutputParserException}.
 *
 * @typeParam Parsed what the arguments are said to be; they are not checked.
 *
 * @example
 * ```ts
 * import { AIMessage, JsonOutputFunctionsParser } from "linnet";
 *
 * const function_call = { name: "listen", arguments: '{"bird":"linnet"}' };
 * const message = new AIMessage({ content: "", additional_kwargs: { function_call } });
 * console.log(await new JsonOutputFunctionsParser().invoke(message)); // { bird: 'linnet' }
 * ```
 */
export class JsonOutputFunctionsParser<
  Parsed = Record<string, unknown>,
> extends BaseCumulativeTransformOutputParser<Parsed> {
  /** Whether the arguments alone are given. */
  declare readonly argsOnly: boolean;

  constructor(fields: OutputFunctionsParserFields & BaseCumulativeTransformOutputParserInput = {}) {
    super(fields);
    this.argsOnly = fields.argsOnly ?? true;
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return [...NAMESPACE];
  }

  /** Parses arguments. @throws OutputParserException where they are no JSON. */
  async parse(text: string): Promise<Parsed> {
    return parseJsonText(text) as Parsed;
  }

  /**
   * Parses the call of the message of the first generation.
   *
   * @throws LinnetError `INVALID_INPUT` where there is no message.
   * @throws OutputParserException where it calls no function, or its arguments are no JSON object.
   */
  override async parseResult(generations: readonly ParsableGeneration[]): Promise<Parsed> {
    const call = functionCallOf(generations);
    const args = parseToolArguments(call.arguments, true);
    if (args === undefined) throw unreadable(String(call.name), call.arguments);
    return this.#result(call, args);
  }

  parsePartialResult(generations: readonly ParsableGeneration[]): Parsed | undefined {
    const call = findCall(generations);
    const args = call && parseToolArguments(call.arguments);
    return call && args && this.#result(call, args);
  }

  override "~reader"(): CumulativeReader<Parsed> {
    return new GatheringReader(this, callLength);
  }

  #result(call: FunctionCall, args: Record<string, unknown>): Parsed {
    return (this.argsOnly ? args : { ...call, arguments: args }) as Parsed;
  }
}

/** The fields of a {@link JsonKeyOutputFunctionsParser}. */
export interface JsonKeyOutputFunctionsParserFields {
  /** The argument that is wanted. */
  readonly attrName: string;
}

/**
 * One argument of the `function_call` of a chat model's message; undefined where it is not given.
 *
 * @typeParam Parsed what the argument is said to be; it is not checked.
 *
 * @example
 * ```ts
 * import { AIMessage, JsonKeyOutputFunctionsParser } from "linnet";
 *
 * const function_call = { name: "listen", arguments: '{"bird":"linnet"}' };
 * const message = new AIMessage({ content: "", additional_kwargs: { function_call } });
 * console.log(await new JsonKeyOutputFunctionsParser({ attrName: "bird" }).invoke(message)); // linnet
 * ```
 */
export class JsonKeyOutputFunctionsParser<Parsed = unknown> extends BaseLLMOutputParser<Parsed> {
  /** The argument that is wanted. */
  declare readonly attrName: string;
  /** What parses the call. */
  declare readonly outputParser: JsonOutputFunctionsParser;

  constructor(fields: JsonKeyOutputFunctionsParserFields) {
    super();
    this.attrName = fields.attrName;
    this.outputParser = new JsonOutputFunctionsParser();
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return [...NAMESPACE];
  }

  /**
   * Parses the call of the message of the first generation.
   *
   * @throws LinnetError `INVALID_INPUT` where there is no message.
   * @throws OutputParserException where it calls no function, or its arguments are no JSON object.
   */
  async parseResult(generations: readonly ParsableGeneration[]): Promise<Parsed> {
    const args = await this.outputParser.parseResult(generations);
    return (Object.hasOwn(args, this.attrName) ? args[this.attrName] : undefined) as Parsed;
  }
}

function functionCallOf(generations: readonly ParsableGeneration[]): FunctionCall {
  const call = findCall(generations);
  if (call !== undefined) return call;
  throw new OutputParserException("Expected a message with a function_call, got one without.", generations[0]?.text);
}

function findCall(generations: readonly ParsableGeneration[]): FunctionCall | undefined {
  const call = extrasOf(messageOf(generations)).function_call;
  return isPlainRecord(call) && typeof call.arguments === "string" ? { ...call, arguments: call.arguments } : undefined;
}
