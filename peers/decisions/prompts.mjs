import { isDeepStrictEqual } from "node:util";
import { piecesOf, textOf, valuesOf } from "../cases/prompt-programs.mjs";

/**
 * Where prompts differ from the peer's on purpose: each is a row of docs/decisions/0009. `applies` knows it by the program
 * alone; `allows` by what the two gave, where more can be said than that they differ.
 */
export const promptDecisions = [
  {
    row: "a brace that begins no variable",
    applies: (program) => hasPiece(program, "brace"),
    allows: ({ ours }) => !ours.fails,
  },
  {
    row: "a variable that is inherited (`{constructor}`), or `undefined`",
    applies: (program) => hasPiece(program, "inherited") || hasValue(program, "undefined") || lacksValue(program),
    allows: ({ theirs, ours }) => ours.fails || /undefined|object Object/.test(JSON.stringify(theirs.gives)),
  },
  {
    row: "examples of few shots",
    // Also, prefix, examples and suffix are one template there, in which a line may be another's.
    applies: (program) => program.kind === "few shots" && (program.format === "mustache" || hasBraces(program)),
  },
  {
    row: "mustache `inputVariables`",
    // The peer fills blocks of messages, and the prompts of a pipeline, with what it knows as their variables alone.
    applies: (program) => tagsOf(program).some(({ tag, path }) => tag === "^" || path.length > 1 || path[0] === "."),
    allows: ({ theirs, ours, program }) =>
      program.kind === "pipeline" ||
      (program.kind === "chat" && tagsOf(program).some(({ tag }) => tag === "^")) ||
      isSameText(theirs, ours),
  },
  {
    row: "mustache objects, lists, dates",
    applies: (program) => {
      const shown = tagsOf(program)
        .filter(({ tag }) => tag === "")
        .map(({ path }) => path.at(-1));
      return shown.includes(".") || valuesOf(program).some(([name, { value }]) => holdsObject(name, value, shown));
    },
    // Of all values at once some may have no JSON.
    allows: ({ theirs, ours, program }) => !theirs.fails && (!ours.fails || hasValue(program, "no JSON")),
  },
  {
    row: "a mustache section of a list with `null` in it",
    applies: (program) => program.format === "mustache" && valuesOf(program).some(([, { value }]) => holdsNull(value)),
    allows: ({ theirs }) => theirs.fails && /of null/.test(theirs.error.message),
  },
  {
    row: "mustache partials, other delimiters, `{{}}`",
    applies: (program) => hasPiece(program, "tag"),
    allows: ({ ours }) => ours.fails,
  },
  {
    row: "mustache lookup",
    applies: (program) => program.format === "mustache" && hasPiece(program, "inherited"),
    allows: ({ ours }) => !ours.fails,
  },
  {
    row: "`{{text.length}}`",
    applies: (program) => program.format === "mustache" && hasPiece(program, "inherited"),
    allows: ({ ours }) => !ours.fails,
  },
  {
    row: "several variables in an image's `url`",
    applies: ({ items = [] }) =>
      items.some(({ content }) => Array.isArray(content) && content.some(({ type }) => type === "image_url")),
    allows: ({ theirs }) => theirs.fails && theirs.error.message.includes("Only one format variable"),
  },
  {
    row: "a value that JSON has no word for (`NaN`, `10n`, a symbol)",
    applies: (program) => hasValue(program, "no JSON"),
    allows: ({ ours }) => !ours.fails,
  },
  {
    row: "a function as a value",
    applies: (program) => hasValue(program, "function"),
    allows: ({ ours }) => ours.fails,
  },
];

/** The tags of a mustache program. */
function tagsOf(program) {
  return piecesOf(program).filter(({ path }) => path !== undefined);
}

/** Whether the text or the messages are the same, whatever the variables are. */
function isSameText(theirs, ours) {
  return isDeepStrictEqual(asJson(theirs.gives?.at?.(-1)), asJson(ours.gives?.at?.(-1)));
}

/** Whether a list or an object stands under one of some names, however deep. */
function holdsObject(name, value, names) {
  if (typeof value !== "object" || value === null) return false;
  return (
    names.includes(name) ||
    Object.entries(value).some(([key, one]) => holdsObject(Array.isArray(value) ? name : key, one, names))
  );
}

function holdsNull(value) {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((one) => (one === null && Array.isArray(value)) || holdsNull(one));
}

/** Whether a filled example has a brace, which the peer reads. */
function hasBraces({ example, examples }) {
  return /[{}]/.test(safeJson(examples.flat().map(([, { value }]) => value))) || /\{\{|\}\}/.test(textOf(example));
}

/** The peer fills the examples of a chat prompt, and the prompts of a pipeline, with what they have and with `undefined`. */
function lacksValue(program) {
  const { kind, examples, values } = program;
  const names = piecesOf(program).flatMap(({ variable = [] }) => variable);
  const lacks = (pairs) => names.some((name) => !pairs.some(([given]) => given === name));
  return (kind === "pipeline" && lacks(values)) || (kind === "few shots of chat" && examples.some(lacks));
}

function hasPiece(program, kind) {
  return piecesOf(program).some(({ odd }) => odd === kind);
}

function hasValue(program, kind) {
  return valuesOf(program).some(([, { odd }]) => odd === kind);
}

function safeJson(value) {
  return JSON.stringify(value, (_key, one) => (typeof one === "bigint" ? 0 : one));
}

function asJson(value) {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
