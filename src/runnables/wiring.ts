import { RunnableAssign } from "./assign.ts";
import { RunnableBinding } from "./binding.ts";
import { coerceToRunnable } from "./coerce.ts";
import { RunnableEach } from "./each.ts";
import { type Factories, wireRunnables } from "./factories.ts";
import { RunnableWithFallbacks } from "./fallbacks.ts";
import { RunnableMap } from "./map.ts";
import { RunnablePick } from "./pick.ts";
import { RunnableRetry } from "./retry.ts";
import { streamRunEvents } from "./run-events.ts";
import type { Runnable } from "./runnable.ts";
import { joinSteps } from "./sequence.ts";

type Joined = Runnable<never, unknown>;

// The one thing in the package that happens when it is imported; it only fills a slot. package.json lists the file under
// `sideEffects`, so that bundlers keep it.
wireRunnables({
  coerce: coerceToRunnable,
  sequence: joinSteps as Factories["sequence"],
  binding: (bound, parts) => new RunnableBinding({ bound: bound as Runnable<never, unknown>, ...parts }),
  retry: (bound, { stopAfterAttempt, ...options } = {}) =>
    new RunnableRetry({ bound: bound as Runnable<never, unknown>, maxAttemptNumber: stopAfterAttempt, ...options }),
  fallbacks: (runnable, fields) => new RunnableWithFallbacks({ runnable, ...fields }),
  assign: (bound, mapping) =>
    joinSteps(
      bound as Joined,
      new RunnableAssign(mapping instanceof RunnableMap ? mapping : RunnableMap.from({ ...mapping })),
    ),
  pick: (bound, keys) => joinSteps(bound as Joined, new RunnablePick(keys)),
  each: (bound) => new RunnableEach({ bound: bound as Joined }),
  events: streamRunEvents as Factories["events"],
});
