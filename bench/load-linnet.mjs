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
export async function loadLinnet() {
  const folder = mkdtempSync(join(tmpdir(), "linnet-bench-"));
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: 'export * from "./messages.ts"; export * from "./outputs.ts";',
        resolveDir: fileURLToPath(new URL("../src/entries", import.meta.url)),
      },
      bundle: true,
      format: "esm",
      target: "es2022",
      platform: "neutral",
      mainFields: ["module", "main"],
      logLevel: "error",
      write: false,
    });
    const file = join(folder, "linnet.mjs");
    writeFileSync(file, outputFiles[0].text);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
