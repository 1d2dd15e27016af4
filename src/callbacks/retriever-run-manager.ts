import type { Serialized } from "../secrets/serialized.ts";
import type { BaseCallbackManager } from "./base-callback-manager.ts";
import { BaseRunManager, type RunStart } from "./run-manager.ts";

/** The run of a retriever. */
export class CallbackManagerForRetrieverRun extends BaseRunManager {
  constructor(manager: BaseCallbackManager, start: RunStart) {
    super("retriever", manager, start);
  }

  /** Tells of the start. @param query what is looked for. */
  begin(serialize: () => Serialized, query: string): this {
    if (this.hears("handleRetrieverStart")) {
      this.tell("handleRetrieverStart", serialize(), this["~told"](query, "input"));
    }
    this.tell("runStarted");
    return this;
  }

  /** Closes the run with what was found. */
  async handleRetrieverEnd(documents: unknown[]): Promise<void> {
    await this.end(documents);
  }

  /** Closes the run with what went wrong. */
  async handleRetrieverError(error: unknown): Promise<void> {
    await this.fail(error);
  }

  protected override forHandlers(output: unknown): unknown {
    // Documents may have been redacted to one text.
    return Array.isArray(output) ? output : output == null ? [] : [output];
  }
}
