import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { type FakeHost, type FakeHostOptions, fakeHost, screenOf, until } from "./fake-host.ts";
import { ScriptedModel } from "./scripted-model.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const PROMPT = "you › ";

interface Chat {
  readonly host: FakeHost;
  /** Types once the prompt stands for the n-th time. */
  readonly typeAt: (prompts: number, keys: string) => Promise<void>;
  readonly exitCode: Promise<number>;
  readonly screen: () => string[];
}

function startChat(options: FakeHostOptions & { args?: string[]; model?: ScriptedModel } = {}): Chat {
  const host = fakeHost({ inputIsTerminal: true, outputIsTerminal: true, ...options });
  const model = options.model;
  const exitCode = runCli(["chat", ...(options.args ?? [])], host, model === undefined ? undefined : () => model);
  const screen = (): string[] => screenOf(host.out().replaceAll("\u001b[1G", "\r").replaceAll("\u001b[0J", "\u001b[K"));
  const prompts = (): number => screen().filter((row) => row.startsWith(PROMPT)).length;
  return {
    host,
    exitCode,
    screen,
    typeAt: async (count, keys) => {
      await until(() => prompts() >= count, host.out);
      host.type(keys);
    },
  };
}

describe("a chat in a terminal", () => {
  it("goes turn by turn until Ctrl-D, and sends the whole chat each time", async () => {
    const { typeAt, exitCode, screen, host } = startChat();
    await typeAt(1, "hello\r");
    await typeAt(2, "cat\r");
    await typeAt(3, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(screen().map((row) => row.trimEnd())).toEqual([
      "A chat with the parrot. Ctrl-C cancels a reply, Ctrl-D leaves.",
      "you › hello",
      "parrot › hello",
      "         5 tokens in (the whole chat), 5 out",
      "you › cat",
      "parrot › cat",
      "         13 tokens in (the whole chat), 3 out",
      "you ›",
      "",
    ]);
    expect([host.err(), host.interruptListeners()]).toEqual(["", 0]);
  });

  it("asks again for an empty line", async () => {
    const model = new ScriptedModel(["hi"]);
    const { typeAt, exitCode } = startChat({ model });
    await typeAt(1, "\r");
    await typeAt(2, "  \r");
    await typeAt(3, "hello\r");
    await typeAt(4, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(model.asked).toEqual([["human: hello"]]);
  });

  it.each([
    ["the terminal", (host: FakeHost) => host.type(CTRL_C)],
    ["the process", (host: FakeHost) => host.interrupt()],
  ])("cancels the running reply by Ctrl-C from %s, keeps what was said, and goes on", async (_from, interrupt) => {
    const model = new ScriptedModel(["one ", "two ", "three"], ["fine"]);
    const { typeAt, exitCode, screen } = startChat({
      model,
      onPause: (number, host) => {
        if (number === 2) interrupt(host);
      },
    });
    await typeAt(1, "count\r");
    await typeAt(2, "again\r");
    await typeAt(3, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(screen()).toContain("parrot › one two  (cancelled)");
    expect(model.asked[1]).toEqual(["human: count", "ai: one two ", "human: again"]);
    expect(model.ended).toBe(2);
  });

  it("hints how to leave at Ctrl-C with no reply running, and drops the line", async () => {
    const model = new ScriptedModel(["hi"]);
    const { typeAt, exitCode, screen } = startChat({ model });
    await typeAt(1, `half a line${CTRL_C}`);
    await typeAt(2, "hello\r");
    await typeAt(3, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(screen()).toContain("Ctrl-D leaves the chat.");
    expect(model.asked).toEqual([["human: hello"]]);
  });

  it("keeps what is typed during a reply for the next turns, without mixing it into the reply", async () => {
    const model = new ScriptedModel(["one ", "two"], ["b"], ["c"]);
    const { typeAt, exitCode, screen, host } = startChat({
      model,
      onPause: (number) => {
        if (number === 1) host.type("second\rthi");
      },
    });
    await typeAt(1, "first\r");
    await until(() => screen().some((row) => row.startsWith(`${PROMPT}thi`)), host.out);
    host.type("rd\r");
    await typeAt(4, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(screen()).toContain("parrot › one two");
    expect(screen()).toContain(`${PROMPT}second`);
    expect(model.asked.map((messages) => messages.at(-1))).toEqual(["human: first", "human: second", "human: third"]);
  });

  it("answers every line of a paste", async () => {
    const model = new ScriptedModel(["a"], ["b"]);
    const { typeAt, exitCode } = startChat({ model });
    await typeAt(1, "first\rsecond\r");
    await until(
      () => model.ended === 2,
      () => String(model.ended),
    );
    await typeAt(3, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(model.asked.map((messages) => messages.at(-1))).toEqual(["human: first", "human: second"]);
  });

  it("finishes the reply when Ctrl-D comes before its end", async () => {
    const model = new ScriptedModel(["one ", "two"]);
    const { typeAt, exitCode, screen } = startChat({
      model,
      onPause: (number, host) => {
        if (number === 1) host.type(CTRL_D);
      },
    });
    await typeAt(1, "first\r");
    expect(await exitCode).toBe(0);
    expect(screen()).toContain("parrot › one two");
  });

  it("goes on after a reply that fails", async () => {
    const model = new ScriptedModel(["one ", new TypeError("lost\nit")], ["fine"]);
    const { typeAt, exitCode, screen } = startChat({ model });
    await typeAt(1, "first\r");
    await typeAt(2, "second\r");
    await typeAt(3, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(screen()).toContain("lost\\nit");
    expect(screen()).toContain("parrot › fine");
  });

  it("cuts and paces its replies as it is told to", async () => {
    const { typeAt, exitCode, screen, host } = startChat({ args: ["--length", "2", "--delay", "9"] });
    await typeAt(1, "hello\r");
    await typeAt(2, CTRL_D);
    expect(await exitCode).toBe(0);
    expect(screen()).toContain("parrot › he");
    expect(host.pauses).toEqual([9, 9]);
  });

  it("asks on the error output where the chat itself goes into a file", async () => {
    const host = fakeHost({ inputIsTerminal: true, outputIsTerminal: false });
    const exitCode = runCli(["chat"], host);
    await until(() => host.err().includes(PROMPT), host.err);
    host.type("hello\n");
    await until(() => host.err().split(PROMPT).length === 3, host.err);
    (host.stdin as unknown as { end(): void }).end();
    expect(await exitCode).toBe(0);
    expect(host.out()).toContain("parrot › hello\n");
    expect(host.out()).not.toContain(PROMPT);
  });
});
