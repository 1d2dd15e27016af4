import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { BindToolsInput } from "../models/structured/structured-options.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { convertToOpenAITool, type FunctionDefinition } from "../tools/openai-tools.ts";

/** What `bindTools` of a fake needs to know of a tool that is none of `tool()`. */
export interface ToolSpec {
  readonly name: string;
  readonly description?: string | undefined;
  /** What the tool takes: a schema of any library with Standard Schema, or a JSON Schema. */
  readonly schema?: unknown;
}

/** Whose way of being told of tools a fake takes. */
export type ToolStyle = "openai" | "anthropic" | "bedrock" | "google";

/** By style, how a provider wants to be told of functions. */
const STYLES: Readonly<Record<ToolStyle, (functions: readonly FunctionDefinition[]) => object[]>> = {
  openai: (functions) => functions.map((definition) => ({ type: "function", function: definition })),
  anthropic: (functions) => functions.map(({ parameters, ...told }) => ({ ...told, input_schema: parameters })),
  bedrock: (functions) =>
    functions.map(({ parameters, ...told }) => ({ toolSpec: { ...told, inputSchema: parameters } })),
  // One object has all of them.
  google: (functions) => (functions.length === 0 ? [] : [{ functionDeclarations: functions }]),
};

/**
 * The tools as a provider of that style is told of them; a provider's own tools stay as they are, after the others.
 *
 * @throws LinnetError `INVALID_CONFIG` for a style that is not known, `INVALID_INPUT` for what is no list, and as `convertToOpenAITool` does.
 */
export function styledTools(tools: readonly BindToolsInput[], style: ToolStyle): object[] {
  if (!Object.hasOwn(STYLES, style)) {
    throw new LinnetError(`Expected toolStyle to be one of ${Object.keys(STYLES).join(", ")}, got ${String(style)}.`, {
      code: "INVALID_CONFIG",
      data: { option: "toolStyle" },
    });
  }
  if (!Array.isArray(tools)) {
    throw new LinnetError(`Expected a list of tools to bind, got ${describeValue(tools)}. Write bindTools([tool]).`, {
      code: "INVALID_INPUT",
    });
  }
  const definitions = tools.map((tool) => convertToOpenAITool(tool as Record<string, unknown>));
  const isFunction = (tool: { function?: unknown }): boolean => isPlainRecord(tool.function);
  const functions = definitions.filter(isFunction).map((tool) => tool.function);
  return [...STYLES[style](functions), ...definitions.filter((tool) => !isFunction(tool))];
}

/** What a call says of tools. */
export interface ToolOptions {
  /** What `bindTools` bound. */
  tools?: object[] | undefined;
  /** Which of them has to be called. */
  tool_choice?: string | Record<string, unknown> | undefined;
}

/**
 * The one tool that a call must end in, as structured output asks for it: the one of several that `tool_choice` names, or the
 * only one where it says `any`.
 */
export function forcedTool({ tools = [], tool_choice: choice }: ToolOptions): string | undefined {
  const names = tools.flatMap(namesOf);
  if (choice === "any" || choice === "required") return names.length === 1 ? names[0] : undefined;
  return names.find((name) => name === choice);
}

function namesOf(tool: object): string[] {
  const { function: openai, toolSpec, functionDeclarations, ...own } = tool as Record<string, unknown>;
  const declared = Array.isArray(functionDeclarations) ? functionDeclarations : [];
  const named: ({ name?: unknown } | undefined)[] = [openai as object, toolSpec as object, own, ...declared];
  return named.flatMap((one) => (typeof one?.name === "string" ? [one.name] : []));
}
