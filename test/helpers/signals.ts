/** A platform signal that counts the native listeners on it. */
export class CountedSignal {
  readonly controller: AbortController = new AbortController();
  /** How many are on it now. */
  listeners = 0;
  /** The most there ever were at once. */
  most = 0;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal) as (type: string, listener: () => void) => void;
    const remove = signal.removeEventListener.bind(signal) as (type: string, listener: () => void) => void;
    const known = new Set<() => void>();
    Object.assign(signal, {
      addEventListener: (type: string, listener: () => void): void => {
        known.add(listener);
        this.listeners = known.size;
        this.most = Math.max(this.most, known.size);
        add(type, listener);
      },
      removeEventListener: (type: string, listener: () => void): void => {
        known.delete(listener);
        this.listeners = known.size;
        remove(type, listener);
      },
    });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason?: unknown): void {
    this.controller.abort(reason);
  }
}

/** Runs a test body and counts the platform controllers that are made in it. */
export async function countControllers(body: () => unknown | Promise<unknown>): Promise<number> {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "AbortController") as PropertyDescriptor;
  let made = 0;
  class CountedController extends AbortController {
    constructor() {
      super();
      made += 1;
    }
  }
  Object.defineProperty(globalThis, "AbortController", {
    value: CountedController,
    configurable: true,
    writable: true,
  });
  try {
    await body();
  } finally {
    Object.defineProperty(globalThis, "AbortController", descriptor);
  }
  return made;
}
