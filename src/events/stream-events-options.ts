/** Events as text: server-sent events. */
export type EventEncoding = "text/event-stream";

/** The forms of `streamEvents`. */
export interface StreamEventsOptions {
  /** `v1` and `v2` have the peer's shapes; left out, v2 with error events and `parent_ids`. */
  version?: "v1" | "v2" | undefined;
  /** With `v2`: also an event for an error. Default: only without a version. */
  errorEvents?: boolean | undefined;
  /** With `v2`: also the ids of the runs around, outermost first. Default: only without a version. */
  parentIds?: boolean | undefined;
  /**
   * Gives the events as bytes of server-sent events: a `data` event of JSON for each, and at last an `end` event, or an
   * `error` event with the name, message and code of what the stream then rejects with. Default: as objects.
   */
  encoding?: EventEncoding | undefined;
}
