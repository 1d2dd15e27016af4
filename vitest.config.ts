import { defineConfig } from "vitest/config";

/** Where a machine-readable report goes too; `.ci/run` counts the tests from it. */
const reportFile = process.env.TEST_REPORT;

/** The tests that run what the build makes. */
const builtTests = ["test/package/**/*.test.ts", "runtimes/**/*.test.ts", "test/cli/end-to-end.test.ts"];

export default defineConfig({
  test: {
    reporters: reportFile ? ["default", ["json", { outputFile: reportFile }]] : ["default"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/cli/main.ts", "src/entries/**"],
      reporter: ["text-summary", "html"],
      thresholds: { branches: 95 },
    },
    projects: [
      {
        test: {
          name: "source",
          include: ["test/**/*.test.ts"],
          exclude: builtTests,
        },
      },
      {
        // `--typecheck` alone does not reach projects: without this, tests of types would not run, and pass.
        test: {
          name: "types",
          include: [],
          typecheck: { enabled: true, only: true, include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.test.json" },
        },
      },
      {
        // `dist` is built first, if it is missing or older than the source.
        test: {
          name: "package",
          include: builtTests,
          globalSetup: ["test/package/build-package.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
