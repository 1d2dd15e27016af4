import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { lineOf, type RunLine, timeOf } from "../../../src/callbacks/tracers/console-line.ts";
import { widthOf } from "../../../src/terminal/line-text.ts";

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[\\d*m`, "g");

function line(facts: Partial<RunLine>): RunLine {
  const rest = { depth: 0, isEnd: false, isAside: false, took: undefined, values: [], tail: "" };
  return { ...rest, head: [["Name", "chain"]], ...facts };
}

function at(columns: number, facts: Partial<RunLine>): string {
  return lineOf(line(facts), { columns, colors: false });
}

describe("timeOf", () => {
  test.each([
    [0, "0.00 ms"],
    [0.421, "0.42 ms"],
    [9.994, "9.99 ms"],
    [9.996, "10.0 ms"],
    [99.94, "99.9 ms"],
    [99.96, "100 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [1_204, "1.20 s"],
    [35_010, "35.0 s"],
    [99_499, "99.5 s"],
    [99_500, "1 min 40 s"],
    [125_400, "2 min 05 s"],
    [3_599_600, "60 min 00 s"],
  ])("%d ms is %s", (milliseconds, shown) => {
    expect(timeOf(milliseconds)).toBe(shown);
  });
});

describe("lineOf", () => {
  it("has names, times and values in columns of their own", () => {
    const values = [["→", "value", "plain"]] as const;
    expect(at(60, { took: 1.5, values })).toBe("Name                     1.50 ms → value");
    expect(at(60, { took: 1.5, values, depth: 1 })).toBe("├─ Name                  1.50 ms → value");
    expect(at(60, { took: 1.5, values, depth: 2 })).toBe("│  ├─ Name               1.50 ms → value");
    expect(at(60, { took: 1_500, values, isEnd: true, head: [] })).toBe("└─                        1.50 s → value");
    expect(at(60, { values, depth: 1, isEnd: true, head: [] })).toBe("│  └─                            → value");
  });

  it("marks what stands beside the tree", () => {
    expect(at(60, { isAside: true })).toBe("┊ Name");
    expect(at(60, { isAside: true, depth: 1 })).toBe("┊ ├─ Name");
  });

  it("has values follow a name that needs more room", () => {
    const head = [["A name of thirty characters...", "chain"]] as const;
    expect(at(60, { head, took: 1.5, values: [["→", "value", "plain"]] })).toBe(
      "A name of thirty characters... 1.50 ms → value",
    );
  });

  it("cuts a name that would leave no room for values", () => {
    const shown = at(60, { head: [["n".repeat(90), "chain"]], took: 1, values: [["→", "abcdefghijkl", "plain"]] });
    expect(shown).toBe(`${"n".repeat(37)}… 1.00 ms → abcdefghi…`);
  });

  it("cuts a value for the tail, and never the tail", () => {
    expect(at(60, { took: 1, values: [["→", "x".repeat(99), "plain"]], tail: "3 + 12 tokens" })).toBe(
      "Name                     1.00 ms → xxxxxxxx…  3 + 12 tokens",
    );
  });

  test.each([
    [3, 3, "→ aaa ← bbb"],
    [99, 3, "→ aaaaaaaaaaaaaaaaa… ← bbb"],
    [3, 99, "→ aaa ← bbbbbbbbbbbbbbbbb…"],
    [99, 99, "→ aaaaaaaaaaaaaa… ← bbbbb…"],
  ])("shares the room between values of %i and %i columns", (first, second, shown) => {
    const values = [
      ["→", "a".repeat(first), "plain"],
      ["←", "b".repeat(second), "dim"],
    ] as const;
    expect(at(60, { took: 1, values }).slice(33)).toBe(shown);
  });

  it("counts the columns of wide characters", () => {
    expect(at(60, { head: [["한국어", "chain"]], took: 1 })).toBe("한국어                   1.00 ms");
    expect(at(60, { took: 1, values: [["→", "🐦".repeat(20), "plain"]] }).slice(33)).toBe("→ 🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦…");
  });

  it("tells how many of the runs around a deep one are not drawn", () => {
    expect(at(60, { depth: 4 })).toBe("│  │  │  ├─ Name");
    expect(at(60, { depth: 5 })).toBe("│  │  │  │  ├─ Name");
    expect(at(60, { depth: 6 })).toBe("…3    │  │  ├─ Name");
    expect(at(60, { depth: 50 })).toBe("…47   │  │  ├─ Name");
    expect(at(60, { depth: 1_000_000 })).toMatch(/^…999997/);
  });

  it("puts colours on parts, and none on spaces", () => {
    const values = [
      ["✗", "boom", "wrong"],
      ["→", "value", "plain"],
    ] as const;
    expect(lineOf(line({ depth: 1, took: 2_000, values, tail: "t" }), { columns: 60, colors: true })).toBe(
      "\u001b[2m├─ \u001b[0m\u001b[36mName\u001b[0m\u001b[33m                   2.00 s\u001b[0m" +
        "\u001b[31m ✗ \u001b[0m\u001b[31mboom\u001b[0m\u001b[2m → \u001b[0mvalue\u001b[2m  t\u001b[0m",
    );
    expect(lineOf(line({}), { columns: 60, colors: true })).toBe("\u001b[36mName\u001b[0m");
  });

  it("is empty for nothing", () => {
    expect(at(60, { head: [] })).toBe("");
  });

  const text = fc.string({ unit: fc.constantFrom("a", " ", "한", "🐦", "e\u0301"), maxLength: 150 });
  const lines = fc.record({
    depth: fc.nat(60),
    isEnd: fc.boolean(),
    isAside: fc.boolean(),
    head: fc.array(fc.tuple(text, fc.constantFrom("chain" as const, "dim" as const)), { maxLength: 3 }),
    took: fc.option(fc.double({ min: 0, max: 1e7, noNaN: true }), { nil: undefined }),
    values: fc.array(
      fc.tuple(fc.constantFrom("→", "after"), text, fc.constantFrom("plain" as const, "wrong" as const)),
      {
        maxLength: 2,
      },
    ),
    tail: fc.constantFrom("", "from cache", "123456 + 123456 tokens"),
  });

  it("is never wider than the terminal, and the same with colours", () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 40, max: 200 }), (facts, columns) => {
        const plain = lineOf(facts, { columns, colors: false });
        expect(widthOf(plain)).toBeLessThan(columns);
        expect(lineOf(facts, { columns, colors: true }).replaceAll(ESCAPES, "")).toBe(plain);
      }),
    );
  });
});
