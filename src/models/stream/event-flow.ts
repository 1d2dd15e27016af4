import { toPlainError } from "../../errors/plain-error.ts";
import { MapSource, SKIP } from "../../streams/map-source.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import type { Sink, Source } from "../../streams/source.ts";
import type { ChatModelStreamEvent, StreamErrorEvent } from "./events.ts";

/** Makes events of items. */
export interface EventMaker<Item> {
  add(item: Item): ChatModelStreamEvent[];
  /** The events after the last item. */
  finish(): ChatModelStreamEvent[];
}

/** The platform's own errors of these names have codes that nobody knows. */
const CODES: ReadonlyMap<string, string> = new Map([
  ["AbortError", "ABORTED"],
  ["TimeoutError", "TIMEOUT"],
]);

/** The events that a maker makes of a source's items, one by one; the last event of one that fails is its error. */
export class EventFlow<Item> implements Source<ChatModelStreamEvent>, Sink<ChatModelStreamEvent[]> {
  readonly #lists: Source<ChatModelStreamEvent[]>;
  readonly #maker: EventMaker<Item>;
  #events: ChatModelStreamEvent[] = [];
  #head = 0;
  #last: ((sink: Sink<ChatModelStreamEvent>) => void) | undefined = undefined;
  #sink: Sink<ChatModelStreamEvent> | undefined = undefined;

  constructor(source: Source<Item>, maker: EventMaker<Item>) {
    this.#lists = new MapSource(source, (item) => {
      const events = maker.add(item);
      return events.length === 0 ? SKIP : events;
    });
    this.#maker = maker;
  }

  pull(sink: Sink<ChatModelStreamEvent>): void {
    const event = this.#events[this.#head++];
    if (event !== undefined) return sink.item(event);
    if (this.#last !== undefined) return this.#last(sink);
    this.#sink = sink;
    this.#lists.pull(this);
  }

  item(events: ChatModelStreamEvent[]): void {
    this.#events = events;
    this.#head = 0;
    const sink = this.#sink;
    this.#sink = undefined;
    if (sink !== undefined) this.pull(sink);
  }

  end(): void {
    const last = (sink: Sink<ChatModelStreamEvent>): void => sink.end();
    this.#last = last;
    this.item(this.#maker.finish());
  }

  fail(error: unknown): void {
    const last = (sink: Sink<ChatModelStreamEvent>): void => sink.fail(error);
    this.#last = last;
    this.item([errorEventOf(error)]);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    if (this.#last === undefined) return this.#lists.close(cause);
  }
}

/** The event of what a stream failed with. */
export function errorEventOf(error: unknown): StreamErrorEvent {
  const { name, message, code = "" } = toPlainError(error);
  const told = CODES.get(name) ?? String(code);
  return { event: "error", message, ...(told && { code: told }) };
}
