import type { AbortSignalLike } from "./abort-controller.ts";

/**
 * All that listens to one outside signal shares one native listener: a thousand runs on a user's signal would otherwise
 * be a thousand listeners, with the platform's leak warning after ten.
 */
const hubs: WeakMap<AbortSignalLike, Set<() => void>> = new WeakMap();

/**
 * Calls `listener` once when the signal aborts.
 *
 * @returns what ends the subscription; with the last one gone the native listener is removed.
 */
export function subscribeToSignal(signal: AbortSignalLike, listener: () => void): () => void {
  const hub = hubs.get(signal) ?? openHub(signal);
  hub.add(listener);
  return () => {
    if (hub.delete(listener) && hub.size === 0) closeHub(signal);
  };
}

const natives: WeakMap<AbortSignalLike, () => void> = new WeakMap();

function openHub(signal: AbortSignalLike): Set<() => void> {
  const hub = new Set<() => void>();
  const native = (): void => {
    const listeners = [...hub];
    hub.clear();
    closeHub(signal);
    for (const listener of listeners) listener();
  };
  hubs.set(signal, hub);
  natives.set(signal, native);
  signal.addEventListener("abort", native);
  return hub;
}

function closeHub(signal: AbortSignalLike): void {
  const native = natives.get(signal);
  hubs.delete(signal);
  natives.delete(signal);
  if (native !== undefined) signal.removeEventListener("abort", native);
}
