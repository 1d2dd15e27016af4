import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { costOf, measureTypes, problemsOf, programs } from "../../scripts/check-type-cost.mjs";

const planted: string[] = [];
const budget = { instantiations: 8_000, checkSeconds: 60 };

/** What a program costs. */
function measure(program: string): ReturnType<typeof measureTypes> {
  const folder = mkdtempSync(join(tmpdir(), "linnet-types-"));
  planted.push(folder);
  const file = join(folder, "program.ts");
  writeFileSync(file, program);
  return measureTypes([file]);
}

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("the cost of types", { timeout: 60_000 }, () => {
  it("is told of a program that is fine", () => {
    const cost = measure("export const x: number = 1;");
    expect(cost.errors).toBe("");
    expect(cost.instantiations).toBeGreaterThanOrEqual(0);
    expect(problemsOf(cost, budget)).toEqual([]);
  });

  it("is refused where types are too deep for the compiler", () => {
    const cost = measure("type Deep<T> = { next: Deep<[T]> }['next']; export const x: Deep<1> = 1;");
    expect(problemsOf(cost, budget).join("\n")).toMatch(/error TS/);
  });

  it("is refused where it is over the budget", () => {
    const many = Array.from({ length: 60 }, (_, at) => `export type T${at} = Cross<Digit, ${at}>;`).join("\n");
    const cost = measure(`
      type Digit = 0|1|2|3|4|5|6|7|8|9;
      type Box<T, N> = { value: T; other: N };
      type Cross<D extends number, N> = { [K in \`\${D}\${D}\${D}\`]: Box<K, N> }[\`\${D}\${D}\${D}\`];
      ${many}
      export const all: [${Array.from({ length: 60 }, (_, at) => `T${at}`).join(", ")}] | undefined = undefined;
    `);
    expect(cost.errors).toBe("");
    expect(cost.instantiations).toBeGreaterThan(budget.instantiations);
    expect(problemsOf(cost, budget)).toEqual([expect.stringContaining("instantiations, more than")]);
  });

  it("is refused where a figure is missing", () => {
    const missing = { errors: "", instantiations: Number.NaN, checkSeconds: Number.NaN };
    expect(problemsOf(missing, budget)).toHaveLength(2);
  });

  it("is counted the same on every try", () => {
    const program =
      "export type Pairs<T> = { [K in keyof T]: [K, T[K]] }; export const x: Pairs<{ a: 1 }> = { a: ['a', 1] };";
    expect(measure(program).instantiations).toBe(measure(program).instantiations);
  });
});

describe("the cost of a program", () => {
  /** Measures as told, one answer a call. */
  const told = (...answers: [number, number, string?][]): typeof measureTypes => {
    const left = answers.map(([instantiations, checkSeconds, errors = ""]) => ({
      errors,
      instantiations,
      checkSeconds,
    }));
    return () => left.shift() ?? expect.fail("measured once too often");
  };
  const program = { files: ["a.ts"], least: ["b.ts"], budget: { checkSeconds: 3 } };

  it("is counted beyond the least, in one try where it is quick", () => {
    const cost = costOf(program, told([100, 1], [70, 1]));
    expect(cost).toEqual({ errors: "", instantiations: 30, checkSeconds: 1 });
  });

  it("is the best of three where it is slow", () => {
    expect(costOf(program, told([100, 9], [100, 2], [70, 1])).checkSeconds).toBe(2);
    expect(costOf(program, told([100, 9], [100, 4], [100, 5], [70, 1])).checkSeconds).toBe(4);
  });

  it("has the errors of both", () => {
    expect(costOf(program, told([1, 1, "one"], [1, 1, "two"])).errors).toBe("one\ntwo");
  });
});

describe("the programs", { timeout: 60_000 }, () => {
  it("have thirty tools among them, with schemas of two libraries and JSON Schema", () => {
    const [tools, schemas] = ["tools", "schemas"].map((part) =>
      readFileSync(`test/types/cost/thirty-${part}.ts`, "utf8"),
    );
    expect(tools?.match(/= tool\(/g)).toHaveLength(30);
    for (const kind of [/= z\.object\(/g, /= v\.object\(/g, /= \{\n {2}type: "object"/g]) {
      expect(schemas?.match(kind)).toHaveLength(10);
    }
  });

  it.each(programs)(
    "keep to what they may cost: $name",
    ({ files, least, budget: { instantiations } }) => {
      const cost = costOf({ files, least, budget: { checkSeconds: 60 } });
      expect(problemsOf(cost, { instantiations, checkSeconds: 60 })).toEqual([]);
    },
    60_000,
  );
});
