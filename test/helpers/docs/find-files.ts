import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The files below a folder with one ending, as paths from the root, sorted. None if there is no such folder. */
export function findFiles(root: string, folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => `${folder}/${path}`)
    .sort();
}
