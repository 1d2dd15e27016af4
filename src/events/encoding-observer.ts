import { toPlainError } from "../errors/plain-error.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { EventFilter } from "./event-filter.ts";
import { toEventJson } from "./event-json.ts";
import { type EventForm, EventObserver, type EventRoot } from "./event-observer.ts";
import { toUtf8 } from "./utf8.ts";

/**
 * Events as server-sent events, in bytes: one of type `data` for each, and at last one of type `end`, or one of type `error`
 * with the name and the message of what broke, after which the stream ends: what rejects would take along what is not sent
 * yet. By these a client can tell a stream that is over from a lost connection.
 */
export class EncodingObserver extends EventObserver {
  readonly tellsFailure = true;
  readonly #push: (frame: Uint8Array) => MaybePromise<void>;

  constructor(
    form: EventForm,
    root: EventRoot,
    filter: EventFilter | undefined,
    push: (frame: Uint8Array) => MaybePromise<void>,
  ) {
    super(form, root, filter, (event) => push(toFrame("data", event)));
    this.#push = push;
  }

  override rootEnded(): void {
    super.rootEnded();
    void this.#push(toFrame("end"));
  }

  rootFailed(error: unknown): void {
    void this.#push(toFrame("error", toPlainError(this.toldByRoot(error, "error"))));
  }
}

/** JSON has no line break that is not escaped, so that its one line is the whole of the data. */
function toFrame(type: string, data?: unknown): Uint8Array {
  return toUtf8(data === undefined ? `event: ${type}\n\n` : `event: ${type}\ndata: ${toEventJson(data)}\n\n`);
}
