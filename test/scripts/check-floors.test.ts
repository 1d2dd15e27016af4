import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { checkFloors, readImports } from "../../scripts/check-floors.mjs";
import { listSourceFiles, projectRoot } from "../../scripts/lib/source-files.mjs";

const validators = ["zod", "zod/mini", "valibot", "@valibot/to-json-schema", "arktype"];
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "linnet-floors-"));
  mkdirSync(join(root, "src/schema"), { recursive: true });
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("a validator", () => {
  const ways: [string, (library: string) => string][] = [
    ["an import", (library) => `import { string } from "${library}";\nexport const schema = string;\n`],
    ["an import for its evaluation", (library) => `import "${library}";\n`],
    ["an import of a type", (library) => `import type { Schema } from "${library}";\nexport type Ours = Schema;\n`],
    ["an import inside a type", (library) => `export type Ours = import("${library}").Schema;\n`],
    ["an import at run time", (library) => `export const load = () => import("${library}");\n`],
    ["a re-export", (library) => `export * from "${library}";\n`],
    ["a re-export of a type", (library) => `export type { Schema } from "${library}";\n`],
    ["a reference to its types", (library) => `/// <reference types="${library}" />\nexport type Ours = Schema;\n`],
  ];

  describe.each(ways)("that the source reaches by %s", (_what, write) => {
    test.each(validators)("is told of: %s", (library) => {
      writeFileSync(join(root, "src/schema/planted.ts"), write(library));
      expect(checkFloors(root)).toEqual([
        expect.stringMatching(
          new RegExp(`^src/schema/planted\\.ts:\\d imports "${library}": the source uses no library`),
        ),
      ]);
    });
  });

  it("is in no import of the source", () => {
    const specifiers = listSourceFiles(projectRoot).flatMap((file) => {
      return readImports(projectRoot, file).map(({ specifier }) => specifier);
    });
    expect(specifiers.length).toBeGreaterThan(1_000);
    expect(specifiers.filter((specifier) => !/^(?:\.|node:|uuid$|eventemitter3$)/.test(specifier ?? "."))).toEqual([]);
  });

  it("is no dependency of the package, so that nobody installs it with linnet", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, object | undefined>;
    for (const field of ["dependencies", "peerDependencies", "optionalDependencies"]) {
      expect(Object.keys(manifest[field] ?? {})).toEqual([]);
    }
  });
});
