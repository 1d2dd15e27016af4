/** What parsers of either library make of the pieces of an answer. */
import { AIMessageChunk } from "@langchain/core/messages";
import * as parsers from "@langchain/core/output_parsers";
import * as functions from "@langchain/core/output_parsers/openai_functions";
import * as tools from "@langchain/core/output_parsers/openai_tools";

export const peer = { ...parsers, ...functions, ...tools, AIMessageChunk };

/** Objects, as a schema that both libraries take. */
const schema = {
  "~standard": {
    version: 1,
    vendor: "differential",
    validate: (value) =>
      typeof value === "object" && value !== null ? { value } : { issues: [{ message: "is no object" }] },
  },
};

/** What a parser gives by each verb: `{ items, fails }`. */
export async function outcomesOf(library, { parser, fields, pieces }) {
  const make = () => {
    const Parser = library[parser];
    if (parser.startsWith("Standard")) return new Parser(schema);
    return parser.includes("Structured") ? Parser.fromNamesAndDescriptions(fields) : new Parser(fields);
  };
  const chunks = () =>
    pieces.map((piece) => (typeof piece === "string" ? piece : new library.AIMessageChunk(structuredClone(piece))));
  const isOnlyText = pieces.every((piece) => typeof piece === "string");
  return {
    invoke: await outcomeOf(async (give) => give(await make().invoke(sumOf(chunks())))),
    ...(isOnlyText && { parse: await outcomeOf(async (give) => give(await make().parse(pieces.join("")))) }),
    stream: await outcomeOf(async (give) => {
      for await (const item of make().transform(streamOf(chunks()), {})) give(item);
    }),
  };
}

function sumOf([first = "", ...others]) {
  return others.reduce((sum, chunk) => (typeof sum === "string" ? sum + chunk : sum.concat(chunk)), first);
}

async function* streamOf(chunks) {
  yield* chunks;
}

/** What a call gives, as JSON has it, or that it fails. */
async function outcomeOf(call) {
  const items = [];
  const plain = (item) =>
    item === undefined ? null : JSON.parse(JSON.stringify(item instanceof Uint8Array ? [...item] : item));
  try {
    await call((item) => items.push(plain(item)));
    return { items };
  } catch {
    return { items, fails: true };
  }
}

/** What a model said in all: its text, or the arguments of its calls. */
export function textOf({ pieces }) {
  return pieces.map((piece) => (typeof piece === "string" ? piece : saidIn(piece))).join("");
}

function saidIn({ content, tool_call_chunks: calls = [], additional_kwargs: { function_call: call } = {} }) {
  const text = typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
  return [text, ...calls.map(({ args }) => args), call?.arguments ?? ""].join("");
}

/** A case with its text changed, or with texts in the place of content blocks. */
export function withTexts(one, textOnly, change) {
  if (!textOnly && change === undefined) return one;
  const texts = one.pieces.map((piece) => (typeof piece === "string" ? piece : { content: saidIn(piece) }));
  if (change === undefined) return { ...one, pieces: texts };
  const changed = change(textOf(one));
  return { ...one, pieces: typeof one.pieces[0] === "string" ? [changed] : [{ content: changed }] };
}

/** What the items of a stream of linnet's are in all. */
export function wholeOf({ applyJsonPatch }, { parser, fields }, items) {
  if (fields?.diff) return items.reduce((value, patch) => applyJsonPatch(value, patch), undefined);
  if (parser === "StringOutputParser") return items.join("");
  if (/^Bytes|List/.test(parser)) return items.flat();
  return items.length === 0 ? null : items[items.length - 1];
}
