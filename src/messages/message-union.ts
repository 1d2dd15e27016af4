import type { AIMessage } from "./ai.ts";
import type { AIMessageChunk } from "./ai-chunk.ts";
import type { ChatMessage, ChatMessageChunk } from "./chat.ts";
import type { FunctionMessage, FunctionMessageChunk } from "./function.ts";
import type { HumanMessage, HumanMessageChunk } from "./human.ts";
import type { RemoveMessage } from "./remove.ts";
import type { MessageStructure } from "./structure.ts";
import type { SystemMessage, SystemMessageChunk } from "./system.ts";
import type { ToolMessage, ToolMessageChunk } from "./tool.ts";

/** A message of any class; its `type` tells which. */
export type MessageUnion<Structure extends MessageStructure = MessageStructure> =
  | HumanMessage<Structure>
  | AIMessage<Structure>
  | SystemMessage<Structure>
  | ToolMessage<Structure>
  | FunctionMessage
  | ChatMessage
  | RemoveMessage;

/** A chunk of any class; its `type` tells which. */
export type MessageChunkUnion<Structure extends MessageStructure = MessageStructure> =
  | HumanMessageChunk<Structure>
  | AIMessageChunk<Structure>
  | SystemMessageChunk<Structure>
  | ToolMessageChunk<Structure>
  | FunctionMessageChunk
  | ChatMessageChunk;
