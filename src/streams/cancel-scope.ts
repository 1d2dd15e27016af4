import { AbortError } from "../errors/abort-error.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import { type AbortControllerLike, type AbortSignalLike, createAbortController } from "./abort-controller.ts";
import { subscribeToSignal } from "./signal-hub.ts";
import { limitsOf, type TimeoutLimits } from "./timeout-limits.ts";
import { startTimer } from "./timer.ts";

type Hook = (cause: Error) => void;

/** What can end a scope from outside. */
export interface CancelSources {
  /** The scope of the surrounding run: its cancellation is passed on, never the other way round. */
  readonly parent?: CancelScope | undefined;
  /** The user's own signal. */
  readonly signal?: AbortSignalLike | undefined;
  /** When the scope ends with a `TimeoutError`: a number of milliseconds, or limits by part. Default: never. */
  readonly timeout?: number | TimeoutLimits | undefined;
}

/**
 * The cancellation of one run and all below it. A platform controller costs microseconds, so the `signal` is made when
 * first read, and everything of ours listens with `onCancel` instead.
 *
 * Invariant: whoever makes a scope calls `dispose` when its run settles, or listeners stay on the user's signal.
 */
export class CancelScope {
  /**
   * Set where the end keeps new work from starting and tells what listens, but no call below has to answer at once: whoever
   * waits for them has stopped to, and they need not race against it.
   */
  isPatient: boolean = false;
  /** Unset where nothing outside can end the scope: configs that nobody reads then do without a signal, which would cost each. */
  givesSignal: boolean = true;
  /** Why the scope ended, as an error to reject with; undefined while it has not. */
  cause: Error | undefined = undefined;
  /** The limits that whoever pulls a stream in this scope has to keep; undefined where there are none. */
  chunkLimits: TimeoutLimits | undefined = undefined;
  #controller: AbortControllerLike | undefined = undefined;
  /** A set only where there are several: most scopes have one hook, that of their stream. */
  #hooks: Hook | Set<Hook> | undefined = undefined;
  #releases: (() => void)[] | undefined = undefined;

  constructor(sources?: CancelSources) {
    if (sources === undefined) return;
    const { parent, signal, timeout } = sources;
    if (timeout !== undefined) this.#limit(timeout);
    if (parent !== undefined) this.#follow(parent);
    if (signal !== undefined) this.#listen(signal);
  }

  get cancelled(): boolean {
    return this.cause !== undefined;
  }

  /** The signal that providers are given; the same one each time. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = createAbortController();
      if (this.cause !== undefined) this.#controller.abort(this.cause);
    }
    return this.#controller.signal;
  }

  /** Ends the scope. Hooks run in last-in-first-out order, so that what was opened last is closed first. */
  cancel(cause: Error): void {
    if (this.cause !== undefined) return;
    this.cause = cause;
    const hooks = this.#hooks;
    this.dispose();
    this.#hooks = undefined;
    if (typeof hooks === "function") hooks(cause);
    else if (hooks !== undefined) for (const hook of [...hooks].reverse()) hook(cause);
    this.#controller?.abort(cause);
  }

  /** Calls `hook` once if the scope ends; not for one that has ended already. Returns what takes the hook away. */
  onCancel(hook: Hook): () => void {
    if (this.cause !== undefined) return () => {};
    const hooks = this.#hooks;
    if (hooks === undefined) this.#hooks = hook;
    else if (typeof hooks === "function") this.#hooks = new Set([hooks, hook]);
    else hooks.add(hook);
    return () => this.#drop(hook);
  }

  throwIfCancelled(): void {
    if (this.cause !== undefined) throw this.cause;
  }

  /** Lets go of the user's signal, the parent and the timer. */
  dispose(): void {
    const releases = this.#releases;
    this.#releases = undefined;
    if (releases !== undefined) for (const release of releases) release();
  }

  #drop(hook: Hook): void {
    const hooks = this.#hooks;
    if (hooks === hook) this.#hooks = undefined;
    else if (typeof hooks === "object") hooks.delete(hook);
  }

  #follow(parent: CancelScope): void {
    if (parent.cause !== undefined) this.cancel(parent.cause);
    else this.#addRelease(parent.onCancel((cause) => this.cancel(cause)));
  }

  #listen(signal: AbortSignalLike): void {
    if (typeof signal.addEventListener !== "function") {
      throw new LinnetError(
        `Expected signal to be an AbortSignal, got ${describeValue(signal)}. Pass the signal of an AbortController.`,
        { code: "INVALID_CONFIG" },
      );
    }
    if (signal.aborted) this.cancel(abortCause(signal.reason));
    else this.#addRelease(subscribeToSignal(signal, () => this.cancel(abortCause(signal.reason))));
  }

  #limit(timeout: number | TimeoutLimits): void {
    const limits = limitsOf(timeout);
    const { totalMs } = limits;
    if (limits.firstChunkMs !== undefined || limits.chunkMs !== undefined) this.chunkLimits = limits;
    else if (totalMs === undefined) return;
    if (globalThis.setTimeout === undefined) {
      throw new LinnetError(
        "A timeout needs a runtime with timers, and this one has no setTimeout. Leave it out, or install one.",
        { code: "NOT_SUPPORTED", data: { timeout } },
      );
    }
    if (totalMs === undefined) return;
    this.#addRelease(startTimer(totalMs, () => this.cancel(new TimeoutError(totalMs))));
  }

  #addRelease(release: () => void): void {
    if (this.cause !== undefined) return release();
    this.#releases ??= [];
    this.#releases.push(release);
  }
}

/** The error that an aborted call rejects with: the signal's reason where that is an error, as the platform does. */
export function abortCause(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  // A DOMException is not an Error in every runtime.
  if (typeof reason === "object" && reason !== null && "message" in reason && "name" in reason) return reason as Error;
  return reason === undefined
    ? new AbortError()
    : new AbortError({ message: typeof reason === "string" ? reason : undefined, cause: reason });
}

/**
 * Waits for a promise no longer than its scope lasts: rejects with the scope's cause once that ends. The promise itself
 * is left to settle unheard.
 */
export function raceWithScope<Value>(promise: PromiseLike<Value>, scope: CancelScope | undefined): PromiseLike<Value> {
  if (scope === undefined) return promise;
  return new Promise((resolve, reject) => {
    if (scope.cause !== undefined) {
      promise.then(undefined, () => {});
      reject(scope.cause);
      return;
    }
    const release = scope.onCancel(reject);
    promise.then(
      (value) => {
        release();
        resolve(value);
      },
      (error) => {
        release();
        reject(error);
      },
    );
  });
}
