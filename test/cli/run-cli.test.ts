import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { VERSION } from "../../src/models/version.ts";
import { type FakeHostOptions, fakeHost } from "./fake-host.ts";
import { ScriptedModel } from "./scripted-model.ts";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly pauses: number[];
}

async function run(args: string[], options: FakeHostOptions = {}, model?: ScriptedModel): Promise<Outcome> {
  const host = fakeHost(options);
  const code = await runCli(args, host, model === undefined ? undefined : () => model);
  return { code, out: host.out(), err: host.err(), pauses: host.pauses };
}

describe("linnet", () => {
  it("prints its version", async () => {
    expect(await run(["--version"])).toMatchObject({ code: 0, out: `${VERSION}\n`, err: "" });
  });

  it("prints its help, which names every option and the way it was called", async () => {
    const { code, out } = await run(["--help"]);
    expect(code).toBe(0);
    for (const word of [
      "linnet chat",
      "linnet events",
      "linnet graph",
      "linnet check",
      "--length",
      "--delay",
      "--json",
      "--form",
      "--mermaid",
      "--help",
      "--version",
    ]) {
      expect(out).toContain(word);
    }
  });

  it("answers wrong usage with one line and exit code 2", async () => {
    expect(await run(["sing"])).toMatchObject({
      code: 2,
      out: "",
      err: 'linnet: unknown command "sing"; expected chat, events, graph, check, or none for the tour (linnet --help tells more)\n',
    });
  });

  it.each([
    [new TypeError("first\n  second"), "linnet: first second\n"],
    [new RangeError(""), "linnet: RangeError\n"],
  ])("answers a failure with one line and exit code 1", async (error, err) => {
    expect(await run(["chat", "hello"], {}, new ScriptedModel([error]))).toMatchObject({ code: 1, err });
  });

  it("answers a failure that is no error, too", async () => {
    const host = fakeHost();
    const code = await runCli(["chat", "hello"], host, () => {
      throw "nothing";
    });
    expect([code, host.err()]).toEqual([1, "linnet: nothing\n"]);
  });
});

describe("chat with a text", () => {
  it("streams one reply", async () => {
    expect(await run(["chat", "hello"])).toEqual({ code: 0, out: "hello\n", err: "", pauses: [] });
  });

  it("repeats as many characters as it is told to", async () => {
    expect(await run(["chat", "🐦🐦🐦", "--length", "2"])).toMatchObject({ out: "🐦🐦\n" });
  });

  it.each([
    [["hello\n"], "hello\n"],
    [["hello"], "hello\n"],
    [["two\r\nlines\r\n"], "two\r\nlines\n"],
    [["keeps one break\n\n"], "keeps one break\n\n"],
    [[Buffer.from("한국어").subarray(0, 4), Buffer.from("한국어").subarray(4)], "한국어\n"],
  ])("replies to what is piped in: %j", async (stdin, out) => {
    expect(await run(["chat"], { stdin })).toMatchObject({ code: 0, out, err: "" });
  });

  it("does not touch standard input where it has a text", async () => {
    const host = fakeHost({ stdin: ["other"] });
    await runCli(["chat", "hello"], host);
    expect([host.out(), host.stdin.readableDidRead]).toEqual(["hello\n", false]);
  });

  it.each(["chat", "events"])("%s refuses an empty text", async (command) => {
    const err = `linnet: ${command} needs a text, got an empty one; for example: linnet ${command} "hello" (linnet --help tells more)\n`;
    expect(await run([command], { stdin: ["\n"] })).toMatchObject({ code: 2, out: "", err });
    expect(await run([command, ""])).toMatchObject({ code: 2, out: "", err });
  });

  it("takes at most 8 MiB from standard input", async () => {
    const half = new Uint8Array(4 * 1024 * 1024).fill(97);
    const model = new ScriptedModel(["heard"]);
    expect(await run(["chat"], { stdin: [half, half] }, model)).toMatchObject({ code: 0, out: "heard\n" });
    const tooLong = await run(["chat"], { stdin: [half, half, "b"] });
    expect(tooLong).toMatchObject({ code: 1, out: "" });
    expect(tooLong.err).toContain("Expected at most 8388608 bytes");
  });

  it("waits between pieces as it is told to, on a terminal a little by itself", async () => {
    expect((await run(["chat", "cat", "--delay", "7"])).pauses).toEqual([7, 7, 7]);
    expect((await run(["chat", "cat"], { outputIsTerminal: true })).pauses).toEqual([20, 20, 20]);
    expect((await run(["chat", "cat", "--delay", "0"], { outputIsTerminal: true })).pauses).toEqual([]);
    expect((await run(["chat", "a".repeat(400)], { outputIsTerminal: true })).pauses[0]).toBe(5);
    expect((await run(["chat", "a".repeat(2001)], { outputIsTerminal: true })).pauses).toEqual([]);
  });
});

describe("events", () => {
  const names = (out: string): unknown[] =>
    out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: string }).event);

  it("shows the runs inside prompt | parrot | parser, line by line where nobody watches", async () => {
    const { code, out, err } = await run(["events", "ab"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out.replace(/ *\d+\.\d ms/g, " T")).toMatchInlineSnapshot(`
      " T  ▸ RunnableSequence chain
       T  │ ▸ ChatPromptTemplate prompt
       T  │ ■ ChatPromptTemplate took T
       T  │ ▸ ChatParrotLink chat model
       T  │ · ChatParrotLink "a"
       T  │ ▸ StrOutputParser parser
       T  │ · StrOutputParser "a"
       T  · RunnableSequence "a"
       T  │ · ChatParrotLink "b"
       T  │ · StrOutputParser "b"
       T  · RunnableSequence "b"
       T  │ · ChatParrotLink ""
       T  │ · StrOutputParser ""
       T  · RunnableSequence ""
       T  │ ■ ChatParrotLink took T "ab"
       T  │ ■ StrOutputParser took T "ab"
       T  ■ RunnableSequence took T "ab"
      "
    `);
  });

  it("shows the same as a tree that is redrawn, where somebody watches", async () => {
    const { out } = await run(["events", "ab"], { outputIsTerminal: true });
    expect(out).toContain("\u001b[4A");
    expect(out).toContain("└─ StrOutputParser");
  });

  it("waits after each token of the model", async () => {
    expect((await run(["events", "ab", "--delay", "7"])).pauses).toEqual([7, 7, 7]);
  });

  it("prints one JSON object per line", async () => {
    const { code, out } = await run(["events", "a", "--json"]);
    expect(code).toBe(0);
    expect(names(out)).toEqual([
      "on_chain_start",
      "on_prompt_start",
      "on_prompt_end",
      "on_chat_model_start",
      "on_chat_model_stream",
      "on_parser_start",
      "on_parser_stream",
      "on_chain_stream",
      "on_chat_model_stream",
      "on_parser_stream",
      "on_chain_stream",
      "on_chat_model_end",
      "on_parser_end",
      "on_chain_end",
    ]);
  });

  it.each([
    ["default", true],
    ["v2", false],
    ["v1", false],
  ])("of the form %s are exactly that as JSON, with parent_ids: %s", async (form, hasParents) => {
    const { out } = await run(["events", "a", "--json", "--form", form]);
    const [, prompt] = out
      .split("\n")
      .map((line) => (line === "" ? {} : (JSON.parse(line) as Record<string, unknown>)));
    expect(prompt).toHaveProperty("event", "on_prompt_start");
    expect("parent_ids" in (prompt as object)).toBe(hasParents);
  });

  it.each(["default", "v2", "v1"])("of the form %s show as a tree of four runs", async (form) => {
    const { out } = await run(["events", "a", "--form", form]);
    expect(out.match(/▸ .*/g)).toEqual([
      "▸ RunnableSequence chain",
      "▸ ChatPromptTemplate prompt",
      "▸ ChatParrotLink chat model",
      "▸ StrOutputParser parser",
    ]);
    expect(out.match(/│ ▸/g)).toHaveLength(3);
  });

  it("end with a failure's event, and its line", async () => {
    const model = new ScriptedModel(["a", new TypeError("no")]);
    const { code, out, err } = await run(["events", "hello", "--json"], {}, model);
    expect([code, err]).toEqual([1, "linnet: no\n"]);
    expect(names(out).at(-1)).toBe("on_chain_error");
    expect(out).toContain('"error":{"name":"TypeError","message":"no"}');
  });

  it("work on piped text, braces and all", async () => {
    const { out } = await run(["events", "--json"], { stdin: ["{x}\n"] });
    expect(JSON.parse(out.trim().split("\n").at(-1) as string)).toMatchObject({ data: { output: "{x}" } });
  });

  it("need a text where somebody types", async () => {
    expect(await run(["events"], { inputIsTerminal: true })).toMatchObject({
      code: 2,
      err: 'linnet: events needs a text, got none; for example: linnet events "hello" (linnet --help tells more)\n',
    });
  });
});
