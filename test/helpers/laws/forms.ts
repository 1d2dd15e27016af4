import type { EventFilter } from "../../../src/events/event-filter.ts";
import type { StreamEventsOptions } from "../../../src/events/stream-events-options.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import type { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";
import type { Moment, Shown } from "./shown.ts";
import type { TextStep } from "./world.ts";

/** One of the forms in which what happens in a chain can be read. */
export interface Form {
  readonly name: string;
  /** Whether runs that fail are shown to do so. */
  readonly errors: boolean;
  /** The moments of the root that are shown as its reader has them, and not as its run does. Default: none. */
  readonly ownRoot?: readonly Moment[];
  /** Whether it is a log, which has no place for what an author tells of. Default: false. */
  readonly isLog?: boolean;
  open(chain: TextStep, input: string, config: RunnableConfig, filter?: EventFilter): IterableReadableStream<unknown>;
  /** What the items that were read show. */
  shown(items: readonly unknown[]): Shown[];
  /** What the last of the items says to have failed, where a failure is told by an item and not by a rejection. */
  failure?(items: readonly unknown[]): Error | undefined;
  /** What else is wrong with the items of a stream that was read until it ended, or failed. */
  faults?(items: readonly unknown[], failed: boolean): string[];
}

/** What every event has. */
export interface Event {
  readonly event: string;
  readonly run_id: string;
  readonly parent_ids?: readonly string[];
}

/** What an event shows. */
export function shownBy({ event, run_id: id, parent_ids: parents }: Event): Shown {
  const last = event.slice(event.lastIndexOf("_") + 1);
  const moment = (event === "on_custom_event" ? "custom" : last) as Shown["moment"];
  return parents === undefined ? { moment, id } : { moment, id, parents };
}

/** Options of `streamEvents` that name a form, and whether it shows errors. */
const EVENTS: readonly (readonly [name: string, options: StreamEventsOptions, errors: boolean])[] = [
  ["v1", { version: "v1" }, false],
  ["v2", { version: "v2" }, false],
  ["v2 with errors and parents", { version: "v2", errorEvents: true, parentIds: true }, true],
  ["v2 with parents", { version: "v2", parentIds: true }, false],
  ["events", {}, true],
];

const eventForms = EVENTS.map(([name, options, errors]): Form => {
  const ownRoot: readonly Moment[] = options.version === "v1" ? ["stream", "end"] : [];
  return {
    name,
    errors,
    ownRoot,
    open: (chain, input, config, filter) => chain.streamEvents(input, { ...config, ...options }, filter),
    shown: (events) => (events as readonly Event[]).map(shownBy),
  };
});

/** The same forms as server-sent events. */
const encodedForms = EVENTS.map(
  ([name, options, errors], place): Form => ({
    ...(eventForms[place] as Form),
    name: `${name} encoded`,
    errors,
    open: (chain, input, config, filter) =>
      chain.streamEvents(input, { ...config, ...options, encoding: "text/event-stream" }, filter),
    shown: (items) => framesIn(items).flatMap(({ type, data }) => (type === "data" ? [shownBy(data as Event)] : [])),
    failure: (items) => {
      const { type, data } = framesIn(items).at(-1) ?? {};
      return type === "error" ? new Error((data as { message: string }).message) : undefined;
    },
    faults: (items, failed) => {
      const last = failed ? "error" : "end";
      const types = framesIn(items).map(({ type }) => type);
      const others = types.slice(0, -1).filter((type) => type !== "data");
      return types.at(-1) === last && others.length === 0 ? [] : [`events: frames ${types.slice(-3)}, and not ${last}`];
    },
  }),
);

/** Frames as a client reads them, by the rules of server-sent events. */
function framesIn(items: readonly unknown[]): { readonly type: string; readonly data: unknown }[] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const text = (items as readonly Uint8Array[]).map((item) => decoder.decode(item)).join("");
  return text
    .split("\n\n")
    .slice(0, -1)
    .map((frame) => {
      const [first = "", second, ...rest] = frame.split(/\r\n|\r|\n/);
      if (!first.startsWith("event: ") || rest.length > 0) throw new Error(`Expected one event, got ${frame}.`);
      return {
        type: first.slice(7),
        data: second === undefined ? undefined : JSON.parse(second.replace(/^data: /, "")),
      };
    });
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value: { readonly id: string };
}

/** Patches of a log. */
const logForm: Form = {
  name: "log",
  errors: true,
  ownRoot: ["start", "stream", "end", "error"],
  isLog: true,
  open: (chain, input, config, filter) => chain.streamLog(input, config, filter),
  shown: (patches) => {
    const ids = new Map<string, string>();
    return (patches as readonly { readonly ops: readonly Operation[] }[]).flatMap(({ ops }) => {
      const { path, value } = ops[0] as Operation;
      const [, place, what] = /^(\/logs\/[^/]*)?(?:\/([^/]+))?/.exec(path) as RegExpExecArray;
      const key = place ?? "";
      if (what === undefined) ids.set(key, value.id);
      const moments = { streamed_output: "stream", streamed_output_str: "stream", final_output: "end", error: "error" };
      const moment = what === undefined ? "start" : moments[what as keyof typeof moments];
      return [{ moment: moment as Moment, id: ids.get(key) ?? `nobody at ${path}` }];
    });
  },
};

/** Every form, by its name. */
export const forms: readonly Form[] = [...eventForms, ...encodedForms, logForm];

/** The form of a name, if it is one. */
export function formNamed(name: string): Form | undefined {
  return forms.find((form) => form.name === name);
}
