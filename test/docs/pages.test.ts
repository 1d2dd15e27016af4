import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPages, runPage } from "../helpers/docs/check-pages.ts";
import { findFiles } from "../helpers/docs/find-files.ts";
import { describeFaults } from "../helpers/docs/page-fault.ts";
import { installPackage } from "../helpers/docs/run-program.ts";
import { typeCheck } from "../helpers/docs/type-check.ts";
import { openWorkshop, PROJECT_ROOT } from "../helpers/docs/workshop.ts";

const readme = existsSync(join(PROJECT_ROOT, "README.md")) ? ["README.md"] : [];
const paths = [...readme, ...findFiles(PROJECT_ROOT, "docs", ".md")];
const pages = readPages(PROJECT_ROOT, paths);

describe("the project's pages", () => {
  const workshop = openWorkshop();

  beforeAll(() => installPackage(workshop), 60_000);
  afterAll(() => workshop.close());

  test("hold the two guides, each with code and output", () => {
    for (const guide of ["docs/custom-chat-model.md", "docs/custom-llm.md"]) {
      const outputs = pages.get(guide)?.flatMap((program) => program.outputs) ?? [];
      expect(outputs.length, guide).toBeGreaterThan(5);
    }
  });

  test("compile under the strict settings of the project", { timeout: 60_000 }, async () => {
    const faults = await typeCheck(workshop, [...pages.values()].flat());
    expect(describeFaults(faults)).toEqual([]);
  });

  const runnable = [...pages].filter(([, programs]) => programs.length > 0);
  test.each(runnable)("%s prints what it shows", { timeout: 60_000 }, async (_page, programs) => {
    expect(describeFaults(await runPage(workshop, programs))).toEqual([]);
  });
});
