import type { MessageContent } from "./content.ts";
import type { MessageType } from "./structure.ts";

/** The fields of a stored message. */
export interface StoredMessageData {
  content: MessageContent;
  /** In which role a message of type `generic` speaks, which cannot do without. */
  role?: string | undefined;
  /** Who says it; a message of type `function` cannot do without. */
  name?: string | undefined;
  /** The call that is answered; a message of type `tool` cannot do without. */
  tool_call_id?: string | undefined;
  additional_kwargs?: Record<string, unknown> | undefined;
  response_metadata?: Record<string, unknown> | undefined;
  id?: string | undefined;
  /** The fields that only some messages have: `tool_calls`, `usage_metadata`, `status`, `artifact` and the like. */
  [field: string]: unknown;
}

/** A message as plain data, as `toDict()` gives it; JSON keeps all of it. */
export interface StoredMessage {
  type: MessageType;
  data: StoredMessageData;
}

/** A generation as plain data. */
export interface StoredGeneration {
  text: string;
  message?: StoredMessage | undefined;
  /** What the provider said of it. */
  generationInfo?: Record<string, unknown> | undefined;
}
