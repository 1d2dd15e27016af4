import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { checkContents, checkLeftovers, heavyParts, programs } from "../../scripts/check-contents.mjs";
import { listSourceFiles, parseSource, projectRoot } from "../../scripts/lib/source-files.mjs";

/** A file that each program has the code of. */
const reached = { app: "src/models/base-chat-model.ts", messages: "src/messages/base-message.ts" } as const;
const files = listSourceFiles(projectRoot);
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "linnet-contents-"));
  cpSync("src", join(root, "src"), { recursive: true });
  cpSync("package.json", join(root, "package.json"));
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Something that a file exports and that is there when the program runs. */
function exportedValue(file: string): string | undefined {
  const { body } = parseSource(root, file).program;
  for (const { type, declaration } of body as { type: string; declaration?: object }[]) {
    if (type !== "ExportNamedDeclaration" || !declaration) continue;
    const named = declaration as unknown as {
      type: string;
      id?: { name: string };
      declarations?: { id: { name: string } }[];
    };
    const isValue = /^(?:Class|Function|Variable)Declaration$/.test(named.type);
    if (isValue) return named.id?.name ?? named.declarations?.[0]?.id.name;
  }
  return undefined;
}

/** The part that a file is of. */
function partOf(file: string): string | undefined {
  return Object.entries(heavyParts).find(([, pattern]) => pattern.test(file.slice("src/".length)))?.[0];
}

/** Makes a file of the copy use other ones while the work is done. */
async function withPlanted<Done>(into: string, used: string[], work: () => Promise<Done> | Done): Promise<Done> {
  const before = readFileSync(join(root, into), "utf8");
  const uses = used.map((file, at) => {
    const path = relative(dirname(into), file);
    const from = path.startsWith(".") ? path : `./${path}`;
    const name = exportedValue(file);
    return name === undefined ? `import "${from}";` : `import { ${name} as p${at} } from "${from}";\np${at}.name;`;
  });
  writeFileSync(join(root, into), [before, ...uses].join("\n"));
  try {
    return await work();
  } finally {
    writeFileSync(join(root, into), before);
  }
}

describe("the small programs", { timeout: 60_000 }, () => {
  test.each(["app", "messages", "conversation"] as const)("hold nothing that they do not use: %s", async (name) => {
    const { problems, files: held } = await checkContents(projectRoot, name);
    expect(problems).toEqual([]);
    expect(held).toBeGreaterThan(10);
  });
});

describe("the check of contents", { timeout: 60_000 }, () => {
  /** A file of each part. */
  const parts = Object.keys(heavyParts).map((part) => {
    const own = files.filter(
      (file) =>
        partOf(file) === part && /^export (?:abstract |async )?(?:class|function)/m.test(readFileSync(file, "utf8")),
    );
    return [part, own[0] ?? `none is of ${part}`] as const;
  });

  it("knows the heavy parts", () => {
    expect(parts.map(([part]) => part)).toEqual(
      expect.arrayContaining([
        "graphs",
        "logs of runs",
        "tracers and the console",
        "mustache",
        "structured output",
        "the content-block stream",
        "caches and limits",
        "tools",
        "schemas",
        "fakes and the conformance kit",
        "the parser of XML",
        "the parser of unfinished JSON",
      ]),
    );
  });

  it.each([
    ["app", "src/entries/models.ts -> src/models/chat-parrot-link.ts -> "],
    ["messages", ""],
  ] as const)("tells of each of them where it is planted in %s, and how it comes in", async (name, way) => {
    const planted = parts.map(([, file]) => file);
    const { problems } = await withPlanted(reached[name], planted, () => checkContents(root, name));
    for (const [part, file] of parts) {
      const said = problems.find((problem) => problem.startsWith(`${name}: holds ${part} (${file}`));
      expect(said, part).toMatch(/, \d+ bytes minified/);
      expect(said, part).toContain(`${way}${reached[name]} -> ${file}.`);
    }
  });

  it("tells of doors that import wirings which are apart", async () => {
    const wirings = files.filter((file) => file.endsWith("/wiring.ts") && file !== "src/runnables/wiring.ts");
    expect(wirings.length).toBeGreaterThan(6);
    const { problems } = await withPlanted("src/entries/parsers.ts", wirings, () => checkContents(root, "app"));
    const said = problems.join("\n");
    for (const wiring of wirings) expect(said).toContain(wiring.replace("/wiring.ts", "/"));
    expect(said).toContain("app.js -> src/entries/parsers.ts -> src/runnables/graph/wiring.ts.");
  });

  it("tells of a folder that no one has allowed", async () => {
    cpSync(join(root, "src/streams/fifo.ts"), join(root, "src/streams/planted/fifo.ts"));
    const { problems } = await withPlanted(reached.app, ["src/streams/planted/fifo.ts"], () =>
      checkContents(root, "app"),
    );
    expect(problems).toEqual([
      expect.stringMatching(/^app: holds streams\/planted \(src\/streams\/planted\/fifo\.ts, /),
    ]);
  });

  it("tells of rooms above in messages alone", async () => {
    const { problems } = await withPlanted(reached.messages, ["src/runnables/lambda.ts"], () =>
      checkContents(root, "messages"),
    );
    expect(problems.join("\n")).toMatch(/^messages: holds runnables \(src\/runnables\/lambda\.ts and \d+ more/m);
    expect(problems.join("\n")).toMatch(/^messages: holds callbacks \(/m);
  });

  it("lets what is imported and not used be", async () => {
    const before = readFileSync(join(root, reached.app), "utf8");
    writeFileSync(join(root, reached.app), `${before}\nimport { tool } from "../tools/tool.ts";\n`);
    const { problems } = await checkContents(root, "app");
    writeFileSync(join(root, reached.app), before);
    expect(problems).toEqual([]);
  });

  it("fails where it checks nothing", async () => {
    const empty = mkdtempSync(join(tmpdir(), "linnet-empty-"));
    await expect(checkContents(empty, "app")).rejects.toThrow("src/entries/models.ts");
    rmSync(empty, { recursive: true, force: true });
  });

  it("ends as a failed command does", async () => {
    const run = (): { status: number | null; stdout: string; stderr: string } =>
      spawnSync(process.execPath, ["scripts/check-contents.mjs", root], { encoding: "utf8" });
    const failed = await withPlanted(reached.app, ["src/runnables/graph/wiring.ts"], run);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("app: holds graphs (src/runnables/graph/wiring.ts and ");
    const fine = run();
    expect(fine).toMatchObject({ status: 0, stderr: "" });
    expect(fine.stdout).toMatch(/^contents: app \d+ files, messages \d+ files, conversation \d+ files$/m);
  });

  it("is about programs that import only from doors", () => {
    for (const { source } of Object.values(programs)) {
      for (const [, specifier] of source.matchAll(/from "([^"]+)"/g)) expect(specifier).toMatch(/^linnet\/\w+$/);
    }
  });
});

describe("a program that uses nothing", { timeout: 60_000 }, () => {
  it("is left with nothing of the source", async () => {
    expect(await checkLeftovers(projectRoot)).toEqual([]);
  });

  const planted = "src/streams/planted.ts";

  test.each([
    ["a call", "export const made = Object.freeze([]);", "var made = Object.freeze([])"],
    ["a property of a global", "export const check = { isWhole: Number.isInteger };", "Number.isInteger"],
    ["a call within a literal", "export const all = { most: Math.max(1, 2) };", "Math.max(1, 2)"],
    ["a loop", "export const all: number[] = [];\nfor (const one of [1, 2]) all.push(one);", "var all = [];"],
    ["a class with a static block", "export class Bird {\n  static {\n    Bird.name;\n  }\n}", "class"],
  ])("is told of %s that a file leaves", async (_what, text, shown) => {
    writeFileSync(join(root, planted), `${text}\n`);
    const problems = await checkLeftovers(root);
    rmSync(join(root, planted));
    expect(problems).toEqual([expect.stringMatching(/^src\/streams\/planted\.ts leaves a statement/)]);
    expect(problems[0]).toContain(shown);
  });

  test.each([
    ["literals", "export const all = new Set([1, 2]);\nexport const place = /a/u;"],
    ["a marked call", "export const made = /* @__PURE__ */ Object.freeze([]);"],
    ["functions and classes", "export const call = () => Number.isInteger(1);\nexport class Bird {\n  a = 1;\n}"],
  ])("is told of none for %s", async (_what, text) => {
    writeFileSync(join(root, planted), `${text}\n`);
    const problems = await checkLeftovers(root);
    rmSync(join(root, planted));
    expect(problems).toEqual([]);
  });
});
