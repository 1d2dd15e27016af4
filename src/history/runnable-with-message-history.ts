import { RunnableBinding } from "../runnables/binding.ts";
import { coerceToRunnable } from "../runnables/coerce.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { Runnable } from "../runnables/runnable.ts";
import type { RunnableLike } from "../runnables/runnable-like.ts";
import type { GetSessionHistoryCallable } from "./history-turn.ts";
import { HistoryTurns } from "./history-turns.ts";
import type { TurnInput } from "./turn-messages.ts";

/** What a runnable with history is made of. */
export interface RunnableWithMessageHistoryInputs<RunOutput, CallOptions extends RunnableConfig = RunnableConfig> {
  /** What answers a turn. It is given the messages, or the input with the history under its key. */
  runnable: RunnableLike<never, RunOutput>;
  /** Gives the history of a session, when the session's turns before are over. */
  getMessageHistory: GetSessionHistoryCallable;
  /**
   * The key of the input that has what is said. Default: its only key, else `input`. Set without `historyMessagesKey`, the
   * runnable is given the history and what is said together under this key.
   */
  inputMessagesKey?: string | undefined;
  /** The key of the output that has what is answered. Default: its only key, else `output`. */
  outputMessagesKey?: string | undefined;
  /** The key under which the runnable is given the history. Default: none. */
  historyMessagesKey?: string | undefined;
  /** Options of every call. */
  kwargs?: Partial<CallOptions> | undefined;
  /** The config under that of every call. */
  config?: RunnableConfig | undefined;
}

/**
 * A runnable that remembers: each call is one turn of the conversation that `configurable.sessionId` names. The history is
 * loaded and given to the runnable; then what was said and what was answered are stored by one call of `addMessages`, before
 * the caller has the answer, or the end of its stream. The runnable finds the history in `configurable.messageHistory`.
 *
 * Turns of one session run one after another, of different sessions side by side. A turn that fails, is aborted, or whose
 * reader leaves before the end stores nothing, and lets the next one in; one that is aborted while it waits never begins. A
 * stream that is neither read to its end nor left holds up its session. If storing fails, so does the call.
 *
 * @example
 * ```ts
 * import { ChatParrotLink, InMemoryChatMessageHistory, RunnableWithMessageHistory } from "linnet";
 *
 * const sessions = new Map<string, InMemoryChatMessageHistory>();
 * const parrot = new RunnableWithMessageHistory({
 *   runnable: new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 5 }),
 *   getMessageHistory: (id) => {
 *     const history = sessions.get(id) ?? new InMemoryChatMessageHistory();
 *     sessions.set(id, history);
 *     return history;
 *   },
 * });
 * const { text } = await parrot.invoke("Hello, bird!", { configurable: { sessionId: "ada" } });
 * console.log(text, (await sessions.get("ada")?.getMessages())?.length); // Hello 2
 * ```
 */
export class RunnableWithMessageHistory<
  RunInput = TurnInput,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends RunnableBinding<RunInput, RunOutput, CallOptions> {
  declare readonly runnable: Runnable<never, RunOutput>;
  declare readonly getMessageHistory: GetSessionHistoryCallable;
  declare readonly inputMessagesKey?: string | undefined;
  declare readonly outputMessagesKey?: string | undefined;
  declare readonly historyMessagesKey?: string | undefined;

  constructor(fields: RunnableWithMessageHistoryInputs<RunOutput, CallOptions>) {
    const { runnable: like, getMessageHistory, inputMessagesKey, outputMessagesKey, historyMessagesKey } = fields;
    const runnable = coerceToRunnable(like) as Runnable<never, RunOutput>;
    const plan = { getMessageHistory, inputMessagesKey, outputMessagesKey, historyMessagesKey };
    super({
      bound: new HistoryTurns<RunInput, RunOutput, CallOptions>(runnable, plan),
      kwargs: fields.kwargs,
      config: fields.config,
    });
    Object.assign(this, plan, { runnable });
  }

  static override lc_name(): string {
    return "RunnableWithMessageHistory";
  }
}
