import { LinnetError } from "../errors/linnet-error.ts";
import { asyncContext } from "./async-context.ts";

/**
 * Sets a value that the rest of the present code and all that it calls can read, without it being handed on: the id of a
 * request, say. Set in a function of a runnable, it ends with that function's run; set outside, it stays for the rest of the
 * present task. Callers and runs beside it never see it.
 *
 * @param name what the value is called: a text or a symbol.
 * @param value any value; undefined takes it away.
 * @throws LinnetError `NOT_WIRED` where no async context is installed: the value would be lost silently. `NOT_SUPPORTED`
 *   where the installed one cannot carry variables.
 *
 * @example
 * ```ts
 * import "linnet/node";
 * import { getContextVariable, RunnableLambda, setContextVariable } from "linnet";
 *
 * const answer = RunnableLambda.from((text: string) => `${getContextVariable("user")}: ${text}`);
 * setContextVariable("user", "ada");
 * console.log(await answer.invoke("hello"));
 * ```
 */
export function setContextVariable(name: PropertyKey, value: unknown): void {
  const context = asyncContext();
  if (context === undefined) {
    throw new LinnetError(
      `Expected an async context to keep the variable "${String(name)}" in. Import "linnet/node" first, or install a storage by AsyncLocalStorageProviderSingleton.initializeGlobalInstance.`,
      { code: "NOT_WIRED" },
    );
  }
  if (context.setVariables === undefined) {
    throw new LinnetError("Expected the installed async context to have setVariables. Install one that has.", {
      code: "NOT_SUPPORTED",
    });
  }
  context.setVariables(new Map(context.variables?.()).set(name, value));
}

/**
 * Reads a context variable.
 *
 * @returns undefined where it was never set, also where no async context is installed.
 */
export function getContextVariable<Value = unknown>(name: PropertyKey): Value | undefined {
  // What the value is, only whoever set it knows.
  return asyncContext()?.variables?.()?.get(name) as Value | undefined;
}
