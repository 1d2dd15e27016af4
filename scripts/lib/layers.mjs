import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** What a file costs an import, and each import of a file, in bytes of code that cost as much: docs/performance.md. */
const FILE = 30 * 1024;
const IMPORT = 4 * 1024;

/**
 * A chunk of a build: its files, and the places in the build of the chunks that it imports. A door is an entry that people
 * import; what wires does something when it is loaded.
 *
 * @typedef {{ bytes: number, files: string[], imports: number[], isDoor: boolean, wires: boolean }} Chunk
 */

/**
 * The plugin that merges chunks. Left to itself esbuild makes one for every set of entries that share something, forty of
 * them. It puts files that the same entries reach in the same chunk, so each entry that reaches one file of a layer is made to
 * import them all.
 *
 * @param {string} root
 * @param {import("esbuild").Metafile} metafile of the same build without the plugin
 * @returns {import("esbuild").Plugin}
 */
export function mergeLayers(root, metafile) {
  const additions = new Map(importsOfEntries(metafile).map(([entry, text]) => [join(root, entry), text]));
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

/** What each entry is made to import, as a text. */
function importsOfEntries({ outputs }) {
  const paths = Object.keys(outputs);
  const places = new Map(paths.map((path, place) => [path, place]));
  const chunks = paths.map((path) => toChunk(outputs[path], places));
  const layerOf = chooseLayers(chunks);
  return paths.flatMap((path, place) => {
    const entry = outputs[path].entryPoint;
    if (entry === undefined) return [];
    const files = [...reach(chunks, layerOf, place)].flatMap((reached) => chunks[reached].files);
    // Libraries come with what imports them.
    const imported = files.filter((file) => /^src\/(?!entries\/|cli\/)/.test(file));
    return [[entry, imported.map((file) => `import ${JSON.stringify(pathFrom(entry, file))};`).join("\n")]];
  });
}

function toChunk({ inputs, imports, entryPoint }, places) {
  const files = Object.keys(inputs);
  return {
    bytes: Object.values(inputs).reduce((sum, { bytesInOutput }) => sum + bytesInOutput, 0),
    files,
    imports: imports.flatMap(({ path }) => places.get(path) ?? []),
    isDoor: /^src\/entries\//.test(entryPoint ?? ""),
    wires: files.some((file) => file.endsWith("/wiring.ts")),
  };
}

/**
 * Which chunks are to be one. As long as some two cost all doors together less as one file than as two, those that save most
 * become one. No door may come to load a wiring that it does not ask for: bundlers would keep it, and what it wires, in every
 * program that uses something of the same file.
 *
 * @param {Chunk[]} chunks
 * @returns {Map<number, number[]>} for each chunk, the chunks that are to be one with it, itself too
 */
export function chooseLayers(chunks) {
  let layers = chunks.flatMap(({ bytes, isDoor }, place) => (bytes > 0 && !isDoor ? [[place]] : []));
  const wirings = wiringsOf(chunks, byMember(layers));
  for (let cost = costOf(chunks, byMember(layers)); ; ) {
    let best;
    for (const [place, left] of layers.entries()) {
      for (const right of layers.slice(place + 1)) {
        const merged = [...layers.filter((layer) => layer !== left && layer !== right), [...left, ...right]];
        const layerOf = byMember(merged);
        const mergedCost = costOf(chunks, layerOf);
        if (mergedCost < cost && wiringsOf(chunks, layerOf) === wirings) [best, cost] = [merged, mergedCost];
      }
    }
    if (best === undefined) return byMember(layers);
    layers = best;
  }
}

function byMember(layers) {
  return new Map(layers.flatMap((layer) => layer.map((place) => [place, layer])));
}

/** The chunks that one loads: what it imports, and what is in a layer with that. */
function reach(chunks, layerOf, start) {
  const reached = new Set([start]);
  for (const place of reached) {
    for (const imported of chunks[place].imports) reached.add(imported);
    for (const other of layerOf.get(place) ?? []) reached.add(other);
  }
  return reached;
}

/** The wirings that each door loads, as a text. */
function wiringsOf(chunks, layerOf) {
  const loaded = (door) => [...reach(chunks, layerOf, door)].filter((place) => chunks[place].wires).sort();
  return chunks.map(({ isDoor }, place) => (isDoor ? loaded(place) : "")).join(";");
}

/** What it costs to import each door once. */
function costOf(chunks, layerOf) {
  const fileOf = (place) => layerOf.get(place) ?? place;
  let cost = 0;
  for (const [door, { isDoor }] of chunks.entries()) {
    if (!isDoor) continue;
    const importsOf = new Map();
    for (const place of reach(chunks, layerOf, door)) {
      const { bytes, imports } = chunks[place];
      const file = fileOf(place);
      const imported = importsOf.get(file) ?? new Set();
      importsOf.set(file, imported);
      for (const other of imports) if (chunks[other].bytes > 0 && fileOf(other) !== file) imported.add(fileOf(other));
      cost += bytes;
    }
    for (const imported of importsOf.values()) cost += FILE + IMPORT * imported.size;
  }
  return cost;
}

function pathFrom(entry, file) {
  const path = relative(dirname(entry), file).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
