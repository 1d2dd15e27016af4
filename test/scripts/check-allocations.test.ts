import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { withLinnet } from "../../bench/load-linnet.mjs";
import {
  type Counts,
  compareAllocations,
  countAllocations,
  formatBaseline,
  whyUnchecked,
} from "../../scripts/check-allocations.mjs";

/** One row of figures. */
const one = (bytes: number, promises: number): Counts => ({ invoke: { bytes, promises } });

describe("comparing allocations", () => {
  const before = one(1_000, 8);

  test.each([
    { name: "the same", now: one(1_000, 8) },
    { name: "more bytes, up to a fifth", now: one(1_200, 8) },
    { name: "fewer bytes, down to a fifth", now: one(800, 8) },
    { name: "a part of a promise more", now: one(1_000, 8.5) },
    { name: "a part of a promise less", now: one(1_000, 7.5) },
  ])("lets pass $name", ({ now }) => {
    expect(compareAllocations(now, before)).toEqual({ problems: [], savings: [] });
  });

  test.each([
    { name: "bytes beyond a fifth", now: one(1_201, 8), said: "invoke: 1201 bytes, were 1000 (at most 1200)." },
    { name: "one promise more", now: one(1_000, 9), said: "invoke: 9 promises, were 8 (at most 8.5)." },
    { name: "bytes that are no number", now: one(Number.NaN, 8), said: "invoke: NaN bytes, were 1000 (at most 1200)." },
    {
      name: "a row without figures",
      now: { ...before, batch: { bytes: 1, promises: 0 } },
      said: "batch: has no figures",
    },
    { name: "figures without a row", now: {}, said: "invoke: has figures, but" },
  ])("refuses $name", ({ now, said }) => {
    expect(compareAllocations(now, before).problems).toEqual([expect.stringContaining(said)]);
  });

  it("refuses any promise where there were none, and a fifth of few", () => {
    expect(compareAllocations(one(1_000, 0.01), one(1_000, 0)).problems).toHaveLength(1);
    expect(compareAllocations(one(1_000, 1.3), one(1_000, 1)).problems).toEqual([
      "invoke: 1.3 promises, were 1 (at most 1.2).",
    ]);
  });

  it("tells every figure that grew", () => {
    const { problems } = compareAllocations(
      { ...one(2_000, 9), ...{ map: { bytes: 50, promises: 2 } } },
      {
        ...before,
        ...{ map: { bytes: 40, promises: 2 } },
      },
    );
    expect(problems.map((problem) => problem.split(",")[0])).toEqual([
      "invoke: 2000 bytes",
      "invoke: 9 promises",
      "map: 50 bytes",
    ]);
  });

  it("tells what was saved, so that it can be kept", () => {
    expect(compareAllocations(one(799, 7), before)).toEqual({
      problems: [],
      savings: ["invoke: 799 bytes, were 1000", "invoke: 7 promises, were 8"],
    });
  });

  it("takes no inherited name for a row", () => {
    const { problems } = compareAllocations({ ...before, constructor: { bytes: 1, promises: 0 } }, before);
    expect(problems).toEqual(["constructor: has no figures to keep."]);
  });
});

test.each([
  ["20.19.0", undefined],
  ["22.1.0", undefined],
  ["26.0.0", "not checked, since the figures are for Node 20, 22 and this is 26"],
])("on Node %s, with figures for 20 and 22, the reason not to check is %s", (version, said) => {
  expect(whyUnchecked(version, [20, 22])).toBe(said);
});

describe("the file of figures", () => {
  it("has rows in order, one a line, whatever the order of the workload", () => {
    const counts = { b: { bytes: 2, promises: 0.5 }, a: { bytes: 1, promises: 0 } };
    const text = formatBaseline([20, 22], counts);
    expect(JSON.parse(text)).toEqual({ node: [20, 22], rows: counts });
    expect(text.split("\n").slice(3, 5)).toEqual([
      '    "a": { "bytes": 1, "promises": 0 },',
      '    "b": { "bytes": 2, "promises": 0.5 }',
    ]);
  });

  it("is as it would be written, and for every Node that the package supports", () => {
    const text = readFileSync("bench/allocations.json", "utf8");
    const { node, rows } = JSON.parse(text);
    expect(formatBaseline(node, rows)).toBe(text);
    expect(node).toEqual([20, 22, 24]);
  });
});

describe("counting allocations", { timeout: 60_000 }, () => {
  const words = "chain stream, per token";
  let folder: string;
  let bundle: string;
  let sound: Counts;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "linnet-allocations-"));
    bundle = await withLinnet("index", async (url: string) => readFileSync(fileURLToPath(url), "utf8"));
    sound = await count("");
  }, 60_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a stream of a chain allocates per token, with a statement planted where the parser takes one. */
  async function count(statement: string): Promise<Counts> {
    const parts = bundle.split(/(?<="~parse"\(input\) \{)(?=\s*const ours = \w*StringOutputParser)/);
    expect(parts, "the place where the parser takes a token").toHaveLength(2);
    const file = join(folder, `${Math.random()}.mjs`);
    writeFileSync(file, parts.join(`\n${statement}`));
    return countAllocations(pathToFileURL(file).href, words);
  }

  it("gives the asked rows, and the same figures every time", async () => {
    expect(Object.keys(sound)).toEqual([words]);
    expect(sound[words]?.bytes).toBeGreaterThan(0);
    expect(sound[words]?.promises).toBeGreaterThan(0);
    expect(await count("")).toEqual(sound);
  });

  test.each([
    { name: "an array per token", statement: "globalThis.planted = new Array(64);", units: ["bytes"] },
    { name: "a promise per token", statement: "globalThis.planted = Promise.resolve();", units: ["promises"] },
    {
      name: "both",
      statement: "globalThis.planted = [new Array(64), Promise.resolve()];",
      units: ["bytes", "promises"],
    },
  ])("finds $name", async ({ statement, units }) => {
    const { problems } = compareAllocations(await count(statement), sound);
    expect(problems.map((problem) => / (bytes|promises),/.exec(problem)?.[1])).toEqual(units);
  });

  it("fails where garbage was collected while it counted", async () => {
    const statement = "if ((globalThis.taken = (globalThis.taken ?? 0) + 1) % 390 === 0) globalThis.gc();";
    await expect(count(statement)).rejects.toThrow("were collected while they were counted");
  });

  it("fails where the workload does", async () => {
    await expect(count('throw new Error("no such song");')).rejects.toThrow("no such song");
  });
});
