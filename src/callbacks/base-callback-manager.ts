import { type FlushReport, flushCallbacks } from "./flush.ts";
import type { CallbackHandler } from "./handler.ts";
import { HandlerSet, type Listener } from "./handler-set.ts";
import type { Redact } from "./redact.ts";
import type { Run } from "./run.ts";

const NO_OPTIONS: CallbackManagerOptions = {};
/** For managers whose parts are set right after they are made. */
const LEFT_TO_MAKER: CallbackManagerOptions = {};
const NO_HANDLERS: readonly Listener[] = [];

/** What a manager is made of; everything may be left out. */
export interface CallbackManagerOptions {
  readonly handlers?: readonly Listener[];
  readonly inheritableHandlers?: readonly Listener[];
  readonly tags?: readonly string[];
  readonly inheritableTags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly inheritableMetadata?: Readonly<Record<string, unknown>>;
  /** What values pass before anybody is told of them; children have it too. Default: none. */
  readonly redact?: Redact | undefined;
}

/**
 * Who is told of the runs that are started with it, and under which tags and metadata: the part of a `CallbackManager`
 * that knows nothing of how runs start.
 *
 * Invariant: lists and records are shared between managers; they are replaced, never written to.
 */
export class BaseCallbackManager {
  declare readonly parentRunId: string | undefined;
  declare tags: string[];
  declare inheritableTags: string[];
  declare metadata: Record<string, unknown>;
  declare inheritableMetadata: Record<string, unknown>;
  /** The handlers that children inherit, sharing their emitter. */
  declare "~inherited": HandlerSet;
  /** The handlers of this level alone. */
  declare "~local": HandlerSet;
  /** The hooks that values pass before they are told, the outermost first. */
  declare "~redacts": readonly Redact[] | undefined;
  /** The run whose children start here, where it is one of ours. */
  declare "~parent": Run | undefined;

  constructor(parentRunId?: string, options: CallbackManagerOptions = NO_OPTIONS) {
    this.parentRunId = parentRunId;
    if (options === LEFT_TO_MAKER) return;
    const inheritable = options.inheritableHandlers ?? NO_HANDLERS;
    this.tags = [...(options.tags ?? [])];
    this.inheritableTags = [...(options.inheritableTags ?? [])];
    this.metadata = { ...options.metadata };
    this.inheritableMetadata = { ...options.inheritableMetadata };
    place(this, inheritable, options.handlers ?? NO_HANDLERS);
    this["~redacts"] = options.redact && [options.redact];
    this["~parent"] = undefined;
  }

  /** The run whose children start here. */
  getParentRunId(): string | undefined {
    return this.parentRunId;
  }

  /** The same, where code for the peer looks for it. */
  get _parentRunId(): string | undefined {
    return this.parentRunId;
  }

  /** What values pass before anybody is told of them; children have it too. Where there are several hooks: all, as one. */
  get redact(): Redact | undefined {
    const hooks = this["~redacts"];
    if (hooks === undefined || hooks.length < 2) return hooks?.[0];
    return (value, place) => hooks.reduce((told, hook) => hook(told, place), value);
  }

  set redact(redact: Redact | undefined) {
    this["~redacts"] = redact && [redact];
  }

  /**
   * @internal This manager with more hooks, the present ones kept: itself where it has them already.
   *
   * @param isOuter whether values pass the new ones first. Default: after those that are there.
   */
  "~redactedBy"(more: Redact | readonly Redact[] | undefined, isOuter: boolean = false): this {
    if (more === undefined || more === null) return this;
    const present = this["~redacts"] ?? [];
    const added = (typeof more === "function" ? [more] : more).filter((hook) => !present.includes(hook));
    if (added.length === 0) return this;
    const copy = this.copy();
    copy["~redacts"] = isOuter ? [...added, ...present] : [...present, ...added];
    return copy;
  }

  /**
   * Waits until the handlers that are told in the background have been told all that waits for them now.
   *
   * @param deadlineMs the longest wait, in milliseconds. Default: none.
   * @returns how many moments they had not been told by the deadline.
   * @throws LinnetError `INVALID_CONFIG` if the deadline is no number of milliseconds.
   */
  flush(deadlineMs?: number): Promise<FlushReport> {
    return flushCallbacks(deadlineMs, this.handlers);
  }

  /** All handlers that are told of runs started here. */
  get handlers(): Listener[] {
    return [...this["~inherited"].listeners, ...this["~local"].listeners];
  }

  /** Replaces them; of those that children inherit, the ones that are left out are taken away there too. */
  set handlers(handlers: readonly Listener[]) {
    const told = originalsOf(handlers, this.handlers);
    const inherited = this["~inherited"].listeners.filter((handler) => told.includes(handler));
    place(this, inherited, told);
  }

  /** The handlers that the children of those runs inherit. */
  get inheritableHandlers(): Listener[] {
    return [...this["~inherited"].listeners];
  }

  /** Replaces them; those that were there are still told of runs started here. */
  set inheritableHandlers(handlers: readonly Listener[]) {
    place(this, originalsOf(handlers, this.inheritableHandlers), this.handlers);
  }

  /** Adds a handler. @param inherit whether children are told to too. Default: true. */
  addHandler(handler: CallbackHandler | Listener, inherit: boolean = true): void {
    if (inherit) {
      this["~local"] = this["~local"].without(handler);
      this["~inherited"] = this["~inherited"].with(handler);
    } else if (!this["~inherited"].listeners.includes(handler)) {
      this["~local"] = this["~local"].with(handler);
    }
  }

  removeHandler(handler: Listener): void {
    this["~local"] = this["~local"].without(handler);
    this["~inherited"] = this["~inherited"].without(handler);
  }

  /** Replaces all handlers. @param inherit whether children are told too. Default: true. */
  setHandlers(handlers: readonly Listener[], inherit: boolean = true): void {
    const set = HandlerSet.of(handlers);
    this["~inherited"] = inherit ? set : HandlerSet.EMPTY;
    this["~local"] = inherit ? HandlerSet.EMPTY : set;
  }

  /** Replaces all handlers by one, which children inherit. */
  setHandler(handler: Listener): void {
    this.setHandlers([handler]);
  }

  /** Adds tags that are not there yet. @param inherit whether children get them too. Default: true. */
  addTags(tags: readonly string[], inherit: boolean = true): void {
    this.tags = unite(this.tags, tags);
    if (inherit) this.inheritableTags = unite(this.inheritableTags, tags);
  }

  /** @internal Adds inherited tags as a config has them: after those of this level alone, before those from above. */
  "~placeTags"(tags: readonly string[]): void {
    const own = this.tags.filter((tag) => !this.inheritableTags.includes(tag));
    this.inheritableTags = unite(unite([], tags), this.inheritableTags);
    this.tags = unite(own, this.inheritableTags);
  }

  removeTags(tags: readonly string[]): void {
    this.tags = this.tags.filter((tag) => !tags.includes(tag));
    this.inheritableTags = this.inheritableTags.filter((tag) => !tags.includes(tag));
  }

  /** Adds metadata; what is there under the same name is replaced. @param inherit whether children get it too. Default: true. */
  addMetadata(metadata: Readonly<Record<string, unknown>>, inherit: boolean = true): void {
    this.metadata = { ...this.metadata, ...metadata };
    if (inherit) this.inheritableMetadata = { ...this.inheritableMetadata, ...metadata };
  }

  removeMetadata(names: Readonly<Record<string, unknown>>): void {
    this.metadata = without(this.metadata, names);
    this.inheritableMetadata = without(this.inheritableMetadata, names);
  }

  /** A manager with the same handlers, tags and metadata, and more handlers if given. */
  copy(additional: readonly Listener[] = [], inherit: boolean = true): this {
    const copy = this["~derive"](this);
    for (const handler of additional) copy.addHandler(handler, inherit);
    return copy;
  }

  /** The manager for the children of a run that was started here. @param tag a tag of that child alone. */
  "~childOf"(run: Run, tag?: string): this {
    const child = this["~bare"](run.runId);
    child.tags = tag === undefined ? this.inheritableTags : [tag, ...this.inheritableTags];
    child.inheritableTags = this.inheritableTags;
    child.metadata = this.inheritableMetadata;
    child.inheritableMetadata = this.inheritableMetadata;
    child["~inherited"] = this["~inherited"];
    child["~local"] = HandlerSet.EMPTY;
    child["~redacts"] = this["~redacts"];
    child["~parent"] = run;
    return child;
  }

  "~derive"(source: BaseCallbackManager): this {
    const copy = this["~bare"](source.parentRunId);
    copy.tags = source.tags;
    copy.inheritableTags = source.inheritableTags;
    copy.metadata = source.metadata;
    copy.inheritableMetadata = source.inheritableMetadata;
    copy["~inherited"] = source["~inherited"];
    copy["~local"] = source["~local"];
    copy["~redacts"] = source["~redacts"];
    copy["~parent"] = source["~parent"];
    return copy;
  }

  "~bare"(parentRunId: string | undefined): this {
    // Subclasses take the same arguments: they add ways to start runs, no state.
    return new (this.constructor as new (parentRunId?: string, options?: CallbackManagerOptions) => this)(
      parentRunId,
      LEFT_TO_MAKER,
    );
  }
}

function unite(tags: string[], more: readonly string[]): string[] {
  const added = more.filter((tag, index) => !tags.includes(tag) && more.indexOf(tag) === index);
  return added.length === 0 ? tags : [...tags, ...added];
}

function without(metadata: Record<string, unknown>, names: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !Object.hasOwn(names, name)));
}

/** No handler is in both sets: it would be told twice. */
function place(manager: BaseCallbackManager, inherited: readonly Listener[], told: readonly Listener[]): void {
  manager["~inherited"] = HandlerSet.of(inherited);
  manager["~local"] = HandlerSet.of(told.filter((handler) => !inherited.includes(handler)));
}

/**
 * Code for the peer, given a manager, writes back the handlers that it read there, the unnamed ones as copies. A copy is what it
 * was made of: it would be told of everything a second time.
 */
function originalsOf(handlers: readonly Listener[], present: readonly Listener[]): readonly Listener[] {
  return handlers.map((handler, place) => {
    const original = present[place];
    return original !== undefined && isCopy(handler, original) ? original : handler;
  });
}

function isCopy(handler: Listener, original: Listener): boolean {
  if ("name" in original || Object.getPrototypeOf(handler) === Object.getPrototypeOf(original)) return false;
  const own = Object.entries(original);
  return own.length > 0 && own.every(([key, value]) => (handler as Record<string, unknown>)[key] === value);
}

/** Whether a value is a manager, also one of another copy of the package. */
export function isCallbackManager(value: unknown): value is BaseCallbackManager {
  return typeof value === "object" && value !== null && "~inherited" in value;
}

/** Whether a value is a manager of the peer, which its runnables hand on to ours: not one class, but the same parts. */
export function isPeerManager(
  value: unknown,
): value is CallbackManagerOptions & { getParentRunId(): string | undefined } {
  const parts = value as Partial<BaseCallbackManager> | undefined | null;
  return typeof parts?.getParentRunId === "function" && Array.isArray(parts.inheritableHandlers);
}
