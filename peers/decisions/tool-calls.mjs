/** Decisions on tool calls: which call a piece goes to, and what becomes of calls that come whole. */
import { assignCalls } from "./assign-calls.mjs";
import { isRealId, mapChunks, mapPieces, piecesOf, realId, without } from "./walk.mjs";

/** Each piece with the number of its call for an index, in a chunk of its own, so that nothing is left to choose. */
function address(one) {
  const { numbers } = assignCalls(piecesOf(one));
  let place = 0;
  const chunks = one.chunks.flatMap((chunk) => {
    const pieces = (chunk.tool_call_chunks ?? []).map((piece) => ({ ...piece, index: numbers[place++] }));
    if (pieces.length < 2) return [pieces.length === 0 ? chunk : { ...chunk, tool_call_chunks: pieces }];
    const [first, ...rest] = pieces;
    return [
      { ...chunk, tool_call_chunks: [first] },
      ...rest.map((piece) => ({ content: "", tool_call_chunks: [piece] })),
    ];
  });
  return { ...one, chunks };
}

/** What a sum says, whatever its pieces had for an index. */
const butPieces = ({ tool_call_chunks, ...rest }) => rest;

/** What a piece says without telling anything. */
const blankFields = ({ id, name, index }) => [
  ...(id === "" ? ["id"] : []),
  ...(name === "" ? ["name"] : []),
  ...(index === null ? ["index"] : []),
];

const blanks = {
  name: "blank-fields-of-a-piece",
  row: "an empty id or name, or an index that is null, in a piece",
  applies: (one) => piecesOf(one).length > 1 && piecesOf(one).some((piece) => blankFields(piece).length > 0),
  rewrite: (one) => mapPieces(one, (piece) => without(piece, ...blankFields(piece))),
  keeps: ({ content, tool_calls }) => ({ content, tool_calls }),
};

const isLoose = ({ id, index }) => !isRealId(id) && (index == null || index === "");

const loosePieces = {
  name: "piece-without-id-or-index",
  row: "a piece with neither an id nor an index",
  applies: (one) => piecesOf(one).length > 1 && piecesOf(one).some(isLoose),
  rewrite: address,
  keeps: butPieces,
};

const someIndices = {
  name: "index-on-some-pieces",
  row: "an index alone, after a call without an index",
  applies: (one) => {
    const pieces = piecesOf(one);
    return (
      pieces.some((piece) => indexOf(piece) === undefined) &&
      pieces.some((piece) => indexOf(piece) !== undefined && !isRealId(piece.id))
    );
  },
  rewrite: address,
  keeps: butPieces,
};

/** The places of pieces that bring another name for a call that has one. */
function placesOfRenames(one) {
  const pieces = piecesOf(one);
  const { numbers, calls } = assignCalls(pieces);
  return new Set(
    [...pieces.keys()].filter((place) => pieces[place].name && pieces[place].name !== calls[numbers[place]].name),
  );
}

const renamed = {
  name: "other-name-same-call",
  row: "another name for a call",
  applies: (one) => placesOfRenames(one).size > 0,
  rewrite: (one) => {
    const places = placesOfRenames(one);
    let place = 0;
    return mapPieces(one, (piece) => (places.has(place++) ? without(piece, "name") : piece));
  },
  keeps: (sum) => sum,
};

/** By a key of pieces, the different values of another. */
function valuesBy(pieces, keyOf, tellOf) {
  const found = new Map();
  for (const piece of pieces) {
    const key = keyOf(piece);
    if (key !== undefined) found.set(key, new Set(found.get(key)).add(tellOf(piece)));
  }
  return [...found.values()];
}

const indexOf = ({ index }) => (index == null || index === "" ? undefined : index);

const severalOfAnIndex = {
  name: "calls-with-one-index",
  row: "a delta without an id, after two calls with one index",
  applies: (one) => idLessAfterTwo(piecesOf(one)),
  rewrite: address,
  keeps: butPieces,
};

/** Whether a piece without an id follows two ids with its index. */
function idLessAfterTwo(pieces) {
  return pieces.some((piece, place) => {
    const index = indexOf(piece);
    if (index === undefined || isRealId(piece.id)) return false;
    const ids = new Set(
      pieces
        .slice(0, place)
        .filter((before) => indexOf(before) === index)
        .map(realId),
    );
    ids.delete(undefined);
    return ids.size > 1;
  });
}

const idAgain = {
  name: "id-with-several-indices",
  row: "a real id that comes again",
  applies: (one) => valuesBy(piecesOf(one), realId, indexOf).some((indices) => indices.size > 1),
  rewrite: address,
  keeps: butPieces,
};

const beginsObject = ({ args }) => args?.trim().startsWith("{") === true;

/** Whether a piece that could be taken for arguments of its own has an id that another piece, so chosen, has too. */
const idReturns = (one, isOther) => {
  const { numbers } = assignCalls(piecesOf(one));
  const named = piecesOf(one)
    .map((piece, place) => ({ ...piece, call: numbers[place] }))
    .filter(({ id }) => isRealId(id));
  return named.some(
    (piece, place) =>
      beginsObject(piece) &&
      named.slice(0, place).some(({ id, call }) => id === piece.id && isOther === (call !== piece.call)),
  );
};

/** The peer also sums what the arguments of each chunk alone were parsed to, by id, and may fail at that. */
const resent = {
  name: "type-change",
  row: "values that change type",
  applies: (one) => idReturns(one, false),
  rewrite: (one) => {
    const seen = new Set();
    return mapPieces(address(one), (piece) => {
      const key = `${piece.index} ${piece.id}`;
      if (seen.has(key)) return without(piece, "id");
      seen.add(key);
      return piece;
    });
  },
  keeps: butPieces,
};

const sharedId = {
  name: "type-change",
  row: "values that change type",
  applies: (one) => idReturns(one, true),
  rewrite: (one) =>
    mapPieces(address(one), (piece) => (isRealId(piece.id) ? { ...piece, id: `${piece.id} ${piece.index}` } : piece)),
};

const sameChunk = {
  name: "pieces-in-one-chunk",
  row: "several pieces of a call in one chunk",
  applies: (one) => {
    const { numbers } = assignCalls(piecesOf(one));
    let place = 0;
    return one.chunks.some((chunk) => {
      const own = (chunk.tool_call_chunks ?? []).map(() => numbers[place++]);
      return new Set(own).size < own.length;
    });
  },
  rewrite: address,
  keeps: butPieces,
};

const invalidGiven = {
  name: "invalid-calls-given",
  row: "`invalid_tool_calls` given to a chunk",
  applies: (one) => one.chunks.some((chunk) => chunk.invalid_tool_calls?.length > 0),
  rewrite: (one) => mapChunks(one, (chunk) => without(chunk, "invalid_tool_calls")),
  keeps: ({ invalid_tool_calls, ...rest }) => rest,
};

const wholeCalls = (one) => one.chunks.flatMap((chunk) => chunk.tool_calls ?? []);

const wholeAndPieces = {
  name: "whole-calls-and-pieces",
  row: "`tool_calls` in one chunk, pieces in another",
  applies: (one) => wholeCalls(one).length > 0 && piecesOf(one).length > 0,
  rewrite: (one) => mapChunks(one, (chunk) => without(chunk, "tool_calls")),
  keeps: ({ tool_calls, ...rest }) => rest,
};

const hasTwice = ({ tool_calls = [] }) => {
  const ids = tool_calls.map(({ id }) => id).filter(isRealId);
  return new Set(ids).size < ids.length;
};

const wholeTwice = {
  name: "whole-call-again",
  row: "a whole call that comes again",
  applies: (one) => one.chunks.some(hasTwice),
  rewrite: (one) => mapChunks(one, (chunk) => (hasTwice(chunk) ? without(chunk, "tool_calls") : chunk)),
};

function repeatedIds(one) {
  const ids = wholeCalls(one)
    .map(({ id }) => id)
    .filter(isRealId);
  return new Set(ids.filter((id, place) => ids.indexOf(id) !== place));
}

const wholeAgain = {
  name: "whole-call-again",
  row: "a whole call that comes again",
  applies: (one) => repeatedIds(one).size > 0,
  // The last word on a call, in the place of the first.
  rewrite: (one) => {
    const again = repeatedIds(one);
    const told = new Set();
    const lastOf = (call) => {
      if (!again.has(call.id)) return [call];
      if (told.has(call.id)) return [];
      told.add(call.id);
      return [wholeCalls(one).findLast(({ id }) => id === call.id)];
    };
    return mapChunks(one, (chunk) =>
      chunk.tool_calls === undefined ? chunk : { ...chunk, tool_calls: chunk.tool_calls.flatMap(lastOf) },
    );
  },
  keeps: (sum) => sum,
};

export const toolCallDecisions = [
  invalidGiven,
  wholeAndPieces,
  wholeTwice,
  wholeAgain,
  blanks,
  severalOfAnIndex,
  idAgain,
  loosePieces,
  someIndices,
  renamed,
  resent,
  sharedId,
  sameChunk,
];
