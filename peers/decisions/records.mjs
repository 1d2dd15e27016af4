/** Decisions on `additional_kwargs` and `response_metadata`, and on whatever else holds data of a provider's own. */
import { dropPath, isRecord, itemsAt, kindOf, listPaths, mapItems, meetings, valueAt, writePath } from "./walk.mjs";

const MERGED = ["additional_kwargs", "response_metadata", "artifact"];

/** The paths at which values of several types meet; of those inside each other, the outermost. */
function typeChanges(one) {
  const changes = MERGED.flatMap((field) => [...meetings(one, field).values()]).filter(
    ({ values }) => new Set(values.map(kindOf)).size > 1,
  );
  const isInside = (inner, outer) => inner.length > outer.length && outer.every((name, place) => inner[place] === name);
  return changes.filter(({ path }) => !changes.some((other) => isInside(path, other.path)));
}

/** A case without the values at a path that one of another type comes after. */
function onlyLastType(one, { path, values }) {
  const kind = kindOf(values.at(-1));
  let toCome = values.length - 1 - values.findLastIndex((value) => kindOf(value) !== kind);
  return {
    ...one,
    chunks: one.chunks
      .toReversed()
      .map((chunk) => (valueAt(chunk, path) == null || toCome-- > 0 ? chunk : dropPath(chunk, path)))
      .reverse(),
  };
}

const typeChange = {
  name: "type-change",
  row: "values that change type",
  applies: (one) => typeChanges(one).length > 0,
  rewrite: (one) => typeChanges(one).reduce(onlyLastType, one),
  keeps: (sum) => sum,
};

/** The names under which the peer, too, keeps the last text. */
const LAST_IN_BOTH = new Set(["id", "name", "output_version", "model_provider"]);

/** The names under which the peer keeps the first, even if it is empty. */
const FIRST_OF_PEER = new Set(["type", "index", "created", "timestamp"]);

function repeatedScalars(one) {
  return [...meetings(one, "response_metadata").values()].filter(({ path, values }) => {
    const name = path[path.length - 1];
    const told = values.filter((value) => typeof value !== "object" && value !== "");
    if (told.length < 2) return told.length === 1 && values[0] === "" && FIRST_OF_PEER.has(name);
    return !(typeof told[0] === "string" && LAST_IN_BOTH.has(name));
  });
}

const metadataScalars = {
  name: "metadata-scalars",
  row: "texts in `response_metadata` and `generationInfo`",
  applies: (one) => repeatedScalars(one).length > 0,
  settle: ({ peer, one }) => {
    for (const { path, values } of repeatedScalars(one))
      writePath(peer, path, values.filter((value) => value !== "").at(-1));
  },
};

/** Items of lists in `response_metadata` that go on with each other and repeat a scalar. */
function metadataLists(one) {
  return listPaths(one)
    .filter(([field]) => field === "response_metadata")
    .filter((path) => itemsAt(one, path).some(({ index, id }) => index != null || id != null));
}

const metadataListItems = {
  name: "metadata-scalars",
  row: metadataScalars.row,
  applies: (one) => metadataLists(one).some((path) => itemsAt(one, path).length > 1),
  rewrite: (one) =>
    metadataLists(one).reduce((rest, path) => mapItems(rest, path, ({ index, id, ...item }) => item), one),
};

function differingBooleans(one) {
  return [...meetings(one, "additional_kwargs").values()].filter(
    ({ values }) => typeof values[0] === "boolean" && new Set(values).size > 1,
  );
}

const booleans = {
  name: "booleans-differ",
  row: "booleans that differ",
  applies: (one) => differingBooleans(one).length > 0,
  settle: ({ peer, one }) => {
    for (const { path, values } of differingBooleans(one)) writePath(peer, path, values.at(-1));
  },
};

const repeated = (one, key) =>
  [...meetings(one, "additional_kwargs").values()].filter(
    ({ path, values }) =>
      path.at(-1) === key && values.length > 1 && values.every((value) => typeof value === "string"),
  );

const role = {
  name: "kwargs-role",
  row: "`role` in `additional_kwargs`",
  applies: (one) => repeated(one, "role").length > 0,
  settle: ({ peer, one }) => {
    for (const { path, values } of repeated(one, "role")) writePath(peer, path, values.filter(Boolean).at(-1) ?? "");
  },
};

const emptyTypes = (one) => repeated(one, "type").filter(({ values }) => values[0] === "");

const type = {
  name: "kwargs-empty-type",
  row: "an empty `type`, then another",
  applies: (one) => emptyTypes(one).length > 0,
  settle: ({ peer, one }) => {
    for (const { path, values } of emptyTypes(one)) writePath(peer, path, values.find(Boolean) ?? "");
  },
};

/** Lists in records, other than the content, that have an item with an empty text. */
const listsOfEmptyTexts = (one) =>
  listPaths(one).filter((path) => path[0] !== "content" && itemsAt(one, path).some(({ text }) => text === ""));

const emptyTextItems = {
  name: "empty-texts",
  row: "empty text parts",
  applies: (one) => listsOfEmptyTexts(one).length > 0,
  rewrite: (one) =>
    listsOfEmptyTexts(one).reduce(
      (rest, path) => mapItems(rest, path, (item) => (isRecord(item) && item.text === "" ? undefined : item)),
      one,
    ),
};

export const recordDecisions = [typeChange, metadataListItems, emptyTextItems, metadataScalars, booleans, role, type];
