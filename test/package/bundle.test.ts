import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { checkContents, programs } from "../../scripts/check-contents.mjs";
import {
  appSource,
  budget,
  bundleApp,
  compressedSize,
  conversationSource,
  messagesSource,
} from "../../scripts/check-size.mjs";
import { readBuiltContents, readContents } from "../../scripts/lib/bundle-contents.mjs";
import { projectRoot, walk } from "../../scripts/lib/source-files.mjs";

function runBundle(code: string): unknown {
  // Given as its input: an argument may not be that long everywhere.
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-"], { encoding: "utf8", input: code }));
}

describe("an app bundled and minified from the package's doors", () => {
  it("runs its chain: the wiring is not shaken out", async () => {
    const code = await bundleApp(appSource);
    expect(runBundle(code)).toEqual({ reply: "hel", pieces: ["c", "a", "t", ""] });
  });

  it.each([
    ["app", appSource],
    ["messages", messagesSource],
    ["conversation", conversationSource],
  ] as const)("stays within the budget: %s", async (name, source) => {
    expect(compressedSize(await bundleApp(source))).toBeLessThanOrEqual(budget[name]);
  });

  it.each(Object.keys(programs) as (keyof typeof programs)[])(
    "holds the same files of the source as a bundle of the source does, none of a heavy part: %s",
    async (name) => {
      const { source } = programs[name];
      const [{ sizes }, built] = await Promise.all([readContents(projectRoot, source), readBuiltContents(source)]);
      expect(built.size).toBeGreaterThan(10);
      // What is left of a file may be no more than constants that are written where they are used.
      expect([...built].filter((file) => !sizes.has(file))).toEqual([]);
      expect((await checkContents(projectRoot, name)).problems).toEqual([]);
    },
  );

  it.each(["linnet", "linnet/runnables"])("runs a pipe made of what %s gives", async (door) => {
    const code = await bundleApp(`
      import { RunnableLambda } from "${door}";
      const chain = new RunnableLambda({ func: (x) => x + 1 }).pipe((x) => x * 2).withConfig({ tags: ["a"] });
      console.log(JSON.stringify(await chain.invoke(1)));
    `);
    expect(runBundle(code)).toBe(4);
  });

  it("leaves the wiring out where only messages are used", async () => {
    const code = await bundleApp(`
      import { HumanMessage } from "linnet/messages";
      console.log(JSON.stringify(new HumanMessage("hello").content));
    `);
    expect(runBundle(code)).toBe("hello");
    expect(code).not.toContain("RunnableSequence");
    expect(compressedSize(code)).toBeLessThan(10 * 1024);
  });
});

describe("a built file", () => {
  const files = readdirSync("dist", { recursive: true }).filter((file) => String(file).endsWith(".js"));

  it.each(files.map(String))(
    "has no literal that makes an engine read its tables of characters when it loads: %s",
    (file) => {
      const patterns: string[] = [];
      walk(parseSync(file, readFileSync(join("dist", file), "utf8")).program, (node) => {
        if (node.type === "Literal" && "regex" in node) patterns.push(node.regex.pattern);
      });
      expect(patterns.filter((pattern) => /\\p\{/i.test(pattern))).toEqual([]);
    },
  );
});

describe("package.json", () => {
  const { sideEffects } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly sideEffects: readonly string[];
  };

  it("lists under sideEffects only files that exist", () => {
    const files = ["src", "dist"].flatMap((folder) =>
      readdirSync(folder, { recursive: true }).map((file) => `./${join(folder, String(file))}`),
    );
    expect(files).toEqual(expect.arrayContaining([...sideEffects]));
  });

  it("lists every wiring file of the source", () => {
    const wirings = readdirSync("src", { recursive: true })
      .map((file) => `./${join("src", String(file))}`)
      .filter((file) => file.endsWith("/wiring.ts"));
    expect(sideEffects).toEqual(expect.arrayContaining(wirings));
  });

  it("lists every chunk that holds a wiring", () => {
    const wirings = readdirSync("dist/chunks")
      .map((file) => `./dist/chunks/${file}`)
      .filter((file) => /^\/\/ src\/.*\/wiring\.ts$/m.test(readFileSync(file, "utf8")));
    expect(wirings).not.toEqual([]);
    expect(sideEffects).toEqual(expect.arrayContaining(wirings));
  });
});
