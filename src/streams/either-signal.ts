import type { AbortSignalLike } from "./abort-controller.ts";
import { CancelScope } from "./cancel-scope.ts";

/**
 * Several signals as one, which aborts with the first of them. It listens to them only while somebody listens to it: a
 * thousand configs with two long-lived signals leave nothing on them, where the platform's own combination would.
 */
export class EitherSignal implements AbortSignalLike {
  readonly #signals: readonly AbortSignalLike[];
  readonly #scopes: Map<() => void, CancelScope[]> = new Map();
  #platform: AbortSignal | undefined = undefined;

  private constructor(signals: readonly AbortSignalLike[]) {
    this.#signals = signals;
  }

  /** The signals as one; a lone one is given back as it is, and none is undefined. */
  static of(signals: readonly (AbortSignalLike | undefined)[]): AbortSignalLike | undefined {
    const flat = signals.flatMap((signal) => (signal instanceof EitherSignal ? signal.#signals : (signal ?? [])));
    const all = [...new Set(flat)];
    return all.length < 2 ? all[0] : new EitherSignal(all);
  }

  get aborted(): boolean {
    return this.#signals.some((signal) => signal.aborted);
  }

  get reason(): unknown {
    return this.#signals.find((signal) => signal.aborted)?.reason;
  }

  addEventListener(_type: "abort", listener: () => void): void {
    const scopes = this.#signals.map((signal) => new CancelScope({ signal }));
    for (const scope of scopes) scope.onCancel(listener);
    this.#scopes.set(listener, scopes);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    for (const scope of this.#scopes.get(listener) ?? []) scope.dispose();
    this.#scopes.delete(listener);
  }

  /** A signal of the platform for code that is not ours, made when first asked for; the platform lets go of it. */
  toSignal(): AbortSignal {
    this.#platform ??= combine(this.#signals);
    return this.#platform;
  }
}

function combine(signals: readonly AbortSignalLike[]): AbortSignal {
  const { AbortSignal } = globalThis;
  const arePlatform = AbortSignal?.any !== undefined && signals.every((signal) => signal instanceof AbortSignal);
  if (arePlatform) return AbortSignal.any(signals as readonly AbortSignal[] as AbortSignal[]);
  let scope = new CancelScope();
  for (const signal of signals) scope = new CancelScope({ parent: scope, signal });
  return scope.signal;
}
