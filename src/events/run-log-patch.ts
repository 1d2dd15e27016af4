/** One or more changes of a run log. */
export class RunLogPatch {
  readonly ops: { op: string; path: string; value?: unknown }[];

  constructor(fields: { ops?: { op: string; path: string; value?: unknown }[] } = {}) {
    this.ops = fields.ops ?? [];
  }
}
