import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

/** The rows of the page that name a test. */
const rows = readFileSync("docs/messages.md", "utf8")
  .split("\n")
  .flatMap((line) => {
    const named = /\| `([^`]+\.(?:test|test-d)\.ts)`: (.+) \|$/.exec(line);
    return named === null ? [] : [[named[1] as string, named[2] as string] as const];
  });

describe("the rules of messages", () => {
  test("are many", () => {
    expect(rows.length).toBeGreaterThan(50);
  });

  test.each(rows)("are held by a test in %s: %s", (file, title) => {
    const path = join("test", file);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, "utf8")).toContain(title);
  });
});
