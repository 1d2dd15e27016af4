import type { BaseContentBlock } from "./base-block.ts";

/**
 * The parts of a message that tell of calls: of the author's tools, which the author answers with a `ToolMessage`, and of
 * tools that the provider runs itself ("server tools"), whose results are parts of the same message.
 */
export declare namespace Tools {
  /** A model's wish to have a tool called. */
  interface ToolCall<Name extends string = string, Args = unknown> extends BaseContentBlock {
    readonly type: "tool_call";
    name: Name;
    /** What the tool is called with. */
    args: Args;
  }

  /** A piece of a tool call that is still being said. */
  interface ToolCallChunk<Name extends string = string> extends BaseContentBlock {
    readonly type: "tool_call_chunk";
    name?: Name | undefined;
    /** A piece of the arguments' JSON. */
    args?: string | undefined;
    /** Which of several calls it belongs to. */
    index?: string | number | undefined;
  }

  /** A wish that cannot be carried out, because it cannot be read. */
  interface InvalidToolCall<Name extends string = string> extends BaseContentBlock {
    readonly type: "invalid_tool_call";
    name?: Name | undefined;
    /** The arguments as they came. */
    args?: string | undefined;
    /** Why it cannot be read. */
    error?: string | undefined;
    index?: string | number | undefined;
  }

  /** A call that the provider carries out itself. */
  interface ServerToolCall<Name extends string = string, Args = unknown> extends BaseContentBlock {
    readonly type: "server_tool_call";
    name: Name;
    args: Args;
  }

  /** A piece of a call that the provider carries out itself. */
  interface ServerToolCallChunk<Name extends string = string> extends BaseContentBlock {
    readonly type: "server_tool_call_chunk";
    name?: Name | undefined;
    args?: string | undefined;
    index?: string | number | undefined;
  }

  /** What a call gave that the provider carried out itself. */
  interface ServerToolCallResult<Output = Record<string, unknown>> extends BaseContentBlock {
    readonly type: "server_tool_call_result";
    /** The `id` of the call. */
    toolCallId: string;
    status: "success" | "error";
    output: Output;
  }

  /** Any of these; `type` tells which. */
  type Standard =
    | ToolCall
    | ToolCallChunk
    | InvalidToolCall
    | ServerToolCall
    | ServerToolCallChunk
    | ServerToolCallResult;
}
