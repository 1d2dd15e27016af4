import { RunnableAssign } from "../runnables/assign.ts";
import { RunnableBinding } from "../runnables/binding.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { RunnableLambda } from "../runnables/lambda.ts";
import { RunnableMap } from "../runnables/map.ts";
import { callWithRun } from "../runnables/run-call.ts";
import { callStep, openStep, Runnable, transformStep } from "../runnables/runnable.ts";
import { withScope } from "../runnables/scoped-config.ts";
import { RunnableSequence } from "../runnables/sequence.ts";
import type { CancelScope } from "../streams/cancel-scope.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { HistoryTurn, type TurnPlan } from "./history-turn.ts";
import { FinishingSource, StoringSource } from "./turn-source.ts";

const NAME = "RunnableWithMessageHistory";

/** Makes each call of a runnable one turn of a conversation. It has no run of its own: a turn's is that of its sequence. */
export class HistoryTurns<RunInput, RunOutput, CallOptions extends RunnableConfig> extends Runnable<
  RunInput,
  RunOutput,
  CallOptions
> {
  declare readonly runnable: Runnable<never, RunOutput>;
  declare readonly plan: TurnPlan;

  constructor(runnable: Runnable<never, RunOutput>, plan: TurnPlan) {
    super();
    this.runnable = runnable;
    this.plan = plan;
  }

  static override lc_name(): string {
    return NAME;
  }

  /** @internal What graphs show in its place. */
  get "~wraps"(): Runnable<never, RunOutput> {
    return this.runnable;
  }

  override "~manager"(): undefined {
    return undefined;
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    const turn = new HistoryTurn(this.plan, input, config);
    let release = (): void => {};
    const finish = (): void => {
      release();
      turn.finish();
    };
    let output: MaybePromise<RunOutput>;
    try {
      output = callWithRun(this, input, config, ({ scope }) => {
        if (scope !== undefined) release = scope.onCancel(() => turn.finish());
        return andThen(turn.begin(), () =>
          callStep(this.#sequence(turn), input, turn.configFor(within(config, scope))),
        );
      });
    } catch (error) {
      finish();
      throw error;
    }
    if (isPromiseLike(output)) output.then(finish, finish);
    else finish();
    return output;
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    let turn: HistoryTurn | undefined;
    const source = new LazySource<RunOutput>(() => {
      const begun = new HistoryTurn(this.plan, input, config);
      turn = begun;
      return andThen(begun.begin(), () => openStep(this.#sequence(begun), input, begun.configFor(config)));
    });
    return new FinishingSource(source, () => turn?.finish());
  }

  /** Loading the history, or putting it under its key, and then the runnable. */
  #sequence(turn: HistoryTurn): Runnable<RunInput, RunOutput> {
    const { historyMessagesKey, inputMessagesKey } = this.plan;
    const key = historyMessagesKey ?? inputMessagesKey;
    const load = new RunnableLambda({ func: () => turn.load(), name: "loadHistory" });
    return new RunnableSequence<RunInput, RunOutput>({
      first: key === undefined ? load : insertAt(key, load),
      last: new StoringStep(this.runnable, turn),
      name: NAME,
    });
  }
}

function within(config: RunnableConfig | undefined, scope: CancelScope | undefined): RunnableConfig | undefined {
  return scope === undefined ? config : withScope(config, scope);
}

function insertAt(key: string, load: Runnable): Runnable<never, unknown> {
  const mapper = RunnableMap.from({ [key]: load });
  return new RunnableBinding({ bound: new RunnableAssign(mapper), config: { runName: "insertHistory" } });
}

/** A runnable whose answers are stored before anybody has them, or their end. */
class StoringStep<RunOutput> extends Runnable<unknown, RunOutput> {
  declare readonly runnable: Runnable<unknown, RunOutput>;
  declare readonly turn: HistoryTurn;

  constructor(runnable: Runnable<never, RunOutput>, turn: HistoryTurn) {
    super();
    this.runnable = runnable as Runnable<unknown, RunOutput>;
    this.turn = turn;
  }

  override "~call"(input: unknown, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return andThen(callStep(this.runnable, input, config), (output) => andThen(this.turn.store(output), () => output));
  }

  override "~transform"(source: Source<unknown>, config: RunnableConfig | undefined): Source<RunOutput> {
    return new StoringSource(transformStep(this.runnable, source, config), (sum) => this.turn.store(sum));
  }
}
