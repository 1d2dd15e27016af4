import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Loads a module of the user's. The one import whose name is not written down: it comes from the command line. */
export function loadModule(file: string): Promise<Record<string, unknown>> {
  return import(pathToFileURL(resolve(file)).href) as Promise<Record<string, unknown>>;
}
