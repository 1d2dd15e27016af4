/**
 * Checks who may import whom in `src`: a room imports only lower floors (type imports count), never a sibling on its own floor;
 * no circles, no inner barrels, no libraries but the two that the build inlines, no Node built-ins outside the two places for them.
 *
 * Usage: node scripts/check-floors.mjs [root]
 */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { lineAt, listSourceFiles, parseSource, projectRoot, walk } from "./lib/source-files.mjs";

/** Rooms by floor, from the ground up. */
export const floors = [
  ["errors", "secrets", "terminal"],
  ["streams", "json", "schema"],
  ["messages"],
  ["outputs"],
  ["callbacks"],
  ["events"],
  ["runnables"],
  ["prompts", "parsers", "tools"],
  ["models"],
  ["history", "openai", "testing"],
  ["entries"],
  ["cli"],
];

/** Rooms that a room may not import although they stand on a lower floor, with the reason. */
const offLimits = {
  runnables: { rooms: ["messages", "outputs"], reason: "composition knows nothing of language models" },
};

/** The libraries that the source may import: the build inlines them. */
const inlinedLibraries = new Set(["uuid", "eventemitter3"]);

const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor])));

/**
 * Every module specifier of a file: imports, re-exports, dynamic imports, `import("…")` types and references to types.
 *
 * @param {string} root
 * @param {string} file
 * @returns {{ specifier: string | undefined, line: number }[]}
 */
export function readImports(root, file) {
  const { text, program, comments } = parseSource(root, file);
  // A comment of three slashes may bring the types of a library in without an import.
  const imports = comments.flatMap(({ value, start }) => {
    const specifier = /^\/\s*<reference\s+(?:types|path)\s*=\s*["']([^"']*)/.exec(value)?.[1];
    return specifier === undefined ? [] : [{ specifier, line: lineAt(text, start) }];
  });
  walk(program, (node) => {
    const source = importSource(node);
    if (source === undefined) return;
    const specifier = typeof source?.value === "string" ? source.value : undefined;
    imports.push({ specifier, line: lineAt(text, node.start) });
  });
  return imports;
}

/** The node that names the imported module, `undefined` where the node imports nothing. */
function importSource(node) {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node.source ?? node.argument?.literal ?? null;
    case "ExportNamedDeclaration":
      return node.source ?? undefined;
    case "TSExternalModuleReference":
      return node.expression;
    default:
      return undefined;
  }
}

/**
 * Checks a tree.
 *
 * @param {string} root the folder that holds `src`
 * @returns {string[]} one message per problem, empty when all is well
 */
export function checkFloors(root) {
  const files = listSourceFiles(root);
  const problems = files.length === 0 ? [`${join(root, "src")} holds no TypeScript file: nothing was checked.`] : [];
  const graph = new Map();
  for (const file of files) {
    problems.push(...checkPlace(file));
    const targets = [];
    for (const { specifier, line } of readImports(root, file)) {
      const target = specifier?.startsWith(".") ? posix.join(posix.dirname(file), specifier) : undefined;
      if (target !== undefined && existsSync(join(root, target))) targets.push(target);
      const problem = checkImport(root, file, specifier, target);
      if (problem !== undefined) problems.push(`${file}:${line} ${problem}`);
    }
    graph.set(file, targets);
  }
  return [...problems, ...findCircles(graph).map(describeCircle)];
}

function roomOf(file) {
  const parts = file.split("/");
  return parts.length > 2 ? parts[1] : undefined;
}

function checkPlace(file) {
  const room = roomOf(file);
  if (room === undefined) return [`${file} stands in no room. Move it into one of src/{${[...floorOf.keys()]}}.`];
  if (!floorOf.has(room)) {
    return [`${file} stands in the unknown room "${room}". Give the room a floor in scripts/check-floors.mjs.`];
  }
  if (room !== "entries" && posix.basename(file) === "index.ts") {
    return [`${file} is an inner barrel. Import the concrete files; only src/entries re-exports.`];
  }
  return [];
}

function checkImport(root, file, specifier, target) {
  if (specifier === undefined) {
    // What the command is told to load.
    if (file === "src/cli/load-module.ts") return undefined;
    return "imports a module whose name is computed. Write the name as a plain string.";
  }
  const said = `imports "${specifier}"`;
  if (target === undefined) return checkBareImport(file, specifier, said);
  if (!target.startsWith("src/")) return `${said}, which lies outside src.`;
  const problem = checkRooms(roomOf(file), roomOf(target), said);
  if (problem !== undefined) return problem;
  if (existsSync(join(root, target)) && target.endsWith(".ts")) return undefined;
  return `${said}, which is no file. Name the .ts file itself, ending included.`;
}

function checkRooms(from, to, said) {
  const fromFloor = floorOf.get(from);
  const toFloor = floorOf.get(to);
  if (from === to || fromFloor === undefined || toFloor === undefined) return undefined;
  const places = `"${from}" stands on floor ${fromFloor}, "${to}" on floor ${toFloor}`;
  if (toFloor > fromFloor) {
    return `${said}: ${places}. A room imports only lower floors, types included: move what both need down.`;
  }
  if (toFloor === fromFloor) {
    return `${said}: ${places}. Rooms on one floor do not import each other: move what both need down.`;
  }
  if (offLimits[from]?.rooms.includes(to)) {
    return `${said}: ${places}, but "${to}" is off limits to "${from}": ${offLimits[from].reason}.`;
  }
  return undefined;
}

function checkBareImport(file, specifier, said) {
  if (specifier.startsWith("node:")) {
    if (roomOf(file) === "cli" || file === "src/entries/node.ts") return undefined;
    return `${said}: Node built-ins are allowed only in src/cli and src/entries/node.ts, the rest runs everywhere.`;
  }
  if (inlinedLibraries.has(specifier)) return undefined;
  return `${said}: the source uses no library but ${[...inlinedLibraries].join(" and ")}, which the build inlines.`;
}

/**
 * One shortest circle for each knot of files that reach each other.
 *
 * @param {Map<string, string[]>} graph
 * @returns {string[][]}
 */
function findCircles(graph) {
  const circles = [];
  const told = new Set();
  for (const start of graph.keys()) {
    if (told.has(start)) continue;
    const circle = shortestWayBack(graph, start);
    if (circle === undefined) continue;
    for (const file of circle) told.add(file);
    circles.push(circle);
  }
  return circles;
}

function shortestWayBack(graph, start) {
  const cameFrom = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const target of graph.get(file) ?? []) {
      if (target === start) {
        const way = [file];
        for (let step = file; step !== start; way.unshift(step)) step = cameFrom.get(step);
        return way;
      }
      if (!cameFrom.has(target)) {
        cameFrom.set(target, file);
        queue.push(target);
      }
    }
  }
  return undefined;
}

function describeCircle(circle) {
  return `${circle[0]} is part of an import circle: ${[...circle, circle[0]].join(" -> ")}. Move what they share into a file below them.`;
}

if (isMainModule(import.meta.url)) {
  const root = process.argv[2] ?? projectRoot;
  report("floors", checkFloors(root), `${listSourceFiles(root).length} files stand where they should`);
}
