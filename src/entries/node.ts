import { asyncContext, installAsyncContext } from "../callbacks/async-context.ts";
import { newRuntimeStorage, StorageContext } from "../callbacks/storage-context.ts";

/**
 * Installs the implicit context; importing `linnet/node` does so once. With it a nested call finds its parent run without
 * being handed the config, also inside generators and `Promise.all`. It works wherever the runtime has `AsyncLocalStorage`:
 * in Node, Deno and Bun. Elsewhere the import does nothing, and configs are handed on as without it.
 *
 * It costs: one `AsyncLocalStorage` that is in use makes every promise of the process slower.
 *
 * @returns whether a context is in place now: this one, or one that was installed before, which stays.
 */
export function installNodeContext(): boolean {
  if (asyncContext() !== undefined) return true;
  const storage = newRuntimeStorage();
  if (storage === undefined) return false;
  installAsyncContext(new StorageContext(storage));
  return true;
}

installNodeContext();

export type { AsyncContext, ContextVariables } from "../callbacks/async-context.ts";
export { asyncContext, installAsyncContext } from "../callbacks/async-context.ts";
export {
  type AsyncLocalStorageProvider,
  AsyncLocalStorageProviderSingleton,
} from "../callbacks/async-local-storage-provider.ts";
export { type ConfigureHook, registerConfigureHook } from "../callbacks/configure-hooks.ts";
export { getContextVariable, setContextVariable } from "../callbacks/context-variables.ts";
export type { AsyncLocalStorageInterface } from "../callbacks/storage-context.ts";
