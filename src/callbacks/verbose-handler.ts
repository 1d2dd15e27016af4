import { configureSlot } from "./configure-slot.ts";
import type { CallbackHandler } from "./handler.ts";

/**
 * Says what is told of runs that are `verbose`: one handler for all of them, made when the first of them starts.
 *
 * @param make makes the handler; undefined takes it away.
 */
export function setVerboseHandler(make: (() => CallbackHandler) | undefined): void {
  let handler: CallbackHandler | undefined;
  configureSlot.verbose =
    make &&
    ((manager) => {
      handler ??= make();
      const { name } = handler;
      // One console is enough, also where the application gave one.
      const isThere = manager.handlers.some((told) => (told as CallbackHandler).name === name);
      if (!isThere) manager.addHandler(handler);
    });
}
