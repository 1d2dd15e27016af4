/** The types of the standard parts, but for `non_standard`, which stands for all others. */
export const KNOWN_BLOCK_TYPES: readonly string[] = [
  "text",
  "reasoning",
  "tool_call",
  "tool_call_chunk",
  "invalid_tool_call",
  "server_tool_call",
  "server_tool_call_chunk",
  "server_tool_call_result",
  "image",
  "video",
  "audio",
  "text-plain",
  "file",
];
