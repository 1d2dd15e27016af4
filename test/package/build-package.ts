import { execFileSync } from "node:child_process";

/** Builds `dist` before the tests that need it, unless it is newer than the source. */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { stdio: "inherit" });
}
