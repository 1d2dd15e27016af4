import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";

/** What each program prints, as the page shows it. */
const shown = new Map(
  readFileSync("examples/README.md", "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const name = /^\[(.+?)\]\(\1\)$/m.exec(section)?.[1];
      const output = /^```output\n(.*?)^```$/ms.exec(section)?.[1];
      return [name ?? "a section without a link", output ?? ""] as const;
    }),
);

/** The text as a pattern: `…` is an id or a number. */
function toPattern(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\w.-]+")}$`);
}

describe("the examples", () => {
  it("are all listed, with what they print", () => {
    const programs = readdirSync("examples").filter((file) => file.endsWith(".mjs"));
    expect([...shown.keys()].sort()).toEqual(programs.sort());
    expect(programs.length).toBeGreaterThanOrEqual(6);
    expect([...shown.values()]).not.toContain("");
  });

  test.each([...shown])("%s prints what the page shows", (program, output) => {
    const run = spawnSync(process.execPath, [`examples/${program}`], { encoding: "utf8", timeout: 30_000 });
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(toPattern(output));
    expect(run.status).toBe(0);
  });
});
