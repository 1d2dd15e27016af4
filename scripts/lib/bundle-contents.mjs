import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { parseSync } from "oxc-parser";
import { parseSource, projectRoot } from "./source-files.mjs";

const door = /^linnet\/(\w+)$/;

/** What every bundle has in common: all that a bundler can drop is dropped. */
const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  platform: "browser",
  external: ["node:*"],
  logLevel: "silent",
  write: false,
};

/**
 * What a bundle of the source holds.
 *
 * @typedef {object} Contents
 * @property {Map<string, number>} sizes bytes by file, the files relative to the root; files without any are left out
 * @property {(file: string) => string[]} chainTo the shortest chain of imports that leads to a file, the program first
 */

/**
 * Bundles a program from a tree of the source, and tells which files are in the bundle, and why.
 *
 * @param {string} root the folder that holds `src` and `package.json`
 * @param {string} program imports from `linnet/…`
 * @returns {Promise<Contents>}
 */
export async function readContents(root, program) {
  const { metafile } = await build({
    ...common,
    stdin: { contents: program, resolveDir: root, sourcefile: "app.js" },
    absWorkingDir: root,
    // A copy of the tree has no libraries of its own.
    nodePaths: [join(projectRoot, "node_modules")],
    minify: true,
    metafile: true,
    plugins: [
      {
        name: "doors",
        setup({ onResolve }) {
          onResolve({ filter: door }, ({ path }) => ({ path: join(root, doorFile(path)) }));
        },
      },
    ],
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.entries(inputs).filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && file !== "app.js");
  const sizes = new Map(used.map(([file, { bytesInOutput }]) => [file, bytesInOutput]));
  const importsOf = (file) => (metafile.inputs[file]?.imports ?? []).map(({ path }) => path);
  return { sizes, chainTo: (file) => chainTo(file, openDoors(root, program), importsOf, sizes) };
}

/**
 * What files leave in every bundle that imports anything near them, although it uses nothing of theirs: statements of the
 * module that a bundler cannot tell to be free of effects.
 *
 * @param {string} root
 * @param {string[]} files
 * @returns {Promise<Map<string, string>>} the statements by file
 */
export async function readLeftovers(root, files) {
  const { metafile, outputFiles } = await build({
    ...common,
    stdin: { contents: files.map((file) => `import "./${file}";`).join("\n"), resolveDir: root, sourcefile: "app.js" },
    absWorkingDir: root,
    nodePaths: [join(projectRoot, "node_modules")],
    minifySyntax: true,
    metafile: true,
    plugins: [
      {
        name: "keep-effects",
        setup({ onResolve }) {
          // As it is where files of a package are one: package.json speaks of files only.
          onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => ({
            path: join(resolveDir, path),
            sideEffects: true,
          }));
        },
      },
    ],
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const texts = new Map(outputFiles[0].text.split(/^\/\/ (?=\S+$)/m).map((part) => part.split(/\n(.*)/s, 2)));
  const left = files.filter((file) => inputs[file]?.bytesInOutput > 0);
  return new Map(left.map((file) => [file, texts.get(file)?.trim() ?? ""]));
}

function doorFile(specifier) {
  return `src/entries/${door.exec(specifier)?.[1]}.ts`;
}

/**
 * The files that a program reaches first, each with the door. A door names every file behind it, so that only those count whose
 * names the program uses, and those that the door imports for their evaluation.
 */
function openDoors(root, program) {
  const { staticImports } = parseSync("app.js", program).module;
  return staticImports.flatMap(({ moduleRequest, entries }) => {
    const file = doorFile(moduleRequest.value);
    const names = new Set(entries.map(({ importName }) => importName.name));
    const opened = parseSource(root, file).program.body.filter(({ type, specifiers }) => {
      if (type === "ImportDeclaration") return specifiers.length === 0;
      return type === "ExportNamedDeclaration" && specifiers.some(({ exported }) => names.has(exported.name));
    });
    return opened.map(({ source }) => [file, join("src/entries", source.value)]);
  });
}

function chainTo(wanted, starts, importsOf, sizes) {
  const chains = starts.map((start) => ["app.js", ...start]);
  const seen = new Set();
  for (const chain of chains) {
    const file = chain.at(-1);
    if (file === wanted) return chain;
    if (seen.has(file)) continue;
    seen.add(file);
    // A file that nothing is taken from led nowhere.
    for (const next of importsOf(file)) if (sizes.has(next)) chains.push([...chain, next]);
  }
  return ["app.js", "…", wanted];
}

/**
 * The files of the source that a bundle of the built package holds code of. The package's files hold many of the source's,
 * each below a comment with its name.
 *
 * @param {string} program imports from `linnet/…`
 * @returns {Promise<Set<string>>}
 */
export async function readBuiltContents(program) {
  const { outputFiles } = await build({
    ...common,
    stdin: { contents: program, resolveDir: projectRoot, sourcefile: "app.js" },
    absWorkingDir: projectRoot,
    outfile: "app.bundle.js",
    sourcemap: "external",
    // Constants are folded as in an app, and the lines stay.
    minifySyntax: true,
  });
  const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  const map = new SourceMap(JSON.parse(text(".map")));
  const headings = new Map();
  const files = new Set();
  for (const [line, code] of text(".js").split("\n").entries()) {
    const { originalSource, originalLine } = map.findEntry(line, code.search(/\S/));
    if (originalSource === undefined || !originalSource.startsWith("dist/")) continue;
    if (!headings.has(originalSource)) headings.set(originalSource, readHeadings(join(projectRoot, originalSource)));
    const file = headings.get(originalSource)[originalLine];
    if (file !== undefined) files.add(file);
  }
  return files;
}

/** For each line of a built file, the file of the source that it is of. */
function readHeadings(file) {
  let heading;
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => {
      heading = /^\/\/ (\S+\.\w+)$/.exec(line)?.[1] ?? heading;
      return heading;
    });
}
