import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { graphChain } from "../../src/cli/tour/graph-chain.ts";
import { readMermaid } from "../runnables/graph/mermaid-reader.ts";
import { type FakeHostOptions, fakeHost } from "./fake-host.ts";

async function graph(args: string[] = [], options: FakeHostOptions = {}): Promise<string> {
  const host = fakeHost(options);
  expect([await runCli(["graph", ...args], host), host.err()]).toEqual([0, ""]);
  return host.out();
}

describe("graph", () => {
  it("draws the chain, and below it its text for mermaid", async () => {
    const out = await graph();
    expect(out.slice(0, out.indexOf("The same"))).toMatchInlineSnapshot(`
      "          ╭──────────────────╮
                │ RunnableMapInput │
                ╰────────┬─────────╯
                         ▼
                      ┌─────┐
                      │ Map │
                      └──┬──┘
                ╭────────┴───────╮
                │ text           │ words
                ▼                ▼
         ┌─────────────┐   ┌────────────┐
         │ Passthrough │   │ countWords │
         └──────┬──────┘   └─────┬──────┘
                ╰────────┬───────╯
                         ▼
                     ┌────────┐
                     │ Branch │
                     └───┬────┘
               ╭┄┄┄┄┄┄┄┄┄┴┄┄┄┄┄┄┄┄╮
               ┊ isQuestion       ┊ default
               ▼                  ▼
           ┌────────┐         ┌────────┐
           │ answer │         │ repeat │
           └───┬────┘         └───┬────┘
               ╰─────────┬────────╯
                         ▼
                 ┌───────────────┐
                 │ WithFallbacks │
                 └───────┬───────┘
               ╭─────────┴┄┄┄┄┄┄┄┄╮
               │                  ┊ on error
               ▼                  ▼
       ┌────────────────┐   ┌───────────┐
       │ ChatParrotLink │   │ CustomLLM │
       └───────┬────────┘   └─────┬─────┘
               ▼                  │
      ┌─────────────────┐         │
      │ StrOutputParser │         │
      └────────┬────────┘         │
               ╰─────────┬────────╯
                         ▼
          ╭─────────────────────────────╮
          │ RunnableWithFallbacksOutput │
          ╰─────────────────────────────╯

      "
    `);
    expect(out.split("\n\n").slice(1)).toEqual([
      'The same for mermaid, as "linnet graph --mermaid" prints it:',
      await graph(["--mermaid"]),
    ]);
  });

  it("prints nothing but text that mermaid reads, where it is asked for that", async () => {
    const { edges, classes } = await readMermaid(await graph(["--mermaid"], { colours: true }));
    expect(edges).toContain("Branch .> answer: isQuestion");
    expect(edges).toContain("WithFallbacks .> CustomLLM: on error");
    expect(Object.values(classes)).toEqual([["first"], ["last"]]);
  });

  it("prints JSON", async () => {
    expect(JSON.parse(await graph(["--json"], { colours: true }))).toEqual(graphChain().getGraph().toJSON());
  });

  it("colours names, and nothing that is not there without colours", async () => {
    const coloured = await graph([], { colours: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are colours.
    expect(coloured.replace(/\u001b\[\d*m/g, "")).toBe(await graph());
    expect(coloured).toContain("\u001b[36mcountWords\u001b[0m");
    expect(coloured).toContain("\u001b[2m╭────────┴───────╮\u001b[0m");
  });

  it("is a list where the terminal is narrow", async () => {
    const out = await graph([], { columns: 30 });
    expect(out).toContain("Branch\n  ⇢ answer (isQuestion)\n  ⇢ repeat (default)\n");
    expect(Math.max(...(out.split("\n\n")[0] as string).split("\n").map((line) => line.length))).toBeLessThanOrEqual(
      40,
    );
  });
});

describe("the chain of the graph", () => {
  it("works as it is drawn", async () => {
    expect(await graphChain().invoke("who are you?")).toBe("You ask in 3 words: who are you?");
    expect(await graphChain().invoke("hello")).toBe("hello");
  });
});
