/**
 * The decisions of docs/decisions/0023 by which parsers differ from the peer's.
 *
 * Each has the `row` it is written in, says of what it `applies` to, and makes alike what it is about, so that the rest is
 * compared: `forPeer` changes the text that the peer is given, `settle` what the two give. What cannot be made alike is `apart`:
 * only that linnet keeps its own laws is tested then.
 */
const isText = ({ parser }) => parser !== "StringOutputParser" && !/Tools|Functions/.test(parser);
const isJson = ({ parser }) => /^JsonOutputParser|Structured|Standard/.test(parser);
const isXml = ({ parser }) => parser === "XMLOutputParser";
const isLines = ({ parser }) => /^(Numbered|Markdown)/.test(parser);
const isCalls = ({ parser }) => /ToolsParser$/.test(parser);
const isFunction = ({ parser }) => /FunctionsParser$/.test(parser);

/** Of what grows, the last that is shown; patches are of no use without those before. */
const lastOf = (outcome) => ({ ...outcome, items: outcome.items.slice(-1) });
export const bothLast = (outcomes) => ({ peer: lastOf(outcomes.peer), ours: lastOf(outcomes.ours) });
const peerItems =
  (change) =>
  ({ peer, ours }) => ({ peer: { ...peer, items: change(peer.items) }, ours });
const isEmptyObject = (item) => JSON.stringify(item) === "{}";

export const decisions = [
  {
    row: "content of blocks",
    applies: (one) => isText(one) && one.hasBlocks,
    textOnly: true,
  },
  // JSON.
  {
    row: "JSON in a fence",
    applies: (one) => isJson(one) && one.text.startsWith("```js\n"),
    forPeer: (text) => text.replace("```js\n", "```json\n"),
    apart: ({ fields, verb }) => verb === "stream" && fields?.diff === true,
  },
  {
    row: "JSON in a fence",
    // Another text than the one that the peer takes for the block's, or ticks that it takes for its end.
    applies: (one) => isJson(one) && !/^(?:[^`]*```\w*\n[^`]*(?:\n```[^`]*)?|[^`]*)$/.test(one.text),
    apart: true,
  },
  {
    row: "JSON in a fence",
    applies: (one) => one.parser.includes("Structured") && one.text.startsWith("Here you are"),
    forPeer: (text) => text.replace("```\n", "```json\n"),
  },
  {
    row: "JSON: white space where a piece ends",
    applies: (one) => one.verb === "stream" && one.parser === "JsonOutputParser" && /\s/.test(one.text),
    apart: ({ fields }) => fields.diff === true,
    settle: ({ peer, ours }) => ({ peer: withoutSpace(peer), ours: withoutSpace(ours) }),
  },
  {
    row: "JSON: `null` in a stream; raw control characters in texts",
    applies: (one) =>
      isJson(one) && /"[^"]*\n[^"]*"/.test(one.text) && one.ours.invoke.fails !== true && one.peer.invoke.fails,
    apart: true,
  },
  {
    row: "JSON, streamed, that does not parse, is cut off, or has words behind it",
    applies: (one) => (isJson(one) || isFunction(one)) && one.verb === "stream" && one.ours.invoke.fails,
    settle: ({ ours }) => ({ peer: { items: [], fails: true }, ours: { items: [], fails: ours.fails } }),
  },
  {
    row: "JSON: a value that is neither object nor list",
    applies: (one) => one.parser === "JsonOutputParser" && one.verb === "stream" && isScalar(one.value),
    apart: true,
  },
  {
    row: "JSON: half an escape, a lone `-`",
    applies: (one) =>
      one.verb === "stream" && (isJson(one) || isCalls(one) || isFunction(one)) && /[\\-]/.test(one.text),
    apart: ({ fields }) => fields?.diff === true,
    settle: bothLast,
  },
  {
    row: "JSON: half an escape, a lone `-`",
    applies: (one) => isCalls(one) && hasHalfEscape(one),
    apart: true,
  },
  // XML.
  {
    row: "XML: attributes",
    applies: (one) => isXml(one) && one.verb === "stream" && one.text.includes(' id="1"'),
    settle: bothLast,
  },
  {
    row: "XML: words or a fence around the root, bare `&` and `<`",
    applies: (one) => isXml(one) && /^(Here|```)/.test(one.text),
    forPeer: (text) => /<.*>/s.exec(text)?.[0] ?? "",
    apart: ({ verb }) => verb === "stream",
  },
  {
    row: "XML: no element; a DOCTYPE",
    applies: (one) =>
      isXml(one) &&
      (one.text.includes("<!DOCTYPE") ||
        (one.ours.invoke.fails && (one.peer.invoke.items.some(isEmptyObject) || !/<\w[^<]*>/.test(one.text)))),
    apart: true,
  },
  {
    row: "XML: no element; a DOCTYPE",
    applies: (one) => isXml(one) && one.verb === "stream" && !one.fields.diff,
    settle: peerItems((items) => items.filter((item) => !isEmptyObject(item))),
  },
  {
    row: "XML: no element; a DOCTYPE",
    applies: (one) => isXml(one) && one.verb === "stream" && one.fields.diff === true,
    apart: true,
  },
  {
    row: "XML: CDATA; `<a><b/><b/></a>`; `<__proto__>`",
    applies: (one) => isXml(one) && /CDATA|\/>/.test(one.text),
    apart: true,
  },
  {
    row: "XML: words or a fence around the root, bare `&` and `<`",
    applies: (one) => isXml(one) && /&|<</.test(one.text),
    settle: bothLast,
    apart: (one) => /&foo;|<</.test(one.text),
  },
  {
    row: "XML: white space where lines begin, and where a piece ends",
    applies: (one) => isXml(one) && /\s/.test(one.text),
    settle: ({ peer, ours }) => ({ peer: withoutSpace(peer), ours: withoutSpace(ours) }),
  },
  // Lists.
  {
    row: "lists, streamed: `length`, white space within items and separators",
    applies: (one) => /^(Comma|Custom)/.test(one.parser) && one.verb === "stream",
    apart: ({ fields, text }) => fields?.length !== undefined || /\s/.test((fields?.separator ?? "") + text),
  },
  {
    row: "lists: numbered and Markdown items",
    applies: isLines,
    settle: peerItems((items) => items.map((list) => list.map((item) => item.trim()).filter((item) => item !== ""))),
  },
  {
    row: "lists: numbered and Markdown items, streamed",
    applies: (one) => isLines(one) && one.verb === "stream",
    apart: true,
  },
  // Calls.
  {
    row: "tool calls: a stream before the first call",
    applies: (one) => isCalls(one) && one.verb === "stream",
    settle: ({ peer, ours }) => ({ peer: withoutEmpty(peer), ours: withoutEmpty(ours) }),
  },
  {
    row: "tool calls of which none can be read; arguments that are no object",
    applies: (one) => isCalls(one) && one.ours.invoke.fails,
    apart: true,
  },
  {
    row: "arguments that are empty",
    applies: (one) => isFunction(one) && one.text === "",
    apart: true,
  },
  {
    row: "arguments that are empty",
    applies: (one) => one.parser === "JsonOutputFunctionsParser" && one.verb === "stream",
    settle: ({ peer, ours }) => ({ peer: withoutArguments(peer), ours: withoutArguments(ours) }),
  },
  {
    row: "`diff`",
    applies: (one) => isFunction(one) && one.fields.diff === true && one.verb === "stream",
    apart: true,
  },
];

/** Whether the arguments of a call break off in an escape. */
function hasHalfEscape({ pieces }) {
  const calls = [];
  for (const { tool_call_chunks: [call] = [] } of pieces)
    if (call) calls[call.index] = (calls[call.index] ?? "") + call.args;
  return calls.some((args) => args.endsWith("\\"));
}

function isScalar(value) {
  return typeof value !== "object" || value === null;
}

/** Without the white space that texts begin and end with, of themselves or of their lines. */
function withoutSpace(outcome) {
  const items = JSON.parse(
    JSON.stringify(outcome.items, (_, value) =>
      typeof value === "string"
        ? value
            .split("\n")
            .map((line) => line.trim())
            .join("\n")
            .trim()
        : value,
    ),
  );
  // What grew by a space alone is shown once.
  return { ...outcome, items: items.filter((item, at) => JSON.stringify(item) !== JSON.stringify(items[at - 1])) };
}

function withoutEmpty(outcome) {
  return { ...outcome, items: outcome.items.filter((item) => item !== null && item.length !== 0) };
}

function withoutArguments(outcome) {
  const argumentsIn = (item) => (item !== null && Object.hasOwn(item, "arguments") ? item.arguments : item);
  return { ...outcome, items: outcome.items.filter((item) => Object.keys(argumentsIn(item) ?? {}).length > 0) };
}
