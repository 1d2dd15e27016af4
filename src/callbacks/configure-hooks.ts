import { LinnetError } from "../errors/linnet-error.ts";
import { asyncContext } from "./async-context.ts";
import { listenersOf } from "./callback-manager.ts";
import { configureSlot } from "./configure-slot.ts";
import { getContextVariable } from "./context-variables.ts";
import type { CallbackHandler } from "./handler.ts";
import type { Listener } from "./handler-set.ts";

/** Where a handler is found that is told of runs whose configs do not name it. */
export interface ConfigureHook {
  /** The context variable that holds the handler, or a list of them. */
  contextVar?: PropertyKey | undefined;
  /** Whether the handler is handed on to children, also to those that the variable does not reach. Default: true. */
  inheritable?: boolean | undefined;
  /** What makes the handler that is told while `envVar` is set; one is made, at the first run. */
  handlerClass?: (new () => CallbackHandler) | undefined;
  /** The variable of the process's environment that turns the handler on by the value `true`. */
  envVar?: string | undefined;
}

type Hooked = readonly [handler: Listener, inherits: boolean];

/** All hooks that are registered; each finds its handlers. */
let hooks: readonly (() => readonly Hooked[])[] = [];

/**
 * Has a handler told of every run that is started where a context variable holds it, or while a variable of the environment is
 * `true`: without a config naming it. A run is told of once, however the handler is named. With an async context installed, runs
 * that a handler starts are left out: it would be told of its own calls without end.
 *
 * @returns takes the hook away; runs that go on keep their handlers.
 * @throws LinnetError `INVALID_CONFIG` if the hook names nothing to look for, or `envVar` without `handlerClass`.
 *
 * @example
 * ```ts
 * import "linnet/node";
 * import { registerConfigureHook, RunnableLambda, setContextVariable } from "linnet";
 *
 * const unregister = registerConfigureHook({ contextVar: "tracer" });
 * setContextVariable("tracer", { handleChainStart: () => console.log("a run") });
 * await RunnableLambda.from((text: string) => text).invoke("a");
 * unregister();
 * ```
 */
export function registerConfigureHook(hook: ConfigureHook): () => void {
  const find = finderOf(hook);
  register([...hooks, find]);
  return () => register(hooks.filter((kept) => kept !== find));
}

function register(next: typeof hooks): void {
  hooks = next;
  configureSlot.hooks = next.length === 0 ? undefined : findAll;
}

function findAll(): readonly Hooked[] {
  return asyncContext()?.isInHandler?.() ? [] : hooks.flatMap((find) => find());
}

function finderOf({ contextVar, inheritable = true, handlerClass: Handler, envVar }: ConfigureHook): () => Hooked[] {
  if (envVar === undefined ? contextVar === undefined : Handler === undefined) {
    const given = envVar === undefined ? "neither" : `envVar "${envVar}" without a class`;
    throw new LinnetError(
      `Expected a hook with contextVar, or with envVar and handlerClass, got ${given}. Say where the handler is found.`,
      { code: "INVALID_CONFIG" },
    );
  }
  let made: CallbackHandler | undefined;
  return () => {
    const found: Listener[] = [];
    if (contextVar !== undefined) found.push(...listenersOf(getContextVariable(contextVar)));
    if (envVar !== undefined && Handler !== undefined && isOn(envVar)) {
      made ??= new Handler();
      found.push(made);
    }
    return found.map((handler) => [handler, inheritable]);
  };
}

/** The environment may be missing, and reading it may be forbidden, as in Deno. */
function isOn(name: string): boolean {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  try {
    return process?.env?.[name] === "true";
  } catch {
    return false;
  }
}
