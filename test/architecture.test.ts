import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkFloors, floors } from "../scripts/check-floors.mjs";
import { checkLength, countCodeLines, maximumLines } from "../scripts/check-length.mjs";
import { listSourceFiles, projectRoot } from "../scripts/lib/source-files.mjs";

const planted: string[] = [];

/** Writes a small tree and gives its root. */
function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "linnet-planted-"));
  planted.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

afterEach(() => {
  for (const root of planted.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe("the source", () => {
  it("keeps to the floors", () => {
    expect(listSourceFiles(projectRoot).length).toBeGreaterThan(0);
    expect(checkFloors(projectRoot)).toEqual([]);
  });

  it("has no file past the hard stop", () => {
    expect(checkLength(projectRoot)).toEqual([]);
  });
});

describe("the floor check", () => {
  const room = "export interface Thing { readonly a: 1 }\nexport const thing: Thing = { a: 1 };\n";

  it.each([
    {
      what: "an upward import",
      from: "src/messages/human.ts",
      text: 'import { thing } from "../runnables/runnable.ts";\nexport const other = thing;\n',
      target: "src/runnables/runnable.ts",
      says: [
        'src/messages/human.ts:1 imports "../runnables/runnable.ts"',
        '"messages" stands on floor 2, "runnables" on floor 6',
      ],
    },
    {
      what: "an upward type import",
      from: "src/callbacks/handler.ts",
      text: '// Who is told.\nimport type { Thing } from "../models/base.ts";\nexport const other: Thing = { a: 1 };\n',
      target: "src/models/base.ts",
      says: [
        'src/callbacks/handler.ts:2 imports "../models/base.ts"',
        '"callbacks" stands on floor 4, "models" on floor 8',
      ],
    },
    {
      what: "an upward inline type import",
      from: "src/streams/tee.ts",
      text: 'import { type Thing } from "../messages/human.ts";\nexport const other: Thing = { a: 1 };\n',
      target: "src/messages/human.ts",
      says: [
        'src/streams/tee.ts:1 imports "../messages/human.ts"',
        '"streams" stands on floor 1, "messages" on floor 2',
      ],
    },
    {
      what: "an upward import inside a type",
      from: "src/streams/tee.ts",
      text: 'export type Other = import("../messages/human.ts").Thing;\n',
      target: "src/messages/human.ts",
      says: ['src/streams/tee.ts:1 imports "../messages/human.ts"', "floor 1", "floor 2"],
    },
    {
      what: "an upward dynamic import",
      from: "src/streams/tee.ts",
      text: 'export const later: Promise<unknown> = import("../messages/human.ts");\n',
      target: "src/messages/human.ts",
      says: ['src/streams/tee.ts:1 imports "../messages/human.ts"', "floor 1", "floor 2"],
    },
    {
      what: "an upward re-export",
      from: "src/outputs/result.ts",
      text: 'export { thing } from "../callbacks/handler.ts";\n',
      target: "src/callbacks/handler.ts",
      says: ['src/outputs/result.ts:1 imports "../callbacks/handler.ts"', "floor 3", "floor 4"],
    },
    {
      what: "an upward re-export of everything",
      from: "src/outputs/result.ts",
      text: 'export * from "../callbacks/handler.ts";\n',
      target: "src/callbacks/handler.ts",
      says: ['src/outputs/result.ts:1 imports "../callbacks/handler.ts"', "floor 3", "floor 4"],
    },
    {
      what: "a sibling import",
      from: "src/prompts/chat.ts",
      text: 'import type { Thing } from "../parsers/text.ts";\nexport const other: Thing = { a: 1 };\n',
      target: "src/parsers/text.ts",
      says: [
        'src/prompts/chat.ts:1 imports "../parsers/text.ts"',
        '"prompts" stands on floor 7, "parsers" on floor 7',
        "one floor",
      ],
    },
    {
      what: "messages in runnables",
      from: "src/runnables/lambda.ts",
      text: 'import type { Thing } from "../messages/human.ts";\nexport const other: Thing = { a: 1 };\n',
      target: "src/messages/human.ts",
      says: ['src/runnables/lambda.ts:1 imports "../messages/human.ts"', '"messages" is off limits to "runnables"'],
    },
    {
      what: "outputs in runnables",
      from: "src/runnables/lambda.ts",
      text: 'import type { Thing } from "../outputs/result.ts";\nexport const other: Thing = { a: 1 };\n',
      target: "src/outputs/result.ts",
      says: ['src/runnables/lambda.ts:1 imports "../outputs/result.ts"', '"outputs" is off limits to "runnables"'],
    },
    {
      what: "an import without its ending",
      from: "src/messages/human.ts",
      text: 'import { thing } from "../streams/tee";\nexport const other = thing;\n',
      target: "src/streams/tee.ts",
      says: ['src/messages/human.ts:1 imports "../streams/tee"', "no file"],
    },
  ])("refuses $what", ({ from, text, target, says }) => {
    const problems = checkFloors(plant({ [from]: text, [target]: room }));
    expect(problems).toHaveLength(1);
    for (const words of says) expect(problems[0]).toContain(words);
  });

  it.each([
    { what: "a Node built-in in a room", file: "src/streams/tee.ts", imported: "node:stream", says: "Node built-ins" },
    {
      what: "a Node built-in in another entry",
      file: "src/entries/index.ts",
      imported: "node:fs",
      says: "Node built-ins",
    },
    {
      what: "a Node built-in without its prefix",
      file: "src/streams/tee.ts",
      imported: "fs",
      says: "uses no library but",
    },
    {
      what: "another library",
      file: "src/messages/human.ts",
      imported: "zod",
      says: "uses no library but uuid and eventemitter3",
    },
    {
      what: "a file outside the source",
      file: "src/messages/human.ts",
      imported: "../../test/x.ts",
      says: "outside src",
    },
  ])("refuses $what", ({ file, imported, says }) => {
    const problems = checkFloors(plant({ [file]: `import ${JSON.stringify(imported)};\n` }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${file}:1 imports "${imported}"`);
    expect(problems[0]).toContain(says);
  });

  it("refuses a computed import", () => {
    const root = plant({ "src/streams/tee.ts": "export const load = (name: string): unknown => import(name);\n" });
    expect(checkFloors(root)).toEqual([expect.stringContaining("name is computed")]);
  });

  it("refuses a circle within a room, type imports counted, and names its files", () => {
    const root = plant({
      "src/messages/a.ts": 'import type { B } from "./b.ts";\nexport interface A { readonly b: B }\n',
      "src/messages/b.ts": 'import type { C } from "./c.ts";\nexport interface B { readonly c: C }\n',
      "src/messages/c.ts": 'import type { A } from "./a.ts";\nexport interface C { readonly a: A }\n',
      "src/messages/d.ts": 'import type { A } from "./a.ts";\nexport interface D { readonly a: A }\n',
    });
    expect(checkFloors(root)).toEqual([
      expect.stringContaining("src/messages/a.ts -> src/messages/b.ts -> src/messages/c.ts -> src/messages/a.ts"),
    ]);
  });

  it.each([
    { what: "a room without a floor", file: "src/utils/text.ts", says: 'unknown room "utils"' },
    { what: "a file without a room", file: "src/text.ts", says: "stands in no room" },
    { what: "an inner barrel", file: "src/messages/index.ts", says: "inner barrel" },
  ])("refuses $what", ({ file, says }) => {
    const problems = checkFloors(plant({ [file]: "export const a = 1;\n" }));
    expect(problems).toEqual([expect.stringContaining(says)]);
    expect(problems[0]).toContain(file);
  });

  it("accepts what imports downward, the two libraries, and Node built-ins where they belong", () => {
    const root = plant({
      "src/errors/base.ts": room,
      "src/streams/tee.ts": 'import { thing } from "../errors/base.ts";\nexport const other = thing;\n',
      "src/streams/split.ts": 'import { other } from "./tee.ts";\nexport const same = other;\n',
      "src/callbacks/run-id.ts": 'import { v7 } from "uuid";\nimport { EventEmitter } from "eventemitter3";\n',
      "src/entries/index.ts": 'export * from "../streams/tee.ts";\nexport * from "./errors.ts";\n',
      "src/entries/errors.ts": 'export * from "../errors/base.ts";\n',
      "src/entries/node.ts": 'import "node:async_hooks";\n',
      "src/cli/main.ts": 'import "node:fs";\nimport "../entries/index.ts";\n',
    });
    expect(checkFloors(root)).toEqual([]);
  });

  it("refuses an empty tree, which would pass whatever was wrong", () => {
    expect(checkFloors(plant({ "README.md": "" }))).toEqual([expect.stringContaining("nothing was checked")]);
  });

  it("refuses a file that does not parse", () => {
    const root = plant({ "src/messages/human.ts": "export const = ;\n" });
    expect(() => checkFloors(root)).toThrow("src/messages/human.ts does not parse");
  });

  it("gives each room one floor", () => {
    const rooms = floors.flat();
    expect(new Set(rooms).size).toBe(rooms.length);
  });
});

describe("the length check", () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, index) => `export const line${index} = 1;\n`).join("");

  it("accepts a file at the hard stop, comments and blank lines aside", () => {
    const comments = `${"// A line.\n".repeat(50)}\n\n\n/**\n${" * A line.\n".repeat(50)} */\n`;
    const root = plant({ "src/messages/human.ts": comments + lines(maximumLines) });
    expect(countCodeLines(root, "src/messages/human.ts")).toBe(maximumLines);
    expect(checkLength(root)).toEqual([]);
  });

  it("refuses a file one line longer and says how long it is", () => {
    const root = plant({ "src/messages/human.ts": lines(maximumLines + 1) });
    expect(checkLength(root)).toEqual([
      expect.stringContaining("src/messages/human.ts has 301 lines of code, 300 at most"),
    ]);
  });

  it("counts a line that holds code beside a comment, and what only looks like a comment", () => {
    const text = ["const a = 1; // one", "/* two */ const b = 2;", "const c = `", "// three", "`;", "/* none", "*/"];
    const root = plant({ "src/messages/human.ts": text.join("\n") });
    expect(countCodeLines(root, "src/messages/human.ts")).toBe(5);
  });
});
