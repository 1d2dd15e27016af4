/**
 * Checks what is in the small programs of the size budget: nothing of what they do not use. The size alone would not tell of
 * a heavy part that comes in while another one goes.
 *
 * Usage: node scripts/check-contents.mjs [root]
 */
import { posix } from "node:path";
import { appSource, conversationSource, messagesSource } from "./check-size.mjs";
import { readContents, readLeftovers } from "./lib/bundle-contents.mjs";
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { listSourceFiles, projectRoot } from "./lib/source-files.mjs";

/**
 * What no small program may hold, by the files below `src`.
 *
 * @type {Record<string, RegExp>}
 */
export const heavyParts = {
  graphs: /^runnables\/graph\//,
  "logs of runs": /^(?:runnables\/log\/stream-log|events\/log-observer|json\/json-patch)/,
  "encoded events": /^(?:runnables\/log\/|events\/(?:encoding-observer|event-json|utf8))/,
  "configurable runnables": /^runnables\/configurable\//,
  "runnables of other kinds": /^runnables\/(?:branch|generator|passthrough|router)\./,
  "tracers and the console": /^(?:callbacks\/(?:tracers\/|verbose-handler)|terminal\/)/,
  "listeners of runs": /^callbacks\/run-(?:listeners|record)\./,
  "the implicit context": /^callbacks\/(?:async-local-storage|storage-context|context-variables)/,
  mustache: /^prompts\/(?:mustache|read-mustache|wiring)/,
  "prompts of other kinds":
    /^(?:outputs\/image|prompts\/(?:dict|few-shot|image|length-based|pipeline|prompt-selector|structured|template-functions))/,
  "structured output": /^models\/structured\//,
  "the content-block stream": /^models\/stream\/(?!content-stream-slot\.)/,
  "caches and limits": /^models\/calls\//,
  generate: /^(?:models\/generate\/|outputs\/llm-result)/,
  "models of other kinds": /^models\/(?:base-llm|llm|simple-chat-model|wrap-model)\./,
  "the parser of XML": /^(?:parsers\/xml-|messages\/buffer-xml)/,
  "the parser of unfinished JSON":
    /^(?:json\/(?:partial-json|json-reader|json-markdown|json-diff)|parsers\/json-output)/,
  "parsers of other kinds":
    /^parsers\/(?:openai\/|asymmetric|base-cumulative|bytes|cumulative|item-|json-|list-|schema-|standard-schema|structured|texts-)/,
  "the forms of providers": /^messages\/openai\//,
  "helpers of parts": /^messages\/blocks\/(?!standard\.)/,
  "stored messages": /^messages\/(?:stored-message|guards|parse-tool-calls|convert-to-chunk)\./,
  schemas: /^schema\//,
  tools: /^tools\//,
  "fakes and the conformance kit": /^testing\//,
  "histories and trimming": /^history\//,
  "the command": /^cli\//,
};

const messageFolders = ["messages", "messages/blocks", "json", "secrets", "streams"];

/**
 * The programs, each with the folders of `src` that it may hold files of: a folder that is new is refused until it is named here.
 */
export const programs = {
  app: {
    source: appSource,
    folders: [
      ...messageFolders,
      "errors",
      "outputs",
      "callbacks",
      "events",
      "runnables",
      "prompts",
      "parsers",
      "models",
      "models/stream",
    ],
  },
  messages: { source: messagesSource, folders: messageFolders },
  conversation: { source: conversationSource, folders: messageFolders },
};

/** What a file of the source is a part of that the program may not hold; undefined where it may. */
function refusedPart(file, folders) {
  const inSource = file.replace(/^src\//, "");
  const [part] = Object.entries(heavyParts).find(([, files]) => files.test(inSource)) ?? [];
  if (part !== undefined) return part;
  // Libraries stand outside of src; the two that there may be are counted by the size.
  return inSource === file || folders.includes(posix.dirname(inSource)) ? undefined : posix.dirname(inSource);
}

/**
 * Checks one program.
 *
 * @param {string} root the folder that holds `src` and `package.json`
 * @param {keyof typeof programs} name
 * @returns {Promise<{ problems: string[], files: number }>} one problem for each part that the program holds and may not
 */
export async function checkContents(root, name) {
  const { source, folders } = programs[name];
  const { sizes, chainTo } = await readContents(root, source);
  const found = new Map();
  for (const file of sizes.keys()) {
    const part = refusedPart(file, folders);
    if (part !== undefined) found.set(part, [...(found.get(part) ?? []), file]);
  }
  const problems = [...found].map(([part, files]) => {
    const bytes = files.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
    // The file that comes first brought the others in.
    const [chain = []] = files.map(chainTo).sort((left, right) => left.length - right.length);
    const held = `${chain.at(-1)}${files.length > 1 ? ` and ${files.length - 1} more` : ""}`;
    return `${name}: holds ${part} (${held}, ${bytes} bytes minified), which it does not use. It comes by ${chain.join(" -> ")}. Wire it apart, or make it a leaf.`;
  });
  if (sizes.size === 0) problems.push(`${name}: holds no file of ${root}: nothing was checked.`);
  return { problems, files: sizes.size };
}

/**
 * Checks that a bundler can drop all that a program does not use, also where many files of the source have become one of the
 * package's.
 *
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function checkLeftovers(root) {
  const files = listSourceFiles(root).filter((file) => !/^src\/(?:cli|entries)\/|\/wiring\.ts$/.test(file));
  return [...(await readLeftovers(root, files))].map(([file, statements]) => {
    const [shown = "", ...more] = statements.split("\n");
    return `${file} leaves a statement in programs that use nothing of it: ${shown}${more.length > 0 ? " …" : ""} Make it a literal, a function, or a call marked /* @__PURE__ */.`;
  });
}

if (isMainModule(import.meta.url)) {
  const root = process.argv[2] ?? projectRoot;
  const names = Object.keys(programs);
  const checked = await Promise.all(names.map((name) => checkContents(root, name)));
  report(
    "contents",
    [...checked.flatMap(({ problems }) => problems), ...(await checkLeftovers(root))],
    names.map((name, at) => `${name} ${checked[at].files} files`).join(", "),
  );
}
