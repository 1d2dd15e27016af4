/** Where a text ends that stops at the first of the stop texts to be complete, which is part of it; its length without any. */
export function endOfStop(text: string, stop: readonly string[] = []): number {
  const ends = stop.filter((word) => text.includes(word)).map((word) => text.indexOf(word) + word.length);
  return Math.min(text.length, ...ends);
}
