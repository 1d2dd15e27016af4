import { BackgroundQueue } from "./background-queue.ts";

interface Owed {
  readonly listener: object;
  promise: Promise<void>;
}

/**
 * What listeners still owe a run. Of each listener the last promise is kept: it settles after those before it. None of them
 * ever rejects.
 */
export class WaitingList {
  /** Few listeners are ever busy at once: a list is quicker than a map. */
  readonly #owed: Owed[] = [];

  /** What has to be waited for next; undefined for nothing. @param withRooms whether room in queues is waited for too. */
  next(withRooms: boolean): Promise<void> | undefined {
    for (const { listener, promise } of this.#owed) {
      if (withRooms || !(listener instanceof BackgroundQueue)) return promise;
    }
    return undefined;
  }

  of(listener: object): Promise<void> | undefined {
    return this.#find(listener)?.promise;
  }

  add(listener: object, promise: PromiseLike<unknown>, onError: (error: unknown) => void): void {
    const settled: Promise<void> = Promise.resolve(promise).then(
      () => this.#forget(settled),
      (error) => {
        this.#forget(settled);
        onError(error);
      },
    );
    const known = this.#find(listener);
    if (known === undefined) this.#owed.push({ listener, promise: settled });
    else known.promise = settled;
  }

  #find(listener: object): Owed | undefined {
    for (const owed of this.#owed) if (owed.listener === listener) return owed;
    return undefined;
  }

  #forget(settled: Promise<void>): void {
    const place = this.#owed.findIndex(({ promise }) => promise === settled);
    if (place !== -1) this.#owed.splice(place, 1);
  }
}
