import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * Linnet as its source is now, bundled as the package is; `dist` may be older.
 *
 * @returns {Promise<object>} all public names of the messages and the outputs.
 */
export function loadLinnet() {
  return withLinnet("messages,outputs", (url) => import(url));
}

/**
 * Bundles some of linnet's entries into one file, for as long as it is used.
 *
 * @template Result
 * @param {string} entries their names, with commas between.
 * @param {(url: string) => Promise<Result>} use given the address of the file.
 * @returns {Promise<Result>}
 */
export async function withLinnet(entries, use) {
  const folder = mkdtempSync(join(tmpdir(), "linnet-bench-"));
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: entries
          .split(",")
          .map((entry) => `export * from "./${entry}.ts";`)
          .join(" "),
        resolveDir: fileURLToPath(new URL("../src/entries", import.meta.url)),
      },
      bundle: true,
      format: "esm",
      target: "es2022",
      platform: "neutral",
      mainFields: ["module", "main"],
      // An entry's own imports are kept: seen from here, its module is one without side effects, and what it wires would go.
      ignoreAnnotations: true,
      // Of what is bundled along, as the rules of the differential tests.
      external: ["node:*"],
      logLevel: "error",
      write: false,
    });
    const file = join(folder, "linnet.mjs");
    writeFileSync(file, outputFiles[0].text);
    return await use(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
