import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "linnet-report-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A file of a vitest report, with one test per status. */
function testFile(status: string, ...statuses: string[]): unknown {
  return { status, assertionResults: statuses.map((each) => ({ status: each })) };
}

it.each([
  { what: "all passed", files: [testFile("passed", "passed", "passed")], says: "2 passed, 0 failed", code: 0 },
  { what: "one failed", files: [testFile("failed", "passed", "failed")], says: "1 passed, 1 failed", code: 1 },
  { what: "one was skipped", files: [testFile("passed", "passed", "skipped")], says: "1 passed, 0 failed", code: 0 },
  {
    what: "a file did not load",
    files: [testFile("passed", "passed"), testFile("failed")],
    says: "1 passed, 1 failed",
    code: 1,
  },
  { what: "there were none", files: [], says: "0 passed, 0 failed", code: 1 },
  { what: "there is no report", files: undefined, says: "0 passed, 0 failed", code: 1 },
])("the summary's only line says how many passed and failed when $what", ({ files, says, code }) => {
  const report = join(folder, `${says}-${String(files?.length)}.json`);
  if (files !== undefined) writeFileSync(report, JSON.stringify({ testResults: files }));
  const result = spawnSync(process.execPath, ["scripts/summarise-tests.mjs", report], { encoding: "utf8" });
  expect(result.stdout).toBe(`${says}\n`);
  expect(result.status).toBe(code);
});
