/** Decisions on which item of a list an item goes on with, and what becomes of what both tell. */
import {
  baseTypeOf,
  dropPath,
  hasItem,
  isRealId,
  isRecord,
  itemsAt,
  kindOf,
  laneOf,
  lanesAt,
  listPaths,
  listsAt,
  mapAllItems,
  mapItems,
  mapPieces,
  piecesOf,
  valueAt,
} from "./walk.mjs";

const isNumeral = (index) => typeof index === "string" && index !== "" && String(Number(index)) === index;

/** Whether numbers and numerals meet as indices of one kind of list. */
function mixesIndices(items) {
  return items.some(({ index }) => isNumeral(index)) && items.some(({ index }) => typeof index === "number");
}

const withNumber = (item) => (isNumeral(item.index) ? { ...item, index: Number(item.index) } : item);
const numerals = {
  name: "numeral-index",
  row: 'index `"0"` and index `0`',
  applies: (one) => mixesIndices(piecesOf(one)) || listPaths(one).some((path) => mixesIndices(itemsAt(one, path))),
  rewrite: (one) => mapPieces(mapAllItems(one, withNumber), withNumber),
  keeps: ({ tool_calls, invalid_tool_calls }) => ({ tool_calls, invalid_tool_calls }),
};

const isPlaceholder = ({ id }) => id === "null";
const withoutPlaceholder = (item) => (isPlaceholder(item) ? { ...item, id: "" } : item);

const placeholders = {
  name: "placeholder-id",
  row: 'the placeholder id `"null"`',
  applies: (one) => (piecesOf(one).length > 1 && piecesOf(one).some(isPlaceholder)) || hasItem(one, isPlaceholder),
  rewrite: (one) => mapPieces(mapAllItems(one, withoutPlaceholder), withoutPlaceholder),
  keeps: ({ content, tool_call_chunks = [] }) => [content.length, tool_call_chunks.length],
};

/** An item under an index or id that no item of another type or id has. */
function inOwnLane(item) {
  const type = baseTypeOf(item);
  if (item.index != null) return { ...item, index: `${item.index} ${type} ${item.id ?? ""}` };
  return isRealId(item.id) ? { ...item, id: `${item.id} ${type}` } : item;
}

const ownLanes = (matches) => ({
  applies: (one) => listPaths(one).some((path) => lanesAt(one, path).some(matches)),
  rewrite: (one) =>
    listPaths(one).reduce(
      (rest, path) => (lanesAt(rest, path).some(matches) ? mapItems(rest, path, inOwnLane) : rest),
      one,
    ),
});

/** Whether one of the items has something, and an item before it has not. */
const comesLater = (items, has) =>
  items.slice(items.findIndex((item) => !has(item)) + 1).some(has) && !items.every(has);

/** Whether an item of a list is in the lane of one before it. */
const repeatsLane = (list, place) => {
  const lane = laneOf(list[place]);
  return lane !== undefined && list.slice(0, place).some((before) => laneOf(before) === lane);
};

const inOneChunk = {
  name: "blocks-in-one-chunk",
  row: "several blocks of one index in one chunk",
  applies: (one) =>
    listPaths(one).some((path) => listsAt(one, path).some((list) => list.some((_, place) => repeatsLane(list, place)))),
  rewrite: (one) =>
    listPaths(one).reduce(
      (rest, path) => mapItems(rest, path, (item, place, list) => (repeatsLane(list, place) ? undefined : item)),
      one,
    ),
};

const idAfterNone = {
  name: "id-or-type-after-none",
  row: "a block with an id and one without",
  ...ownLanes(
    (items) =>
      comesLater(items, ({ type }) => type != null) ||
      (items[0].index != null && comesLater(items, ({ id }) => isRealId(id))),
  ),
};

const otherType = {
  name: "same-id-other-type",
  row: "blocks without an index, with one id and several types",
  ...ownLanes((items) => items[0].index == null && new Set(items.map(baseTypeOf)).size > 1),
};

const fits = (opener, item) =>
  (item.type == null || opener.type == null || baseTypeOf(item) === baseTypeOf(opener)) &&
  (!isRealId(item.id) || !isRealId(opener.id) || item.id === opener.id);

/** Whether an item of a lane goes on with the first that it fits, but not with the one opened last. */
function goesBack(items) {
  const openers = [];
  return items.some((item) => {
    const first = openers.find((opener) => fits(opener, item));
    const last = openers.at(-1);
    if (last === undefined || !fits(last, item)) openers.push(item);
    return first !== undefined && (first !== last || !fits(last, item));
  });
}

const lastOfLane = {
  name: "last-of-an-index",
  row: "which block of several with one index or id a block goes on with",
  ...ownLanes(goesBack),
};

/** What a block tells whole, each time it is told. */
const WHOLE_TEXTS = new Set(
  "name role toolCallId tool_call_id mimeType mime_type media_type format encoding source_type status title url fileId file_id".split(
    " ",
  ),
);
const WHOLE_OBJECTS = new Set(["args", "input", "output"]);

/** Of what blocks tell whole, what linnet takes from the first block that has it. */
const TOLD_FIRST = new Set("name role toolCallId tool_call_id".split(" "));

/** The paths in an item, but for those that tell which item it is. */
function pathsOf(item, path = []) {
  return Object.entries(item).flatMap(([name, value]) => {
    if (value == null || (path.length === 0 && ["index", "type", "id"].includes(name))) return [];
    const inner = [...path, name];
    return isRecord(value) ? [inner, ...pathsOf(value, inner)] : [inner];
  });
}

/** Whether what items tell at a path is no running text, and comes more than once. */
function isRepeatedFact(items, path, isContent) {
  const values = items.map((item) => valueAt(item, path)).filter((value) => value != null);
  if (values.length < 2) return false;
  const name = path[path.length - 1];
  if (typeof values[0] === "boolean") return new Set(values).size > 1;
  if (!isContent) return false;
  if (typeof values[0] === "number") return true;
  return kindOf(values[0]) === "string" ? WHOLE_TEXTS.has(name) : WHOLE_OBJECTS.has(name);
}

/** Blocks that go on with each other, where each goes on with the one opened last or with none. */
function sameBlocks(one, path) {
  return lanesAt(one, path).flatMap((items) => {
    const blocks = [];
    for (const item of items) {
      const last = blocks.at(-1);
      if (last !== undefined && fits(last[0], item)) last.push(item);
      else blocks.push([item]);
    }
    return blocks;
  });
}

/** By item, the paths at which it repeats what is told whole, and is not the one whose word counts. */
function repeatedFacts(one, listPath) {
  const dropped = new Map();
  for (const items of sameBlocks(one, listPath)) {
    const paths = new Map(items.flatMap((item) => pathsOf(item)).map((path) => [path.join(), path]));
    for (const path of paths.values()) {
      if (!isRepeatedFact(items, path, listPath[0] === "content")) continue;
      const told = items.filter((item) => valueAt(item, path) != null && valueAt(item, path) !== "");
      const counts = TOLD_FIRST.has(path[path.length - 1]) ? told[0] : told.at(-1);
      for (const item of items) if (item !== counts) dropped.set(item, [...(dropped.get(item) ?? []), path]);
    }
  }
  return dropped;
}

const blockFacts = {
  name: "block-facts",
  row: "numbers, booleans, names, addresses and whole objects in blocks",
  applies: (one) => listPaths(one).some((path) => repeatedFacts(one, path).size > 0),
  rewrite: (one) =>
    listPaths(one).reduce((rest, path) => {
      const dropped = repeatedFacts(rest, path);
      return mapItems(rest, path, (item) => (dropped.get(item) ?? []).reduce(dropPath, item));
    }, one),
  keeps: (sum) => sum,
};

export const laneDecisions = [numerals, placeholders, inOneChunk, idAfterNone, otherType, lastOfLane, blockFacts];
