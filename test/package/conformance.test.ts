import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "linnet-runners-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const testing = JSON.stringify(resolve("dist/testing.js"));
const models = JSON.stringify(resolve("dist/models.js"));

/** A parrot that never answers invoke where it is stubborn: the timers of its own are none of the kit's. */
const PROGRAM = `
  import { ChatParrotLink } from ${models};
  import { chatModelConformance } from ${testing};
  class Polly extends ChatParrotLink {
    constructor() {
      super({ model: "m", parrotBufferLength: 100 });
    }
  }
  class Stubborn extends Polly {
    _generate() {
      return new Promise(() => {});
    }
  }
`;

function run(program: string, ...flags: string[]) {
  const file = join(directory, `program-${program.length}.mjs`);
  writeFileSync(file, PROGRAM + program);
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return spawnSync(process.execPath, [...flags, file], { encoding: "utf8", timeout: 60_000, env });
}

describe("the rules of the package run in", () => {
  test("node:test, those that are skipped with their reason", () => {
    const { stdout, status } = run(
      `
      import test from "node:test";
      for (const { name, skip, run } of chatModelConformance(() => new Polly())) test(name, { skip }, run);
      `,
      "--test-reporter=tap",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok 1 - invoke answers$/m);
    expect(stdout).toMatch(/^ok 24 - tools are called # SKIP toolCalling is not claimed$/m);
    expect(stdout).toMatch(/^# pass 23$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  test("node:test, with the message of a rule that is broken", () => {
    const { stdout, status } = run(
      `
      import test from "node:test";
      const rules = chatModelConformance(() => new Stubborn(), { ruleTimeout: 20, releaseTimeout: 10 });
      for (const { name, skip, run } of rules.slice(0, 1)) test(name, { skip }, run);
      `,
      "--test-reporter=tap",
    );
    expect(status).toBe(1);
    expect(stdout).toContain("invoke answers: Expected the model to be done within 20 ms, and it did not.");
  });

  test("no runner, and leave nothing behind that keeps a process alive", () => {
    const start = Date.now();
    const { stdout, stderr, status } = run(`
      let broken = 0;
      for (const { run } of chatModelConformance(() => new Stubborn(), { ruleTimeout: 20 })) await run().catch(() => (broken += 1));
      console.log(broken > 0, process.getActiveResourcesInfo().filter((name) => name === "Timeout"));
    `);
    expect([stdout, stderr, status]).toEqual(["true []\n", "", 0]);
    expect(Date.now() - start).toBeLessThan(20_000);
  });
});

describe("the process of check", () => {
  test("ends though the model leaves timers behind, with its table whole", () => {
    const { status, stdout, stderr } = check("stubborn.mjs");
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/✗ an abort ends invoke +Expected every hook to end within 20 ms of the abort of invoke/);
    expect(stdout).toMatch(/\n\n\d+ kept, [1-9]\d* broken, 4 skipped\n$/);
  });

  test("lives on where the model leaves rejections unhandled, and says so", () => {
    const { status, stdout, stderr } = check("careless.mjs");
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(
      /✗ invoke answers +Expected no error to be left unhandled, got Error: nobody waits for this\./,
    );
    expect(stdout).toMatch(/\n\n\d+ kept, \d+ broken, 4 skipped\n$/);
  });
});

function check(name: string) {
  const args = ["dist/cli.js", "check", `test/fixtures/check-${name}`];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
}
