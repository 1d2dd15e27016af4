import { LinnetError } from "../errors/linnet-error.ts";

/**
 * How long a call may take, part by part, each in milliseconds. The two for chunks hold where a stream is opened with
 * them, and count only while its reader waits: a slow reader never runs out of time.
 */
export interface TimeoutLimits {
  /** The whole call. Default: no limit. */
  totalMs?: number | undefined;
  /**
   * From the first read of a stream to its first chunk; for a part of a chain, the wait for its input counts too. A call with
   * one answer, such as `invoke`, has no chunks. Default: no limit.
   */
  firstChunkMs?: number | undefined;
  /** From a later read of a stream to its chunk. Default: no limit. */
  chunkMs?: number | undefined;
}

const PARTS: readonly (keyof TimeoutLimits)[] = ["totalMs", "firstChunkMs", "chunkMs"];

/**
 * What a config's `timeout` says, by parts, without those that never end anything: a number is the whole.
 *
 * @throws LinnetError `INVALID_CONFIG` for what is no number above 0, and for parts of other names.
 */
export function limitsOf(timeout: number | TimeoutLimits): TimeoutLimits {
  const isByPart = typeof timeout === "object" && timeout !== null;
  const limits: TimeoutLimits = {};
  for (const [key, given] of Object.entries(isByPart ? timeout : { totalMs: timeout }) as [string, unknown][]) {
    const part = PARTS.find((known) => known === key);
    if (part === undefined || (given !== undefined && !(typeof given === "number" && given > 0))) {
      throw new LinnetError(
        part === undefined
          ? `Expected a timeout of ${PARTS.join(", ")}, got ${key}.`
          : `Expected a timeout of more than 0 milliseconds${isByPart ? ` as ${key}` : ""}, got ${String(given)}. Leave it out to wait without a limit.`,
        { code: "INVALID_CONFIG", data: { timeout: given } },
      );
    }
    if (given !== undefined && given !== Number.POSITIVE_INFINITY) limits[part] = given;
  }
  return limits;
}

/** Both limits at once: the shorter of each part. */
export function shorterLimits(one: number | TimeoutLimits, other: number | TimeoutLimits): number | TimeoutLimits {
  if (typeof one === "number" && typeof other === "number") return Math.min(one, other);
  const shorter = limitsOf(one);
  for (const [part, limit] of Object.entries(limitsOf(other)) as [keyof TimeoutLimits, number][]) {
    shorter[part] = Math.min(limit, shorter[part] ?? limit);
  }
  return shorter;
}
