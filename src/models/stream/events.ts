import type { ContentBlock } from "../../messages/content.ts";
import type { UsageMetadata } from "../../messages/usage.ts";

/** A model begins to answer. */
export interface MessageStartEvent {
  readonly event: "message-start";
  /** The message's id. */
  readonly id?: string | undefined;
  /** What is known of the usage before anything was said. */
  readonly usage?: Partial<UsageMetadata> | undefined;
}

/** Why a model stopped: it was done, had no tokens left, wants tools called, or was held back. */
export type FinishReason = "stop" | "length" | "tool_use" | "content_filter";

/** A model has answered. */
export interface MessageFinishEvent {
  readonly event: "message-finish";
  /** The message's id, where its start told of none or of another: some providers tell it late. */
  readonly id?: string | undefined;
  /** Undefined where the provider's word for it is not known. */
  readonly reason?: FinishReason | undefined;
  /** All that the call took. */
  readonly usage?: Partial<UsageMetadata> | undefined;
  /** What the provider said of its answer, in its own words. */
  readonly responseMetadata?: Record<string, unknown> | undefined;
  /** What the provider said beyond that. */
  readonly additionalKwargs?: Record<string, unknown> | undefined;
}

/** A part of the answer begins. Parts may be under way side by side. */
export interface ContentBlockStartEvent {
  readonly event: "content-block-start";
  /** The part's place in the message. */
  readonly index: number;
  /** What is known of it. */
  readonly content: ContentBlock;
}

/** More text. */
export interface TextDelta {
  readonly type: "text-delta";
  readonly text: string;
}

/** More of what the model thinks. */
export interface ReasoningDelta {
  readonly type: "reasoning-delta";
  readonly reasoning: string;
}

/** More bytes of a file. */
export interface DataDelta {
  readonly type: "data-delta";
  readonly data: string;
  /** Default: base64. */
  readonly encoding?: "base64" | undefined;
}

/** Fields that take the place of the part's own: each as it is by now, such as all arguments so far. */
export interface BlockDelta {
  readonly type: "block-delta";
  readonly fields: { readonly type: string } & Readonly<Record<string, unknown>>;
}

/** What is added to a part; `type` tells how. */
export type ContentBlockDelta = TextDelta | ReasoningDelta | DataDelta | BlockDelta;

/** A part goes on. */
export interface ContentBlockDeltaEvent {
  readonly event: "content-block-delta";
  readonly index: number;
  readonly delta: ContentBlockDelta;
}

/** A part is whole. */
export interface ContentBlockFinishEvent {
  readonly event: "content-block-finish";
  readonly index: number;
  readonly content: ContentBlock;
}

/** What the call took so far, all of it: no difference to the event before. */
export interface UsageUpdateEvent {
  readonly event: "usage";
  readonly usage: Partial<UsageMetadata>;
}

/** What a provider tells in a form of its own. */
export interface ProviderEvent {
  readonly event: "provider";
  readonly provider: string;
  readonly name: string;
  readonly payload: unknown;
}

/** The answer broke off. */
export interface StreamErrorEvent {
  readonly event: "error";
  readonly message: string;
  /** By which programs tell failures apart. */
  readonly code?: string | undefined;
}

/** What a chat model tells while it answers; `event` says what. Several readers are given the same objects. */
export type ChatModelStreamEvent =
  | MessageStartEvent
  | MessageFinishEvent
  | ContentBlockStartEvent
  | ContentBlockDeltaEvent
  | ContentBlockFinishEvent
  | UsageUpdateEvent
  | ProviderEvent
  | StreamErrorEvent;
