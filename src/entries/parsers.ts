import "../runnables/wiring.ts";

export { BaseLLMOutputParser, type ParsableGeneration } from "../parsers/base-llm-output-parser.ts";
export { BaseOutputParser } from "../parsers/base-output-parser.ts";
export { BaseTransformOutputParser } from "../parsers/base-transform-output-parser.ts";
export type { ParserInput } from "../parsers/message-text.ts";
export { OutputParserException } from "../parsers/output-parser-exception.ts";
export { StringOutputParser } from "../parsers/string-output-parser.ts";
