import { AbortError } from "../../errors/abort-error.ts";
import { AIMessage } from "../../messages/ai.ts";
import type { AIMessageChunk } from "../../messages/ai-chunk.ts";
import type { BaseLanguageModel, BaseLanguageModelInput } from "../../models/base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "../../models/call-options.ts";
import { type AbortControllerLike, createAbortController } from "../../streams/abort-controller.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { startTimer } from "../../streams/timer.ts";
import { pause } from "../pause.ts";
import type { ModelCapabilities } from "./capabilities.ts";
import { ConformanceError, expectThat } from "./conformance-error.ts";
import { WatchedHooks } from "./watched-hooks.ts";

/** What a model answers with: a message, or the text of an LLM. */
export type Reply = AIMessageChunk | string;

/** A model on trial: a chat model or an LLM. */
export type TestedModel = BaseLanguageModel<Reply>;

/** The two kinds of model, named as in their events. */
export type ModelKind = "chat_model" | "llm";

const PROMPT = "Polly the parrot repeats what she hears, word by word.";
const RELEASE_TIMEOUT_MS = 1000;

/** One rule's look at one model. */
export class Trial {
  readonly model: TestedModel;
  readonly kind: ModelKind;
  readonly capabilities: ModelCapabilities;
  readonly hooks: WatchedHooks;
  readonly #makeModel: () => MaybePromise<TestedModel>;
  /** Ends what is still under way when the rule is over. */
  readonly #controller: AbortControllerLike = createAbortController();

  constructor(
    model: TestedModel,
    kind: ModelKind,
    capabilities: ModelCapabilities,
    makeModel: () => MaybePromise<TestedModel>,
  ) {
    this.model = model;
    this.kind = kind;
    this.capabilities = capabilities;
    this.#makeModel = makeModel;
    this.hooks = new WatchedHooks(model);
  }

  /** What the model is asked. */
  get prompt(): string {
    return this.capabilities.prompt ?? PROMPT;
  }

  /** Whether answers may be compared. */
  get isDeterministic(): boolean {
    return this.capabilities.deterministic ?? true;
  }

  /** Milliseconds that what nobody waits for may take to end. */
  get releaseTimeout(): number {
    return this.capabilities.releaseTimeout ?? RELEASE_TIMEOUT_MS;
  }

  /** Another model, as if nobody had called it. */
  async another(): Promise<TestedModel> {
    return this.#makeModel();
  }

  /** The options of a call that lasts no longer than the rule. */
  options(options?: object): Partial<BaseLanguageModelCallOptions> {
    return { signal: this.#controller.signal, ...options };
  }

  /** Whether the model claims to stream in pieces. */
  get streams(): boolean {
    return this.capabilities.streaming ?? true;
  }

  /** Ends what is still under way, and leaves the model as it was. */
  end(): void {
    this.#controller.abort(new AbortError());
    this.hooks.unwatch();
  }

  /** Waits until something holds, but not longer than what is left alone may take. */
  async waitUntil(condition: () => boolean): Promise<void> {
    await waitUntil(condition, this.releaseTimeout, this.#controller.signal);
  }

  /** Waits for a promise, but not longer than what is left alone may take. */
  async within<Value>(promise: PromiseLike<Value>, expected: string): Promise<Value> {
    return within(promise, this.releaseTimeout, expected, this.#controller.signal);
  }

  /** Calls the model, and sees to it that it gives an answer of its kind. */
  async ask(input: BaseLanguageModelInput, options?: object, model: TestedModel = this.model): Promise<Reply> {
    const reply = await model.invoke(input, this.options(options));
    this.#expectReply(reply, "invoke");
    return reply;
  }

  /** Streams an answer to its end, and sees to it that all chunks are of the model's kind. */
  async read(input: BaseLanguageModelInput, options?: object, model: TestedModel = this.model): Promise<Reply[]> {
    const chunks: Reply[] = [];
    for await (const chunk of await model.stream(input, this.options(options))) {
      this.#expectReply(chunk, "stream");
      chunks.push(chunk);
    }
    expectThat(chunks.length > 0, "stream to give at least one chunk", "none", "Yield what the provider sends.");
    return chunks;
  }

  /** Waits for what a call has begun to end, as it must once nobody waits for it. */
  async expectRelease(after: string): Promise<void> {
    const { openRequests = () => 0 } = this.capabilities;
    const { releaseTimeout } = this;
    const fix = "Hand options.signal to all that a hook waits for, and close requests in a finally.";
    await this.waitUntil(() => this.hooks.open === 0 && openRequests() === 0);
    const { open } = this.hooks;
    const limit = `within ${releaseTimeout} ms of ${after}`;
    expectThat(open === 0, `every hook to end ${limit}`, `${open} still at work`, fix);
    expectThat(openRequests() === 0, `every request to be closed ${limit}`, `${openRequests()} still open`, fix);
  }

  #expectReply(reply: unknown, verb: string): asserts reply is Reply {
    if (this.kind === "llm") {
      const fix = "Give { text } or a string from the hook.";
      return expectThat(typeof reply === "string", `${verb} to give a string`, described(reply), fix);
    }
    const fix = "Give an AIMessage from _generate, and an AIMessageChunk from _stream.";
    expectThat(AIMessage.isInstance(reply), `${verb} to give an AIMessage`, described(reply), fix);
  }
}

function described(reply: unknown): string {
  return typeof reply === "object" && reply !== null ? `a ${reply.constructor?.name}` : `a ${typeof reply}`;
}

/** The text of an answer, or of the chunks of one. */
export function textOf(reply: Reply | readonly Reply[]): string {
  if (typeof reply === "string") return reply;
  return Array.isArray(reply) ? reply.map(textOf).join("") : (reply as AIMessageChunk).text;
}

/** A text as part of an error. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** How many turns of what is under way are waited for before there is a look at the clock. */
const QUICK_TURNS = 20;

/**
 * Waits until something holds, at first turn by turn and then looking every millisecond; no longer than the limit.
 *
 * @param signal ends the waiting: rejects with its reason.
 */
export async function waitUntil(condition: () => boolean, milliseconds: number, signal?: AbortSignal): Promise<void> {
  for (let turn = 0; turn < QUICK_TURNS && !condition(); turn += 1) await undefined;
  for (let waited = 0; waited < milliseconds && !condition(); waited += 1) await pause(1, signal);
}

/**
 * Waits for a promise, but not longer than the limit, where the runtime has timers.
 *
 * @param signal ends the waiting, and its timer: rejects with its reason.
 */
export function within<Value>(
  promise: PromiseLike<Value>,
  milliseconds: number,
  expected: string,
  signal?: AbortSignal,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const late = `Expected ${expected} within ${milliseconds} ms, and it did not. See what its hook waits for.`;
    const hasTimers = globalThis.setTimeout !== undefined;
    const stop = hasTimers ? startTimer(milliseconds, () => end(reject, new ConformanceError(late))) : () => {};
    const aborted = (): void => end(reject, signal?.reason);
    const end = <Given>(settle: (given: Given) => void, given: Given): void => {
      stop();
      signal?.removeEventListener("abort", aborted);
      settle(given);
    };
    signal?.addEventListener("abort", aborted);
    promise.then(
      (value) => end(resolve, value),
      (error) => end(reject, error),
    );
  });
}
