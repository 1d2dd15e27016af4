import { indexKeyOf, isRealId, type LaneKey, placesBy } from "./lanes.ts";
import { copyData, KWARGS_RULES, mergeInto } from "./merge.ts";
import type { ToolCallChunk } from "./tool-call.ts";

/** Tool calls that are being folded. */
export interface ToolCallFold {
  /** One piece per call. */
  readonly folded: ToolCallChunk[];
  /** The place of the call that the last piece went to; -1 before the first. */
  last: number;
  /** Where the calls stand; undefined until a call has to be searched for. */
  places: Places | undefined;
}

/** Where the last call stands that has an index, and that has an id. */
export interface Places {
  readonly byIndex: Map<LaneKey | undefined, number>;
  readonly byId: Map<unknown, number>;
}

/**
 * Adds a piece of a tool call to a folded list, in which each call is one piece. Which call a piece goes on with:
 *
 * 1. With a real id (not `""` or `"null"`): the last opened call that has this id and no other index. Else the last opened
 *    call with its index, if that has no id yet. Else none: it opens a call.
 * 2. With an index alone (a number, or the same number as a string): the last opened call with that index. Else the call
 *    that the piece before went to, if that has no index and this piece no name. Else it opens a call.
 * 3. With neither: the call that the piece before went to; but a name that is not that call's opens a call.
 *
 * A call keeps its first name and its first real id; arguments join.
 *
 * @param fold what was folded so far; it is ours and is written to.
 * @param isPlain whether the piece has no fields of a provider's own.
 */
export function foldPiece(fold: ToolCallFold, piece: ToolCallChunk, isPlain: boolean): void {
  const { folded } = fold;
  let place = folded.length === 0 ? -1 : placeOf(fold, piece);
  if (place === -1) place = folded.push(copyPiece(piece, isPlain)) - 1;
  else joinPieces(folded[place] as ToolCallChunk, piece, isPlain);
  if (fold.places !== undefined) {
    note(fold.places.byIndex, indexKeyOf(piece.index), place);
    if (isRealId(piece.id)) note(fold.places.byId, piece.id, place);
  }
  fold.last = place;
}

function note<Key>(places: Map<Key, number>, key: Key, place: number): void {
  if (place > (places.get(key) ?? -1)) places.set(key, place);
}

function placeOf(fold: ToolCallFold, { index, id, name }: ToolCallChunk): number {
  const { folded, last } = fold;
  fold.places ??= {
    byIndex: placesBy(folded, (call) => indexKeyOf(call.index)),
    byId: placesBy(folded, (call) => call.id),
  };
  const key = indexKeyOf(index);
  const atIndex = key === undefined ? -1 : (fold.places.byIndex.get(key) ?? -1);
  if (isRealId(id)) {
    let place = fold.places.byId.get(id) ?? -1;
    while (place >= 0 && !fits(folded[place], id, key)) place -= 1;
    return place !== -1 || isRealId(folded[atIndex]?.id) ? place : atIndex;
  }
  if (key === undefined) return name && hasOtherName(folded[last], name) ? -1 : last;
  if (atIndex !== -1 || name) return atIndex;
  return indexKeyOf(folded[last]?.index) === undefined ? last : -1;
}

function hasOtherName(call: ToolCallChunk | undefined, name: string): boolean {
  return Boolean(call?.name) && call?.name !== name;
}

/** Whether a call has an id, and an index that does not differ. */
function fits(call: ToolCallChunk | undefined, id: string, key: LaneKey | undefined): boolean {
  if (call?.id !== id) return false;
  const own = indexKeyOf(call.index);
  return key === undefined || own === undefined || own === key;
}

/** A copy of a piece that shares nothing with it that can be written to. */
export function copyPiece(piece: ToolCallChunk, isPlain: boolean): ToolCallChunk {
  if (!isPlain) return copyData(piece);
  const { type, name, args, id, index } = piece;
  if (args === undefined || index === undefined || type === undefined) return { ...piece };
  // The two usual shapes, written out because that is much faster than a spread.
  if (name === undefined && id === undefined) return { args, index, type };
  return name !== undefined && id !== undefined ? { name, args, id, index, type } : { ...piece };
}

/** Whether a piece has no fields of a provider's own, and nothing in those that there are that could be written to. */
export function isPlainPiece(piece: ToolCallChunk): boolean {
  for (const field in piece) if (!isKnown(field) || typeof piece[field] === "object") return false;
  return true;
}

/**
 * Whether a piece goes to the same call as the one right before it whatever came before both, and brings nothing but
 * arguments, so that they may be kept as one piece.
 *
 * @param run the piece before, or the first of the run that it has joined.
 */
export function goesOnWith(run: ToolCallChunk, piece: ToolCallChunk): boolean {
  const { args, index } = piece;
  if (piece.name || isRealId(piece.id) || typeof args !== "string" || typeof run.args !== "string") return false;
  if (piece.type && !run.type) return false;
  if (index != null && (isRealId(run.id) || (index !== run.index && indexKeyOf(index) !== indexKeyOf(run.index))))
    return false;
  for (const field in piece) if (!isKnown(field)) return false;
  return true;
}

function isKnown(field: string): boolean {
  return field === "args" || field === "index" || field === "type" || field === "id" || field === "name";
}

/** Adds a piece to the call it goes on with, which is ours. */
function joinPieces(call: ToolCallChunk, piece: ToolCallChunk, isPlain: boolean): void {
  const { args, id, name, index, type } = piece;
  if (typeof args === "string") addArguments(call, args);
  // Some providers give arguments whole, as an object.
  else if (args != null) call.args = copyData(args);
  if (isRealId(id) && !isRealId(call.id)) call.id = id;
  if (name && !call.name) call.name = name;
  if (indexKeyOf(index) !== undefined && indexKeyOf(call.index) === undefined) call.index = index;
  if (type && !call.type) call.type = type;
  if (isPlain) return;
  const more = Object.entries(piece).filter(([field]) => !isKnown(field));
  mergeInto(call, Object.fromEntries(more), KWARGS_RULES);
}

/** Adds a text to the arguments of a call of ours. */
export function addArguments(call: ToolCallChunk, args: string): void {
  call.args = typeof call.args === "string" ? call.args + args : args || (call.args ?? "");
}
