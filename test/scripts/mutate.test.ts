import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteStatement, draw, findStatements } from "../../scripts/mutate.mjs";

const source = `import { a } from "./a.ts";

export interface Shape {
  readonly size: number;
}
type Name = string;
declare const given: number;
export const shown = 1;
const hidden: Name = "x";

export function count(limit: number): number {
  let total = 0;
  for (let index = 0; index < limit; index += 1) {
    if (index === given) continue;
    total += a(hidden);
  }
  return total;
}
`;

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "linnet-statements-"));
  mkdirSync(join(root, "src"));
  writeFileSync(join(root, "src/count.ts"), source);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("the statements that can be deleted", () => {
  it("are those that do something: no imports, exports, types, declarations or loop heads", () => {
    const found = findStatements(root, "src/count.ts").map(({ line, text }) => `${line}: ${text.split("\n")[0]}`);
    expect(found).toEqual([
      '9: const hidden: Name = "x";',
      "12: let total = 0;",
      "13: for (let index = 0; index < limit; index += 1) {",
      "14: if (index === given) continue;",
      "14: continue;",
      "15: total += a(hidden);",
      "17: return total;",
    ]);
  });

  it("leave every other character and line in its place", () => {
    for (const statement of findStatements(root, "src/count.ts")) {
      const mutated = deleteStatement(source, statement);
      expect(mutated.slice(0, statement.start)).toBe(source.slice(0, statement.start));
      expect(mutated.slice(statement.start, statement.end).trim()).toBe(";");
      expect(mutated.slice(statement.end)).toBe(source.slice(statement.end));
      expect(mutated.split("\n")).toHaveLength(source.split("\n").length);
    }
  });
});

describe("the draw", () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  it("depends on the seed alone and takes nothing twice", () => {
    expect(draw(items, 30, 7)).toEqual(draw(items, 30, 7));
    expect(draw(items, 30, 7)).not.toEqual(draw(items, 30, 8));
    expect(new Set(draw(items, 30, 7)).size).toBe(30);
  });

  it("ends when there is nothing left", () => {
    expect([...draw(items, 200, 7)].sort((left, right) => left - right)).toEqual(items);
  });
});
