import { asyncContext } from "../callbacks/async-context.ts";
import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import { configureSlot } from "../callbacks/configure-slot.ts";
import type { BaseRunManager } from "../callbacks/run-manager.ts";
import { type CancelScope, raceWithScope } from "../streams/cancel-scope.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { failRun } from "./close-run.ts";
import type { RunnableConfig } from "./config.ts";
import { effectiveConfig } from "./merge-configs.ts";
import { RunContext, type RunOwner } from "./run-context.ts";
import { openOwnScope, scopeOf } from "./scoped-config.ts";

/**
 * The bookkeeping of a call with one answer: starts the run, calls the body, ends the run or fails it, whatever happens
 * first of answer, error and abort. Where nobody observes and nothing can end the call, it is the body and nothing else.
 *
 * @param body gives what the run's end is told.
 */
export function callWithRun<Output>(
  owner: RunOwner,
  input: unknown,
  config: RunnableConfig | undefined,
  body: (context: RunContext) => MaybePromise<Output>,
): MaybePromise<Output> {
  const effective = effectiveConfig(config);
  const manager = owner["~manager"](effective);
  // In a function of its own, the rest leaves this one small enough for the engine to put it where it is called.
  if (effective === undefined && manager === undefined) return body(BARE_CONTEXT);
  return callWithin(owner, input, effective, manager, body);
}

/** The context of all calls that nobody observes and nothing can end. */
export const BARE_CONTEXT: RunContext = /* @__PURE__ */ new RunContext(undefined, undefined, undefined);

/**
 * Whether nobody observes a call and nothing can end it, in as few steps as can be: a runnable without handlers of its own is
 * then its body and nothing else.
 */
export function isBare(config: RunnableConfig | undefined): config is undefined {
  return config === undefined && configureSlot.hooks === undefined && asyncContext() === undefined;
}

function callWithin<Output>(
  owner: RunOwner,
  input: unknown,
  config: RunnableConfig | undefined,
  manager: BaseCallbackManager | undefined,
  body: (context: RunContext) => MaybePromise<Output>,
): MaybePromise<Output> {
  const ownScope = openOwnScope(config);
  const scope = ownScope ?? scopeOf(config);
  if (manager === undefined && ownScope === undefined) {
    scope?.throwIfCancelled();
    const output = body(new RunContext(config, scope, undefined));
    return scope === undefined || scope.isPatient || !isPromiseLike(output) ? output : raceWithScope(output, scope);
  }
  const call = new Call<Output>(scope, ownScope);
  return call.start(
    () => manager && owner["~begin"](manager, { input, config, defersInput: false }),
    (run) => body(new RunContext(config, scope, run)),
  );
}

class Call<Output> {
  readonly #scope: CancelScope | undefined;
  readonly #ownScope: CancelScope | undefined;
  #run: BaseRunManager | undefined = undefined;

  constructor(scope: CancelScope | undefined, ownScope: CancelScope | undefined) {
    this.#scope = scope;
    this.#ownScope = ownScope;
  }

  start(
    begin: () => BaseRunManager | undefined,
    body: (run: BaseRunManager | undefined) => MaybePromise<Output>,
  ): MaybePromise<Output> {
    let outcome: MaybePromise<Output>;
    try {
      this.#scope?.throwIfCancelled();
      this.#run = begin();
      const ready = this.#run?.settled();
      outcome = isPromiseLike(ready) ? ready.then(() => this.#enter(body)) : body(this.#run);
    } catch (error) {
      return this.#fail(error);
    }
    if (!isPromiseLike(outcome)) return this.#end(outcome);
    const end = (value: Output): MaybePromise<Output> => this.#end(value);
    const fail = (error: unknown): MaybePromise<never> => this.#fail(error);
    if (!this.#scope?.isPatient) return raceWithScope(outcome, this.#scope).then(end, fail);
    // Below a patient scope the answer is waited for, but the run is over with the scope.
    const release = this.#scope.onCancel((cause) => void failRun(this.#run, cause, true));
    return outcome.then(
      (value) => {
        release();
        return end(value);
      },
      (error) => {
        release();
        return fail(error);
      },
    );
  }

  #enter(body: (run: BaseRunManager | undefined) => MaybePromise<Output>): MaybePromise<Output> {
    // Whoever aborted while a handler was at work must not see the body start.
    this.#scope?.throwIfCancelled();
    return body(this.#run);
  }

  #end(output: Output): MaybePromise<Output> {
    let closing: MaybePromise<void>;
    try {
      closing = this.#run?.end(output);
    } catch (error) {
      this.#ownScope?.dispose();
      throw error;
    }
    if (!isPromiseLike(closing)) {
      this.#ownScope?.dispose();
      return output;
    }
    return raceWithScope(closing, this.#scope).then(
      () => {
        this.#ownScope?.dispose();
        return output;
      },
      (error) => {
        this.#ownScope?.dispose();
        throw error;
      },
    );
  }

  #fail(error: unknown): MaybePromise<never> {
    const aborted = this.#scope?.cause !== undefined && this.#scope.cause === error;
    const closing = failRun(this.#run, error, aborted);
    const fail = (): never => {
      this.#ownScope?.dispose();
      throw error;
    };
    if (!isPromiseLike(closing)) return fail();
    // A handler that hangs holds up a call that has failed no longer than one that has not: until it is ended.
    return (aborted ? closing : raceWithScope(closing, this.#scope)).then(fail, fail);
  }
}
