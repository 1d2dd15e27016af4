import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { appSource, budget, bundleApp, compressedSize } from "../../scripts/check-size.mjs";

function runBundle(code: string): unknown {
  // Given as its input: an argument may not be that long everywhere.
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-"], { encoding: "utf8", input: code }));
}

describe("an app bundled and minified from the package's doors", () => {
  it("runs its chain: the wiring is not shaken out", async () => {
    const code = await bundleApp(appSource);
    expect(runBundle(code)).toEqual({ reply: "hel", pieces: ["c", "a", "t", ""] });
  });

  it("stays within the budget", async () => {
    expect(compressedSize(await bundleApp(appSource))).toBeLessThanOrEqual(budget.app);
  });

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
});
