import type { AIMessage } from "../messages/ai.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { ToolMessage } from "../messages/tool.ts";

/**
 * Why a loop was over.
 *
 * | reason | when |
 * |---|---|
 * | `answer` | the model asked for no more tools |
 * | `returnDirect` | a tool with `returnDirect` has answered |
 * | `stopWhen` | the caller's condition held |
 * | `maxSteps` | that many steps were taken, and the model would have gone on |
 */
export type RunToolsStopReason = "answer" | "returnDirect" | "stopWhen" | "maxSteps";

/** One turn: what the model said, and what the tools that it asked for answered. */
export interface RunToolsStep {
  /** Its number, from 1. */
  readonly number: number;
  readonly message: AIMessage;
  /** One for each call, in the calls' order. */
  readonly toolMessages: readonly ToolMessage[];
}

/** What a {@link RunToolsOutput} is made of. */
export interface RunToolsOutputFields {
  readonly token?: AIMessageChunk | undefined;
  readonly toolMessage?: ToolMessage | undefined;
  readonly messages?: readonly BaseMessage[] | undefined;
  readonly steps?: readonly RunToolsStep[] | undefined;
  readonly stopReason?: RunToolsStopReason | undefined;
  readonly message?: BaseMessage | undefined;
}

/**
 * What a loop of tools gives: whole from `invoke`, and piece by piece from `stream`. The pieces are additive: their sum is what
 * `invoke` gives.
 */
export class RunToolsOutput {
  /** A piece of what the model is saying. Only in a stream; a sum has none. */
  readonly token: AIMessageChunk | undefined;
  /** The answer of a tool, as soon as it is there. Only in a stream; `messages` have it once the turn has ended. */
  readonly toolMessage: ToolMessage | undefined;
  /** What was said since, whole and in order: the model's messages and the tools' answers, without the input. */
  readonly messages: readonly BaseMessage[];
  /** The turns that have ended since. */
  readonly steps: readonly RunToolsStep[];
  /** Why the loop was over; undefined while it is not. */
  readonly stopReason: RunToolsStopReason | undefined;
  /** The result: the model's last message, or the answer of the tool that ended the loop. Undefined before its end. */
  readonly message: BaseMessage | undefined;

  constructor(fields: RunToolsOutputFields = {}) {
    this.token = fields.token;
    this.toolMessage = fields.toolMessage;
    this.messages = fields.messages ?? [];
    this.steps = fields.steps ?? [];
    this.stopReason = fields.stopReason;
    this.message = fields.message;
  }

  /** The text of the result; in a stream, that of the token. */
  get text(): string {
    return (this.token ?? this.message)?.text ?? "";
  }

  /** The sum of this piece and the next. */
  concat(other: RunToolsOutput): RunToolsOutput {
    // There are many tokens, and none is part of a sum.
    if (!isPassing(this) && isPassing(other)) return this;
    return new RunToolsOutput({
      messages: [...this.messages, ...other.messages],
      steps: [...this.steps, ...other.steps],
      stopReason: other.stopReason ?? this.stopReason,
      message: other.message ?? this.message,
    });
  }
}

/** Whether a piece tells only of what comes whole later. */
function isPassing({ token, toolMessage }: RunToolsOutput): boolean {
  return token !== undefined || toolMessage !== undefined;
}
