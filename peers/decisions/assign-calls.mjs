import { isRealId } from "./walk.mjs";

/**
 * Which call each piece goes to, by the rules in words: a real id goes on with its call or opens one, an index alone with
 * the last opened call of that index, a piece with neither with the call before, unless it has another name.
 *
 * @returns {{ numbers: number[], calls: { index?: unknown, id?: string, name?: string, args: string }[] }} the number of
 *   each piece's call, and the calls.
 */
export function assignCalls(pieces) {
  const calls = [];
  const numbers = [];
  const lastWhere = (matches) => calls.findLastIndex(matches);
  const open = () => calls.push({ args: "" }) - 1;
  const find = (piece, before) => {
    const hasIndex = piece.index != null && piece.index !== "";
    if (isRealId(piece.id)) {
      const same = lastWhere(
        (call) => call.id === piece.id && (!hasIndex || call.index === undefined || call.index === piece.index),
      );
      if (same !== -1) return same;
      const lane = hasIndex ? lastWhere((call) => call.index === piece.index) : -1;
      return lane !== -1 && calls[lane].id === undefined ? lane : open();
    }
    if (hasIndex) {
      const lane = lastWhere((call) => call.index === piece.index);
      if (lane !== -1) return lane;
      return before !== undefined && calls[before].index === undefined && !piece.name ? before : open();
    }
    const renamed = piece.name && before !== undefined && calls[before].name && calls[before].name !== piece.name;
    return before === undefined || renamed ? open() : before;
  };
  for (const piece of pieces) {
    const number = find(piece, numbers.at(-1));
    numbers.push(number);
    const call = calls[number];
    call.args += piece.args ?? "";
    if (isRealId(piece.id)) call.id ??= piece.id;
    if (piece.name) call.name ??= piece.name;
    if (piece.index != null && piece.index !== "") call.index ??= piece.index;
  }
  return { numbers, calls };
}
