import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readMermaid } from "./mermaid-reader.ts";

const page = readFileSync("docs/graphs.md", "utf8");

function blocksOf(language: string): string[] {
  return Array.from(
    page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")),
    ([, text]) => text as string,
  );
}

test("the page of graphs has pages draw the very text that its program prints", async () => {
  const printed = blocksOf("output").filter((text) => text.includes("graph TD;"));
  expect(printed).toHaveLength(1);
  expect(blocksOf("mermaid")).toEqual(printed);
  const { nodes, groups } = await readMermaid(printed[0] as string);
  expect(Object.values(nodes)).toContain("answer");
  expect(groups).toEqual({ "up to 3 attempts": ["up_to_3_attempts_ChatParrotLink"] });
});
