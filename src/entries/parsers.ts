import "../runnables/wiring.ts";

export type { JsonLimits } from "../json/complete-json.ts";
export { parsePartialJson } from "../json/partial-json.ts";
export {
  AsymmetricStructuredOutputParser,
  type AsymmetricStructuredOutputParserFields,
} from "../parsers/asymmetric-structured-output-parser.ts";
export {
  BaseCumulativeTransformOutputParser,
  type BaseCumulativeTransformOutputParserInput,
} from "../parsers/base-cumulative-transform-output-parser.ts";
export { BaseLLMOutputParser, type ParsableGeneration } from "../parsers/base-llm-output-parser.ts";
export { BaseOutputParser, type FormatInstructionsOptions } from "../parsers/base-output-parser.ts";
export { BaseTransformOutputParser } from "../parsers/base-transform-output-parser.ts";
export { BytesOutputParser } from "../parsers/bytes-output-parser.ts";
export {
  type JsonMarkdownFormatInstructionsOptions,
  JsonMarkdownStructuredOutputParser,
  type JsonMarkdownStructuredOutputParserInput,
} from "../parsers/json-markdown-structured-output-parser.ts";
export { JsonOutputParser, parseJsonMarkdown } from "../parsers/json-output-parser.ts";
export {
  CommaSeparatedListOutputParser,
  CustomListOutputParser,
  type CustomListOutputParserFields,
  ListOutputParser,
  MarkdownListOutputParser,
  NumberedListOutputParser,
} from "../parsers/list-output-parsers.ts";
export type { ParserInput } from "../parsers/message-text.ts";
export {
  type FunctionParameters,
  JsonKeyOutputFunctionsParser,
  type JsonKeyOutputFunctionsParserFields,
  JsonOutputFunctionsParser,
  OutputFunctionsParser,
  type OutputFunctionsParserFields,
} from "../parsers/openai/json-output-functions-parsers.ts";
export {
  JsonOutputKeyToolsParser,
  type JsonOutputKeyToolsParserParams,
  type JsonOutputKeyToolsParserParamsInterop,
  type JsonOutputKeyToolsParserParamsSerializable,
  JsonOutputToolsParser,
  type JsonOutputToolsParserParams,
  type ParsedToolCall,
} from "../parsers/openai/json-output-tools-parsers.ts";
export {
  convertLangChainToolCallToOpenAI,
  makeInvalidToolCall,
  type ParseToolCallOptions,
  parseToolCall,
} from "../parsers/openai/tool-calls.ts";
export { OutputParserException } from "../parsers/output-parser-exception.ts";
export type { SchemaOutput } from "../parsers/schema-output.ts";
export { StandardSchemaOutputParser } from "../parsers/standard-schema-output-parser.ts";
export { StringOutputParser } from "../parsers/string-output-parser.ts";
export { StructuredOutputParser } from "../parsers/structured-output-parser.ts";
export type { DescribedTexts } from "../parsers/texts-schema.ts";
export {
  parseXMLMarkdown,
  XML_FORMAT_INSTRUCTIONS,
  XMLOutputParser,
  type XMLOutputParserFields,
} from "../parsers/xml-output-parser.ts";
export type { Content, XMLResult } from "../parsers/xml-reader.ts";
