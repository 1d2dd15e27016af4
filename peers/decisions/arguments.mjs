/** Decisions on the arguments of tool calls, and on how those that cannot be read are told. */
import { assignCalls } from "./assign-calls.mjs";
import { piecesOf, realId } from "./walk.mjs";

function parsesToRecord(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const unreadable = {
  name: "arguments-of-invalid-calls",
  row: "the arguments in `invalid_tool_calls`",
  applies: (one) =>
    assignCalls(piecesOf(one)).calls.some(
      ({ id, args }) => (args.trim() !== args || args === "") && !(id && (args.trim() === "" || parsesToRecord(args))),
    ),
  settle: ({ peer, ours }) => {
    for (const { invalid_tool_calls: calls = [] } of [peer, ours]) {
      for (const call of calls) call.args = (call.args ?? "").trim() || "{}";
    }
  },
};

/** The ids of the calls whose arguments match. */
const idsOfCalls = (one, matches) =>
  new Set(
    assignCalls(piecesOf(one))
      .calls.filter(({ args }) => matches(args.trim()) && !parsesToRecord(args))
      .map(({ id }) => id),
  );

/** Arguments that break off where the two libraries guess differently: in an escape or in half a character. */
const breaksOff = (args) => /(?:\\(?:u[\da-fA-F]{0,3})?|\\u[dD][89aAbB][\da-fA-F]{2}|[\ud800-\udbff])$/.test(args);

const partialArguments = {
  name: "arguments-that-break-off",
  row: "arguments that break off inside an escape or a character",
  applies: (one) => idsOfCalls(one, breaksOff).size > 0,
  settle: ({ peer, ours, one }) => {
    const broken = idsOfCalls(one, breaksOff);
    for (const { tool_calls: calls = [] } of [peer, ours]) {
      for (const call of calls) if (broken.has(realId(call))) call.args = {};
    }
  },
};

const JSON_WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;
const BEGUN_WORD = /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?)?)$/;

/** Whether arguments have a word, outside of texts, that is none of JSON's, or at their end the beginning of none. */
function hasOddWord(args) {
  const words = args.replace(/"(?:[^"\\]|\\.)*"?/gs, " ").match(/[-+.\w]+/g) ?? [];
  return words.some((word) => !JSON_WORD.test(word) && !(args.endsWith(word) && BEGUN_WORD.test(word)));
}

const oddWords = {
  name: "words-that-are-no-json",
  row: "words in arguments that JSON does not know",
  applies: (one) => idsOfCalls(one, hasOddWord).size > 0,
  settle: ({ peer, ours, one }) => {
    const odd = idsOfCalls(one, hasOddWord);
    for (const sum of [peer, ours]) {
      for (const field of ["tool_calls", "invalid_tool_calls"]) {
        if (sum[field] !== undefined) sum[field] = sum[field].filter((call) => !odd.has(realId(call)));
      }
    }
  },
};

export const argumentDecisions = [unreadable, partialArguments, oddWords];
