/** Walks over the chunks of a case. Nothing here writes to a case; every change makes a new one. */

export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const isRealId = (id) => id != null && id !== "" && id !== "null";

/** The id of a piece or item that is no placeholder. */
export const realId = ({ id }) => (isRealId(id) ? id : undefined);

/** The fields that hold data of a provider's own. */
export const RECORDS = ["additional_kwargs", "response_metadata"];

export const mapChunks = (one, change) => ({ ...one, chunks: one.chunks.map(change) });

/** A copy of fields without some of them. */
export function without(fields, ...names) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** The pieces of tool calls of all chunks, in the order they come. */
export const piecesOf = (one) => one.chunks.flatMap((chunk) => chunk.tool_call_chunks ?? []);

/** A copy of a case with other pieces of tool calls. */
export const mapPieces = (one, change) =>
  mapChunks(one, (chunk) =>
    chunk.tool_call_chunks === undefined ? chunk : { ...chunk, tool_call_chunks: chunk.tool_call_chunks.map(change) },
  );

/** The values of a field that are there, in the order they come. */
export const valuesOf = (one, field) => one.chunks.map((chunk) => chunk[field]).filter((value) => value != null);

/**
 * What meets under each name of a field that holds objects: the values that are not null, in order, by path. It does not
 * look into lists.
 *
 * @returns {Map<string, { path: string[], values: unknown[] }>}
 */
export function meetings(one, field) {
  const found = new Map();
  const visit = (value, path) => {
    if (value == null) return;
    const key = JSON.stringify(path);
    if (!found.has(key)) found.set(key, { path, values: [] });
    found.get(key).values.push(value);
    if (isRecord(value)) for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
  };
  for (const chunk of one.chunks) visit(chunk[field], [field]);
  return found;
}

/** A copy of a value without what is at a path; lists are not looked into. */
export function dropPath(value, [name, ...rest]) {
  if (!isRecord(value) || !Object.hasOwn(value, name)) return value;
  if (rest.length === 0) return without(value, name);
  return { ...value, [name]: dropPath(value[name], rest) };
}

/** Writes a value at a path of plain data that is ours, where the way to it is there. */
export function writePath(data, path, value) {
  const holder = path.slice(0, -1).reduce((at, name) => (isRecord(at) ? at[name] : undefined), data);
  if (isRecord(holder)) holder[path[path.length - 1]] = value;
}

/** The lists whose items are merged by index or id: the content, and the lists in records. */
export function listPaths(one) {
  const paths = [["content"]];
  for (const field of RECORDS) {
    for (const { path, values } of meetings(one, field).values()) if (values.some(Array.isArray)) paths.push(path);
  }
  return paths;
}

/** What stands at a path; lists are not looked into. */
export const valueAt = (value, path) =>
  path.reduce((holder, name) => (isRecord(holder) ? holder[name] : undefined), value);

/** The lists at a path, of each chunk that has one; of their items, those that are objects. */
export function listsAt(one, path) {
  const lists = one.chunks.map((chunk) => valueAt(chunk, path)).filter(Array.isArray);
  return lists.map((list) => list.filter(isRecord));
}

/** The objects in the lists at a path, in the order they come. */
export const itemsAt = (one, path) => listsAt(one, path).flat();

/**
 * A copy of a case with other items in the lists at a path.
 *
 * @param {(item: object, place: number, list: object[]) => object | undefined} change is given each item that is an
 *   object; where it gives undefined, the item is left out.
 */
export function mapItems(one, path, change) {
  const mapList = (value, [name, ...rest]) => {
    if (name !== undefined) {
      return isRecord(value) && Object.hasOwn(value, name) ? { ...value, [name]: mapList(value[name], rest) } : value;
    }
    if (!Array.isArray(value)) return value;
    const changed = value.filter(isRecord).map(change);
    let place = 0;
    return value.map((item) => (isRecord(item) ? changed[place++] : item)).filter((item) => item !== undefined);
  };
  return mapChunks(one, (chunk) => mapList(chunk, path));
}

/** A copy of a case with other items in all lists. */
export const mapAllItems = (one, change) =>
  listPaths(one).reduce((changed, path) => mapItems(changed, path, change), one);

export const hasItem = (one, matches) => listPaths(one).some((path) => itemsAt(one, path).some(matches));

/** What tells which earlier item an item goes on with; undefined where it stands for itself. */
export function laneOf({ index, id }) {
  if (index != null && index !== "") return `index ${index}`;
  return isRealId(id) ? `id ${id}` : undefined;
}

export const baseTypeOf = ({ type }) => (typeof type === "string" ? type.replace(/_delta$/, "") : "");

/** The items at a path that may go on with each other, by what they have in common. */
export function lanesAt(one, path) {
  const lanes = new Map();
  for (const item of itemsAt(one, path)) {
    const lane = laneOf(item);
    if (lane !== undefined) lanes.set(lane, [...(lanes.get(lane) ?? []), item]);
  }
  return [...lanes.values()].filter((items) => items.length > 1);
}

/** Which of JSON's types a value has. */
export const kindOf = (value) => (Array.isArray(value) ? "list" : typeof value);
