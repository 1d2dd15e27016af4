import { AsyncLocalStorage } from "node:async_hooks";
import { type AsyncContext, installAsyncContext } from "../callbacks/async-context.ts";

class NodeAsyncContext implements AsyncContext {
  readonly #storage = new AsyncLocalStorage<unknown>();

  get(): unknown {
    return this.#storage.getStore();
  }

  run<Result>(value: unknown, call: () => Result): Result {
    return this.#storage.run(value, call);
  }
}

/**
 * Installs the implicit context; importing `linnet/node` does so once. With it a nested call finds its parent run without
 * being handed the config, also inside generators.
 *
 * It costs: one `AsyncLocalStorage` that is in use makes every promise of the process slower.
 */
export function installNodeContext(): void {
  installAsyncContext(new NodeAsyncContext());
}

installNodeContext();

export type { AsyncContext } from "../callbacks/async-context.ts";
export { asyncContext, installAsyncContext } from "../callbacks/async-context.ts";
