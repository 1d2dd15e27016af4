import type { UsageMetadata } from "../../messages/usage.ts";
import { addUsage } from "../../messages/usage-arithmetic.ts";
import { setOwn } from "../../secrets/plain-record.ts";
import { BaseCallbackHandler } from "../base-callback-handler.ts";
import type { ModelStartParams } from "../handler.ts";
import type { Told } from "../run-record.ts";
import { modelOf, usagesOf } from "./run-usage.ts";

/** A model that nobody names. */
const UNNAMED = "unknown";

/**
 * Sums what models took, by the name of the model, over all runs that it is told of: also of runs that failed, were aborted or
 * were left, as far as they said. Answers from a cache took nothing.
 *
 * A model is named by its answer (`response_metadata.model_name`), else by its run's metadata (`ls_model_name`) or the
 * parameters it was called with (`model`, `model_name`), else by its run's name.
 *
 * @example
 * ```ts
 * import { ChatParrotLink, UsageMetadataCallbackHandler } from "linnet";
 *
 * const usage = new UsageMetadataCallbackHandler();
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
 * await model.batch(["cat", "dog"], { callbacks: [usage] });
 * console.log(usage.usageMetadata["bird-brain-001"]?.total_tokens, usage.total.output_tokens);
 * ```
 */
export class UsageMetadataCallbackHandler extends BaseCallbackHandler {
  name = "usage_metadata_callback_handler";
  /** What the models of open runs are called where their answers do not say. */
  readonly #names: Map<string, string> = new Map();
  readonly #sums: Map<string, UsageMetadata> = new Map();

  /** What each model took so far, by its name; a copy. */
  get usageMetadata(): Record<string, UsageMetadata> {
    const copy: Record<string, UsageMetadata> = {};
    for (const [model, usage] of this.#sums) setOwn(copy, model, addUsage(usage));
    return copy;
  }

  /** What all models took together so far. */
  get total(): UsageMetadata {
    return [...this.#sums.values()].reduce((sum, usage) => addUsage(sum, usage), addUsage());
  }

  /** The handler itself: a copy would have sums of its own. */
  override copy(): this {
    return this;
  }

  override handleLLMStart(...[, , runId, , params, , metadata, runName]: Told<"handleLLMStart">): void {
    this.#start(runId, params, metadata, runName);
  }

  override handleChatModelStart(...[, , runId, , params, , metadata, runName]: Told<"handleChatModelStart">): void {
    this.#start(runId, params, metadata, runName);
  }

  override handleLLMEnd(...[output, runId, , , info]: Told<"handleLLMEnd">): void {
    this.#add(info?.cached ? undefined : output, runId);
  }

  override handleLLMError(...[, runId, , , info]: Told<"handleLLMError">): void {
    this.#add(info?.partial, runId);
  }

  #start(runId: string, params: ModelStartParams | undefined, metadata: unknown, runName: string | undefined): void {
    this.#names.set(runId, modelOf(metadata, params?.invocation_params) ?? runName ?? UNNAMED);
  }

  #add(output: unknown, runId: string): void {
    const name = this.#names.get(runId) ?? UNNAMED;
    this.#names.delete(runId);
    for (const { model = name, usage } of usagesOf(output)) {
      this.#sums.set(model, addUsage(this.#sums.get(model), usage));
    }
  }
}
