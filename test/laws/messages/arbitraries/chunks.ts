import fc from "fast-check";
import { AIMessageChunk, type AIMessageChunkFields } from "../../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../../src/messages/base-message.ts";
import { ChatMessageChunk } from "../../../../src/messages/chat.ts";
import { FunctionMessageChunk } from "../../../../src/messages/function.ts";
import { HumanMessageChunk } from "../../../../src/messages/human.ts";
import { SystemMessageChunk } from "../../../../src/messages/system.ts";
import { ToolMessageChunk } from "../../../../src/messages/tool.ts";
import { content } from "./blocks.ts";
import { data, usage } from "./data.ts";
import { someOf } from "./fields.ts";
import { invalidCalls, piece, wholeCalls } from "./tool-calls.ts";

/** A class of chunks, as the laws are asked of it. */
export interface ChunkKind {
  readonly name: string;
  /** Any chunk of the class, with one type for each name. */
  readonly chunk: fc.Arbitrary<BaseMessage>;
  /** The chunk that adds nothing. */
  readonly empty: BaseMessage;
  /** Makes a chunk from fields that may be no legal ones; those that the class needs are filled in. */
  readonly make: (fields: Record<string, unknown>) => BaseMessage;
}

const common: Record<string, fc.Arbitrary<unknown>> = {
  content,
  additional_kwargs: data,
  response_metadata: data,
  id: fc.constantFrom(undefined, "run-1", "run-2", "p1", "p2", "", "constructor"),
  name: fc.constantFrom(undefined, "", "n", "m", "__proto__"),
};

class MoodyChunk extends AIMessageChunk {
  declare mood: string | undefined;

  constructor(fields: AIMessageChunkFields & { mood?: string | undefined }) {
    super(fields);
    this.mood = fields.mood;
  }

  static override lc_name(): string {
    return "MoodyChunk";
  }
}

const modelFields = {
  usage_metadata: usage,
  tool_call_chunks: fc.array(piece, { maxLength: 4 }),
  tool_calls: wholeCalls,
  invalid_tool_calls: invalidCalls,
};

function kindOf(
  make: (fields: never) => BaseMessage,
  own: Record<string, fc.Arbitrary<unknown>> = {},
  needed: Record<string, string> = {},
): ChunkKind {
  const build = (fields: Record<string, unknown>): BaseMessage => make({ ...needed, ...fields } as never);
  const empty = build({});
  const name = (empty.constructor as typeof BaseMessage).lc_name();
  // Chunks have copies: to find the smallest case, what was drawn must stay as it was.
  return {
    name,
    chunk: someOf({ ...common, ...own }).map((fields) => build(structuredClone(fields))),
    empty,
    make: build,
  };
}

export const aiKind: ChunkKind = kindOf((fields) => new AIMessageChunk(fields), modelFields);

export const toolKind: ChunkKind = kindOf(
  (fields) => new ToolMessageChunk(fields),
  {
    tool_call_id: fc.constantFrom("", "c1", "c2", "constructor"),
    status: fc.constantFrom(undefined, "success", "error"),
    artifact: fc.oneof(fc.constantFrom(undefined, null), data),
    metadata: fc.oneof(fc.constant(undefined), data),
  },
  { tool_call_id: "" },
);

/** A class that a user made. */
export const moodyKind: ChunkKind = kindOf((fields) => new MoodyChunk(fields), {
  ...modelFields,
  mood: fc.constantFrom(undefined, "glad", "sad"),
});

/** Every class of chunks, and one that a user made. */
export const kinds: readonly ChunkKind[] = [
  aiKind,
  kindOf((fields) => new HumanMessageChunk(fields)),
  kindOf((fields) => new SystemMessageChunk(fields)),
  toolKind,
  kindOf((fields) => new FunctionMessageChunk(fields), {}, { name: "" }),
  kindOf((fields) => new ChatMessageChunk(fields), { role: fc.constantFrom("", "a", "b") }, { role: "" }),
  moodyKind,
];
