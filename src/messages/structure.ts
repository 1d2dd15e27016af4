import type { ContentBlock, MessageContent } from "./content.ts";
import type { ToolCall } from "./tool-call.ts";

/** Who speaks: the `type` of a message. A chunk has the type of its message. */
export type MessageType = "human" | "ai" | "system" | "tool" | "function" | "generic" | "remove" | (string & {});

/** Which form a message's content has: a provider's, or the standard parts of `ContentBlock.Standard`. */
export type MessageOutputVersion = "v0" | "v1";

/** What a tool is called with, and what it gives. */
export interface MessageToolDefinition<Input = unknown, Output = unknown> {
  input: Input;
  output: Output;
}

/** The tools that a model may call, by name. */
export interface MessageToolSet {
  [name: string]: MessageToolDefinition;
}

/**
 * What is known of messages beforehand, for the types alone: the tools that a model may call, the form of the content, the
 * parts beyond the standard ones, and the fields of `response_metadata`, each by the type of message.
 *
 * @example
 * ```ts
 * import { AIMessage, type MessageToolDefinition } from "linnet/messages";
 *
 * type Weather = { tools: { weather: MessageToolDefinition<{ city: string }, string> } };
 * const message = new AIMessage<Weather>({ tool_calls: [{ name: "weather", args: { city: "Seoul" }, id: "c1" }] });
 * console.log(message.tool_calls[0]?.args.city); // Seoul
 * ```
 */
export interface MessageStructure<Tools extends MessageToolSet = MessageToolSet> {
  readonly outputVersion?: MessageOutputVersion;
  readonly tools?: Tools;
  readonly content?: Partial<Record<MessageType, ContentBlock>>;
  readonly properties?: Partial<Record<MessageType, Record<string, unknown>>>;
}

/** A call of one of a structure's tools, told apart by its name; of any tool where the structure names none. */
export type StructureToolCall<Structure extends MessageStructure> = Structure extends {
  readonly tools?: infer Tools;
}
  ? ToolCallOf<NonNullable<Tools>>
  : ToolCall;

type ToolCallOf<Tools> = Tools extends MessageToolSet
  ? string extends keyof Tools
    ? ToolCall
    : { [Name in keyof Tools & string]: ToolCall<Name, CallArguments<Tools[Name]["input"]>> }[keyof Tools & string]
  : ToolCall;

type CallArguments<Input> = unknown extends Input ? Record<string, unknown> : Input;

/** What a message of a structure says: standard parts where the structure says `v1`, else text or any parts. */
export type StructureContent<Structure extends MessageStructure, Role extends MessageType> = Structure extends {
  readonly outputVersion: "v1";
}
  ? (ContentBlock.Standard | StructureBlock<Structure, Role>)[]
  : MessageContent;

type StructureBlock<Structure, Role extends MessageType> = Structure extends {
  readonly content: Readonly<Record<Role, infer Block extends ContentBlock>>;
}
  ? Block
  : never;

/** What a provider says of its answer: the fields that a structure names, which may be missing, and any others. */
export type StructureMetadata<Structure extends MessageStructure, Role extends MessageType> = Structure extends {
  readonly properties: Readonly<Record<Role, { readonly response_metadata: infer Metadata extends object }>>;
}
  ? Partial<Metadata> & Record<string, unknown>
  : Record<string, unknown>;

/** A message as far as every message is alike, whatever class it has. */
export interface Message<
  Structure extends MessageStructure = MessageStructure,
  Role extends MessageType = MessageType,
> {
  readonly type: Role;
  id?: string | undefined;
  name?: string | undefined;
  content: StructureContent<Structure, Role>;
  response_metadata?: StructureMetadata<Structure, Role> | undefined;
}
