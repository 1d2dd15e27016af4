import type { Serialized } from "../secrets/serialized.ts";
import type { BaseCallbackManager } from "./base-callback-manager.ts";
import { BaseRunManager, type RunStart } from "./run-manager.ts";

/** The run of a tool. */
export class CallbackManagerForToolRun extends BaseRunManager {
  constructor(manager: BaseCallbackManager, start: RunStart) {
    super("tool", manager, start);
  }

  /**
   * Tells of the start.
   *
   * @param input the arguments as text, or what writes it, asked only where a handler is told.
   * @param toolCallId the call that asked for it.
   */
  begin(serialize: () => Serialized, input: string | (() => string), toolCallId?: string): this {
    if (this.hears("handleToolStart")) {
      const text = typeof input === "string" ? input : input();
      this.tell("handleToolStart", serialize(), this["~told"](text, "input"), toolCallId);
    }
    this.tell("runStarted");
    return this;
  }

  /** @internal Tells of something that the tool gave on its way; handlers that return promises hold up what comes next. */
  "~event"(chunk: unknown): void {
    if (this.isClosed) return;
    const told = this["~told"](chunk, "chunk");
    this.tell("handleToolEvent", told);
    this.tellObservers(told);
  }

  /** Tells of something that the tool gave on its way. */
  async handleToolEvent(chunk: unknown): Promise<void> {
    if (this.isClosed) return;
    this["~event"](chunk);
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
