import { v7 } from "uuid";

/** Fills an array with random bytes. */
export type RandomSource = (bytes: Uint8Array) => Uint8Array;

/** Ids that one call of the library serves: those that differ only in the last 16 bits. */
const IDS_PER_PREFIX = 0x1_0000;

let random: RandomSource = platformRandom;
let millisecond = -1;
let prefix = "";
let count = 0;
/** Two hexadecimal digits for each byte: a table is quicker than a conversion. */
let pairs: readonly string[] | undefined;

/**
 * Makes the id of a run: a uuid v7 (RFC 9562), sorted by time of making. The library is asked once per millisecond at most,
 * with the last 16 bits counted up in between, since asking it for every run would cost more than the run.
 */
export function newRunId(): string {
  const now = Date.now();
  if (now > millisecond || count === IDS_PER_PREFIX) nextPrefix(now);
  pairs ??= Array.from({ length: 0x100 }, (_, byte) => (0x100 + byte).toString(16).slice(1));
  const id = prefix + pairs[count >> 8] + pairs[count & 0xff];
  count += 1;
  return id;
}

/**
 * Replaces what run ids draw their random bits from: `crypto.getRandomValues`, or `Math.random` in runtimes that have no
 * `crypto`. Run ids are names, not secrets.
 *
 * @param source the new source; undefined brings the default back.
 */
export function setRandomSource(source: RandomSource | undefined): void {
  random = source ?? platformRandom;
  millisecond = -1;
}

function nextPrefix(now: number): void {
  // A clock that was set back, or a full millisecond, must not break the order.
  millisecond = Math.max(now, millisecond + 1);
  prefix = v7({ msecs: millisecond, random: random(new Uint8Array(16)) }).slice(0, -4);
  count = 0;
}

function platformRandom(bytes: Uint8Array): Uint8Array {
  const crypto = globalThis.crypto as Crypto | undefined;
  if (crypto !== undefined) return crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
  return bytes.map(() => Math.floor(Math.random() * 256));
}
