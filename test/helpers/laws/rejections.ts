import { afterAll, beforeAll } from "vitest";

/** Counts what rejects unheard while the tests of a file run. */
export interface Rejections {
  /** Those since it was last asked. */
  taken(): unknown[];
}

/** Watches for rejections that nobody hears. They are taken from vitest, which would have the file fail in any case. */
export function watchRejections(): Rejections {
  let seen: unknown[] = [];
  let others: NodeJS.UnhandledRejectionListener[] = [];
  const note = (error: unknown): void => void seen.push(error);
  beforeAll(() => {
    others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", note);
  });
  afterAll(() => {
    process.off("unhandledRejection", note);
    for (const other of others) process.on("unhandledRejection", other);
    if (seen.length > 0)
      throw new Error(`Expected every rejection to be heard; ${seen.length} were not: ${String(seen[0])}`);
  });
  return {
    taken: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}
