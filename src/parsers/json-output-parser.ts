import { JsonMarkdownReader } from "../json/json-markdown.ts";
import { BaseCumulativeTransformOutputParser } from "./base-cumulative-transform-output-parser.ts";
import type { ParsableGeneration } from "./base-llm-output-parser.ts";
import { type CumulativeReader, ShowingBudget } from "./cumulative-reader.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";
import { OutputParserException } from "./output-parser-exception.ts";

/**
 * The JSON that a model said, by itself or in a fenced block of Markdown, nested at most 256 deep. Streamed, each value is what
 * there is so far; with `diff`, the JSON patch that makes it of the last one. An answer without JSON, or with half of one, is
 * an {@link OutputParserException}.
 *
 * Long lists and objects that are still open (some hundred items) are shown every few pieces only, so that a stream stays
 * linear; a value that is neither, once it is whole.
 *
 * @typeParam Parsed what the JSON is said to be; it is not checked.
 *
 * @example
 * ```ts
 * import { JsonOutputParser } from "linnet";
 *
 * const parser = new JsonOutputParser<{ bird: string }>();
 * console.log(await parser.invoke('```json\n{ "bird": "linnet" }\n```')); // { bird: 'linnet' }
 * for await (const partial of parser.transform(['{"bird": "lin', 'net"}'])) console.log(partial);
 * // { bird: 'lin' }
 * // { bird: 'linnet' }
 * ```
 */
export class JsonOutputParser<Parsed = Record<string, unknown>> extends BaseCumulativeTransformOutputParser<Parsed> {
  /**
   * Parses a text.
   *
   * @throws OutputParserException where it has no JSON, or only a part of one.
   */
  async parse(text: string): Promise<Parsed> {
    return parseJsonText(text) as Parsed;
  }

  parsePartialResult(generations: readonly ParsableGeneration[]): Parsed | undefined {
    return parseJsonMarkdown(generations[0]?.text ?? "") as Parsed | undefined;
  }

  override "~reader"(): CumulativeReader<Parsed> {
    // A subclass may parse in a way of its own.
    const ours = JsonOutputParser.prototype;
    const isOurs =
      this.parsePartialResult === ours.parsePartialResult &&
      this.parse === ours.parse &&
      this.parseResult === ours.parseResult;
    const givesChanges = this.diff && this._diff === ours._diff;
    return isOurs ? (new JsonTextReader(givesChanges) as CumulativeReader<Parsed>) : super["~reader"]();
  }
}

/**
 * The JSON in a text, by itself or in a fenced block of Markdown, as far as it goes.
 *
 * @param parse what reads the text of the JSON. Default: as `parsePartialJson`.
 * @returns undefined where there is none.
 *
 * @example
 * ```ts
 * import { parseJsonMarkdown } from "linnet";
 *
 * console.log(parseJsonMarkdown('Sure:\n```json\n{ "bird": "lin')); // { bird: 'lin' }
 * ```
 */
export function parseJsonMarkdown(text: string): unknown;
export function parseJsonMarkdown<Value>(text: string, parse: (json: string) => Value): Value;
export function parseJsonMarkdown(text: string, parse?: (json: string) => unknown): unknown {
  const reader = new JsonMarkdownReader();
  reader.read(text);
  return parse === undefined ? reader.partial() : parse(reader.json);
}

/** The JSON in a text. @throws OutputParserException where there is none, or only a part of one. */
export function parseJsonText(text: string): unknown {
  const reader = new JsonMarkdownReader();
  reader.read(text);
  return wholeOf(reader);
}

function wholeOf(reader: JsonMarkdownReader): unknown {
  if (reader.end()) return reader.snapshot();
  const isBegun = reader.isOpen && reader.partial() !== undefined;
  const hint = isBegun
    ? "It breaks off: raise the model's limit of tokens, or ask for less."
    : "Ask the model for JSON.";
  const said = JSON.stringify(reader.said.length > 200 ? `${reader.said.slice(0, 200)}…` : reader.said);
  throw new OutputParserException(
    `Expected JSON or a fenced block of it, whole and at most 256 deep, got ${said}. ${hint}`,
    reader.said,
  );
}

class JsonTextReader implements CumulativeReader<unknown> {
  readonly #json: JsonMarkdownReader;
  readonly #budget: ShowingBudget = new ShowingBudget();
  readonly givesChanges: boolean;

  constructor(givesChanges: boolean) {
    this.givesChanges = givesChanges;
    this.#json = new JsonMarkdownReader(undefined, givesChanges);
  }

  read(chunk: ParserInput): unknown {
    const text = textOfInput(chunk);
    const json = this.#json;
    json.read(text);
    if (!json.isOpen) return undefined;
    if (this.givesChanges) return json.changed ? json.patch() : undefined;
    return this.#budget.pays(text.length, json.cost) && json.changed ? json.snapshot() : undefined;
  }

  end(): unknown {
    this.#json.end();
    const { changed } = this.#json;
    const whole = wholeOf(this.#json);
    if (!changed) return undefined;
    return this.givesChanges ? this.#json.patch() : whole;
  }
}
