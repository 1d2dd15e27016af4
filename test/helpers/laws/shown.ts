/** What happens to a run. */
export type Moment = "start" | "stream" | "end" | "error" | "custom";

/** One moment of a run, as a form of events shows it. */
export interface Shown {
  readonly moment: Moment;
  readonly id: string;
  /** The runs around it, where the form says. */
  readonly parents?: readonly string[];
}
