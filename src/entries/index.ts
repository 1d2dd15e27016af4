import "../callbacks/tracers/wiring.ts";
import "../models/generate/wiring.ts";
import "../prompts/wiring.ts";
import "../runnables/wiring.ts";
import "../runnables/configurable/wiring.ts";
import "../runnables/graph/wiring.ts";
import "../runnables/log/wiring.ts";
import "../tools/wiring.ts";

export * from "./callbacks.ts";
export * from "./errors.ts";
export * from "./messages.ts";
export * from "./models.ts";
export * from "./outputs.ts";
export * from "./parsers.ts";
export * from "./prompts.ts";
export * from "./runnables.ts";
export * from "./tools.ts";
export * from "./tracers.ts";
