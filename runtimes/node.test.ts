import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { standaloneProgram, standaloneReport } from "./standalone-program.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "linnet-standalone-"));
  cpSync("dist/standalone.js", join(folder, "standalone.js"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  const report = "globalThis.report = (seen) => console.log(JSON.stringify(seen));\n";
  writeFileSync(join(folder, "report.js"), report);
  writeFileSync(join(folder, "main.js"), `import "./report.js";\n${standaloneProgram}`);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("the standalone file, alone in a folder, invokes, batches, streams and gives events in Node", () => {
  const said = execFileSync(process.execPath, ["main.js"], { cwd: folder, encoding: "utf8" });
  expect(JSON.parse(said)).toEqual(standaloneReport);
});
