import { copyData } from "../../messages/merge.ts";
import type { InvalidToolCall, ToolCall } from "../../messages/tool-call.ts";
import type { StandardSchemaV1 } from "../../schema/standard-schema.ts";
import type { Schema } from "../../schema/validate.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import {
  BaseCumulativeTransformOutputParser,
  type BaseCumulativeTransformOutputParserInput,
} from "../base-cumulative-transform-output-parser.ts";
import type { ParsableGeneration } from "../base-llm-output-parser.ts";
import { type CumulativeReader, GatheringReader } from "../cumulative-reader.ts";
import { fitted } from "../schema-output.ts";
import { callLength, extrasOf, messageOf } from "./said-message.ts";
import { parseToolCall, unreadable } from "./tool-calls.ts";

/** A call of a tool as the parsers give it. */
export interface ParsedToolCall<Args = Record<string, unknown>> {
  /** The tool's name. */
  readonly type: string;
  /** What the tool is called with. */
  readonly args: Args;
  /** The call's id, where it was asked for. */
  readonly id?: string | undefined;
}

/** The fields of a {@link JsonOutputToolsParser}. */
export interface JsonOutputToolsParserParams extends BaseCumulativeTransformOutputParserInput {
  /** Whether each call has its id. Default: no. */
  readonly returnId?: boolean | undefined;
}

/** What calls are parsed from: those that can be read, and those that cannot. */
interface SaidCalls {
  readonly tool_calls?: readonly ToolCall[];
  readonly invalid_tool_calls?: readonly InvalidToolCall[];
}

/**
 * The tool calls of a chat model's message. Streamed, each value is the calls as far as they go; long arguments are shown every
 * few pieces only. A message none of whose calls can be read is an {@link OutputParserException}; one without calls gives
 * an empty list.
 *
 * @typeParam Parsed what it gives.
 *
 * @example
 * ```ts
 * import { AIMessage, JsonOutputToolsParser } from "linnet";
 *
 * const message = new AIMessage({ content: "", tool_calls: [{ name: "listen", args: { bird: "linnet" }, id: "1" }] });
 * console.log(await new JsonOutputToolsParser().invoke(message)); // [ { type: 'listen', args: { bird: 'linnet' } } ]
 * ```
 */
export class JsonOutputToolsParser<Parsed = ParsedToolCall[]> extends BaseCumulativeTransformOutputParser<Parsed> {
  /** Whether each call has its id. */
  declare readonly returnId: boolean;

  constructor(fields: JsonOutputToolsParserParams = {}) {
    super(fields);
    this.returnId = fields.returnId ?? false;
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain", "output_parsers", "openai_tools"];
  }

  /** A text has no calls. @throws LinnetError `INVALID_INPUT`. */
  async parse(text: string): Promise<Parsed> {
    return this.parseResult([{ text }]);
  }

  /**
   * Parses the calls of the message of the first generation.
   *
   * @throws LinnetError `INVALID_INPUT` where there is no message.
   * @throws OutputParserException where none of its calls can be read.
   */
  override async parseResult(generations: readonly ParsableGeneration[]): Promise<Parsed> {
    return this["~calls"](generations, false) as Parsed;
  }

  parsePartialResult(generations: readonly ParsableGeneration[]): Parsed | undefined {
    const calls = this["~calls"](generations, true);
    return calls.length === 0 ? undefined : (calls as Parsed);
  }

  /** @internal The calls, whatever is made of them. */
  "~calls"(generations: readonly ParsableGeneration[], partial: boolean): ParsedToolCall[] {
    const message = messageOf(generations);
    const { tool_calls: calls = [], invalid_tool_calls: [invalid] = [] } = message as SaidCalls;
    const raw = extrasOf(message).tool_calls;
    if (calls.length > 0) return calls.map((call) => this.#toParsed(call));
    if (Array.isArray(raw)) {
      const read = raw.map((call) => isPlainRecord(call) && parseToolCall(call, { returnId: true, partial }));
      return read.filter((call) => typeof call === "object").map((call) => this.#toParsed(call));
    }
    if (invalid !== undefined && !partial) throw unreadable(invalid.name, invalid.args);
    return [];
  }

  override "~reader"(): CumulativeReader<Parsed> {
    return new GatheringReader(this, callLength);
  }

  #toParsed({ name, args, id }: ToolCall): ParsedToolCall {
    return { type: name, args: copyData(args), ...(this.returnId && { id }) };
  }
}

/** The fields of a {@link JsonOutputKeyToolsParser}. */
export interface JsonOutputKeyToolsParserParams<Args = Record<string, unknown>> extends JsonOutputToolsParserParams {
  /** The tool whose calls are wanted. */
  readonly keyName: string;
  /** Whether the arguments of the first call are given instead of a list of all. Default: no. */
  readonly returnSingle?: boolean | undefined;
  /** What the arguments have to fit: a schema of any library with Standard Schema, or a JSON Schema. Default: nothing. */
  readonly serializableSchema?: StandardSchemaV1<unknown, Args> | Schema | undefined;
  /** The same, under the peer's other name for it. */
  readonly zodSchema?: StandardSchemaV1<unknown, Args> | Schema | undefined;
}

/** The same, under the peer's names for one with `zodSchema`, and for one with `serializableSchema`. */
export type JsonOutputKeyToolsParserParamsInterop<Args = Record<string, unknown>> =
  JsonOutputKeyToolsParserParams<Args>;
/** The same. */
export type JsonOutputKeyToolsParserParamsSerializable<Args = Record<string, unknown>> =
  JsonOutputKeyToolsParserParams<Args>;

/**
 * The arguments of the calls of one tool; undefined where it is not called. With a schema, arguments that do not fit are an
 * {@link OutputParserException}; of a stream the last value is what the schema gives, and those before are not checked.
 *
 * @typeParam Args what a call is made with; with `returnSingle` what the parser gives, and else `Args[]` is given.
 *
 * @example
 * ```ts
 * import { AIMessage, JsonOutputKeyToolsParser } from "linnet";
 *
 * const message = new AIMessage({ content: "", tool_calls: [{ name: "listen", args: { bird: "linnet" }, id: "1" }] });
 * const parser = new JsonOutputKeyToolsParser({ keyName: "listen", returnSingle: true });
 * console.log(await parser.invoke(message)); // { bird: 'linnet' }
 * ```
 */
export class JsonOutputKeyToolsParser<Args = Record<string, unknown>> extends JsonOutputToolsParser<Args> {
  /** The tool whose calls are wanted. */
  declare readonly keyName: string;
  /** Whether the arguments of the first call are given. */
  declare readonly returnSingle: boolean;
  /** What the arguments have to fit. */
  declare readonly serializableSchema: Schema | undefined;

  constructor(params: JsonOutputKeyToolsParserParams<Args>) {
    super(params);
    this.keyName = params.keyName;
    this.returnSingle = params.returnSingle ?? false;
    this.serializableSchema = params.serializableSchema ?? params.zodSchema;
  }

  override async parseResult(generations: readonly ParsableGeneration[]): Promise<Args> {
    const schema = this.serializableSchema;
    const found = this.#argsOf(generations, false);
    const fit = async (args: unknown): Promise<unknown> =>
      schema === undefined
        ? args
        : fitted(schema, args, `a call of ${JSON.stringify(this.keyName)}`, JSON.stringify(args));
    return this.#result(await Promise.all(found.map(fit))) as Args;
  }

  override parsePartialResult(generations: readonly ParsableGeneration[]): Args | undefined {
    return this.#result(this.#argsOf(generations, true)) as Args | undefined;
  }

  #argsOf(generations: readonly ParsableGeneration[], partial: boolean): unknown[] {
    const calls = this["~calls"](generations, partial).filter(({ type }) => type === this.keyName);
    return (this.returnSingle ? calls.slice(0, 1) : calls).map(({ args }) => args);
  }

  #result(found: readonly unknown[]): unknown {
    return this.returnSingle || found.length === 0 ? found[0] : found;
  }
}
