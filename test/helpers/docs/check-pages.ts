import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compareOutputs } from "./compare-output.ts";
import type { PageFault } from "./page-fault.ts";
import { type PageProgram, readPagePrograms } from "./page-program.ts";
import { runProgram } from "./run-program.ts";
import type { Workshop } from "./workshop.ts";

/** The programs of pages that are files under a root. */
export function readPages(root: string, pages: readonly string[]): Map<string, PageProgram[]> {
  return new Map(pages.map((page) => [page, readPagePrograms(page, readFileSync(join(root, page), "utf8"))]));
}

/** Runs the programs of one page, one after the other, and compares what they print. */
export async function runPage(workshop: Workshop, programs: readonly PageProgram[]): Promise<PageFault[]> {
  const faults: PageFault[] = [];
  for (const [index, program] of programs.entries()) {
    const run = await runProgram(workshop, program, index);
    // After a failure most later outputs are missing too, which would hide the cause.
    faults.push(...(run.fault === undefined ? compareOutputs(program, run) : [run.fault]));
  }
  return faults;
}
