import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { projectRoot } from "../../scripts/lib/source-files.mjs";
import { asTimes, drawSpeedChart } from "../../scripts/lib/speed-chart.mjs";
import { withSpeedSection } from "../../scripts/lib/speed-section.mjs";
import { drawFiles, findStale } from "../../scripts/write-chart.mjs";

const cold = { linnet: 20_000, peer: 60_000, sdk: 400_000, ratio: 3, low: 2.9, high: 3.1, overSdk: 20 };

/** Results with a row of every kind. @param more rows beside those that the README needs. */
const resultsWith = (more: object[] = []) => ({
  date: "2026-01-02",
  machine: "2 cores (Chip), 4 GB, linux",
  node: "v20.0.0",
  versions: { peer: "1.0.0", sdk: "7.0.0" },
  rows: [
    {
      name: "prompt, model, parser: invoke",
      linnet: 1_500,
      peer: 30_000,
      sdk: 50_000,
      bare: 150,
      ratio: 20,
      overSdk: 33,
      cold,
    },
    { name: "chain stream, per token", linnet: 400, peer: 12_000, sdk: 40_000, bare: 200, ratio: 30, overSdk: 100 },
    ...more,
  ],
  imports: [{ name: "import linnet (peer: five entries)", linnet: 6.12, peer: 120.4, ratio: 19.7 }],
  heaps: [{ name: "batch", linnet: 10, peer: 100, ratio: 10 }],
  sizes: [{ name: "small app", linnet: 45.8, peer: 152.3, ratio: 3.33 }],
});

/** The bars of a chart: what they are called, where they begin and how long they are. */
const barsOf = (svg: string) =>
  [
    ...svg.matchAll(/<rect class="(peer|sdk|slower)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="(?:14|9|5)"/g),
  ].map(([, kind, from, length]) => ({ kind, from: Number(from), length: Number(length) }));

const readme = "before\n<!-- speed: written by scripts/write-chart.mjs -->\nold\n<!-- /speed -->\nafter\n";

describe("the results that are shown", () => {
  it("are those of peers/results.json", () => {
    expect(findStale(projectRoot)).toEqual([]);
  });

  describe("in a copy of the files", () => {
    let root: string | undefined;

    afterEach(() => {
      if (root !== undefined) rmSync(root, { recursive: true, force: true });
    });

    function copyFiles(): string {
      root = mkdtempSync(join(tmpdir(), "linnet-chart-"));
      for (const path of ["README.md", "docs/speed.svg", "peers/results.json"]) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        cpSync(join(projectRoot, path), join(root, path));
      }
      return root;
    }

    it("are stale as soon as the results differ, until they are written again", () => {
      const copy = copyFiles();
      const file = join(copy, "peers/results.json");
      const results = JSON.parse(readFileSync(file, "utf8"));
      writeFileSync(file, JSON.stringify({ ...results, date: "1999-01-01" }));
      expect(findStale(copy)).toEqual(["docs/speed.svg", "README.md"]);
      for (const [path, text] of drawFiles(copy)) writeFileSync(join(copy, path), text);
      expect(findStale(copy)).toEqual([]);
    });

    it("are stale where a file is missing", () => {
      const copy = copyFiles();
      rmSync(join(copy, "docs/speed.svg"));
      expect(findStale(copy)).toEqual(["docs/speed.svg"]);
    });
  });
});

describe("the chart", () => {
  it("is the same for the same results", () => {
    expect(drawSpeedChart(resultsWith())).toBe(drawSpeedChart(structuredClone(resultsWith())));
  });

  it("has a bar for each ratio, each as long as the logarithm says", () => {
    const rows = [1, 10, 100].map((ratio) => ({ name: `row ${ratio}`, linnet: 1, peer: ratio, ratio }));
    const bars = barsOf(drawSpeedChart({ ...resultsWith(), rows, imports: [], heaps: [], sizes: [] }));
    expect(bars.map(({ length }) => length)).toEqual([0, 200, 400]);
    expect(new Set(bars.map(({ from }) => from)).size).toBe(1);
  });

  it("shows what is slower to the left of the line at 1", () => {
    const rows = [
      { name: "slower", linnet: 2, peer: 1, ratio: 0.5 },
      { name: "faster", linnet: 1, peer: 5, ratio: 5 },
    ];
    const [slower, faster] = barsOf(drawSpeedChart({ ...resultsWith(), rows, imports: [], heaps: [], sizes: [] }));
    expect([slower?.kind, faster?.kind]).toEqual(["slower", "peer"]);
    expect(slower?.length).toBeGreaterThan(10);
    expect((slower?.from ?? 0) + (slower?.length ?? 0)).toBeCloseTo(faster?.from ?? Number.NaN, 1);
  });

  it("gives the AI SDK a bar of its own where it has the same job", () => {
    const svg = drawSpeedChart(resultsWith());
    expect(barsOf(svg).filter(({ kind }) => kind === "sdk")).toHaveLength(3);
    expect(svg).toContain("20x · AI SDK 33x</text>");
  });

  it("says every row and ratio in its description, for those who cannot see it", () => {
    const svg = drawSpeedChart(resultsWith([{ name: "concat: text", linnet: 1, peer: 44, ratio: 44 }]));
    const description = svg.match(/<desc id="desc">(.*)<\/desc>/)?.[1];
    for (const words of [
      "concat: text 44x",
      "small app 3.3x",
      "batch 10x",
      "chain stream, per token 30x, AI SDK 100x",
    ]) {
      expect(description).toContain(words);
    }
    expect(svg).toMatch(/role="img" aria-labelledby="title desc"/);
    expect(svg).toMatch(/<title id="title">linnet beside @langchain\/core 1\.0\.0/);
  });

  it("has colours for dark pages too, date and machine, and no heading without rows", () => {
    const svg = drawSpeedChart({ ...resultsWith(), heaps: [] });
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).toContain("2026-01-02; 2 cores (Chip), 4 GB, linux; Node v20.0.0");
    expect(svg).not.toContain("Heap at its peak");
  });

  it("is well-formed, whatever rows are called", () => {
    const svg = drawSpeedChart(resultsWith([{ name: 'a <b> & "c"', linnet: 1, peer: 2, ratio: 2 }]));
    expect(svg).toContain('>a &lt;b&gt; &amp; "c"</text>');
    const open: (string | undefined)[] = [];
    for (const [, closing, name, selfClosing] of svg.matchAll(/<(\/?)(\w+)[^<>]*?(\/?)>/g)) {
      if (closing === "/") expect(open.pop()).toBe(name);
      else if (selfClosing === "") open.push(name);
    }
    expect(open).toEqual([]);
  });

  test.each([
    [0.774, "0.77x"],
    [3.33, "3.3x"],
    [9.96, "10x"],
    [44.6, "45x"],
    [1_234, "1,234x"],
  ])("a ratio of %d is %s", (ratio, words) => {
    expect(asTimes(ratio)).toBe(words);
  });
});

describe("the README's section", () => {
  const section = withSpeedSection(readme, resultsWith());

  it("takes the place of the old one, and leaves the rest", () => {
    expect(section).toMatch(/^before\n<!-- speed[^>]*-->\nWhat a library adds[\s\S]*\n<!-- \/speed -->\nafter\n$/);
    expect(section).not.toContain("old");
    expect(withSpeedSection(section, resultsWith())).toBe(section);
  });

  test.each([
    "| | linnet | `@langchain/core` 1.0.0 | AI SDK 7.0.0 |",
    "| prompt, model, parser: one answer | 0.0003 % | 0.006 % | 0.01 % |",
    "| the same, its first 1,800 calls in a process | 0.004 % | 0.012 % | 0.08 % |",
    "| the same, streamed as 1,000 tokens | 0.08 % | 2.4 % | 8 % |",
    "| prompt, model, parser: `invoke` | 1.5 us | 30 us | 20x | 150 ns |",
    "| first import of everything | 6.1 ms | 120 ms | 20x | |",
    "| a small app, minified and compressed | 46 KB | 152 KB | 3.3x | |",
    "Measured on 2026-01-02 in one process, turn about: 2 cores (Chip), 4 GB, linux, Node v20.0.0.",
  ])("says: %s", (line) => {
    expect(section).toContain(line);
  });

  it("shows a row without a limit with an empty cell", () => {
    const rows = [{ name: "concat: a tool call and usage, 200 chunks", linnet: 300, peer: 50_000, ratio: 166 }];
    const shown = withSpeedSection(readme, resultsWith(rows));
    expect(shown).toContain("| `concat` of tool calls, per chunk | 300 ns | 50 us | 166x |  |");
  });

  test.each(["no markers", "<!-- /speed --> <!-- speed: written by scripts/write-chart.mjs -->"])(
    "needs its markers: %s",
    (text) => {
      expect(() => withSpeedSection(text, resultsWith())).toThrow(/README\.md has no section/);
    },
  );
});
