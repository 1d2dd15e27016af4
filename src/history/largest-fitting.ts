/**
 * The largest number from 0 to `most` that fits, where all below one that fits do too; 0 is taken to fit.
 *
 * @param guess what it may be: tried first, then its neighbour, before the rest is searched by halving. Default: none.
 */
export async function largestFitting(
  most: number,
  fits: (number: number) => Promise<boolean>,
  guess?: number,
): Promise<number> {
  let low = 0;
  let high = most;
  for (let tries = 0; low < high; tries += 1) {
    const isGuessed = guess !== undefined && tries < 2;
    const number = isGuessed ? Math.min(high, Math.max(low + 1, guess + tries)) : Math.ceil((low + high) / 2);
    if (await fits(number)) low = number;
    else high = number - 1;
  }
  return low;
}
