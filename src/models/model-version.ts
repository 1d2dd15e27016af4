import type { RunnableConfig } from "../runnables/config.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import { modelPart } from "./model-parts.ts";

/** A model as a call wants it: with messages in the form of the call's `outputVersion`, or else of the model's. */
export function inVersion<Model extends { readonly outputVersion?: unknown }>(
  model: Model,
  config: RunnableConfig | undefined,
): Model {
  const version = (config as BaseLanguageModelCallOptions | undefined)?.outputVersion ?? model.outputVersion;
  return !version || version === "v0" ? model : modelPart("outputVersion")(model, version);
}
