import { BaseTransformOutputParser } from "./base-transform-output-parser.ts";
import { type ItemReader, LineItemReader, SeparatedItemReader } from "./item-reader.ts";
import { type ParserInput, textOfInput } from "./message-text.ts";
import { OutputParserException } from "./output-parser-exception.ts";

/**
 * A parser of lists: streamed, each item is a list of one, so that the sum of them all is the list. Subclasses implement
 * `parse`; the whole answer is awaited before it is parsed.
 *
 * @example
 * ```ts
 * import { ListOutputParser } from "linnet";
 *
 * class Words extends ListOutputParser {
 *   getFormatInstructions(): string {
 *     return "Give words.";
 *   }
 *   async parse(text: string): Promise<string[]> {
 *     return text.split(" ");
 *   }
 * }
 *
 * console.log(await new Words().invoke("one two")); // [ 'one', 'two' ]
 * ```
 */
export abstract class ListOutputParser extends BaseTransformOutputParser<string[]> {
  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "output_parsers", "list"];
  }

  /** Parses a text. */
  abstract override parse(text: string): Promise<string[]>;

  /** @internal */
  override async *_transform(input: AsyncGenerator<ParserInput>): AsyncGenerator<string[]> {
    let text = "";
    for await (const chunk of input) text += textOfInput(chunk);
    yield* asLists(await this.parseResult([{ text }]));
  }
}

/** One whose items are known as soon as they are said. */
abstract class ReadListOutputParser extends ListOutputParser {
  /** What finds the items of one text. */
  abstract "~items"(): ItemReader;

  /** Parses a text. */
  async parse(text: string): Promise<string[]> {
    const reader = this["~items"]();
    const items = reader.read(text).concat(reader.end());
    this["~check"](items.length, text);
    return items;
  }

  /** @internal Refuses a list of this many items. */
  "~check"(_count: number, _text?: string): void {}

  /** @internal */
  override async *_transform(input: AsyncGenerator<ParserInput>): AsyncGenerator<string[]> {
    const ours = ReadListOutputParser.prototype;
    if (this.parse !== ours.parse || this.parseResult !== ours.parseResult) return yield* super._transform(input);
    const reader = this["~items"]();
    let count = 0;
    for await (const chunk of input) {
      const items = reader.read(textOfInput(chunk));
      count += items.length;
      for (const item of items) yield [item];
    }
    const last = reader.end();
    count += last.length;
    for (const item of last) yield [item];
    this["~check"](count);
    if (count === 0) yield [];
  }
}

/** The parts of a list, whose sum it is. */
function asLists(items: readonly string[]): string[][] {
  return items.length === 0 ? [[]] : items.map((item) => [item]);
}

/**
 * A list with commas between its items.
 *
 * @example
 * ```ts
 * import { CommaSeparatedListOutputParser } from "linnet";
 *
 * console.log(await new CommaSeparatedListOutputParser().invoke("linnet, finch")); // [ 'linnet', 'finch' ]
 * ```
 */
export class CommaSeparatedListOutputParser extends ReadListOutputParser {
  /** Asks for a list with commas. */
  getFormatInstructions(): string {
    return "Answer with a list of values separated by commas, such as: `red, green, blue`";
  }

  override "~items"(): ItemReader {
    return new SeparatedItemReader(",");
  }
}

/** The fields of a {@link CustomListOutputParser}. */
export interface CustomListOutputParserFields {
  /** How many items there must be. Default: any number. */
  readonly length?: number | undefined;
  /** What stands between two items. Default: a comma. */
  readonly separator?: string | undefined;
}

/**
 * A list with a separator of your choice between its items, and as many of them as you say. Another number of them is an
 * {@link OutputParserException}, of a stream at its end.
 *
 * @example
 * ```ts
 * import { CustomListOutputParser } from "linnet";
 *
 * const parser = new CustomListOutputParser({ separator: ";", length: 2 });
 * console.log(await parser.invoke("linnet; finch")); // [ 'linnet', 'finch' ]
 * ```
 */
export class CustomListOutputParser extends ReadListOutputParser {
  readonly #length: number | undefined;
  readonly #separator: string;

  constructor(fields: CustomListOutputParserFields = {}) {
    super();
    this.#length = fields.length;
    this.#separator = fields.separator || ",";
  }

  /** Asks for that many items with that separator. */
  getFormatInstructions(): string {
    const count = this.#length === undefined ? "" : `${this.#length} `;
    const example = ["red", "green", "blue"].join(`${this.#separator} `);
    return `Answer with a list of ${count}values separated by ${JSON.stringify(this.#separator)}, such as: \`${example}\``;
  }

  override "~items"(): ItemReader {
    return new SeparatedItemReader(this.#separator);
  }

  override "~check"(count: number, text?: string): void {
    if (this.#length === undefined || count === this.#length) return;
    throw new OutputParserException(`Expected a list of ${this.#length} items, got ${count}.`, text);
  }
}

/**
 * A numbered list, one item on each line: what follows `1. `.
 *
 * @example
 * ```ts
 * import { NumberedListOutputParser } from "linnet";
 *
 * console.log(await new NumberedListOutputParser().invoke("Birds:\n1. linnet\n2. finch")); // [ 'linnet', 'finch' ]
 * ```
 */
export class NumberedListOutputParser extends ReadListOutputParser {
  /** Asks for a numbered list. */
  getFormatInstructions(): string {
    return "Answer with a numbered list, each item on a line of its own, such as:\n\n1. red\n\n2. green\n\n3. blue";
  }

  override "~items"(): ItemReader {
    return new LineItemReader(afterNumber);
  }
}

/**
 * A list in Markdown, one item on each line: what follows `- ` or `* `.
 *
 * @example
 * ```ts
 * import { MarkdownListOutputParser } from "linnet";
 *
 * console.log(await new MarkdownListOutputParser().invoke("- linnet\n- finch")); // [ 'linnet', 'finch' ]
 * ```
 */
export class MarkdownListOutputParser extends ReadListOutputParser {
  /** Asks for a list in Markdown. */
  getFormatInstructions(): string {
    return "Answer with a Markdown list, each item on a line of its own, such as:\n\n- red\n- green\n- blue";
  }

  override "~items"(): ItemReader {
    return new LineItemReader(afterBullet);
  }
}

const DIGIT = /\d/;
const SPACE = /\s/;

/** What follows the first number with a dot and a space. A scan: a pattern would try a long number from each of its digits. */
function afterNumber(line: string): string | undefined {
  for (let dot = line.indexOf("."); dot !== -1; dot = line.indexOf(".", dot + 1)) {
    if (DIGIT.test(line[dot - 1] ?? "") && SPACE.test(line[dot + 1] ?? "")) return line.slice(dot + 2);
  }
  return undefined;
}

function afterBullet(line: string): string | undefined {
  const text = line.trimStart();
  return (text[0] === "-" || text[0] === "*") && SPACE.test(text[1] ?? "") ? text.slice(2) : undefined;
}
