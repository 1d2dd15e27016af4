import { indexKeyOf, type LaneKey } from "./lanes.ts";
import { copyData, isRealId, KWARGS_RULES, mergeInto } from "./merge.ts";
import type { ToolCallChunk } from "./tool-call.ts";

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
 * @param calls the folded list; it is ours and is written to.
 * @param last the place of the call that the piece before went to; -1 where there was none.
 * @param isPlain whether the piece has no fields of a provider's own.
 * @param places where the calls stand, for a sum that goes on; without it they are searched for.
 * @returns the place of the call that the piece went to.
 */
export function foldPiece(
  calls: ToolCallChunk[],
  last: number,
  piece: ToolCallChunk,
  isPlain: boolean,
  places: PlacesByName | undefined,
): number {
  let place = placeOf(calls, last, piece, places);
  if (place === -1) place = calls.push(copyPiece(piece, isPlain)) - 1;
  else joinPieces(calls[place] as ToolCallChunk, piece, isPlain);
  places?.note(piece, place);
  return place;
}

function placeOf(
  calls: readonly ToolCallChunk[],
  last: number,
  piece: ToolCallChunk,
  places: PlacesByName | undefined,
): number {
  const key = indexKeyOf(piece.index);
  if (isRealId(piece.id)) {
    const same = placeOfId(calls, piece.id, key, places);
    if (same !== -1 || key === undefined) return same;
    const place = placeOfIndex(calls, key, places);
    return place !== -1 && !isRealId(calls[place]?.id) ? place : -1;
  }
  if (key === undefined) return piece.name && hasOtherName(calls[last], piece.name) ? -1 : last;
  const place = placeOfIndex(calls, key, places);
  if (place !== -1 || piece.name) return place;
  return indexKeyOf(calls[last]?.index) === undefined ? last : -1;
}

function hasOtherName(call: ToolCallChunk | undefined, name: string): boolean {
  return Boolean(call?.name) && call?.name !== name;
}

function placeOfIndex(calls: readonly ToolCallChunk[], key: LaneKey, places: PlacesByName | undefined): number {
  if (places !== undefined) return places.byIndex.get(key) ?? -1;
  let place = calls.length - 1;
  while (place >= 0 && indexKeyOf(calls[place]?.index) !== key) place -= 1;
  return place;
}

function placeOfId(
  calls: readonly ToolCallChunk[],
  id: string,
  key: LaneKey | undefined,
  places: PlacesByName | undefined,
): number {
  if (places !== undefined) {
    const fitting = (places.byId.get(id) ?? []).filter((place) => fits(calls[place], id, key));
    return Math.max(-1, ...fitting);
  }
  let place = calls.length - 1;
  while (place >= 0 && !fits(calls[place], id, key)) place -= 1;
  return place;
}

/** Whether a call has an id, and an index that does not differ. */
function fits(call: ToolCallChunk | undefined, id: string, key: LaneKey | undefined): boolean {
  if (call?.id !== id) return false;
  const own = indexKeyOf(call.index);
  return key === undefined || own === undefined || own === key;
}

/** Where the calls of a folded list stand, by what pieces name them with. */
export class PlacesByName {
  readonly byIndex: Map<LaneKey, number> = new Map();
  readonly byId: Map<string, number[]> = new Map();

  /** Notes which call a piece went to. */
  note(piece: ToolCallChunk, place: number): void {
    const key = indexKeyOf(piece.index);
    if (key !== undefined && place >= (this.byIndex.get(key) ?? 0)) this.byIndex.set(key, place);
    if (!isRealId(piece.id)) return;
    const places = this.byId.get(piece.id);
    if (places === undefined) this.byId.set(piece.id, [place]);
    else if (!places.includes(place)) places.push(place);
  }
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

function isKnown(field: string): boolean {
  return field === "args" || field === "index" || field === "type" || field === "id" || field === "name";
}

/**
 * Whether a plain piece goes to the same call as the one right before it whatever came before both, so that they may be
 * kept as one piece.
 *
 * @param run the piece before, or the first of the run that it has joined.
 */
export function goesWithRun(run: ToolCallChunk, piece: ToolCallChunk): boolean {
  if (piece.name || isRealId(piece.id) || !isText(piece.args) || !isText(run.args)) return false;
  if (piece.type && !run.type) return false;
  return piece.index == null || (sameIndex(piece.index, run.index) && !isRealId(run.id));
}

function sameIndex(left: unknown, right: unknown): boolean {
  return left === right || indexKeyOf(left) === indexKeyOf(right);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Adds a piece to the call it goes on with, which is ours. */
function joinPieces(call: ToolCallChunk, piece: ToolCallChunk, isPlain: boolean): void {
  if (isText(piece.args)) call.args = isText(call.args) ? call.args + piece.args : piece.args || (call.args ?? "");
  // Some providers give arguments whole, as an object.
  else if (piece.args != null) call.args = copyData(piece.args);
  if (isRealId(piece.id) && !isRealId(call.id)) call.id = piece.id;
  if (piece.name && !call.name) call.name = piece.name;
  if (indexKeyOf(piece.index) !== undefined && indexKeyOf(call.index) === undefined) call.index = piece.index;
  if (piece.type && !call.type) call.type = piece.type;
  if (isPlain) return;
  const more = Object.entries(piece).filter(([field]) => !isKnown(field));
  mergeInto(call, Object.fromEntries(more), KWARGS_RULES, undefined);
}
