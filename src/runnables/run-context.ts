import { asyncContext } from "../callbacks/async-context.ts";
import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import type { BaseRunManager } from "../callbacks/run-manager.ts";
import type { CancelScope } from "../streams/cancel-scope.ts";
import type { RunnableConfig } from "./config.ts";
import { copyWithScope, ownParts, scopeOf } from "./scoped-config.ts";

/** What the bookkeeping of runs needs to know of whatever is run. */
export interface RunOwner {
  /** Who is told of a call; undefined where nobody is. */
  "~manager"(config: RunnableConfig | undefined): BaseCallbackManager | undefined;
  /** Makes the run and tells of its start. */
  "~begin"(manager: BaseCallbackManager, start: BeginRun): BaseRunManager;
}

/** What a run begins with. */
export interface BeginRun {
  readonly input: unknown;
  readonly config: RunnableConfig | undefined;
  /** Set where the input comes as a stream. */
  readonly defersInput: boolean;
  /** What the run is called in events. Default: what the owner's runs are. */
  readonly runType?: string | undefined;
}

/** What the body of a run is given: who observes it, what ends it, and the config for what it calls. */
export class RunContext {
  readonly run: BaseRunManager | undefined;
  readonly scope: CancelScope | undefined;
  readonly config: RunnableConfig | undefined;

  constructor(config: RunnableConfig | undefined, scope: CancelScope | undefined, run: BaseRunManager | undefined) {
    this.config = config;
    this.scope = scope;
    this.run = run;
  }

  /**
   * The config for a call below this run. Where nobody observes and nothing has to be left out it is the caller's own, so
   * that an unobserved chain makes no configs.
   *
   * @param tag a tag of that call alone.
   */
  childConfig(tag?: string): RunnableConfig | undefined {
    const { config, run, scope } = this;
    if (run === undefined && scope === scopeOf(config) && (config === undefined || !hasOwnNames(config))) return config;
    return this.ownConfig(tag);
  }

  /**
   * The same as a new object, for code that may write to it.
   *
   * @param isRead whether that code may read the signal. Default: true.
   */
  ownConfig(tag?: string, isRead: boolean = true): RunnableConfig {
    const child = ownParts(copyWithScope(this.config, this.scope, isRead));
    if (hasOwnNames(child)) {
      child.runName = undefined;
      child.runId = undefined;
      child.timeout = undefined;
    }
    if (this.run !== undefined) child.callbacks = this.run.getChild(tag);
    return child;
  }

  /** Calls the author's code with the config in the async context, where one is installed. */
  enter<Result>(config: RunnableConfig, call: () => Result): Result {
    const context = asyncContext();
    return context === undefined ? call() : context.run(config, call);
  }
}

function hasOwnNames(config: RunnableConfig): boolean {
  return config.runName !== undefined || config.runId !== undefined || config.timeout !== undefined;
}
