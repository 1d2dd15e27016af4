import { LinnetError } from "../errors/linnet-error.ts";

/** Refuses a time limit that is none. @throws LinnetError `INVALID_CONFIG`. */
export function checkTimeout(given: number | undefined): void {
  if (given === undefined || given > 0) return;
  throw new LinnetError(
    `Expected timeout to be more than 0 milliseconds, got ${String(given)}. Leave it out to wait without a limit.`,
    { code: "INVALID_CONFIG", data: { timeout: given } },
  );
}
