import { toStandardBlocks } from "./blocks/standard.ts";
import { type ContentBlock, type MessageContent, textOfContent } from "./content.ts";
import { INSPECT, inspectorOf } from "./inspect.ts";
import { copyData } from "./merge.ts";
import type { OpenAIFunctionCall, OpenAIIndexedToolCall } from "./openai/openai-message.ts";
import { formatPretty } from "./pretty.ts";
import type { StoredMessage, StoredMessageData } from "./stored-message.ts";
import type { Message, MessageStructure, MessageType, StructureContent, StructureMetadata } from "./structure.ts";

/** What `isInstance` looks for; the same in every copy of the package. */
const BRAND: symbol = /* @__PURE__ */ Symbol.for("linnet.message");

/** What a provider said or wants to hear beyond the fields that every message has; some fields are known of old. */
export interface AdditionalKwargs extends Record<string, unknown> {
  /** A call in the form that came before tool calls. */
  function_call?: OpenAIFunctionCall | undefined;
  /** Tool calls in the shape of OpenAI's API. */
  tool_calls?: OpenAIIndexedToolCall[] | undefined;
}

/** The fields that every message may have. */
export interface BaseMessageFields<
  Structure extends MessageStructure = MessageStructure,
  Role extends MessageType = MessageType,
> {
  /** What is said. Default: nothing, as an empty text. */
  content?: StructureContent<Structure, Role> | undefined;
  /** What is said in standard parts, in place of `content`, which they become. Default: none. */
  contentBlocks?: ContentBlock.Standard[] | undefined;
  /** The message's own id: the provider's, or one that a model run gave it. Default: none. */
  id?: string | undefined;
  /** Who says it, where several speak in one role. Default: none. */
  name?: string | undefined;
  /** What a provider said or wants to hear beyond these fields. Default: nothing. */
  additional_kwargs?: Record<string, unknown> | undefined;
  /** What a provider said of its answer: model name, reason of its end, and the like. Default: nothing. */
  response_metadata?: StructureMetadata<Structure, Role> | undefined;
}

/** What a message is made of: its text, its parts, or its fields. The fields object is never written to. */
export type MessageInit<Fields extends object = BaseMessageFields> = string | ContentBlock[] | Fields;

/**
 * @internal Given to a base constructor by a class that sets all fields itself: fields set in a constructor that many
 * classes share cost four times as much.
 */
export const LEFT_TO_SUBCLASS: never = /* @__PURE__ */ Object.freeze({}) as never;

/** @internal The fields of what a message is made of; undefined where that is its content alone. */
export function fieldsOf<Fields extends object>(init: MessageInit<Fields>): Fields | undefined {
  return typeof init !== "object" || init === null || Array.isArray(init) ? undefined : init;
}

/**
 * Makes an object without fields. A literal has room for four, and most messages have two such objects: room is what the
 * sums of a stream cost most.
 */
const Empty: new () => Record<never, never> = /* @__PURE__ */ makeEmpty();

function makeEmpty(): new () => Record<never, never> {
  function Empty() {}
  Empty.prototype = Object.prototype;
  return Empty as unknown as new () => Record<never, never>;
}

/** @internal A record of outside data, or a new one without fields. */
export function recordOf<Data extends object>(given: Data | null | undefined): Data {
  return given ?? (new Empty() as Data);
}

/** @internal The content of what a message is made of. */
export function contentOf<Content>(
  init: unknown,
  fields: { content?: unknown; contentBlocks?: unknown } | undefined,
): Content {
  const content = fields === undefined ? init : (fields.content ?? fields.contentBlocks);
  // A structure's author promises the form of a list; it cannot be looked at here.
  return (typeof content === "string" || Array.isArray(content) ? content : readContent(content)) as Content;
}

/** What a provider gives in place of a text or parts. */
function readContent(content: unknown): MessageContent {
  if (typeof content === "object" && content !== null) return [content as ContentBlock];
  return content == null ? "" : String(content);
}

/** @internal The `response_metadata` of what a message is made of; content that was given in standard parts is marked. */
export function metadataOf<Metadata>(
  fields: { content?: unknown; contentBlocks?: unknown; response_metadata?: Metadata | undefined } | undefined,
): Metadata {
  const metadata = fields?.response_metadata;
  const isStandard = fields?.contentBlocks !== undefined && fields.content === undefined;
  return (isStandard ? { ...metadata, output_version: "v1" } : (metadata ?? new Empty())) as Metadata;
}

/** @internal Whether the content of a message is said to be standard parts. */
export function isStandard({ response_metadata }: BaseMessage): boolean {
  return response_metadata?.output_version === "v1";
}

/**
 * What messages have under names that are symbols. Declarations made file by file know no such names but the language's
 * own, and a statement of the module would keep the class in bundles that have no use for it.
 */
const Branded: abstract new () => Record<never, never> = /* @__PURE__ */ makeBranded();

function makeBranded(): abstract new () => Record<never, never> {
  abstract class Branded {}
  Object.defineProperties(Branded.prototype, {
    [BRAND]: { value: true },
    // By this the peer's own guards know a message, which helps where both are in one program.
    [Symbol.for("langchain.message")]: { value: true },
    // Fields that subclasses declare or assign, as they do for the peer.
    lc_serializable: { value: true, writable: true },
    lc_namespace: { value: ["langchain_core", "messages"], writable: true },
    [INSPECT]: {
      value: inspectorOf((message: BaseMessage) => [lcNameOf(message), message._printableFields, "content"]),
    },
  });
  return Branded;
}

/** What `JSON.stringify` makes of a message: the name of its class, and the fields by which it can be made again. */
export interface SerializedMessage {
  lc: 1;
  type: "constructor" | "not_implemented";
  id: string[];
  kwargs?: Record<string, unknown>;
}

/**
 * Something said in a conversation. Subclasses say by whom.
 *
 * `JSON.stringify(message)` gives the form that stores written for `@langchain/core` read; `toDict()` gives a plain one.
 */
export abstract class BaseMessage<
    Structure extends MessageStructure = MessageStructure,
    Role extends MessageType = MessageType,
  >
  extends Branded
  implements Message<Structure, Role>
{
  /** Who speaks. */
  declare readonly type: Role;
  /** What is said: text, or a list of parts. */
  declare content: StructureContent<Structure, Role>;
  /** What a provider said or wants to hear beyond the other fields. */
  declare additional_kwargs: AdditionalKwargs;
  /** What a provider said of its answer. */
  declare response_metadata: StructureMetadata<Structure, Role>;
  /** The message's own id. */
  declare id?: string | undefined;
  /** Who says it, where several speak in one role. */
  declare name?: string | undefined;
  /** Whether the stored form can be made into a message again. */
  declare lc_serializable: boolean;
  /** Where the class is found in the stored form. */
  declare lc_namespace: string[];

  constructor(init: MessageInit<BaseMessageFields<Structure, Role>>) {
    super();
    if (init === LEFT_TO_SUBCLASS) return;
    // Older classes say their type by this method alone.
    if (this._getType !== BaseMessage.prototype._getType) this.type = this._getType() as Role;
    const fields = fieldsOf(init);
    this.content = contentOf(init, fields);
    this.additional_kwargs = recordOf(fields?.additional_kwargs);
    this.response_metadata = metadataOf(fields);
    this.id = fields?.id;
    this.name = fields?.name;
  }

  /** The class's public name, the same after bundling and minifying. */
  static lc_name(): string {
    return "BaseMessage";
  }

  /** Whether a value is a message, also one made by another copy of the package. */
  static isInstance(value: unknown): value is BaseMessage {
    return isMessage(value);
  }

  /** The fields that hold secrets, each with the name it is known by; the stored form has that in place of a text. */
  get lc_secrets(): Record<string, string> | undefined {
    return undefined;
  }

  /** Where the class is found in the stored form, its name included. */
  get lc_id(): string[] {
    return [...this.lc_namespace, lcNameOf(this)];
  }

  /** The fields that are set, by which the message can be made again. */
  get lc_kwargs(): Record<string, unknown> {
    const { content, additional_kwargs, response_metadata, id, name } = this;
    const fields: Record<string, unknown> = { content, additional_kwargs, response_metadata };
    if (id !== undefined) fields.id = id;
    if (name !== undefined) fields.name = name;
    for (const [key, value] of Object.entries(this)) {
      if (value !== undefined && key !== "type" && !/^(?:~|lc_)/.test(key)) fields[key] = value;
    }
    return fields;
  }

  /** The fields that the stored form names as the class does; it has no other names. */
  get lc_aliases(): Record<string, string> {
    return Object.fromEntries(Object.keys(this.lc_kwargs).map((field) => [field, field]));
  }

  /** The fields that are printed; those of them that are empty are left out. */
  get _printableFields(): Record<string, unknown> {
    return this.lc_kwargs;
  }

  /** The text of the content; parts that are no text are left out. */
  get text(): string {
    return textOfContent(this.content);
  }

  /**
   * The content as standard parts, in whichever known form it came; see `ContentBlock.Standard`. What has no standard form is
   * a `non_standard` part; fields that have no standard name stay on their part.
   */
  get contentBlocks(): ContentBlock.Standard[] {
    const { content } = this;
    return isStandard(this) && Array.isArray(content)
      ? (content as ContentBlock.Standard[])
      : toStandardBlocks(content);
  }

  /** Who speaks. */
  getType(): MessageType {
    return this.type;
  }

  /** Who speaks, by the older of its two names. */
  _getType(): MessageType {
    return this.type;
  }

  /** The message as plain data. */
  toDict(): StoredMessage {
    return { type: this.type, data: this.lc_kwargs as StoredMessageData };
  }

  /** The stored form, which names the class and the fields it is made of. */
  toJSON(): SerializedMessage {
    if (!this.lc_serializable) return { lc: 1, type: "not_implemented", id: this.lc_id };
    const kwargs = this.lc_kwargs;
    for (const [field, id] of Object.entries(this.lc_secrets ?? {})) {
      if (typeof kwargs[field] === "string") kwargs[field] = { lc: 1, type: "secret", id: [id] };
    }
    return { lc: 1, type: "constructor", id: this.lc_id, kwargs };
  }

  /** The message as a person wants to read it in a terminal: a banner that says who speaks, and what is said. */
  toFormattedString(_format: "pretty" = "pretty"): string {
    return formatPretty(this);
  }

  /** Gives the message an id. */
  _updateId(id: string | undefined): void {
    this.id = id;
  }

  /** @internal A copy with another id. */
  "~withId"(id: string): this {
    const copy = this["~copy"]();
    copy.id = id;
    return copy;
  }

  /** @internal A copy that shares nothing with this that can be written to; its class and its own fields are kept. */
  "~copy"(): this {
    return copyFields(Object.create(Object.getPrototypeOf(this) as object) as this, this);
  }

  get [Symbol.toStringTag](): string {
    return lcNameOf(this);
  }
}

/** @internal Copies all own fields of a message to a new one. */
export function copyFields<Message extends BaseMessage>(copy: Message, message: Message): Message {
  for (const key of Object.keys(message) as (keyof Message)[]) copy[key] = copyData(message[key]);
  return copy;
}

/** The public name of a message's class, where the class itself says one; a subclass of such a class goes by its own. */
function lcNameOf(message: BaseMessage): string {
  const made = message.constructor as typeof BaseMessage;
  return Object.hasOwn(made, "lc_name") ? made.lc_name() : made.name;
}

/** @internal Whether a value is a message; with a type, whether of that type. */
export function isMessage(value: unknown, type?: MessageType): boolean {
  if (typeof value !== "object" || value === null) return false;
  const message = value as { [key: symbol]: unknown; type?: unknown };
  return message[BRAND] === true && (type === undefined || message.type === type);
}
