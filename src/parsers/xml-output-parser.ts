import {
  BaseCumulativeTransformOutputParser,
  type BaseCumulativeTransformOutputParserInput,
} from "./base-cumulative-transform-output-parser.ts";
import type { ParsableGeneration } from "./base-llm-output-parser.ts";
import { type CumulativeReader, ShowingBudget } from "./cumulative-reader.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";
import { OutputParserException } from "./output-parser-exception.ts";
import { type XMLResult, XmlReader } from "./xml-reader.ts";

/** The fields of an {@link XMLOutputParser}. */
export interface XMLOutputParserFields extends BaseCumulativeTransformOutputParserInput {
  /** The tags that the model is to use, told to it. Default: its own. */
  readonly tags?: string[] | undefined;
}

/** What {@link XMLOutputParser} asks of the model; `{tags}` stands for the tags. */
export const XML_FORMAT_INSTRUCTIONS: string = `Answer with one XML element, and close every tag that you open, the inner ones first.
Good: <list><item>red</item><item>green</item></list>
Bad: <list><item>red</list></item>

Use these tags; if there are none, find your own:
\`\`\`
{tags}
\`\`\``;

/**
 * The XML that a model said: an element is an object with its tag for a key, and its text or a list of the elements in it for
 * a value. Attributes, comments, text beside elements and words around the root are passed over. Streamed, each value is what
 * there is so far; with `diff`, the JSON patch that makes it of the last one. Elements that are never closed end with the answer.
 *
 * Document types are refused, and with them every entity but the five of XML and characters by number; so is what is more than
 * 256 deep. These, and an answer without XML, are an {@link OutputParserException}.
 *
 * @example
 * ```ts
 * import { XMLOutputParser } from "linnet";
 *
 * const parser = new XMLOutputParser({ tags: ["birds", "bird"] });
 * console.log(await parser.invoke("<birds><bird>linnet</bird></birds>")); // { birds: [ { bird: 'linnet' } ] }
 * ```
 */
export class XMLOutputParser extends BaseCumulativeTransformOutputParser<XMLResult> {
  /** The tags that the model is to use. */
  declare readonly tags: string[] | undefined;

  constructor(fields: XMLOutputParserFields = {}) {
    super(fields);
    this.tags = fields.tags;
  }

  /**
   * Parses a text.
   *
   * @throws OutputParserException where it has no XML, or a broken one.
   */
  async parse(text: string): Promise<XMLResult> {
    return parseXMLMarkdown(text);
  }

  parsePartialResult(generations: readonly ParsableGeneration[]): XMLResult | undefined {
    const reader = new XmlReader();
    reader.read(generations[0]?.text ?? "");
    return reader.problem === undefined ? reader.snapshot() : undefined;
  }

  /** Asks for XML with the tags. */
  override getFormatInstructions(): string {
    const { tags } = this;
    return tags === undefined
      ? XML_FORMAT_INSTRUCTIONS
      : XML_FORMAT_INSTRUCTIONS.replace("{tags}", () => tags.join(", "));
  }

  override "~reader"(): CumulativeReader<XMLResult> {
    // A subclass may parse in a way of its own.
    const ours = XMLOutputParser.prototype;
    const isOurs =
      this.parsePartialResult === ours.parsePartialResult &&
      this.parse === ours.parse &&
      this.parseResult === ours.parseResult;
    return isOurs ? new XmlTextReader() : super["~reader"]();
  }
}

/**
 * The XML in a text, by itself or with words or a fence around it.
 *
 * @throws OutputParserException where there is none, or it is broken.
 *
 * @example
 * ```ts
 * import { parseXMLMarkdown } from "linnet";
 *
 * console.log(parseXMLMarkdown("Sure: <bird>linnet</bird>")); // { bird: 'linnet' }
 * ```
 */
export function parseXMLMarkdown(text: string): XMLResult {
  const reader = new XmlReader();
  reader.read(text);
  return wholeOf(reader, text);
}

function wholeOf(reader: XmlReader, said: string): XMLResult {
  const whole = reader.problem === undefined ? reader.snapshot() : undefined;
  if (whole !== undefined) return whole;
  throw new OutputParserException(`Expected XML, got ${reader.problem ?? "no element"}.`, said);
}

class XmlTextReader implements CumulativeReader<XMLResult> {
  readonly #xml: XmlReader = new XmlReader();
  readonly #budget: ShowingBudget = new ShowingBudget();
  #said = "";

  read(chunk: ParserInput): XMLResult | undefined {
    const text = textOfInput(chunk);
    this.#said += text;
    this.#xml.read(text);
    const isShown = this.#budget.pays(text.length, this.#xml.cost) && this.#xml.changed;
    return isShown && this.#xml.problem === undefined ? this.#xml.snapshot() : undefined;
  }

  end(): XMLResult | undefined {
    const { changed } = this.#xml;
    const whole = wholeOf(this.#xml, this.#said);
    return changed ? whole : undefined;
  }
}
