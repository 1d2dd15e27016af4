import type { JsonSchema } from "../schema/json-schema.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { AskedTool } from "./asked-tool.ts";
import { StructuredTool } from "./structured-tool.ts";
import { toText } from "./tool-answer.ts";
import { misfit } from "./tool-input-parsing-exception.ts";
import type { StructuredToolInterface, ToolParams, ToolRunnableConfig } from "./tool-types.ts";

/** What a tool for a text can be called with; nothing is an empty text. */
export type StringToolInput = string | { readonly input?: string | undefined } | undefined;

/** Any tool for a text, by its verbs. */
export type ToolInterface<Output = unknown> = StructuredToolInterface<StringToolInput, Output>;

/** What models are shown of a tool for a text. */
const STRING_INPUT: JsonSchema = {
  type: "object",
  properties: { input: { type: "string" } },
  additionalProperties: false,
};

/**
 * The base of tools whose input is one text. Models give it as `{ input: "..." }`, code as it is.
 *
 * @typeParam Output what `_call` gives.
 */
export abstract class Tool<Output = unknown> extends StructuredTool<JsonSchema, Output, StringToolInput> {
  declare schema: JsonSchema;

  constructor(fields?: ToolParams) {
    super(fields);
    this.schema = STRING_INPUT;
  }

  /** @internal */
  override "~asked"(input: unknown, config: ToolRunnableConfig | undefined): AskedTool {
    const asked = super["~asked"](input, config);
    const { args } = asked;
    return args === undefined || typeof args === "string" ? { ...asked, args: { input: args ?? "" } } : asked;
  }

  /** @internal */
  override "~parse"(args: unknown): MaybePromise<unknown> {
    const text = isPlainRecord(args) ? ((Object.hasOwn(args, "input") ? args.input : undefined) ?? "") : args;
    if (typeof text === "string") return text;
    const issues = [{ path: isPlainRecord(args) ? ["input"] : [], message: "expected a string" }];
    throw misfit(this.name, issues, toText(args), this.verboseParsingErrors);
  }
}
