import type { EventFilter } from "./event-filter.ts";

/** What `streamLog` tells of. */
export interface StreamLogOptions extends EventFilter {
  /** For ports: a log always ends with its run. */
  readonly autoClose?: boolean;
}
