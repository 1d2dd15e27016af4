import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

/** The root of the project. */
export const PROJECT_ROOT: string = resolve(import.meta.dirname, "../../..");

/** A folder outside the project in which pages are compiled and run, as a reader would in a folder of their own. */
export interface Workshop {
  readonly folder: string;
  /** Removes the folder. */
  close(): void;
}

/** Makes a workshop. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "linnet-docs-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What the package offers: import path to source file. */
export function readEntries(): Map<string, string> {
  const folder = join(PROJECT_ROOT, "src/entries");
  const entries = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    const name = basename(file, ".ts");
    entries.set(name === "index" ? "linnet" : `linnet/${name}`, join(folder, file));
  }
  return entries;
}

/** A file name for a page: `docs/custom-llm.md`, 0 gives `docs-custom-llm-md.0`. */
export function toFileStem(page: string, index: number): string {
  return `${page.replaceAll(/[^A-Za-z0-9]+/g, "-")}.${index}`;
}
