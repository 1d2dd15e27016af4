import { writeJson } from "../../json/safe-json.ts";
import { copyData } from "../../messages/merge.ts";
import type { ToolCall } from "../../messages/tool-call.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { ChatModelStreamEvent } from "./events.ts";
import type { PartReading } from "./stream-part.ts";

/** Text, or what the model thinks: what parts of the type begin with, and what is added to them. */
export function textReading(type: "text" | "reasoning"): PartReading<string, string> {
  return {
    empty: "",
    pick: (event) => {
      let from: unknown;
      if (event.event === "content-block-start" && event.content?.type === type) from = event.content;
      if (event.event === "content-block-delta" && event.delta?.type === `${type}-delta`) from = event.delta;
      const text = (from as Record<string, unknown> | undefined)?.[type];
      return typeof text === "string" && text !== "" ? text : undefined;
    },
    add: (whole, delta) => whole + delta,
    show: (whole) => whole,
  };
}

/** Tool calls, each once it is whole; those that cannot be read are left out. */
export const TOOL_CALLS_READING: PartReading<ToolCall, ToolCall[], ToolCall[] | undefined> = {
  empty: undefined,
  pick: (event) => {
    if (event.event !== "content-block-finish" || event.content?.type !== "tool_call") return undefined;
    return copyData(event.content as unknown as ToolCall);
  },
  add: (whole = [], delta) => {
    whole.push(delta);
    return whole;
  },
  show: (whole = []) => [...whole],
};

/** The usage so far, whenever it is another than before. */
export const USAGE_READING: PartReading<UsageMetadata, UsageMetadata | undefined> = {
  empty: undefined,
  pick: (event, before) => {
    const usage = usageIn(event);
    if (!isPlainRecord(usage)) return undefined;
    const told = { ...before, ...copyData(usage) } as UsageMetadata;
    return writeJson(told) === writeJson(before) ? undefined : told;
  },
  add: (_before, usage) => usage,
  show: (usage) => usage,
};

/** The usage that an event tells of, which may be in part. */
function usageIn(event: ChatModelStreamEvent): unknown {
  return /^(usage|message-start|message-finish)$/.test(event.event) ? (event as { usage?: unknown }).usage : undefined;
}
