type AbortListener =
  | ((event: { readonly type: "abort" }) => void)
  | { handleEvent(event: { readonly type: "abort" }): void };

/**
 * The part of the platform's `AbortSignal` that linnet relies on. Any object of this shape is taken as a signal, so that
 * signals of other realms and polyfills work too.
 */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A signal for runtimes that have none (QuickJS): enough of the WHATWG DOM standard for providers to listen to. */
class PlainAbortSignal implements AbortSignalLike {
  aborted = false;
  reason: unknown = undefined;
  onabort: AbortListener | null = null;
  readonly #listeners = new Set<AbortListener>();

  addEventListener(_type: "abort", listener: AbortListener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: AbortListener): void {
    this.#listeners.delete(listener);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  "~abort"(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.onabort === null ? [...this.#listeners] : [this.onabort, ...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) {
      if (typeof listener === "function") listener({ type: "abort" });
      else listener.handleEvent({ type: "abort" });
    }
  }
}

/** What makes a signal abort. */
export interface AbortControllerLike {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
}

/** Makes the runtime's own controller, or a small one of ours where there is none. */
export function createAbortController(): AbortControllerLike {
  if (globalThis.AbortController !== undefined) return new AbortController();
  const signal = new PlainAbortSignal();
  // The platform's type has members that nobody can use without the platform's events.
  return { signal: signal as unknown as AbortSignal, abort: (reason) => signal["~abort"](reason) };
}
