import { BaseMessage, isMessage } from "./base-message.ts";
import type { MessageStructure, MessageType } from "./structure.ts";

/**
 * A piece of a message that is still being said; pieces sum to the whole by `concat`. Every chunk is an instance of this
 * class and of its message's class.
 */
export abstract class BaseMessageChunk<
  Structure extends MessageStructure = MessageStructure,
  Role extends MessageType = MessageType,
> extends BaseMessage<Structure, Role> {
  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  abstract concat(other: BaseMessageChunk): BaseMessageChunk;

  static override lc_name(): string {
    return "BaseMessageChunk";
  }

  /** Whether a value is a chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is BaseMessageChunk {
    return isMessageChunk(value);
  }

  // The chunk classes extend their messages' classes, so that this one is not in their chain.
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a class that extends this one asks for its own instances.
    return this === BaseMessageChunk ? isMessageChunk(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

/** @internal Whether a value is a chunk; with a type, whether of that type. */
export function isMessageChunk(value: unknown, type?: MessageType): boolean {
  return isMessage(value, type) && (value as { "~chunk"?: unknown })["~chunk"] === true;
}
