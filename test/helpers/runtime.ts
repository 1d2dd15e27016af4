/** Runs a test body in a runtime that lacks some optional globals, such as QuickJS. */
export async function withoutGlobals(names: readonly string[], body: () => unknown | Promise<unknown>): Promise<void> {
  const kept = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const name of names) Reflect.deleteProperty(globalThis, name);
  try {
    await body();
  } finally {
    for (const [name, descriptor] of kept) if (descriptor) Object.defineProperty(globalThis, name, descriptor);
  }
}
