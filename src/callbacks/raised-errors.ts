const raised: WeakSet<object> = /* @__PURE__ */ new WeakSet();

/** Remembers that a handler with `raiseError` threw this. */
export function noteRaised(error: unknown): void {
  if (error instanceof Object) raised.add(error);
}

/** Whether a handler with `raiseError` threw this: it is meant to end the work, also where errors of the work are put up with. */
export function isRaised(error: unknown): boolean {
  return raised.has(error as object);
}
