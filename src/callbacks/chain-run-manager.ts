import type { Serialized } from "../secrets/serialized.ts";
import type { BaseCallbackManager } from "./base-callback-manager.ts";
import type { RunEndInfo } from "./handler.ts";
import { BaseRunManager, type RunStart } from "./run-manager.ts";

/** The run of a chain, a prompt or a parser. */
export class CallbackManagerForChainRun extends BaseRunManager {
  constructor(manager: BaseCallbackManager, start: RunStart) {
    super("chain", manager, start);
  }

  /** Tells of the start. @param serialize what the run runs, built only where a handler is told. */
  begin(serialize: () => Serialized): this {
    if (this.hears("handleChainStart")) {
      const inputs = this.defersInput ? { input: "" } : toRecord(this.input, "input");
      this.tell("handleChainStart", serialize(), inputs, this.defersInput ? { lc_defers_inputs: true } : undefined);
    }
    this.tell("runStarted");
    return this;
  }

  /** Closes the run with what it gave. */
  async handleChainEnd(
    output: unknown,
    _runId?: string,
    _parentRunId?: string,
    _tags?: string[],
    info?: RunEndInfo,
  ): Promise<void> {
    await this.end(output, info);
  }

  /** Closes the run with what went wrong. */
  async handleChainError(
    error: unknown,
    _runId?: string,
    _parentRunId?: string,
    _tags?: string[],
    info?: RunEndInfo,
  ): Promise<void> {
    await this.fail(error, false, info);
  }

  /** Tells of an agent's choice of a tool. */
  async handleAgentAction(action: unknown): Promise<void> {
    if (this.isClosed) return;
    this.tell("handleAgentAction", this["~told"](action, "action"));
    await this.settled();
  }

  /** Tells of an agent's answer. */
  async handleAgentEnd(finish: unknown): Promise<void> {
    if (this.isClosed) return;
    this.tell("handleAgentEnd", this["~told"](finish, "action"));
    await this.settled();
  }

  protected override forHandlers(output: unknown): unknown {
    return output === undefined ? {} : toRecord(output, "output");
  }

  protected override infoForHandlers(info: RunEndInfo | undefined): RunEndInfo | undefined {
    return info !== undefined && "inputs" in info ? { ...info, inputs: toRecord(info.inputs, "input") } : info;
  }
}

/** Handlers are given records; any other value is put in one under a name. */
export function toRecord(value: unknown, name: string): Record<string, unknown> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
  return isRecord ? (value as Record<string, unknown>) : { [name]: value };
}
