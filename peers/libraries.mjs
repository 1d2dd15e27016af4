/** What is measured: linnet as it is published, the peer, and the AI SDK where it has the same job. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/**
 * A copy of linnet's `dist`, so that a build in the middle of a measurement changes nothing.
 *
 * @template Result
 * @param {(folder: string) => Promise<Result>} use given the folder of the copy.
 */
export async function withBuiltLinnet(use) {
  if (!existsSync(join(dist, "index.js"))) throw new Error("dist is missing. Run `npm run build` at the root first.");
  const folder = mkdtempSync(join(tmpdir(), "linnet-bench-"));
  try {
    cpSync(dist, folder, { recursive: true, filter: (path) => !path.endsWith("types") });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * One of the libraries.
 *
 * @param {"linnet" | "peer" | "sdk"} name
 * @param {string} linnetFolder where linnet's files are.
 */
export async function loadLibrary(name, linnetFolder) {
  if (name === "linnet") return import(pathToFileURL(join(linnetFolder, "index.js")).href);
  return name === "peer" ? (await import("./benched-peer.mjs")).library : import("ai");
}

/** The version of a package that is installed here. */
export function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
}
