/** What a small app adds to a page: a prompt, a model of its own and a parser, minified and compressed. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compressedSize } from "../scripts/check-size.mjs";

const app = ({ prompts, models, parsers }) => `
import { ChatPromptTemplate } from "${prompts}";
import { SimpleChatModel } from "${models}";
import { StringOutputParser } from "${parsers}";

class Echo extends SimpleChatModel {
  _llmType() { return "echo"; }
  async _call(messages) { return messages.at(-1).content; }
}
const prompt = ChatPromptTemplate.fromMessages([["human", "{text}"]]);
const chain = prompt.pipe(new Echo({})).pipe(new StringOutputParser());
for await (const piece of await chain.stream({ text: "cat" })) console.log(piece);
`;

const root = fileURLToPath(new URL("..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const core = "@langchain/core";

/** Kilobytes of each library's app. */
export async function measureSizes() {
  const linnet = app({ prompts: "linnet/prompts", models: "linnet/models", parsers: "linnet/parsers" });
  const peer = app({
    prompts: `${core}/prompts`,
    models: `${core}/language_models/chat_models`,
    parsers: `${core}/output_parsers`,
  });
  return { linnet: await sizeOf(linnet, root), peer: await sizeOf(peer, here) };
}

async function sizeOf(contents, resolveDir) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, sourcefile: "app.js" },
    absWorkingDir: resolveDir,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    external: ["node:*"],
    logLevel: "silent",
    write: false,
  });
  return compressedSize(outputFiles[0].text) / 1024;
}
