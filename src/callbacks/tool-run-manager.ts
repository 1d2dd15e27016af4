import type { Serialized } from "../secrets/serialized.ts";
import type { BaseCallbackManager } from "./base-callback-manager.ts";
import { BaseRunManager, type RunStart } from "./run-manager.ts";

/** The run of a tool. */
export class CallbackManagerForToolRun extends BaseRunManager {
  constructor(manager: BaseCallbackManager, start: RunStart) {
    super("tool", manager, start);
  }

  /** Tells of the start. @param input the arguments as text. @param toolCallId the call that asked for it. */
  begin(serialize: () => Serialized, input: string, toolCallId?: string): this {
    if (this.hears("handleToolStart")) {
      this.tell("handleToolStart", serialize(), this["~told"](input, "input"), toolCallId);
    }
    this.tell("runStarted");
    return this;
  }

  /** Tells of something that the tool gave on its way. */
  async handleToolEvent(chunk: unknown): Promise<void> {
    if (this.isClosed) return;
    const told = this["~told"](chunk, "chunk");
    this.tell("handleToolEvent", told);
    this.tell("runStreamed", told);
    await this.settled();
  }

  /** Closes the run with what it gave. */
  async handleToolEnd(output: unknown): Promise<void> {
    await this.end(output);
  }

  /** Closes the run with what went wrong. */
  async handleToolError(error: unknown): Promise<void> {
    await this.fail(error);
  }
}
