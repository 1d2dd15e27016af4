import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { fakeHost } from "./fake-host.ts";

const fileOf = (name: string) => fileURLToPath(new URL(`../fixtures/check-${name}`, import.meta.url));

async function check(file: string, colours = false): Promise<{ code: number; out: string; err: string }> {
  const host = fakeHost({ colours });
  const code = await runCli(["check", file], host);
  return { code, out: host.out(), err: host.err() };
}

describe("check", () => {
  it("prints a table of the rules, and ends with 0 where the model of the file keeps them", async () => {
    const { code, out, err } = await check(fileOf("parrot-class.mjs"));
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatchInlineSnapshot(`
      "Polly, a chat model: 27 rules

        ✓ invoke answers
        ✓ batch keeps the order
        ✓ answers stream in pieces
        ✓ a stream says what invoke says
        ✓ async hooks say what plain hooks say
        ✓ unicode stays whole
        ✓ the kind is named
        ✓ the model is named
        ✓ tokens are told before they are read
        ✓ events show the call
        ✓ secrets stay hidden
        ✓ stop texts end invoke
        ✓ stop texts end a stream
        ✓ invoke counts tokens
        ✓ a stream counts tokens
        ✓ an abort ends invoke
        ✓ an abort ends a stream
        ✓ leaving a stream releases the provider
        ✓ concurrent calls do not mix
        ✓ what is given stays unchanged
        ✓ a conversation is taken
        ✓ a history with tools is taken
        ✓ a message's name is taken
        – tools are called                        toolCalling is not claimed
        – tool calls are streamed                 toolCalling is not claimed
        – tool arguments keep unicode             toolCalling is not claimed
        – structured output fits its schema       structuredOutput is not claimed

      23 kept, 0 broken, 4 skipped
      "
    `);
  });

  it("says what is wrong, and ends with 1, where it breaks one", async () => {
    const { code, out, err } = await check(fileOf("deaf-factory.mjs"));
    expect([code, err]).toEqual([1, ""]);
    const broken = out.split("\n").filter((line) => line.startsWith("  ✗"));
    expect(broken).toEqual([
      expect.stringMatching(/^ {2}✗ stop texts end invoke {19}Expected the stop text .* or claim \{ stop: false \}\.$/),
    ]);
    expect(out).toContain("– invoke counts tokens                    usage is false\n");
    expect(out).toMatch(/\n\n20 kept, 1 broken, 6 skipped\n$/);
  });

  it("tries an LLM by the rules for LLMs", async () => {
    const { code, out } = await check(fileOf("llm-instance.mjs"));
    expect(code).toBe(0);
    expect(out).toMatch(/^FakeLLM, an LLM: 18 rules\n/);
  });

  it("uses colours where it may", async () => {
    const { out } = await check(fileOf("deaf-factory.mjs"), true);
    for (const code of ["1;36", "31", "32", "2"]) expect(out).toContain(`\u001b[${code}m`);
  });

  it.each([
    [
      "no-model.mjs",
      /to export a model as its default: a class, a function that makes one, or an instance, got a number 7\.\n$/,
    ],
    ["other-runnable.mjs", /to export a chat model or an LLM, got an instance of RunnableLambda\.\n$/],
    ["wrong-claims.mjs", /to export capabilities to be an object such as \{ stop: false \}, got a string "all"\.\n$/],
    ["missing.mjs", /^linnet: Expected \S+missing\.mjs to be a module that can be loaded: .+\n$/],
  ])("ends with 1 and one line for the file %s", async (name, message) => {
    const { code, out, err } = await check(fileOf(name));
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(message);
    expect(err.split("\n").length).toBe(2);
  });
});
