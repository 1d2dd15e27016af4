import { parseSync } from "oxc-parser";

/**
 * A page's blocks may each import what they use, so that a reader can copy one; as one module they would declare a name
 * twice. This drops the names that an earlier import of the same module brought. Lines stay where they are.
 */
export function dropRepeatedImports(source: string): string {
  const known = new Set<string>();
  let result = "";
  let copied = 0;
  // A source that does not parse gives no body: the compiler then tells why.
  for (const node of parseSync("page.ts", source).program.body) {
    if (node.type !== "ImportDeclaration" || node.specifiers.length === 0) continue;
    const isNew = node.specifiers.map((specifier) => {
      const key = `${node.source.value} ${source.slice(specifier.start, specifier.end)}`;
      return !known.has(key) && known.add(key) !== undefined;
    });
    if (isNew.every(Boolean)) continue;
    const kept = node.specifiers.filter((_, index) => isNew[index]).map(({ start, end }) => source.slice(start, end));
    const text = source.slice(node.start, node.end);
    const keyword = node.importKind === "type" ? "import type" : "import";
    const line = kept.length === 0 ? "" : `${keyword} { ${kept.join(", ")} } from "${node.source.value}";`;
    result += source.slice(copied, node.start) + line + "\n".repeat(text.split("\n").length - 1);
    copied = node.end;
  }
  return result + source.slice(copied);
}
