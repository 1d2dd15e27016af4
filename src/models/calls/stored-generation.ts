import { BaseMessage } from "../../messages/base-message.ts";
import { mapStoredMessageToChatMessage } from "../../messages/stored.ts";
import type { StoredGeneration } from "../../messages/stored-message.ts";
import { ChatGeneration } from "../../outputs/chat-generation.ts";
import type { Generation } from "../../outputs/generation.ts";

/**
 * A generation as plain data, for caches that keep texts. What the provider said of it is in the message's metadata, and kept
 * with that.
 */
export function serializeGeneration(generation: Generation): StoredGeneration {
  const { text, message } = generation as Generation & { readonly message?: unknown };
  return BaseMessage.isInstance(message) ? { text, message: message.toDict() } : { text };
}

/**
 * The generation of such data.
 *
 * @throws LinnetError where the message in it is none.
 */
export function deserializeStoredGeneration({ text, message }: StoredGeneration): Generation {
  if (message === undefined) return { text };
  return new ChatGeneration({ text, message: mapStoredMessageToChatMessage(message) });
}
