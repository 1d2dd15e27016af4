import { expect, test } from "vitest";
import { listSourceFiles, parseSource, projectRoot, walk } from "../../scripts/lib/source-files.mjs";

interface Assignment {
  readonly type: string;
  readonly start: number;
  readonly left?: { readonly type: string };
  readonly right?: { readonly type: string };
}

/** Where a function is written into a field of something right where it stands, as `this.field = () => …` does. */
function functionsIntoFields(root: string, file: string): string[] {
  const { text, program } = parseSource(root, file);
  const found: string[] = [];
  walk(program, (node: Assignment) => {
    if (node.type !== "AssignmentExpression" || node.left?.type !== "MemberExpression") return;
    if (!/Function/.test(node.right?.type ?? "")) return;
    found.push(`${file}:${text.slice(0, node.start).split("\n").length}`);
  });
  return found;
}

// V8 takes such a function for one that lives long, and makes it among what is old: all that it leads to, such as the stream that
// it belongs to, is then kept until the next collection of all memory (docs/performance.md). A constant in between avoids it.
test("no function is written into a field where it stands", () => {
  const files = listSourceFiles(projectRoot);
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => functionsIntoFields(projectRoot, file))).toEqual([]);
});
