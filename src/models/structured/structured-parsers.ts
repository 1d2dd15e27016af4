import { describeValue } from "../../errors/describe-value.ts";
import { isSameData } from "../../json/json-diff.ts";
import { parseToolArguments } from "../../messages/tool-arguments.ts";
import type { ToolCall, ToolCallChunk } from "../../messages/tool-call.ts";
import type { BaseLLMOutputParser, ParsableGeneration } from "../../parsers/base-llm-output-parser.ts";
import type { BaseOutputParser } from "../../parsers/base-output-parser.ts";
import type { CumulativeReader } from "../../parsers/cumulative-reader.ts";
import { JsonOutputParser, parseJsonText } from "../../parsers/json-output-parser.ts";
import type { ParserInput } from "../../parsers/message-text.ts";
import {
  JsonOutputKeyToolsParser,
  type JsonOutputKeyToolsParserParams,
} from "../../parsers/openai/json-output-tools-parsers.ts";
import { OutputParserException } from "../../parsers/output-parser-exception.ts";
import { fitted } from "../../parsers/schema-output.ts";
import { andThen, type MaybePromise } from "../../streams/maybe-promise.ts";
import { schemaOf } from "./asked-output.ts";
import type { StructuredOutputSchema } from "./structured-options.ts";

/** A class of parsers for the calls of one tool. */
export type FunctionCallingParserConstructor<Output = Record<string, unknown>> = new (
  params: JsonOutputKeyToolsParserParams<Output>,
) => BaseLLMOutputParser<Output>;

/**
 * A parser for an answer whose text is JSON. Streamed, each value is what there is so far, not checked; the last one is what
 * the schema gives. JSON that does not fit is an `OutputParserException`.
 *
 * @throws LinnetError `INVALID_CONFIG` for what is no schema.
 *
 * @example
 * ```ts
 * import { createContentParser } from "linnet";
 *
 * const parser = createContentParser({ type: "object", required: ["bird"] });
 * console.log(await parser.invoke('{"bird":"linnet"}')); // { bird: 'linnet' }
 * ```
 */
export function createContentParser<Output = Record<string, unknown>>(
  schema: StructuredOutputSchema<Output>,
): BaseOutputParser<Output> {
  return new FittingJsonParser(schema);
}

/**
 * A parser for an answer that is a call of a tool: it gives what the schema makes of the arguments. Streamed, each value is
 * the arguments so far, not checked, before the last. Arguments that do not fit, and an answer without that call, are an
 * `OutputParserException`.
 *
 * @param keyName the name of the tool.
 * @param ParserClass makes the parser instead, given `keyName`, `returnSingle: true` and `serializableSchema`.
 * @throws LinnetError `INVALID_CONFIG` for what is no schema.
 *
 * @example
 * ```ts
 * import { AIMessage, createFunctionCallingParser } from "linnet";
 *
 * const parser = createFunctionCallingParser({ type: "object", required: ["bird"] }, "extract");
 * const said = new AIMessage({ content: "", tool_calls: [{ name: "extract", args: { bird: "linnet" }, id: "1" }] });
 * console.log(await parser.invoke(said)); // { bird: 'linnet' }
 * ```
 */
export function createFunctionCallingParser<Output = Record<string, unknown>>(
  schema: StructuredOutputSchema<Output>,
  keyName: string,
  ParserClass: FunctionCallingParserConstructor<Output> = OneCallParser,
): BaseLLMOutputParser<Output> {
  return new ParserClass({ keyName, returnSingle: true, serializableSchema: schemaOf(schema) });
}

/** Whether arguments break off: what the model meant is not known then. */
function areCutOff(args: unknown): args is string {
  return typeof args === "string" && parseToolArguments(args, true) === undefined;
}

/** Arguments of a call that has to be there. */
class OneCallParser<Output> extends JsonOutputKeyToolsParser<Output> {
  static override lc_name(): string {
    return "JsonOutputKeyToolsParser";
  }

  override async parseResult(generations: readonly ParsableGeneration[]): Promise<Output> {
    const [{ text = "", message } = {}] = generations;
    const pieces = (message as { tool_call_chunks?: readonly ToolCallChunk[] } | undefined)?.tool_call_chunks ?? [];
    const { args } = pieces.find(({ name }) => name === this.keyName) ?? {};
    // Their beginning can be read, and may well fit.
    if (areCutOff(args)) {
      throw new OutputParserException(
        `Expected whole arguments in the call of ${JSON.stringify(this.keyName)}, got some that break off: ${describeValue(args)}. Allow the model more tokens.`,
        args,
      );
    }
    const parsed = (await super.parseResult(generations)) as Output | undefined;
    if (parsed !== undefined) return parsed;
    const { tool_calls: calls = [] } = message as { tool_calls?: readonly ToolCall[] }; // Without one nothing is parsed.
    const said = calls.length === 0 ? describeValue(text) : `calls of ${calls.map(({ name }) => name).join(", ")}`;
    throw new OutputParserException(
      `Expected the model to call ${JSON.stringify(this.keyName)}, got ${said}. Use a model that honours tool_choice, or the method jsonSchema or jsonMode.`,
      text,
    );
  }
}

/** JSON that has to fit a schema. */
class FittingJsonParser<Output> extends JsonOutputParser<Output> {
  readonly #fit: (value: unknown, said: string) => Promise<Output>;

  constructor(given: StructuredOutputSchema<Output>) {
    super();
    const schema = schemaOf(given);
    const fit = (value: unknown, said: string): Promise<Output> =>
      fitted(schema, value, "JSON", said) as Promise<Output>;
    this.#fit = fit;
  }

  static override lc_name(): string {
    return "JsonOutputParser";
  }

  override async parse(text: string): Promise<Output> {
    return this.#fit(parseJsonText(text), text);
  }

  override "~reader"(): CumulativeReader<Output> {
    return new FittingReader(new JsonOutputParser<unknown>()["~reader"](), this.#fit);
  }
}

/** Shows what another reader has, and at the end what fits. */
class FittingReader<Output> implements CumulativeReader<Output> {
  readonly #reader: CumulativeReader<unknown>;
  readonly #fit: (value: unknown, said: string) => Promise<Output>;
  #shown: unknown = undefined;

  constructor(reader: CumulativeReader<unknown>, fit: (value: unknown, said: string) => Promise<Output>) {
    this.#reader = reader;
    this.#fit = fit;
  }

  read(chunk: ParserInput): MaybePromise<Output | undefined> {
    return andThen(this.#reader.read(chunk), (read) => {
      if (read !== undefined) this.#shown = read;
      return read as Output | undefined;
    });
  }

  async end(): Promise<Output | undefined> {
    const rest = await this.#reader.end();
    const whole = rest === undefined ? this.#shown : rest;
    const value = await this.#fit(whole, JSON.stringify(whole));
    return isSameData(this.#shown, value) ? undefined : value;
  }
}
