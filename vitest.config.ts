import { defineConfig } from "vitest/config";

/** Where a machine-readable report goes too; `.ci/run` counts the tests from it. */
const reportFile = process.env.TEST_REPORT;

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
          exclude: ["test/package/**"],
          typecheck: { include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.test.json" },
        },
      },
      {
        // What runs the built package: `dist` is built first, if it is missing or older than the source.
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts", "runtimes/**/*.test.ts"],
          typecheck: { enabled: false },
          globalSetup: ["test/package/build-package.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
