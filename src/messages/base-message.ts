import { isPlainRecord } from "../secrets/plain-record.ts";
import { type ContentBlock, type MessageContent, textOfContent } from "./content.ts";
import { formatFields } from "./format.ts";

/** What `isInstance` looks for; the same in every copy of the package. */
const BRAND = Symbol.for("linnet.message");
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Who speaks: the `type` of a message. A chunk has the type of its message. */
export type MessageType = "human" | "ai" | "system" | "tool" | "function" | "generic" | "remove" | (string & {});

/** The fields that every message may have. */
export interface BaseMessageFields {
  /** What is said. Default: nothing, as an empty text. */
  content?: MessageContent | undefined;
  /** The message's own id: the provider's, or one that a model run gave it. Default: none. */
  id?: string | undefined;
  /** Who says it, where several speak in one role. Default: none. */
  name?: string | undefined;
  /** What a provider said or wants to hear beyond these fields. Default: nothing. */
  additional_kwargs?: Record<string, unknown> | undefined;
  /** What a provider said of its answer: model name, reason of its end, and the like. Default: nothing. */
  response_metadata?: Record<string, unknown> | undefined;
}

/** What a message is made of: its text, its parts, or its fields. The fields object is never written to. */
export type MessageInit<Fields extends BaseMessageFields = BaseMessageFields> = string | ContentBlock[] | Fields;

/**
 * @internal Given to a base constructor by a class that sets all fields itself: fields set in a constructor that many
 * classes share cost four times as much.
 */
export const LEFT_TO_SUBCLASS: never = /* @__PURE__ */ Object.freeze({}) as never;

/** @internal The fields of what a message is made of; undefined where that is its content alone. */
export function fieldsOf<Fields extends BaseMessageFields>(init: MessageInit<Fields>): Fields | undefined {
  return typeof init === "string" || Array.isArray(init) ? undefined : init;
}

/**
 * Something said in a conversation. Subclasses say by whom.
 *
 * `JSON.stringify(message)` gives the form that stores written for `@langchain/core` read; `toDict()` gives a plain one.
 */
export abstract class BaseMessage {
  /** Who speaks. */
  declare readonly type: MessageType;
  /** What is said: text, or a list of parts. */
  declare content: MessageContent;
  /** What a provider said or wants to hear beyond the other fields. */
  declare additional_kwargs: Record<string, unknown>;
  /** What a provider said of its answer. */
  declare response_metadata: Record<string, unknown>;
  /** The message's own id. */
  declare id?: string | undefined;
  /** Who says it, where several speak in one role. */
  declare name?: string | undefined;

  constructor(init: MessageInit) {
    if (init === LEFT_TO_SUBCLASS) return;
    const fields = fieldsOf(init);
    this.content = fields === undefined ? (init as MessageContent) : (fields.content ?? "");
    this.additional_kwargs = fields?.additional_kwargs ?? {};
    this.response_metadata = fields?.response_metadata ?? {};
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

  /** Whether the stored form can be made into a message again. */
  get lc_serializable(): boolean {
    return true;
  }

  /** Where the class is found in the stored form. */
  get lc_namespace(): string[] {
    return ["langchain_core", "messages"];
  }

  /** The fields that are set, by which the message can be made again. */
  get lc_kwargs(): Record<string, unknown> {
    const { content, additional_kwargs, response_metadata, id, name } = this;
    const fields: Record<string, unknown> = { content, additional_kwargs, response_metadata };
    if (id !== undefined) fields.id = id;
    if (name !== undefined) fields.name = name;
    for (const [key, value] of Object.entries(this)) {
      if (value !== undefined && key !== "type" && !key.startsWith("~")) fields[key] = value;
    }
    return fields;
  }

  /** The text of the content; parts that are no text are left out. */
  get text(): string {
    return textOfContent(this.content);
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
  toDict(): { type: MessageType; data: Record<string, unknown> } {
    return { type: this.type, data: this.lc_kwargs };
  }

  /** The stored form, which names the class and the fields it is made of. */
  toJSON(): { lc: 1; type: "constructor"; id: string[]; kwargs: Record<string, unknown> } {
    return { lc: 1, type: "constructor", id: [...this.lc_namespace, lcNameOf(this)], kwargs: this.lc_kwargs };
  }

  /** @internal A copy of the same class with another id, which may be written to without writing to this message. */
  "~withId"(id: string): this {
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    for (const key of Object.keys(this) as (keyof this)[]) copy[key] = copyShallow(this[key]);
    copy.id = id;
    return copy;
  }

  get [Symbol.toStringTag](): string {
    return lcNameOf(this);
  }
}

/** A copy of a list or of an object without a class; of anything else the value itself. */
function copyShallow<Value>(value: Value): Value;
function copyShallow(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice();
  return isPlainRecord(value) ? { ...value } : value;
}

/** The public name of a message's class. */
function lcNameOf(message: BaseMessage): string {
  return (message.constructor as typeof BaseMessage).lc_name();
}

/** @internal Whether a value is a message; with a type, whether of that type. */
export function isMessage(value: unknown, type?: MessageType): boolean {
  if (typeof value !== "object" || value === null) return false;
  const message = value as { [BRAND]?: unknown; type?: unknown };
  return message[BRAND] === true && (type === undefined || message.type === type);
}

// Not members of the class: declarations made file by file have no computed names but the language's own.
Object.defineProperty(BaseMessage.prototype, BRAND, { value: true });
Object.defineProperty(BaseMessage.prototype, INSPECT, {
  value(this: BaseMessage): string {
    return formatFields(lcNameOf(this), this.lc_kwargs, "content");
  },
});
