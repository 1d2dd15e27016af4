import type { RunnableConfig } from "../runnables/config.ts";
import { transformWithRun } from "../runnables/run-source.ts";
import { GeneratorSource } from "../streams/generator-source.ts";
import type { Source } from "../streams/source.ts";
import { BaseOutputParser } from "./base-output-parser.ts";
import type { ParserInput } from "./message-text.ts";
import { ParseSource } from "./parse-source.ts";

/**
 * A parser that parses a stream chunk by chunk, each by itself: for parsers whose value is additive, as text is. One that
 * has to see more than a chunk at a time implements `_transform`.
 *
 * @typeParam Parsed what it gives.
 */
export abstract class BaseTransformOutputParser<Parsed = unknown> extends BaseOutputParser<Parsed> {
  /** @internal For subclasses: the stream of values for a stream of texts or messages. By default one each. */
  async *_transform(input: AsyncGenerator<ParserInput>): AsyncGenerator<Parsed> {
    for await (const chunk of input) yield await this["~parse"](chunk);
  }

  override "~transform"(source: Source<ParserInput>, config: RunnableConfig | undefined): Source<Parsed> {
    return transformWithRun(this, source, config, (chunks, context) =>
      this._transform === BaseTransformOutputParser.prototype._transform
        ? new ParseSource(chunks, (chunk) => this["~parse"](chunk))
        : new GeneratorSource(chunks, (input) => this._transform(input), context.scope),
    );
  }
}
