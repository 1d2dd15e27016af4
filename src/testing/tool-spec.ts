import { LinnetError } from "../errors/linnet-error.ts";

/** What `bindTools` of a fake needs to know of a tool. */
export interface ToolSpec {
  readonly name: string;
  readonly description?: string | undefined;
  /** What the tool takes, as JSON schema; handed on as it is. */
  readonly schema?: unknown;
}

/** Whose way of being told of tools a fake takes. */
export type ToolStyle = "openai" | "anthropic" | "bedrock" | "google";

/** By style, how a provider wants to be told of a tool. */
const STYLES: Readonly<Record<ToolStyle, (tool: ToolSpec) => object>> = {
  openai: ({ name, description, schema }) => ({
    type: "function",
    function: { name, description, parameters: schema },
  }),
  anthropic: ({ name, description, schema }) => ({ name, description, input_schema: schema }),
  bedrock: ({ name, description, schema }) => ({ toolSpec: { name, description, inputSchema: schema } }),
  google: ({ name, description, schema }) => ({ functionDeclarations: [{ name, description, parameters: schema }] }),
};

/** The tools as a provider of that style is told of them. @throws LinnetError `INVALID_CONFIG` for a style that is not known. */
export function styledTools(tools: readonly ToolSpec[], style: ToolStyle): object[] {
  if (!Object.hasOwn(STYLES, style)) {
    throw new LinnetError(`Expected toolStyle to be one of ${Object.keys(STYLES).join(", ")}, got ${String(style)}.`, {
      code: "INVALID_CONFIG",
      data: { option: "toolStyle" },
    });
  }
  return tools.map((tool) => STYLES[style](tool));
}
