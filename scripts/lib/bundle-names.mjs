import { parseSync } from "oxc-parser";
import { walk } from "./source-files.mjs";

/** What chunks with one of these files are called, whatever else they hold: package.json names them under `sideEffects`. */
const wiringChunks = new Map([
  ["src/runnables/wiring.ts", "wiring"],
  ["src/runnables/graph/wiring.ts", "runnables-wiring"],
  ["src/callbacks/tracers/wiring.ts", "tracers-wiring"],
  ["src/models/generate/wiring.ts", "models-wiring"],
  ["src/tools/wiring.ts", "tools-wiring"],
]);

/**
 * Gives the shared chunks names that stay the same from build to build, after what they hold most of. Chunks with nothing
 * in them go, and so do imports of chunks for nothing but their evaluation, unless they hold a wiring.
 *
 * @param {Map<string, string>} files path below `dist` -> text
 * @param {import("esbuild").Metafile} metafile
 * @returns {Map<string, string>}
 */
export function nameChunks(files, metafile) {
  const names = new Map();
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const file = path.replace(/^dist\//, "");
    const isEmpty = files.get(file)?.trim() === "";
    if (file.startsWith("chunks/") && !isEmpty) names.set(file, chunkName(output.inputs, new Set(names.values())));
  }
  const renamed = new Map();
  for (const [file, text] of files) {
    const isEmptyChunk = file.startsWith("chunks/") && !names.has(file);
    if (!isEmptyChunk) renamed.set(names.get(file) ?? file, renameImports(text, names));
  }
  return renamed;
}

/** esbuild imports every chunk that holds anything an entry reaches; only wirings do something when imported. */
function renameImports(text, names) {
  const renamed = text.replace(/"(\.\/(?:chunks\/)?)([^"/]+\.js)"/g, (whole, folder, hash) => {
    const name = names.get(`chunks/${hash}`);
    return name === undefined ? whole : `"${folder}${name.slice("chunks/".length)}"`;
  });
  return renamed.replace(/^import "\.\/[^"]+";\n/gm, (line) => (line.endsWith('wiring.js";\n') ? line : ""));
}

function chunkName(inputs, taken) {
  for (const [file, name] of wiringChunks) if (Object.hasOwn(inputs, file)) return `chunks/${name}.js`;
  const sizes = new Map();
  for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
    const room = /^src\/([^/]+)\//.exec(input)?.[1] ?? "libraries";
    sizes.set(room, (sizes.get(room) ?? 0) + bytesInOutput);
  }
  const room = [...sizes].sort(([, left], [, right]) => right - left)[0]?.[0] ?? "shared";
  for (let number = 1; ; number += 1) {
    const name = `chunks/${room}${number === 1 ? "" : `-${number}`}.js`;
    if (!taken.has(name)) return name;
  }
}

/**
 * Gives classes back the names they have in the source. esbuild writes a class that mentions itself as
 * `var Name = class _Name { … }`, so that `constructor.name` (what a run is called by default) would be "_Name". Its own
 * `keepNames` would mend that with a static block in each class, which keeps bundlers from dropping unused classes.
 *
 * @param {Map<string, string>} files path -> text
 * @returns {Map<string, string>}
 */
export function nameClasses(files) {
  return new Map([...files].map(([path, text]) => [path, nameClassesIn(path, text)]));
}

function nameClassesIn(path, text) {
  const { program } = parseSync(path, text);
  const inner = new Map();
  walk(program, (node) => {
    if (node.type !== "VariableDeclarator" || node.init?.type !== "ClassExpression") return;
    const name = node.init.id?.name;
    if (name?.startsWith("_") && name !== node.id.name) inner.set(name, node.id.name);
  });
  if (inner.size === 0) return text;
  const places = [];
  walk(program, (node, parent, key) => {
    if (node.type !== "Identifier" || !inner.has(node.name)) return;
    const isMemberName = (key === "property" || key === "key") && !parent.computed;
    if (!isMemberName) places.push(node);
  });
  let result = "";
  let end = 0;
  for (const place of places.sort((left, right) => left.start - right.start)) {
    result += text.slice(end, place.start) + inner.get(place.name);
    end = place.end;
  }
  return result + text.slice(end);
}
