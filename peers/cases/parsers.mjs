/**
 * What the peer's parsers make of texts and messages: `node cases/parsers.mjs` writes it down for the tests, and
 * `node cases/parsers.mjs --check` tells whether it still is so.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import * as parsers from "@langchain/core/output_parsers";
import * as functions from "@langchain/core/output_parsers/openai_functions";
import * as tools from "@langchain/core/output_parsers/openai_tools";

const FIXTURE = new URL("../../test/fixtures/parsers-peer.json", import.meta.url);

const fence = "```";
const json = [
  '{"a":1}',
  '{"a":1',
  "null",
  '"x"',
  "12",
  "true",
  "",
  "  ",
  "hello",
  'Here: {"a":1}',
  '{"a":1} tail',
  `${fence}json\n{"a":1}\n${fence}`,
  `Sure!\n${fence}json\n{"a":1}\n${fence}\nDone`,
  `${fence}\n{"a":1}\n${fence}`,
  `${fence}{"a":1}${fence}`,
  `${fence}js\n{"a":1}\n${fence}`,
  `${fence}json\n{"a":1`,
  `${fence}json\n{"a":"${fence}"}\n${fence}`,
  `{"a":"${fence}x${fence}"}`,
  "[1,2]",
  '{"a":1}{"b":2}',
  '{"a":"x\ny"}',
  '{"a":NaN}',
  "{'a':1}",
  '{"a":1,}',
  '{"a":-1.5e3,"b":[true,false,null,"é\\u00e9\\n"],"c":{"d":{}}}',
  '{"__proto__":{"x":1}}',
  `prose ${fence} no json`,
  `${fence}json\n{"a":1}\n${fence}\n${fence}json\n{"b":1}\n${fence}`,
];
const xml = [
  "<a>1</a>",
  "<a><b>1</b><c>2</c></a>",
  "<a>x<b>1</b>y</a>",
  "<a/>",
  "<a b=\"1\"><c d='2'>z</c></a>",
  "<a><b>1",
  "hello",
  "",
  "pre <a>1</a> post",
  `${fence}xml\n<a>1</a>\n${fence}`,
  '<?xml version="1.0"?><a>1</a>',
  "<!-- c --><a>1<!-- d -->2</a>",
  "<a><![CDATA[x<y]]></a>",
  "<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;</a>",
  "<a>&foo;</a>",
  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  "<a>1</b>",
  "<a>1</a><b>2</b>",
  "<a><__proto__>x</__proto__></a>",
  "<a>\n  <b>1</b>\n</a>",
  "<a>1 & 2</a>",
  "<a>1 < 2</a>",
  "<n:a>1</n:a>",
  "<a><b/><b/></a>",
  "<a b>x</a>",
  "</a>",
  "<a><b>1</a></b>",
];
const lists = [
  "a, b,c",
  "",
  "  a ,, b , ",
  "a;b;c",
  "a; b",
  "a,b\nc,d",
  "1. a\n2. b\n\n3. c",
  "Items:\n\n1. foo\n\n10. bar",
  "1) a",
  "v1. x 2. y",
  "1.  a  \n2. b",
  "1.\n2. b",
  "- a\n* b\n  - c\n",
  "-a\n- \n-  b  ",
];
const raw = (name, args) => ({ id: "c1", type: "function", function: { name, arguments: args } });
const calls = (...tool_calls) => ({ content: "", tool_calls });
const extras = (additional_kwargs) => ({ content: "", additional_kwargs });
const called = [
  { content: "hi" },
  calls(
    { name: "f", args: { x: 1 }, id: "c1" },
    { name: "g", args: {}, id: "c2" },
    { name: "f", args: { x: 2 }, id: "c3" },
  ),
  calls({ name: "g", args: {}, id: "c1" }),
  { content: "", invalid_tool_calls: [{ name: "f", args: "{bad", id: "c1" }] },
  { ...calls({ name: "f", args: { x: 1 }, id: "c1" }), invalid_tool_calls: [{ name: "f", args: "{bad", id: "c2" }] },
  extras({ tool_calls: [raw("f", '{"x":1}')] }),
  extras({ tool_calls: [raw("f", '{"x":')] }),
  extras({ tool_calls: [raw("f", "")] }),
];
const functionCalls = [
  { content: "hi" },
  ...['{"x":1}', '{"x":', '{"y":1}', "", "null"].map((args) =>
    extras({ function_call: { name: "fn", arguments: args } }),
  ),
];
const pieces = [
  { content: "", tool_call_chunks: [{ name: "f", args: "", id: "c1", index: 0, type: "tool_call_chunk" }] },
  { content: "", tool_call_chunks: [{ args: '{"x": 1, "y":"a', index: 0, type: "tool_call_chunk" }] },
  { content: "", tool_call_chunks: [{ args: 'b"}', index: 0, type: "tool_call_chunk" }] },
  { content: "", tool_call_chunks: [{ name: "g", args: "{}", id: "c2", index: 1, type: "tool_call_chunk" }] },
  { content: "" },
];
const functionPieces = ["", '{"x"', ':1,"y":"a', 'b"}'].map((args, place) =>
  extras({ function_call: place === 0 ? { name: "fn", arguments: args } : { arguments: args } }),
);

const cases = [
  ["JsonOutputParser", {}, json],
  ["JsonOutputParser", { diff: true }, json.slice(-4)],
  ["XMLOutputParser", {}, xml],
  ["XMLOutputParser", { diff: true }, xml.slice(0, 3)],
  ["CommaSeparatedListOutputParser", undefined, lists],
  ["CustomListOutputParser", { separator: ";", length: 3 }, lists],
  ["CustomListOutputParser", { separator: "\n" }, [...lists, "\na \n b\n", "a\n\nb"]],
  ["NumberedListOutputParser", undefined, lists],
  ["MarkdownListOutputParser", undefined, lists],
  ["JsonOutputToolsParser", {}, called, pieces],
  ["JsonOutputToolsParser", { returnId: true }, called, pieces],
  ["JsonOutputKeyToolsParser", { keyName: "f" }, called, pieces],
  ["JsonOutputKeyToolsParser", { keyName: "f", returnSingle: true }, called, pieces],
  ["OutputFunctionsParser", {}, functionCalls, functionPieces],
  ["OutputFunctionsParser", { argsOnly: false }, functionCalls],
  ["JsonOutputFunctionsParser", {}, functionCalls, functionPieces],
  ["JsonOutputFunctionsParser", { argsOnly: false }, functionCalls],
  ["JsonKeyOutputFunctionsParser", { attrName: "x" }, functionCalls, functionPieces],
];

const classes = { ...parsers, ...tools, ...functions };

/** What a call gives, or that it fails. */
async function outcomeOf(call) {
  const items = [];
  try {
    await call((item) => items.push(item));
    return { items };
  } catch {
    return { items, fails: true };
  }
}

async function streamOf(parser, chunks) {
  async function* source() {
    yield* chunks;
  }
  return outcomeOf(async (give) => {
    for await (const item of parser.transform(source(), {})) give(item);
  });
}

const recorded = [];
for (const [name, fields, inputs, chunks] of cases) {
  const parser = new classes[name](fields);
  for (const input of inputs) {
    const isText = typeof input === "string";
    const invoke = await outcomeOf(async (give) =>
      give(await parser.invoke(isText ? input : new AIMessage(structuredClone(input)))),
    );
    const cut = isText ? (input.match(/[\s\S]{1,3}/g) ?? [""]) : undefined;
    const stream = cut && (await streamOf(parser, cut));
    recorded.push({ parser: name, fields, input, invoke, ...(stream && { stream }) });
  }
  if (chunks === undefined) continue;
  const stream = await streamOf(
    parser,
    chunks.map((chunk) => new AIMessageChunk(structuredClone(chunk))),
  );
  recorded.push({ parser: name, fields, chunks, stream });
}

const written = `${JSON.stringify(recorded, null, 1)}\n`;
if (!process.argv.includes("--check")) writeFileSync(FIXTURE, written);
else if (readFileSync(FIXTURE, "utf8") !== written) {
  console.error("The peer's parsers give something else than is written down.");
  process.exitCode = 1;
}
