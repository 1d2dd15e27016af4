import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findFiles } from "../helpers/docs/find-files.ts";
import { describeFaults } from "../helpers/docs/page-fault.ts";
import { readSourceExamples } from "../helpers/docs/source-examples.ts";
import { typeCheck } from "../helpers/docs/type-check.ts";
import { openWorkshop, PROJECT_ROOT } from "../helpers/docs/workshop.ts";

const files = findFiles(PROJECT_ROOT, "src", ".ts");
const examples = files.flatMap((file) => readSourceExamples(file, readFileSync(join(PROJECT_ROOT, file), "utf8")));

describe("the examples in the sources", () => {
  const workshop = openWorkshop();
  afterAll(() => workshop.close());

  test("exist", () => {
    expect(examples.map((example) => example.page)).toContain("src/secrets/secret.ts");
  });

  test("compile under the strict settings of the project", { timeout: 60_000 }, async () => {
    expect(describeFaults(await typeCheck(workshop, examples))).toEqual([]);
  });
});
