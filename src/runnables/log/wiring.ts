// First the other wiring: what is filled here anew would be overwritten by it.
import "../wiring.ts";
import { runListeners } from "../../callbacks/run-listeners.ts";
import { type Factories, wireRunnables } from "../factories.ts";
import { streamEncodedEvents } from "./stream-encoded-events.ts";
import { streamRunLog } from "./stream-log.ts";

// As the other wiring, this only fills a slot; package.json lists the file under `sideEffects`.
wireRunnables({
  log: streamRunLog as Factories["log"],
  events: streamEncodedEvents as Factories["events"],
  listeners: runListeners,
});
