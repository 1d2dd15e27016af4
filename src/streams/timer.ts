/** Timers count in 32 bits; a longer wait would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Calls back after so many milliseconds, in a runtime that has timers. Returns what stops it. */
export function startTimer(milliseconds: number, call: () => void): () => void {
  const timer = setTimeout(call, Math.min(milliseconds, LONGEST_TIMER_MS));
  return () => clearTimeout(timer);
}
