import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { budget, measureTypes, problemsOf } from "../../scripts/check-type-cost.mjs";

const planted: string[] = [];

/** What a program costs. */
function costOf(program: string): ReturnType<typeof measureTypes> {
  const folder = mkdtempSync(join(tmpdir(), "linnet-types-"));
  planted.push(folder);
  const file = join(folder, "program.ts");
  writeFileSync(file, program);
  return measureTypes([file]);
}

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("the cost of types", () => {
  it("is told of a program that is fine", () => {
    const cost = costOf("export const x: number = 1;");
    expect(cost.errors).toBe("");
    expect(cost.instantiations).toBeGreaterThanOrEqual(0);
    expect(problemsOf(cost)).toEqual([]);
  });

  it("is refused where types are too deep for the compiler", () => {
    const cost = costOf("type Deep<T> = { next: Deep<[T]> }['next']; export const x: Deep<1> = 1;");
    expect(problemsOf(cost).join("\n")).toMatch(/error TS/);
  });

  it("is refused where it is over the budget", () => {
    const many = Array.from({ length: 60 }, (_, at) => `export type T${at} = Cross<Digit, ${at}>;`).join("\n");
    const cost = costOf(`
      type Digit = 0|1|2|3|4|5|6|7|8|9;
      type Box<T, N> = { value: T; other: N };
      type Cross<D extends number, N> = { [K in \`\${D}\${D}\${D}\`]: Box<K, N> }[\`\${D}\${D}\${D}\`];
      ${many}
      export const all: [${Array.from({ length: 60 }, (_, at) => `T${at}`).join(", ")}] | undefined = undefined;
    `);
    expect(cost.errors).toBe("");
    expect(cost.instantiations).toBeGreaterThan(budget.instantiations);
    expect(problemsOf(cost)).toEqual([expect.stringContaining("instantiations, more than")]);
  });

  it("is refused where a figure is missing", () => {
    expect(problemsOf({ errors: "", instantiations: Number.NaN, checkSeconds: Number.NaN })).toHaveLength(2);
  });
});
