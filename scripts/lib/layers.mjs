import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { listSourceFiles } from "./source-files.mjs";

/**
 * Rooms, and folders and files of rooms, that make one chunk. Left to itself esbuild makes a chunk for every set of entries that share something, twenty
 * and more, and most of what an import costs is the number of files. Every other room makes a chunk of its own.
 */
const layers = [
  ["errors", "secrets", "terminal", "streams", "json", "schema", "messages", "outputs", "callbacks"],
  ["events", "runnables", "prompts", "parsers", "tools", "models"],
  // What is wired apart, and what few programs use, is not loaded with the rest.
  ["runnables/configurable", "runnables/graph", "runnables/log"],
  ["callbacks/tracers"],
  ["models/generate", "models/stream/wiring.ts", "models/structured/wiring.ts", "prompts/wiring.ts", "tools/wiring.ts"],
];

/**
 * The plugin that merges: esbuild puts files that the same entries reach in the same chunk, so each entry that reaches one
 * file of a layer is made to import them all.
 *
 * @param {string} root
 * @param {import("esbuild").Metafile} metafile of the same build without the plugin
 * @param {string[]} entries source files, relative to the root
 * @returns {import("esbuild").Plugin}
 */
export function mergeLayers(root, metafile, entries) {
  const additions = new Map(entries.map((entry) => [join(root, entry), importsOfLayers(root, metafile, entry)]));
  return {
    name: "merge-layers",
    setup(build) {
      // An import for nothing but its evaluation is dropped where package.json says that the file has no side effects.
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, pluginData }) => {
        const isSource = resolveDir.startsWith(join(root, "src"));
        return isSource ? { path: join(resolveDir, path), sideEffects: true, pluginData } : undefined;
      });
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const added = additions.get(path);
        return (
          added && { contents: `${readFileSync(path, "utf8")}\n${added}`, loader: "ts", resolveDir: dirname(path) }
        );
      });
    },
  };
}

function importsOfLayers(root, metafile, entry) {
  // Files that hold nothing but types are in no build; entries and the command are not shared.
  const isShared = (file) => metafile.inputs[file] !== undefined && !/^src\/(?:entries|cli)\//.test(file);
  const shared = listSourceFiles(root).filter(isShared);
  const reached = new Set([entry]);
  // What a layer's other files import is reached too, once they are in.
  for (const file of reached) {
    for (const { path } of metafile.inputs[file]?.imports ?? []) reached.add(path);
    for (const other of shared) if (layerOf(other) === layerOf(file)) reached.add(other);
  }
  const imported = shared.filter((file) => reached.has(file));
  return imported.map((file) => `import ${JSON.stringify(pathFrom(entry, file))};`).join("\n");
}

function layerOf(file) {
  const [, room, folder] = file.split("/");
  const holding = (place) => layers.findIndex((places) => places.includes(place));
  const layer = [file.slice("src/".length), `${room}/${folder}`, room].map(holding).find((place) => place !== -1) ?? -1;
  return layer === -1 ? room : layer;
}

function pathFrom(entry, file) {
  const path = relative(dirname(entry), file).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
