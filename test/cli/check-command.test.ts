import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";

const fileOf = (name: string) => fileURLToPath(new URL(`../fixtures/check-${name}`, import.meta.url));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function check(file: string, ...options: string[]): Promise<Result> {
  return checkBy(fakeHost(), file, ...options);
}

async function checkBy(host: FakeHost, file: string, ...options: string[]): Promise<Result> {
  const code = await runCli(["check", file, ...options], host);
  expect(host.strayListeners()).toBe(0);
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
    const { out } = await checkBy(fakeHost({ colours: true }), fileOf("deaf-factory.mjs"));
    for (const code of ["1;36", "31", "32", "2"]) expect(out).toContain(`\u001b[${code}m`);
  });

  it("says the same as one JSON object, where that is wanted", async () => {
    const { code, out, err } = await check(fileOf("deaf-factory.mjs"), "--json");
    expect([code, err]).toEqual([1, ""]);
    const { rules, ...sums } = JSON.parse(out);
    expect(sums).toEqual({ model: "Polly", kind: "chat_model", kept: 20, broken: 1, skipped: 6 });
    expect(rules.length).toBe(27);
    expect(rules[0]).toEqual({
      name: "invoke answers",
      why: "A call without an answer of its kind breaks whatever comes after the model.",
      outcome: "kept",
      note: "",
    });
    expect(rules.find(({ outcome }: { outcome: string }) => outcome === "broken")).toMatchObject({
      name: "stop texts end invoke",
      note: expect.stringMatching(/^Expected the stop text /),
    });
    expect(rules.at(-1)).toMatchObject({ outcome: "skipped", note: "structuredOutput is not claimed" });
  });

  it("counts an error that the model leaves unhandled against the rule under way", async () => {
    const host: FakeHost = fakeHost({
      onPause: (number) => {
        if (number === 2) host.stray(new RangeError("left behind"));
        if (number === 25) host.stray(undefined);
      },
    });
    const { code, out } = await checkBy(host, fileOf("parrot-class.mjs"));
    expect(code).toBe(1);
    expect(out.split("\n").filter((line) => line.startsWith("  ✗"))).toEqual([
      expect.stringMatching(
        /✗ batch keeps the order +Expected no error to be left unhandled, got RangeError: left behind\. Wait for all that/,
      ),
      expect.stringMatching(/✗ tool calls are streamed +Expected no error .+ got Error: undefined\./),
    ]);
    expect(out).toMatch(/\n\n22 kept, 2 broken, 3 skipped\n$/);
  });

  it.each([
    [
      "no-model.mjs",
      /to export a model as its default: a class, a function that makes one, or an instance, got a number 7\. \(linnet --help tells more\)\n$/,
    ],
    ["other-runnable.mjs", /to export a chat model or an LLM, got an instance of RunnableLambda\. /],
    ["wrong-claims.mjs", /to export capabilities to be an object such as \{ stop: false \}, got a string "all"\. /],
    ["unknown-claim.mjs", /the capabilities of \S+: Expected claims among prompt, .+, got "stops"\. /],
    [
      "needs-arguments.mjs",
      /to make a model without arguments, and it failed with TypeError: .+ Try export default \(\) => new My/,
    ],
    ["broken-module.mjs", /to be a module that can be loaded: no birds today /],
    ["missing.mjs", /^linnet: Expected \S+missing\.mjs to be a module that can be loaded: .+\n$/],
  ])("ends with 2 and one line for the file %s, which it cannot check", async (name, message) => {
    const { code, out, err } = await check(fileOf(name));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err.split("\n").length).toBe(2);
  });
});
