import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPages, runPage } from "../helpers/docs/check-pages.ts";
import { describeFaults } from "../helpers/docs/page-fault.ts";
import { readPagePrograms } from "../helpers/docs/page-program.ts";
import { installPackage } from "../helpers/docs/run-program.ts";
import { readSourceExamples } from "../helpers/docs/source-examples.ts";
import { typeCheck } from "../helpers/docs/type-check.ts";
import { openWorkshop } from "../helpers/docs/workshop.ts";

/** A page of blocks; each is its language and its lines. */
function page(...blocks: readonly (readonly [language: string, ...lines: string[]])[]): string {
  const fenced = blocks.map(([language, ...lines]) => ["", `\`\`\`${language}`, ...lines, "```"].join("\n"));
  return `# Planted\n${fenced.join("\n")}\n`;
}

const uuid = "0190a6e2-7c3b-7d4e-8f5a-6b7c8d9e0f1a";

describe("the runner of pages", () => {
  const workshop = openWorkshop();
  const root = mkdtempSync(join(tmpdir(), "linnet-planted-"));

  beforeAll(() => installPackage(workshop), 60_000);
  afterAll(() => {
    workshop.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function run(text: string): Promise<string[]> {
    mkdirSync(join(root, "docs"), { recursive: true });
    writeFileSync(join(root, "docs/planted.md"), text);
    const programs = readPages(root, ["docs/planted.md"]).get("docs/planted.md") ?? [];
    return describeFaults(await runPage(workshop, programs));
  }

  const right: readonly (readonly [fact: string, text: string])[] = [
    ["an output that is right", page(["ts", `console.log("a");`], ["output", "a"])],
    ["blocks that share a scope", page(["ts", "const n = 1;"], ["ts", "console.log(n);"], ["output", "1"])],
    ["pieces without a line break", page(["ts", `process.stdout.write("a|b|");`], ["output", "a|b|"])],
    ["several lines", page(["ts", `console.log("a\\n\\nb");`], ["output", "a", "", "b"])],
    ["a uuid for …", page(["ts", `console.log("run-${uuid}-0");`], ["output", "run-…-0"])],
    ["a number for …", page(["ts", `console.log("12.5 ms");`], ["output", "… ms"])],
    [
      "the name of a class",
      page(["ts", "class A {", "  static a = new A();", "}", "console.log(A.a);"], ["output", "A {}"]),
    ],
    ["awaits at the top", page(["ts", "console.log(await Promise.resolve(1));"], ["output", "1"])],
    ["a scope of its own for `ts fresh`", page(["ts", "const n = 1;"], ["ts fresh", "const n = 2;"])],
    [
      "an import that is repeated",
      page(
        ["ts", `import { Secret } from "linnet";`],
        [
          "ts",
          "import {",
          "  LinnetError,",
          "  Secret,",
          `} from "linnet";`,
          "console.log(Secret.name, LinnetError.name);",
        ],
        ["output", "Secret LinnetError"],
      ),
    ],
    ["blocks of other languages", page(["sh", "npm install linnet"])],
  ];

  test.each(right)("takes %s", async (_fact, text) => {
    expect(await run(text)).toEqual([]);
  });

  const wrong: readonly (readonly [fact: string, text: string, fault: RegExp])[] = [
    ["a wrong output", page(["ts", `console.log("a");`], ["output", "b"]), /^docs\/planted\.md:8: .*\n.*: b\n.*: +a\n/],
    ["a missing line", page(["ts", `console.log("a");`], ["output", "a", "b"]), /^docs\/planted\.md:9: .*/],
    ["a line too many", page(["ts", `console.log("a\\nb");`], ["output", "a"]), /^docs\/planted\.md:9: .*/],
    ["a space too many", page(["ts", `console.log("a ");`], ["output", "a"]), /^docs\/planted\.md:8: .*/],
    ["a word for …", page(["ts", `console.log("run-me-0");`], ["output", "run-…-0"]), /^docs\/planted\.md:8: .*/],
    ["an output that is not shown", page(["ts", `console.log("a");`]), /^docs\/planted\.md:3: this block prints/],
    ["an output that never comes", page(["ts", "const n = 1;"], ["output", "1"]), /^docs\/planted\.md:8: .*/],
    [
      "a program that throws, by the line that threw",
      page(["ts", "const n = 1;"], ["ts", "type Unused = string;", `throw new RangeError("planted");`]),
      /^docs\/planted\.md:9: the program failed:\n[\s\S]*RangeError: planted/,
    ],
  ];

  test.each(wrong)("refuses %s", async (_fact, text, fault) => {
    const faults = await run(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  test("refuses a type error, by page and line", async () => {
    const text = page(["ts", "const n = 1;"], ["ts", "const s: string = n;"]);
    const faults = await typeCheck(workshop, readPagePrograms("docs/planted.md", text));
    expect(describeFaults(faults)).toEqual([
      "docs/planted.md:8: TS2322: Type 'number' is not assignable to type 'string'.",
    ]);
  });

  test("refuses a name that the package does not have", async () => {
    const text = page(["ts", `import { Nightingale } from "linnet";`, "console.log(Nightingale);"]);
    const faults = await typeCheck(workshop, readPagePrograms("docs/planted.md", text));
    expect(describeFaults(faults)).toEqual([
      expect.stringMatching(/^docs\/planted\.md:4: TS2305: .*has no exported member 'Nightingale'/),
    ]);
  });

  test("keeps the names of one page from another", async () => {
    const programs = ["a.md", "b.md"].flatMap((name) => readPagePrograms(name, page(["ts", "const n = 1;"])));
    expect(await typeCheck(workshop, programs)).toEqual([]);
  });

  test("refuses an output without code, and a block that is never closed", () => {
    expect(() => readPagePrograms("docs/planted.md", page(["output", "a"]))).toThrow(
      /^docs\/planted\.md:3: no ts block/,
    );
    expect(() => readPagePrograms("docs/planted.md", "```ts\nconst n = 1;")).toThrow(/line 1/);
  });

  test("reads the examples of a source file, and refuses a type error in one", async () => {
    const source = [
      "/**",
      " * Adds.",
      " *",
      " * @example",
      " * ```ts",
      ` * import { Secret } from "linnet";`,
      " *",
      " * const n: number = Secret.from('a');",
      " * ```",
      " */",
      "/** ```ts",
      " * const notOfThePackage: number = '';",
      " * ```",
      " */",
    ].join("\n");
    const faults = await typeCheck(workshop, readSourceExamples("src/planted.ts", source));
    expect(describeFaults(faults)).toEqual([expect.stringMatching(/^src\/planted\.ts:8: TS2322: /)]);
  });
});
