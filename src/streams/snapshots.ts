/** The values that are the whole so far; none as long as nobody has marked one, so that other sums look for none. */
let snapshots: WeakSet<object> | undefined;

/** Marks an item of a stream as the whole so far: in a sum it takes the place of all before it. */
export function markSnapshot(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  snapshots ??= new WeakSet();
  snapshots.add(value);
}

/** Whether an item of a stream is the whole so far. */
export function isSnapshot(value: unknown): boolean {
  return snapshots !== undefined && typeof value === "object" && value !== null && snapshots.has(value);
}
