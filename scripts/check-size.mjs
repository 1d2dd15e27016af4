/**
 * Checks the size budget: what a small app adds to a page, and the standalone file; both minified and compressed.
 *
 * Usage: node scripts/check-size.mjs
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";

const kilobyte = 1024;

/**
 * The most bytes, after gzip, of each. The design wants 15 KB of the app, 40 KB of the standalone file and 6 KB of the
 * messages: see docs/decisions/0010, 0013, 0016, 0021, 0025 and 0030. They may not grow without a decision.
 */
export const budget = {
  app: 47.2 * kilobyte,
  standalone: 123.5 * kilobyte,
  conversation: 5 * kilobyte,
  messages: 9 * kilobyte,
};

/** A program that makes messages of the usual roles and reads them. */
export const conversationSource = `
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "linnet/messages";

const calls = [{ name: "weather", args: { city: "Seoul" }, id: "c1" }];
const messages = [
  new SystemMessage("Be brief."),
  new HumanMessage({ content: [{ type: "text", text: "Is it warm?" }] }),
  new AIMessage({ content: "", tool_calls: calls }),
  new ToolMessage("21 degrees", "c1"),
];
console.log(JSON.stringify(messages.map((message) => message.text)));
`;

/** A program that also sums what a model streams: it has the rules of every kind of sum. */
export const messagesSource = `
import { AIMessageChunk, concat } from "linnet/messages";
${conversationSource}
const sum = concat(new AIMessageChunk("Yes, it "), new AIMessageChunk("is."));
console.log(JSON.stringify(sum.content));
`;

/** A small app: a prompt, a model and a parser in one chain. It prints the reply and what it streams. */
export const appSource = `
import { ChatParrotLink } from "linnet/models";
import { StringOutputParser } from "linnet/parsers";
import { ChatPromptTemplate } from "linnet/prompts";

const chain = ChatPromptTemplate.fromMessages([["human", "{text}"]])
  .pipe(new ChatParrotLink({ model: "m", parrotBufferLength: 3 }))
  .pipe(new StringOutputParser());

const pieces = [];
for await (const piece of await chain.stream({ text: "cat" })) pieces.push(piece);
console.log(JSON.stringify({ reply: await chain.invoke({ text: "hello" }), pieces }));
`;

/**
 * Bundles an app as its author would: from the package's doors, minified.
 *
 * @param {string} source
 * @returns {Promise<string>}
 */
export async function bundleApp(source) {
  const result = await build({
    stdin: { contents: source, resolveDir: projectRoot, sourcefile: "app.js" },
    absWorkingDir: projectRoot,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    logLevel: "silent",
    write: false,
  });
  return result.outputFiles[0].text;
}

/**
 * The size of a text after gzip, in bytes.
 *
 * @param {string} text
 */
export function compressedSize(text) {
  return gzipSync(text, { level: 9 }).length;
}

async function measure() {
  const standalone = readFileSync(join(projectRoot, "dist/standalone.js"), "utf8");
  const { code } = await transform(standalone, { minify: true, format: "esm", target: "es2022" });
  return {
    app: compressedSize(await bundleApp(appSource)),
    standalone: compressedSize(code),
    conversation: compressedSize(await bundleApp(conversationSource)),
    messages: compressedSize(await bundleApp(messagesSource)),
  };
}

if (isMainModule(import.meta.url)) {
  const sizes = await measure();
  const inKilobytes = (bytes) => `${(bytes / kilobyte).toFixed(1)} KB`;
  const said = (name) => `${name} ${inKilobytes(sizes[name])} of ${inKilobytes(budget[name])}`;
  const tooBig = Object.keys(budget).filter((name) => sizes[name] > budget[name]);
  report(
    "size",
    tooBig.map((name) => `Over the budget: ${said(name)}, minified and compressed.`),
    Object.keys(budget).map(said).join(", "),
  );
}
