import type { BaseCallbackManager } from "./base-callback-manager.ts";
import type { Listener } from "./handler-set.ts";

/**
 * Who is told besides those that a call names. Empty at first: the parts that have such handlers fill it when they are used,
 * so that nobody else carries them.
 */
export const configureSlot: {
  /** The handlers of hooks, and whether children inherit each; undefined where no hook is registered. */
  hooks?: (() => readonly (readonly [handler: Listener, inherits: boolean])[]) | undefined;
  /** Adds the handler that `verbose` asks for. */
  verbose?: ((manager: BaseCallbackManager) => void) | undefined;
} = {};
