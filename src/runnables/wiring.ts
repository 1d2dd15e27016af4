import { RunnableBinding } from "./binding.ts";
import { coerceToRunnable } from "./coerce.ts";
import { streamRunEvents } from "./run-events.ts";
import { type Factories, wireRunnables } from "./runnable.ts";
import { joinSteps } from "./sequence.ts";

// The one thing in the package that happens when it is imported; it only fills a slot. package.json lists the file under
// `sideEffects`, so that bundlers keep it.
wireRunnables({
  coerce: coerceToRunnable as Factories["coerce"],
  // What the last step gives is what the sequence gives.
  sequence: joinSteps as unknown as Factories["sequence"],
  binding: (bound, kwargs, config) => new RunnableBinding({ bound, kwargs, config }),
  events: streamRunEvents,
});
