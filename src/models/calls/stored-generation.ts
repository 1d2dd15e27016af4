import { BaseMessage } from "../../messages/base-message.ts";
import { mapStoredMessageToChatMessage } from "../../messages/stored.ts";
import type { StoredGeneration } from "../../messages/stored-message.ts";
import { ChatGeneration } from "../../outputs/chat-generation.ts";
import type { Generation } from "../../outputs/generation.ts";

/** A generation as plain data, for caches that keep texts. */
export function serializeGeneration(generation: Generation): StoredGeneration {
  const { text, message, generationInfo } = generation as Generation & { readonly message?: unknown };
  const stored: StoredGeneration = BaseMessage.isInstance(message) ? { text, message: message.toDict() } : { text };
  return generationInfo === undefined ? stored : { ...stored, generationInfo: { ...generationInfo } };
}

/**
 * The generation of such data.
 *
 * @throws LinnetError where the message in it is none.
 */
export function deserializeStoredGeneration({ text, message, generationInfo }: StoredGeneration): Generation {
  if (message !== undefined) {
    return new ChatGeneration({ text, message: mapStoredMessageToChatMessage(message), generationInfo });
  }
  return generationInfo === undefined ? { text } : { text, generationInfo };
}
