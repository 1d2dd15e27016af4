import { afterEach, beforeEach } from "vitest";
import { setErrorReporter } from "../../src/errors/reporter.ts";

/** What was told to the error reporter in one test. */
export interface Report {
  readonly error: unknown;
  readonly place: string;
}

/** Collects, for each test of a file, what goes to the error reporter. */
export function collectReports(): Report[] {
  const reports: Report[] = [];
  beforeEach(() => {
    reports.length = 0;
    setErrorReporter((error, place) => reports.push({ error, place }));
  });
  afterEach(() => {
    setErrorReporter(undefined);
  });
  return reports;
}
