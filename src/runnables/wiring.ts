import { RunnableBinding } from "./binding.ts";
import { coerceToRunnable } from "./coerce.ts";
import { type Factories, wireRunnables } from "./factories.ts";
import { streamRunEvents } from "./run-events.ts";
import type { Runnable } from "./runnable.ts";
import { joinSteps } from "./sequence.ts";

// The one thing in the package that happens when it is imported; it only fills a slot. package.json lists the file under
// `sideEffects`, so that bundlers keep it.
wireRunnables({
  coerce: coerceToRunnable,
  sequence: joinSteps as Factories["sequence"],
  binding: (bound, parts) => new RunnableBinding({ bound: bound as Runnable<never, unknown>, ...parts }),
  events: streamRunEvents as Factories["events"],
});
