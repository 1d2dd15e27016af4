import { asyncContext, installAsyncContext } from "./async-context.ts";
import type { BaseCallbackConfig } from "./callback-config.ts";
import { type AsyncLocalStorageInterface, StorageContext } from "./storage-context.ts";

/** The type of {@link AsyncLocalStorageProviderSingleton}. */
export interface AsyncLocalStorageProvider {
  /**
   * Installs the implicit context in a storage, for runtimes whose `AsyncLocalStorage` has to be handed over. Where a context
   * is installed already it stays: runs that are under way are in it.
   */
  initializeGlobalInstance(storage: AsyncLocalStorageInterface): void;
  /** The storage of the installed context; where none is installed, one that carries nothing. */
  getInstance(): AsyncLocalStorageInterface;
  /** The config of the run that the present code is part of. */
  getRunnableConfig<Config extends BaseCallbackConfig = BaseCallbackConfig>(): Config | undefined;
  /**
   * Calls a function as if it were part of the run of a config: what it calls is that run's child. Without a context it is
   * just called.
   *
   * @param config the config that the run's function was given; undefined for no run.
   */
  runWithConfig<Result>(config: BaseCallbackConfig | undefined, call: () => Result): Result;
}

/**
 * The implicit context under the name that code for the peer uses. Apps need no more than `import "linnet/node"`.
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from "node:async_hooks";
 * import { AsyncLocalStorageProviderSingleton } from "linnet";
 *
 * AsyncLocalStorageProviderSingleton.initializeGlobalInstance(new AsyncLocalStorage());
 * ```
 */
export const AsyncLocalStorageProviderSingleton: AsyncLocalStorageProvider = {
  initializeGlobalInstance(storage) {
    if (asyncContext() === undefined) installAsyncContext(new StorageContext(storage));
  },
  getInstance() {
    const context = asyncContext();
    if (context instanceof StorageContext) return context.storage;
    return {
      getStore: () => context?.get(),
      run: (store, call) => (context === undefined ? call() : context.run(store, call)),
    };
  },
  getRunnableConfig<Config>() {
    return asyncContext()?.get() as Config | undefined;
  },
  runWithConfig(config, call) {
    const context = asyncContext();
    // A copy: variables that are set in the call are kept by config, and end with it.
    return context === undefined ? call() : context.run({ ...config }, call);
  },
};
