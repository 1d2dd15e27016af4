/**
 * Builds `dist`: one ES module per entry with shared chunks, the standalone file, the command, and the types.
 *
 * All is built in a folder beside it, which takes the place of `dist` at the end: a build that fails leaves the last good
 * one, and nobody sees half of one.
 *
 * Usage: node scripts/build.mjs [--if-stale]
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { nameChunks, nameClasses } from "./lib/bundle-names.mjs";
import { rollUpTypes, writeTypes } from "./lib/declarations.mjs";
import { inlineLibraries } from "./lib/inline-libraries.mjs";
import { mergeLayers } from "./lib/layers.mjs";
import { projectRoot } from "./lib/source-files.mjs";

const dist = join(projectRoot, "dist");

/** What every bundle has in common: readable code for any runtime, with the two libraries inlined. */
const common = {
  absWorkingDir: projectRoot,
  bundle: true,
  format: "esm",
  target: "es2022",
  platform: "neutral",
  mainFields: ["module", "main"],
  external: ["node:*"],
  // Plain ASCII, esbuild's default, is kept on purpose: one "…" in a file makes the engine hold all of it as two-byte text,
  // which costs 3 ms of an import.
  charset: "ascii",
  legalComments: "none",
  logLevel: "warning",
  write: false,
  metafile: true,
  plugins: [inlineLibraries],
};

/**
 * Whether `dist` is missing, or older than anything it is made of.
 *
 * @returns {boolean}
 */
export function isStale() {
  const last = join(dist, "standalone.d.ts");
  if (!existsSync(last)) return true;
  const builtAt = statSync(last).mtimeMs;
  const madeOf = ["src", "scripts/lib"].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true }).map((file) => join(projectRoot, folder, String(file))),
  );
  const others = ["package.json", "tsconfig.json", "tsconfig.build.json", "scripts/build.mjs"];
  madeOf.push(join(projectRoot, "src"), ...others.map((file) => join(projectRoot, file)));
  return madeOf.some((file) => statSync(file).mtimeMs > builtAt);
}

/** Builds everything. */
export async function buildAll() {
  const target = join(projectRoot, `.dist-${process.pid}`);
  rmSync(target, { recursive: true, force: true });
  try {
    const [entries, standalone] = await Promise.all([bundleEntries(), bundleStandalone()]);
    for (const [path, text] of [...entries, ...standalone]) writeInto(target, path, text);
    if (existsSync(join(target, "cli.js"))) chmodSync(join(target, "cli.js"), 0o755);
    writeTypes(projectRoot, join(target, "types"));
    rollUpTypes(projectRoot, join(target, "types/entries/index.d.ts"), join(target, "standalone.d.ts"));
    rmSync(dist, { recursive: true, force: true });
    renameSync(target, dist);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

async function bundleEntries() {
  const entryPoints = readdirSync(join(projectRoot, "src/entries")).map((file) => ({
    in: `src/entries/${file}`,
    out: basename(file, ".ts"),
  }));
  if (existsSync(join(projectRoot, "src/cli/main.ts"))) entryPoints.push({ in: "src/cli/main.ts", out: "cli" });
  const options = { ...common, entryPoints, splitting: true, chunkNames: "chunks/[hash]", outdir: "dist" };
  const { metafile } = await build(options);
  const result = await build({ ...options, plugins: [inlineLibraries, mergeLayers(projectRoot, metafile)] });
  const files = nameChunks(readOutputs(result), result.metafile);
  const cli = files.get("cli.js");
  if (cli !== undefined && !cli.startsWith("#!")) files.set("cli.js", `#!/usr/bin/env node\n${cli}`);
  return nameClasses(files);
}

async function bundleStandalone() {
  const result = await build({ ...common, entryPoints: ["src/entries/index.ts"], outfile: "dist/standalone.js" });
  return nameClasses(readOutputs(result));
}

function readOutputs(result) {
  return new Map(result.outputFiles.map((file) => [file.path.slice(dist.length + 1).replaceAll("\\", "/"), file.text]));
}

function writeInto(folder, path, text) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

if (!process.argv.includes("--if-stale") || isStale()) await buildAll();
