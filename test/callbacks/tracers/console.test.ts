import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import { dispatchCustomEvent } from "../../../src/callbacks/dispatch.ts";
import { ConsoleCallbackHandler } from "../../../src/callbacks/tracers/console.ts";
import {
  AIMessage,
  ChatParrotLink,
  ChatPromptTemplate,
  type Runnable,
  RunnableBranch,
  RunnableLambda,
  type RunnableLike,
  RunnableMap,
  StringOutputParser,
} from "../../../src/entries/index.ts";
import { setErrorReporter } from "../../../src/errors/reporter.ts";
import type { Serialized } from "../../../src/secrets/serialized.ts";
import { widthOf } from "../../../src/terminal/line-text.ts";

const serialized: Serialized = { lc: 1, type: "not_implemented", id: ["test"] };

beforeEach(() => {
  // Work that waits for nothing takes no time at all.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  setErrorReporter(undefined);
});

/** A console that keeps its lines. */
function watch(columns = 80) {
  const lines: string[] = [];
  const handler = new ConsoleCallbackHandler({ write: (line) => lines.push(line), columns });
  const taken = (): string => `\n${lines.splice(0).join("\n")}\n`;
  return { handler, config: { callbacks: [handler] }, lines, taken };
}

/** A promise that takes its time. */
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const prompt = ChatPromptTemplate.fromMessages([
  ["system", "Be kind."],
  ["human", "{text}"],
]);
const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 4 });
const parser = new StringOutputParser();

class SlowParrot extends ChatParrotLink {
  override async *_streamResponseChunks(...call: Parameters<ChatParrotLink["_stream"]>) {
    for (const chunk of this._stream(...call)) {
      await wait(500);
      yield chunk;
    }
  }
}
const slow = new SlowParrot({ model: "bird-brain-000", parrotBufferLength: 4 });

function named<Input, Output>(
  name: string,
  work: (input: Input) => Output | Promise<Output>,
): RunnableLambda<Input, Output> {
  return RunnableLambda.from(work).withConfig({ runName: name }) as unknown as RunnableLambda<Input, Output>;
}

describe("ConsoleCallbackHandler", () => {
  it("has the name that code for the peer looks for", () => {
    expect(new ConsoleCallbackHandler().name).toBe("console_callback_handler");
  });

  it("shows a chain with what its steps gave, their times and tokens", async () => {
    const { config, taken } = watch();
    await prompt.pipe(model).pipe(parser).invoke({ text: "meow meow" }, config);
    expect(taken()).toBe(`
RunnableSequence                          ← {text: "meow meow"}
├─ ChatPromptTemplate  prompt     0.00 ms → System, Human: meow meow
├─ ChatParrotLink  chat model     0.00 ms → AI: meow  17 + 4 tokens
├─ StrOutputParser  parser        0.00 ms → "meow"
└─                                0.00 ms → "meow"
`);
  });

  it("shows one run in one line", async () => {
    const { config, taken } = watch();
    await model.invoke("meow", config);
    expect(taken()).toBe(`
ChatParrotLink  chat model        0.00 ms → AI: meow ← Human: me…  4 + 4 tokens
`);
  });

  it("shows a run that takes its time before it is over", async () => {
    const { config, taken } = watch();
    const run = prompt.pipe(named("slow", () => wait(1_200))).invoke({ text: "meow" }, config);
    await vi.advanceTimersByTimeAsync(99);
    expect(taken()).toBe(`
RunnableSequence                          ← {text: "meow"}
├─ ChatPromptTemplate  prompt     0.00 ms → System, Human: meow
`);
    await vi.advanceTimersByTimeAsync(1);
    expect(taken()).toBe(`
├─ slow                                   ← System, Human: meow
`);
    await vi.advanceTimersByTimeAsync(1_100);
    await run;
    expect(taken()).toBe(`
│  └─                              1.20 s → {}
└─                                 1.20 s → {}
`);
  });

  it("gives each run its time, however many came before it", async () => {
    const { config, taken } = watch();
    const steps = named("a", () => wait(90)).pipe(named("b", () => wait(90)));
    const run = steps.invoke(0, config);
    await vi.advanceTimersByTimeAsync(200);
    await run;
    expect(taken()).toBe(`
RunnableSequence                          ← 0
├─ a                              90.0 ms → {}
├─ b                              90.0 ms → {}
└─                                 180 ms → {}
`);
  });

  it("gives a run that was held back for long its time, once it is its turn", async () => {
    const { config, taken } = watch();
    const slowly = (ms: number) => async (): Promise<number> => {
      await wait(ms);
      return ms;
    };
    const run = RunnableMap.from({ a: slowly(250), b: slowly(900) }).invoke(1, config);
    await vi.advanceTimersByTimeAsync(349);
    expect(taken()).toBe(`
RunnableMap                               ← 1
├─ a: RunnableLambda                      ← 1
│  └─                              250 ms → 250
`);
    await vi.advanceTimersByTimeAsync(1);
    expect(taken()).toBe(`
├─ b: RunnableLambda                      ← 1
`);
    await vi.advanceTimersByTimeAsync(650);
    await run;
  });

  it("shows a stream by what is summed of it", async () => {
    const { config, taken } = watch();
    const reading = (async () => {
      for await (const _ of await prompt.pipe(slow).pipe(parser).stream({ text: "meow" }, config));
    })();
    await vi.advanceTimersByTimeAsync(5_000);
    await reading;
    expect(taken()).toBe(`
RunnableSequence                          ← {text: "meow"}
├─ ChatPromptTemplate  prompt     0.00 ms → System, Human: meow
├─ SlowParrot  chat model                 ← System, Human: meow
│  └─                              2.50 s → AI: meow  12 + 4 tokens
├─ StrOutputParser  parser         2.00 s → "meow"
└─                                 2.50 s → "meow"
`);
  });

  it("shows runs that go on side by side one after the other, under their keys", async () => {
    const { config, taken } = watch();
    const later = (ms: number) => async (text: string) => {
      await wait(ms);
      return text.length;
    };
    const both = RunnableMap.from({ one: named("first", later(300)), two: named("second", later(150)) });
    const run = RunnableMap.from({ both, same: (text: string) => text }).invoke("cat", config);
    await vi.advanceTimersByTimeAsync(250);
    expect(taken()).toBe(`
RunnableMap                               ← "cat"
├─ both: RunnableMap                      ← "cat"
│  ├─ one: first                          ← "cat"
`);
    await vi.advanceTimersByTimeAsync(100);
    await run;
    expect(taken()).toBe(`
│  │  └─                           300 ms → 3
│  ├─ two: second                  150 ms → 3
│  └─                              300 ms → {one: 3, two: 3}
├─ same: RunnableLambda           0.00 ms → "cat"
└─                                 300 ms → {both: {one: 3, two: 3}, same: "ca…
`);
  });

  it("adds up the tokens of several models", async () => {
    const { config, taken } = watch();
    await RunnableMap.from({ a: model, b: prompt.pipe(model) })
      .invoke({ text: "meow" } as never, config)
      .catch(() => {});
    taken();
    await RunnableLambda.from(async (text: string, config) => {
      await model.invoke(text, config);
      return (await model.invoke(text, config)).text;
    }).invoke("meow", config);
    expect(taken()).toBe(`
RunnableLambda                            ← "meow"
├─ ChatParrotLink  chat model     0.00 ms → AI: meow ← Human: me…  4 + 4 tokens
├─ ChatParrotLink  chat model     0.00 ms → AI: meow ← Human: me…  4 + 4 tokens
└─                                0.00 ms → "meow"  8 + 8 tokens
`);
  });

  it("shows what was given where it does not stand right above", async () => {
    const { config, taken } = watch();
    const length = named("length", (text: string) => text.length);
    await RunnableLambda.from(async (text: string, config) => {
      await length.invoke(text, config);
      await length.invoke("another", config);
    }).invoke("cat", config);
    expect(taken()).toBe(`
RunnableLambda                            ← "cat"
├─ length                         0.00 ms → 3
├─ length                         0.00 ms → 7 ← "another"
└─                                0.00 ms → {}
`);
  });

  it("shows failures, attempts, and what stepped in", async () => {
    const { config, taken } = watch();
    const fails = RunnableLambda.from((): string => {
      throw new TypeError("out of\nseed");
    });
    const chain = fails
      .withRetry({ stopAfterAttempt: 2, initialDelayMs: 1 })
      .withFallbacks([named("plan B", () => "tea")]);
    const run = chain.invoke(3, config);
    await vi.advanceTimersByTimeAsync(60_000);
    await run;
    expect(taken().replaceAll(/ +[\d.]+ m?s /g, " … ")).toBe(`
RunnableWithFallbacks                     ← 3
├─ RunnableLambda                         ← 3
│  ├─ RunnableLambda … ✗ TypeError: out of\\nseed
│  ├─ RunnableLambda  attempt 2 … ✗ TypeError: out of\\nseed
│  └─ … ✗ TypeError: out of\\nseed
├─ plan B … → "tea"
└─ … → "tea"
`);
  });

  test.each([
    ["a text", "no seed", `✗ "no seed"`],
    ["nothing", undefined, "✗ undefined"],
    ["an error without a name", Object.assign(new Error("no seed"), { name: "" }), "✗ no seed"],
  ])("shows %s that was thrown", async (_what, thrown, shown) => {
    const { config, lines } = watch();
    const run = RunnableLambda.from(() => {
      throw thrown;
    }).invoke(3, config);
    await expect(run).rejects.toBe(thrown);
    expect(lines.join("\n")).toContain(`${shown} ← 3`);
  });

  it("tells a reader who left, with what was given by then", async () => {
    const { config, taken } = watch();
    const reading = (async () => {
      for await (const _ of await prompt.pipe(slow).stream({ text: "meow" }, config)) break;
    })();
    await vi.advanceTimersByTimeAsync(600);
    await reading;
    expect(taken()).toBe(`
RunnableSequence                          ← {text: "meow"}
├─ ChatPromptTemplate  prompt     0.00 ms → System, Human: meow
├─ SlowParrot  chat model                 ← System, Human: meow
│  └─                              500 ms ■ cancelled after AI:…  12 + 1 tokens
└─                                 500 ms ■ cancelled after AI: m
`);
  });

  it("knows what a step gave whose reader left, where the next was given it", async () => {
    const { config, lines } = watch();
    for await (const _ of await prompt.pipe(model).pipe(parser).stream({ text: "meow" }, config)) break;
    expect(lines.slice(1).every((line) => !line.includes("←"))).toBe(true);
    expect(lines[3]).toBe(`├─ StrOutputParser  parser        0.00 ms ■ cancelled after "m"`);
  });

  it("tells an abort, with what was given by then", async () => {
    const { config, taken } = watch();
    const controller = new AbortController();
    const reading = (async () => {
      const stream = await prompt.pipe(slow).stream({ text: "meow" }, { ...config, signal: controller.signal });
      for await (const _ of stream);
    })();
    const gone = expect(reading).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(1_100);
    controller.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    await gone;
    expect(taken()).toBe(`
RunnableSequence                          ← {text: "meow"}
├─ ChatPromptTemplate  prompt     0.00 ms → System, Human: meow
├─ SlowParrot  chat model                 ← System, Human: meow
│  └─                              1.10 s ■ aborted after AI: me  12 + 2 tokens
└─                                 1.10 s ■ aborted after AI: me
`);
  });

  it("tells nothing of a run whose reader left before anything was given", () => {
    const { handler, taken } = watch();
    handler.handleChainStart(serialized, { input: 1 }, "1", undefined, [], {}, undefined, "chain");
    handler.handleChainEnd({}, "1", undefined, [], { cancelled: true });
    handler.handleLLMStart(serialized, ["say"], "2", undefined, {}, [], {}, "teller");
    handler.handleLLMEnd({ generations: [[]] }, "2", undefined, [], { cancelled: true });
    expect(taken()).toBe(`
chain                             0.00 ms ■ cancelled ← 1
teller  llm                       0.00 ms ■ cancelled ← "say"
`);
  });

  it("tells an abort before anything was given", async () => {
    const { config, taken } = watch();
    const controller = new AbortController();
    const run = named("slow", () => wait(1_000)).invoke(1, { ...config, signal: controller.signal });
    const gone = expect(run).rejects.toThrow();
    controller.abort();
    await gone;
    expect(taken()).toBe(`
slow                              0.00 ms ■ aborted ← 1
`);
  });

  it("shows tags of one's own where they come in, and conditions and branches", async () => {
    const { config, taken } = watch();
    const branch = RunnableBranch.from([
      [(x: number) => x > 5, named("much", (x: number) => x * 2)],
      named("little", (x: number) => x),
    ] as never) as unknown as Runnable<number, number>;
    const chain = RunnableLambda.from((x: number) => x + 1).pipe(branch as RunnableLike<number, number>);
    await chain.withConfig({ tags: ["sums", "b", "c", "d"] }).invoke(5, config);
    await chain.invoke(1, config);
    expect(taken()).toBe(`
RunnableSequence  #sums #b #c             ← 5
├─ RunnableLambda                 0.00 ms → 6
├─ RunnableBranch                         ← 6
│  ├─ RunnableLambda  condition 1 0.00 ms → true
│  ├─ much  branch 1              0.00 ms → 12
│  └─                             0.00 ms → 12
└─                                0.00 ms → 12
RunnableSequence                          ← 1
├─ RunnableLambda                 0.00 ms → 2
├─ RunnableBranch                         ← 2
│  ├─ RunnableLambda  condition 1 0.00 ms → false
│  ├─ little  branch default      0.00 ms → 2
│  └─                             0.00 ms → 2
└─                                0.00 ms → 2
`);
  });

  it("shows events of one's own", async () => {
    const { config, taken } = watch();
    await named("reader", async () => "read")
      .pipe(
        RunnableLambda.from(async (_: string, config) => {
          await dispatchCustomEvent("page\u001b[2J", { page: 1 }, config);
          return "done";
        }),
      )
      .invoke(1, config);
    expect(taken()).toBe(`
RunnableSequence                          ← 1
├─ reader                         0.00 ms → "read"
├─ RunnableLambda                         ← "read"
│  ├─ • page\\u{1b}[2J                     · {page: 1}
│  └─                             0.00 ms → "done"
└─                                0.00 ms → "done"
`);
  });

  it("shows tools, retrievers, and what agents tell", async () => {
    const { handler, taken } = watch();
    handler.handleChainStart(serialized, { input: "q" }, "1", undefined, undefined, undefined, undefined, "agent");
    handler.handleAgentAction({ tool: "search", toolInput: "cats" }, "1");
    handler.handleText("thinking", "1");
    handler.handleToolStart(serialized, "cats", "2", "1", [], {}, "search");
    handler.handleToolEnd("3 cats", "2");
    handler.handleRetrieverStart(serialized, "dogs", "3", "1", [], {}, "shelf");
    handler.handleRetrieverEnd([Object.assign(new (class Document {})(), { pageContent: "a dog" })], "3");
    handler.handleLLMStart(serialized, ["say"], "4", "1", {}, [], {}, "teller");
    handler.handleLLMEnd({ generations: [[{ text: "said" }]] }, "4", "1", [], { cached: true });
    handler.handleAgentEnd({ returnValues: { output: 3 } }, "1");
    handler.handleChainEnd({ output: "done" }, "1");
    expect(taken()).toBe(`
agent                                     ← "q"
├─ • agent action                         · {tool: "search", toolInput: "cats"}
├─ • text                                 · "thinking"
├─ search  tool                   0.00 ms → "3 cats" ← "cats"
├─ shelf  retriever               0.00 ms → ["a dog"] ← "dogs"
├─ teller  llm                    0.00 ms → "said" ← "say"  from cache
├─ • agent end                            · {returnValues: {output: 3}}
└─                                0.00 ms → "done"
`);
  });

  it("says that a run was never closed whose root was", () => {
    const { handler, taken } = watch();
    handler.handleChainStart(serialized, { input: 1 }, "1", undefined, [], {}, undefined, "root");
    handler.handleChainStart(serialized, { input: 2 }, "2", "1", [], {}, undefined, "child");
    handler.handleChainEnd({ output: 1 }, "1");
    expect(taken()).toBe(`
root                                      ← 1
├─ child                                  ■ not closed ← 2
└─                                0.00 ms → 1
`);
  });

  it("shows below which run one started whose parent was over as a root, and drops notes on it", () => {
    const { handler, taken } = watch();
    const start = (id: string, parent?: string): unknown =>
      handler.handleChainStart(serialized, { input: 1 }, id, parent, [], {}, undefined, `run ${id}`);
    start("1");
    start("2", "1");
    start("3", "2");
    handler.handleChainEnd({ output: 2 }, "2", "1");
    handler.handleCustomEvent("late", 1, "3");
    handler.handleCustomEvent("late", 1, "nobody");
    start("4", "3");
    handler.handleChainEnd({ output: 4 }, "4", "3");
    handler.handleChainEnd({ output: 3 }, "3", "2");
    handler.handleChainEnd({ output: 1 }, "1");
    expect(taken()).toBe(`
run 1                                     ← 1
├─ run 2                                  ← 1
│  ├─ run 3                               ■ not closed
│  └─                             0.00 ms → 2
┊ run 4                           0.00 ms → 4 ← 1
└─                                0.00 ms → 1
`);
  });

  it("shows a root that ends beside another whole, and hides none behind one that hangs", async () => {
    const { config, taken } = watch();
    const hangs = named("hangs", () => new Promise<never>(() => {}));
    void hangs.pipe(parser as never).invoke("a", config);
    await vi.advanceTimersByTimeAsync(500);
    await named("quick", (text: string) => text)
      .pipe((text: string) => text)
      .invoke("b", config);
    await named("single", (text: string) => text).invoke("c", config);
    expect(taken()).toBe(`
RunnableSequence                          ← "a"
├─ hangs                                  ← "a"
┊ RunnableSequence                        ← "b"
┊ ├─ quick                        0.00 ms → "b"
┊ ├─ RunnableLambda               0.00 ms → "b"
┊ └─                              0.00 ms → "b"
┊ single                          0.00 ms → "c" ← "c"
`);
  });

  it("stays in its columns at any depth, and short where nothing is long", async () => {
    const { config, lines } = watch(60);
    const nested = (depth: number): Runnable<number, number> =>
      RunnableLambda.from(
        async (x: number, config): Promise<number> => (depth === 0 ? x : nested(depth - 1).invoke(x, config)),
      ) as never;
    await nested(50).invoke(1, config);
    expect(lines).toHaveLength(101);
    expect(Math.max(...lines.map(widthOf))).toBeLessThan(60);
    expect(lines[50]).toBe("…47   │  │  ├─ RunnableLambda 0.00 ms → 1");
  });

  it("shows 200 runs side by side in order", async () => {
    const { config, lines } = watch();
    const run = RunnableLambda.from(async (_: number, config) =>
      named("item", async (x: number) => {
        await wait(200 - x);
        return x;
      }).batch(
        Array.from({ length: 200 }, (_, index) => index),
        config,
      ),
    ).invoke(0, config);
    await vi.advanceTimersByTimeAsync(1_000);
    await run;
    // Those that take more than the patience of the console have a line for their start, if it is their turn by then.
    expect(lines).toHaveLength(203);
    expect(lines.slice(3, -1).map((line) => Number(/ → (\d+)/.exec(line)?.[1]))).toEqual(
      Array.from({ length: 199 }, (_, index) => index + 1),
    );
  });

  it("writes no control character of a model, a name or a tag to the terminal", async () => {
    const { config, lines } = watch();
    const bad = "\u001b[31mred\r\n\u009b2J\u202e";
    const chain = RunnableLambda.from(() => new AIMessage(bad)).withConfig({ runName: bad, tags: [bad] });
    await RunnableMap.from({ [bad]: chain }).invoke(bad, config);
    await expect(
      RunnableLambda.from(() => {
        throw new Error(bad);
      }).invoke(bad, config),
    ).rejects.toThrow();
    expect(lines.join("")).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it("keeps to what a redact hook shows", async () => {
    const { config, lines } = watch();
    await named("secretive", (text: string) => text).invoke("sk-1", { ...config, redact: () => "hidden" });
    expect(lines.join("")).not.toContain("sk-1");
    expect(lines.join("")).toContain("hidden");
  });

  it("is told of runs whose managers it is given to", async () => {
    const { handler, taken } = watch();
    const manager = CallbackManager.fromHandlers({}).copy([handler]);
    const run = await manager.handleChainStart(
      serialized,
      { a: 1 },
      undefined,
      undefined,
      undefined,
      undefined,
      "by hand",
    );
    await run.handleChainEnd({ b: 2 });
    expect(taken()).toBe(`
by hand                           0.00 ms → {b: 2} ← {a: 1}
`);
  });

  it("counts no tokens of answers from a cache", async () => {
    const { handler, taken } = watch();
    handler.handleChainStart(serialized, { input: "q" }, "1", undefined, [], {}, undefined, "chain");
    const result = {
      generations: [[{ text: "said" }]],
      llmOutput: { tokenUsage: { promptTokens: 1, completionTokens: 2 } },
    };
    for (const [id, info] of [
      ["2", {}],
      ["3", {}],
      ["4", { cached: true }],
    ] as const) {
      handler.handleLLMStart(serialized, ["q"], id, "1", {}, [], {}, "teller");
      handler.handleLLMEnd(result, id, "1", [], info);
    }
    handler.handleChainEnd({ output: "done" }, "1");
    expect(taken()).toBe(`
chain                                     ← "q"
├─ teller  llm                    0.00 ms → "said"  1 + 2 tokens
├─ teller  llm                    0.00 ms → "said"  1 + 2 tokens
├─ teller  llm                    0.00 ms → "said"  from cache
└─                                0.00 ms → "done"  2 + 4 tokens
`);
  });

  it("holds no tree of records", () => {
    expect(new ConsoleCallbackHandler().keepChildren).toBe(false);
  });

  it("holds nothing of runs that are over", async () => {
    const { handler, config } = watch();
    await prompt.pipe(model).invoke({ text: "meow" }, config);
    await model.stream("meow", config).then((stream) => stream.return?.());
    expect((handler as unknown as { runMap: Map<string, unknown> }).runMap.size).toBe(0);
  });
});

describe("where lines go", () => {
  it("is the console", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    vi.stubGlobal("process", { env: {}, stdout: { isTTY: true, columns: 60 } });
    await named("quick", () => 1).invoke(2, { callbacks: [new ConsoleCallbackHandler()] });
    expect(log.mock.calls).toEqual([
      [
        "\u001b[36mquick\u001b[0m\u001b[2m                    0.00 ms\u001b[0m\u001b[2m → \u001b[0m1" +
          "\u001b[2m ← \u001b[0m\u001b[2m2\u001b[0m",
      ],
    ]);
    log.mockRestore();
  });

  it("is nowhere without a console", async () => {
    vi.stubGlobal("console", undefined);
    const run = named("quick", () => 1).invoke(2, { callbacks: [new ConsoleCallbackHandler()] });
    await expect(run).resolves.toBe(1);
  });

  it("has colours where they are asked for, and the columns that are", async () => {
    const lines: string[] = [];
    const write = (line: string): unknown => lines.push(line);
    await named("quick", () => "long ".repeat(99)).invoke(2, {
      callbacks: [
        new ConsoleCallbackHandler({ write, colors: true, columns: 1 }),
        new ConsoleCallbackHandler({ write }),
      ],
    });
    expect(lines[0]).toContain("\u001b[36mquick\u001b[0m");
    expect(lines[1]).not.toContain("\u001b");
    expect(lines[1]).toHaveLength(99);
  });

  it("says again what comes from below in a low voice, but for the whole", async () => {
    const lines: string[] = [];
    const config = { callbacks: [new ConsoleCallbackHandler({ write: (line) => lines.push(line), colors: true })] };
    const within = (work: () => number) =>
      RunnableMap.from({ only: work }).pipe(named("pick", ({ only }: { only: number }) => only));
    const twice = RunnableLambda.from((x: number, config) => within(() => x).invoke(x, config));
    await twice.invoke(6, config);
    expect(lines.filter((line) => line.includes("→")).map((line) => line.endsWith("6"))).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    lines.length = 0;
    const fails = within(() => {
      throw new Error("boom");
    });
    await expect(fails.invoke(0, config)).rejects.toThrow("boom");
    expect(lines.filter((line) => line.includes("boom")).map((line) => line.includes("[31mError"))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("has an end also where lines may be as long as they like", async () => {
    const lines: string[] = [];
    const handler = new ConsoleCallbackHandler({
      write: (line) => lines.push(line),
      columns: Number.POSITIVE_INFINITY,
    });
    await named("quick", () => "long ".repeat(10_000)).invoke(2, { callbacks: [handler] });
    expect(lines[0]).toContain(`→ "${"long ".repeat(200)}…"`);
    expect(lines[0]?.length).toBeLessThan(1_100);
  });

  it("breaks no run where it fails, and the tree goes on", async () => {
    const reports: unknown[] = [];
    setErrorReporter((error, place) => reports.push([place, (error as Error).message]));
    const lines: string[] = [];
    const write = (line: string): unknown => {
      lines.push(line);
      if (lines.length === 1) throw new Error("pipe closed");
      return Promise.reject(new Error("disk full"));
    };
    const run = named("a", () => 1).pipe(named("b", () => 2));
    await expect(run.invoke(0, { callbacks: [new ConsoleCallbackHandler({ write })] })).resolves.toBe(2);
    expect(lines).toHaveLength(4);
    const place = "write of console_callback_handler";
    expect(reports).toEqual([[place, "pipe closed"], ...Array(3).fill([place, "disk full"])]);
  });

  test("writes whole lines to a stream or a writer, and has to have somewhere to write", async () => {
    const written: string[] = [];
    const stream = new Writable({
      write: (bytes, _encoding, done) => {
        written.push(String(bytes));
        done();
      },
    });
    for (const write of [stream, { write: (line: string) => written.push(line) }]) {
      await RunnableLambda.from((x: number) => x + 1).invoke(1, { callbacks: [new ConsoleCallbackHandler({ write })] });
    }
    expect(written).toHaveLength(2);
    for (const line of written) expect(line).toMatch(/^RunnableLambda .* → 2.*\n$/);
    for (const write of ["stdout", {}, null]) {
      const make = (): unknown => new ConsoleCallbackHandler({ write } as never);
      expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
    }
  });

  test.each([0, -1, Number.NaN])("has to have columns: %d", (columns) => {
    expect(() => new ConsoleCallbackHandler({ columns })).toThrow(/Expected columns to be a number above 0/);
  });
});

describe("without timers and fine clocks", () => {
  it("shows runs when they are over, or when others start below them", async () => {
    const { config, taken } = watch();
    vi.useRealTimers();
    vi.stubGlobal("setTimeout", undefined);
    vi.stubGlobal("performance", undefined);
    await named("a", () => 1)
      .pipe(named("b", () => 2))
      .invoke(0, config);
    expect(taken().replaceAll(/\d+\.\d+ ms/g, "… ms")).toBe(`
RunnableSequence                          ← 0
├─ a                              … ms → 1
├─ b                              … ms → 2
└─                                … ms → 2
`);
  });

  it("shows a run that hangs as soon as something else is told of", async () => {
    const { config, taken } = watch();
    vi.stubGlobal("setTimeout", undefined);
    void named("hangs", () => new Promise<never>(() => {})).invoke("a", config);
    vi.advanceTimersByTime(100);
    await named("quick", (text: string) => text).invoke("b", config);
    expect(taken()).toBe(`
hangs                                     ← "a"
┊ quick                           0.00 ms → "b" ← "b"
`);
  });

  it("keeps no process waiting for a line", async () => {
    const unref = vi.fn();
    vi.stubGlobal("setTimeout", () => ({ unref }));
    const { config } = watch();
    await named("a", () => 1).invoke(0, config);
    expect(unref).toHaveBeenCalledTimes(1);
  });
});
