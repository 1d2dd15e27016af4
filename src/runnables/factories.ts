import type { CallbackHandler } from "../callbacks/handler.ts";
import type { RunListeners } from "../callbacks/run-listeners.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { EventFilter } from "../events/event-filter.ts";
import type { RunLogPatch } from "../events/run-log-patch.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { StreamEventsOptions } from "../events/stream-events-options.ts";
import type { StreamLogOptions } from "../events/stream-log-options.ts";
import type { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import type { RunnableConfig } from "./config.ts";
import type { ConfigurableAlternatives, ConfigurableField } from "./configurable/configurable-options.ts";
import type { RunnableFallbackFields } from "./fallback-options.ts";
import type { Graph } from "./graph/graph.ts";
import type { RunnableRetryOptions } from "./retry-options.ts";
import type { RunnableInterface, RunnableLike, RunnableToolFields } from "./runnable-like.ts";

/** A runnable of any types: the method that calls a factory knows them, and says so of what it gets. */
type AnyRunnable = RunnableInterface<never, unknown, never>;

/** What a binding adds to what it binds. */
export interface BindingParts {
  readonly kwargs?: object;
  readonly config?: RunnableConfig;
  readonly listeners?: readonly RunListeners<RunnableConfig>[];
}

/**
 * How the methods of `Runnable` make what is built on top of it. The classes are subclasses, so they cannot be imported
 * there; a `wiring.ts` fills the slot, and every entry that has runnables imports it.
 */
export interface Factories {
  coerce(like: RunnableLike): unknown;
  sequence(first: AnyRunnable, next: AnyRunnable): unknown;
  binding(bound: AnyRunnable, parts: BindingParts): unknown;
  assign(bound: AnyRunnable, mapping: object): unknown;
  pick(bound: AnyRunnable, keys: string | readonly string[]): unknown;
  each(bound: AnyRunnable): unknown;
  retry(bound: AnyRunnable, options: RunnableRetryOptions | undefined): unknown;
  fallbacks(bound: AnyRunnable, fields: RunnableFallbackFields<never, unknown>): unknown;
  configurableFields(bound: AnyRunnable, fields: Readonly<Record<string, ConfigurableField>>): unknown;
  configurableAlternatives(
    bound: AnyRunnable,
    which: ConfigurableField,
    options: ConfigurableAlternatives<never, unknown>,
  ): unknown;
  events(
    runnable: AnyRunnable,
    input: unknown,
    options: StreamEventsOptions & RunnableConfig,
    filter: EventFilter | undefined,
  ): IterableReadableStream<StreamEvent | Uint8Array>;
  /** The handler that tells listeners of one run. Filled by `log/wiring.ts`. */
  listeners(all: readonly RunListeners<RunnableConfig>[], config: RunnableConfig | undefined): CallbackHandler;
  /** Filled by `log/wiring.ts`. */
  log(
    runnable: AnyRunnable,
    input: unknown,
    options: RunnableConfig,
    filter: StreamLogOptions | undefined,
  ): IterableReadableStream<RunLogPatch>;
  /** Filled by `graph/wiring.ts`. */
  graph(runnable: AnyRunnable, config: RunnableConfig | undefined): Graph;
  /** Filled by the room `tools`. */
  asTool(bound: AnyRunnable, fields: RunnableToolFields<unknown>): unknown;
}

const slot: Partial<Factories> = {};

/** Fills a part of the slot; called by `wiring.ts` files alone. */
export function wireRunnables(made: Partial<Factories>): void {
  Object.assign(slot, made);
}

/** The factory behind a method of `Runnable`. @param door which import fills it, for the error where none did. */
export function wired<Name extends keyof Factories>(
  name: Name,
  method: string = name,
  door: string = "runnables",
): Factories[Name] {
  const factory = slot[name];
  if (factory !== undefined) return factory;
  throw new LinnetError(
    `Runnable.${method} is not wired. Import "linnet/${door}" (or the wiring.ts of ${door}, where the source is vendored) once.`,
    { code: "NOT_WIRED", data: { method } },
  );
}
