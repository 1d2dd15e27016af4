/**
 * Prints "N passed, N failed" from a JSON report of vitest, on one line. Fails if there is no report or a failure in it.
 *
 * Usage: node scripts/summarise-tests.mjs <report.json>
 */
import { readFileSync } from "node:fs";

const counts = count(readReport(process.argv[2]));
if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
console.log(`${counts.passed} passed, ${counts.failed} failed`);

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    console.error(`There is no test report in ${file}: the tests did not run to their end.`);
    return { testResults: [] };
  }
}

function count(report) {
  const counts = { passed: 0, failed: 0 };
  for (const file of report.testResults) {
    const results = file.assertionResults.map((result) => result.status);
    counts.passed += results.filter((status) => status === "passed").length;
    const failures = results.filter((status) => status === "failed").length;
    // A file that does not load has no tests to fail: it counts as one failure.
    counts.failed += failures === 0 && file.status === "failed" ? 1 : failures;
  }
  return counts;
}
