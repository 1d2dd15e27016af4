import { describe, expect, expectTypeOf, it, test, vi } from "vitest";
import { RunCollectorCallbackHandler } from "../../src/callbacks/tracers/run-collector.ts";
import { AbortError } from "../../src/errors/abort-error.ts";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { SimpleChatModel } from "../../src/models/simple-chat-model.ts";
import { StringPromptValue } from "../../src/outputs/prompt-value.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";
import { RunContext } from "../../src/runnables/run-context.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { gather } from "../../src/streams/gather.ts";
import { fakeModel } from "../../src/testing/fake-model.ts";
import { runTools } from "../../src/tools/run-tools.ts";
import { answerCalls } from "../../src/tools/run-tools-calls.ts";
import { RunToolsOutput } from "../../src/tools/run-tools-output.ts";
import { tool } from "../../src/tools/tool.ts";
import { defer, settle } from "../helpers/timing.ts";
import { NUMBERS, noting } from "./tools.ts";

const ANY = { type: "object" } as const;
const add = tool(({ a, b }) => a + b, { name: "add", description: "Adds.", schema: NUMBERS });
const twice = tool(({ a }) => `${a * 2}`, { name: "twice", description: "Doubles.", schema: NUMBERS });
const broken = tool(
  () => {
    throw new Error("out of order");
  },
  { name: "broken", schema: ANY },
);
const direct = tool(() => "final", { name: "direct", schema: ANY, returnDirect: true });

function asking(...calls: [name: string, args?: Record<string, unknown>][]) {
  return fakeModel().respondWithTools(calls.map(([name, args = {}]) => ({ name, args })));
}

describe("a loop of tools", () => {
  it("asks, has the calls made, and asks again with the answers", async () => {
    const model = asking(["add", { a: 1, b: 2 }], ["twice", { a: 4 }]).respond("done");
    const output = await runTools(model, [add, twice]).invoke("go");
    expect(output).toBeInstanceOf(RunToolsOutput);
    expect(output).toMatchObject({ stopReason: "answer", text: "done", token: undefined });
    expect(output.messages.map(({ type, text }) => [type, text])).toEqual([
      ["ai", ""],
      ["tool", "3"],
      ["tool", "8"],
      ["ai", "done"],
    ]);
    expect(output.messages[1]).toMatchObject({ name: "add", tool_call_id: "fake_tc_1", status: "success" });
    expect(output.message).toBe(output.messages[3]);
    expect(output.steps.map(({ number, toolMessages }) => [number, toolMessages.length])).toEqual([
      [1, 2],
      [2, 0],
    ]);
    expect(model.calls.map(({ messages }) => messages.map(({ type }) => type))).toEqual([
      ["human"],
      ["human", "ai", "tool", "tool"],
    ]);
    expect(model.calls[0]?.options.tools).toHaveLength(2);
  });

  test.each([
    ["a text", "hi"],
    ["a message", new HumanMessage("hi")],
    ["a pair and a plain object", [["system", "be brief"], { role: "user", content: "hi" }]],
    ["a prompt's value", new StringPromptValue("hi")],
  ] as const)("starts from %s", async (_, input) => {
    const model = fakeModel().respond("yes");
    const output = await runTools(model, []).invoke(input as never);
    expect(output.messages).toHaveLength(1);
    expect(model.calls[0]?.messages.at(-1)?.text).toBe("hi");
    expect(model.calls[0]?.options.tools).toBeUndefined();
  });

  it("leaves the caller's list alone", async () => {
    const input = Object.freeze([new HumanMessage("hi")]);
    await runTools(asking(["add", { a: 1 }]).respond("ok"), [add]).invoke(input);
    expect(input).toHaveLength(1);
  });

  it("gives the model a list of its own each time", async () => {
    const given: unknown[][] = [];
    const model = RunnableLambda.from((messages: unknown[]) => {
      given.push(messages);
      const calls = given.length === 1 ? [{ name: "add", args: { a: 1 }, id: "1" }] : [];
      return new AIMessage({ content: "", tool_calls: calls });
    });
    await runTools(model as never, [add]).invoke("go");
    expect(given.map(({ length }) => length)).toEqual([1, 3]);
  });

  it("makes the calls of a turn side by side, and keeps their order", async () => {
    const gates = [defer<string>(), defer<string>()];
    const started: number[] = [];
    const wait = tool(
      ({ a }) => {
        started.push(a);
        return gates[a]?.promise;
      },
      { name: "wait", schema: NUMBERS },
    );
    const output = runTools(asking(["wait", { a: 0 }], ["wait", { a: 1 }]).respond("ok"), [wait]).invoke("go");
    await settle();
    expect(started).toEqual([0, 1]);
    gates[1]?.resolve("second");
    await settle();
    gates[0]?.resolve("first");
    expect((await output).messages.slice(1, 3).map(({ text }) => text)).toEqual(["first", "second"]);
  });

  it("keeps within maxConcurrency, by invoke and by stream", async () => {
    let now = 0;
    let most = 0;
    const slow = tool(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await settle();
        now -= 1;
      },
      { name: "slow", schema: ANY },
    );
    const model = () => asking(["slow"], ["slow"], ["slow"], ["slow"], ["slow"]).respond("ok");
    await runTools(model(), [slow]).invoke("go", { maxConcurrency: 2 });
    expect(most).toBe(2);
    for await (const _ of runTools(model(), [slow]).astream("go", { maxConcurrency: 2 }));
    expect(most).toBe(2);
    await runTools(model(), [slow]).invoke("go");
    expect(most).toBe(5);
  });

  it("takes a runnable that knows of the tools already", async () => {
    const model = asking(["add", { a: 1, b: 1 }]).respond("2");
    expect((await runTools(model.bindTools([add]), [add]).invoke("go")).text).toBe("2");
    const lambda = RunnableLambda.from(() => new AIMessage("plain"));
    expect((await runTools(lambda, [add]).invoke("go")).text).toBe("plain");
  });

  it("composes like any runnable", async () => {
    const chain = runTools(fakeModel().respond("a", { times: 2 }), []).pipe(({ text }) => `${text}!`);
    expect(await chain.batch(["x", "y"])).toEqual(["a!", "a!"]);
    expectTypeOf(chain.invoke).returns.resolves.toEqualTypeOf<string>();
  });
});

function shownOf(output: RunToolsOutput): unknown {
  return [
    output.token,
    output.toolMessage,
    output.messages.length,
    output.steps.length,
    output.stopReason,
    output.text,
  ];
}

describe("a stream of it", () => {
  const model = () =>
    fakeModel()
      .respondWithTools([{ name: "add", args: { a: 1, b: 2 } }], { content: "sum" })
      .respondWithChunks(["It is ", "3."]);

  it("gives tokens, messages and turns as they come", async () => {
    const seen: string[] = [];
    const stream = runTools(model(), [add]).astream("sum");
    for await (const { token, toolMessage, messages, steps, stopReason, text } of stream) {
      if (token !== undefined) seen.push(`token ${text}`);
      if (toolMessage !== undefined) seen.push(`answer ${toolMessage.text}`);
      for (const message of messages) seen.push(`${message.type} ${message.text}`);
      for (const step of steps) seen.push(`step ${step.number}`);
      if (stopReason !== undefined) seen.push(stopReason);
    }
    expect(seen.filter((line) => line !== "token ")).toEqual([
      "token s",
      "token u",
      "token m",
      "ai sum",
      "answer 3",
      "tool 3",
      "step 1",
      "token It is ",
      "token 3.",
      "ai It is 3.",
      "step 2",
      "answer",
    ]);
  });

  it("gives each tool's answer as soon as it is there, and the messages in the calls' order", async () => {
    const gates = [defer<string>(), defer<string>(), defer<string>()];
    const wait = tool(({ a }) => gates[a]?.promise, { name: "wait", schema: NUMBERS });
    const calls = [0, 1, 2].map((a): [string, { a: number }] => ["wait", { a }]);
    const pieces: RunToolsOutput[] = [];
    const lines: string[] = [];
    const read = async () => {
      const stream = runTools(asking(...calls).respond("ok"), [wait]).astream("go", { callbacks: [noting(lines)] });
      for await (const piece of stream) if (piece.token === undefined) pieces.push(piece);
    };
    const reading = read();
    await settle();
    for (const place of [2, 0, 1]) {
      expect(pieces.filter(({ toolMessage }) => toolMessage?.text === `${place}`)).toEqual([]);
      gates[place]?.resolve(`${place}`);
      await settle();
      expect(pieces.filter(({ toolMessage }) => toolMessage?.text === `${place}`)).toHaveLength(1);
    }
    await reading;
    const texts = (messages: readonly { text: string }[]): string[] => messages.map(({ text }) => text);
    expect(texts(pieces.flatMap(({ toolMessage }) => toolMessage ?? []))).toEqual(["2", "0", "1"]);
    expect(texts(pieces.flatMap(({ messages }) => messages)).slice(1, -1)).toEqual(["0", "1", "2"]);
    const answers = pieces.flatMap(({ toolMessage }) => toolMessage ?? []);
    expect(pieces.flatMap(({ messages }) => messages)[1]).toBe(answers[1]);
    expect(concatAll(pieces)?.toolMessage).toBeUndefined();
    expect(
      lines.filter((line) => line.startsWith("end wait")).map((line) => JSON.parse(line.slice(9)).kwargs.content),
    ).toEqual(["2", "0", "1"]);
  });

  it("has pieces whose sum is what invoke gives", async () => {
    const pieces: RunToolsOutput[] = [];
    for await (const piece of runTools(model(), [add]).astream("sum")) pieces.push(piece);
    const sum = concatAll(pieces);
    const whole = await runTools(model(), [add]).invoke("sum");
    const shown = (output: RunToolsOutput | undefined) => [
      output?.messages.map(({ type, text }) => [type, text]),
      output?.steps.map(({ number, message, toolMessages }) => [number, message.text, toolMessages.length]),
      output?.stopReason,
      output?.text,
      output?.token,
    ];
    expect(shown(sum)).toEqual(shown(whole));
    expect(sum?.messages.every((message) => !AIMessageChunk.isInstance(message))).toBe(true);
    // The sum does not depend on how the pieces are grouped, and an empty piece changes nothing.
    const [first, ...rest] = pieces as [RunToolsOutput, ...RunToolsOutput[]];
    const right = rest.reduceRight((sum, piece) => piece.concat(sum));
    expect(shown(first.concat(right))).toEqual(shown(sum));
    expect(shown(new RunToolsOutput().concat(whole))).toEqual(shown(whole));
    expect(shown(whole.concat(new RunToolsOutput()))).toEqual(shown(whole));
    expect(new RunToolsOutput().text).toBe("");
  });

  it("has pieces that tell of what comes whole later, and cost a sum nothing", async () => {
    const whole = await runTools(model(), [add]).invoke("sum");
    const token = new RunToolsOutput({ token: new AIMessageChunk("x") });
    const toolMessage = new RunToolsOutput({ toolMessage: new ToolMessage("x", "1") });
    for (const passing of [token, toolMessage]) {
      expect(whole.concat(passing)).toBe(whole);
      expect(shownOf(passing.concat(whole))).toEqual(shownOf(whole));
    }
    expect(shownOf(token.concat(toolMessage))).toEqual(shownOf(new RunToolsOutput()));
  });

  it("keeps nothing of a turn that is over listening", async () => {
    const scope = new CancelScope();
    let hooks = 0;
    const listen = scope.onCancel.bind(scope);
    scope.onCancel = (hook) => {
      hooks += 1;
      const release = listen(hook);
      return () => {
        hooks -= 1;
        release();
      };
    };
    const context = new RunContext(undefined, scope, undefined);
    const answer = (): Promise<ToolMessage> => Promise.resolve(new ToolMessage("x", "1"));
    await gather(answerCalls([{ name: "x", args: {} }], [], context, "step:1", answer));
    expect(hooks).toBe(0);
  });

  it("leaves the model when its reader leaves, and asks no more", async () => {
    let left = 0;
    const endless = RunnableLambda.from(async function* () {
      try {
        for (;;) yield new AIMessageChunk("x");
      } finally {
        left += 1;
      }
    });
    for await (const { token } of runTools(endless as never, []).astream("go")) {
      if (token !== undefined) break;
    }
    expect(left).toBe(1);
  });

  it("ends the tools that are under way when its reader leaves", async () => {
    const aborted: string[] = [];
    const lines: string[] = [];
    const hang = tool(
      (_args, config) =>
        new Promise<string>((_resolve, reject) => {
          config.signal?.addEventListener("abort", () => {
            aborted.push("abort");
            reject(config.signal?.reason);
          });
        }),
      { name: "hang", schema: ANY },
    );
    const asked = asking(["hang"], ["hang"]).respond("never");
    const stream = runTools(asked, [hang]).astream("go", { callbacks: [noting(lines)] });
    const read = async () => {
      for await (const _ of stream);
    };
    const reading = read();
    await settle();
    await stream.return(undefined);
    await reading;
    await settle();
    expect(aborted).toEqual(["abort", "abort"]);
    expect(asked.callCount).toBe(1);
    expect(lines.filter((line) => line.startsWith("start")).length).toBe(4);
    expect(lines.filter((line) => /^(end|error)/.test(line)).map((line) => line.split(" ")[1])).toEqual([
      "FakeBuiltModel",
      "hang",
      "hang",
      "runTools",
    ]);
  });

  it("tells its tools where only the stream itself is closed", async () => {
    const reasons: unknown[] = [];
    const hang = tool(
      (_args, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => {
            reasons.push(signal.reason);
            reject(signal.reason);
          });
        }),
      { name: "hang", schema: ANY },
    );
    const source = runTools(asking(["hang"], ["hang"]), [hang])["~open"]("go", undefined);
    const sink = { item: () => source.pull(sink), end: vi.fn(), fail: vi.fn() };
    source.pull(sink);
    await settle();
    const cause = new Error("left");
    await source.close(cause);
    expect(reasons).toEqual([cause, cause]);
    expect(sink.end).not.toHaveBeenCalled();
    expect(sink.fail).not.toHaveBeenCalled();
  });

  it("starts nothing before it is read", async () => {
    const asked = fakeModel().respond("x");
    const stream = runTools(asked, []).astream("go");
    await stream.return(undefined);
    expect(asked.callCount).toBe(0);
  });
});

describe("an abort", () => {
  test.each(["invoke", "stream"] as const)("ends a model that hangs, by %s", async (verb) => {
    const controller = new AbortController();
    const hang = RunnableLambda.from(() => new Promise<AIMessage>(() => {}));
    const loop = runTools(hang, []);
    const outcome =
      verb === "invoke"
        ? loop.invoke("go", { signal: controller.signal })
        : loop.stream("go", { signal: controller.signal });
    outcome.catch(() => {});
    await settle();
    controller.abort();
    await expect(outcome).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  });

  it("is not told to the model", async () => {
    const controller = new AbortController();
    const model = asking(["stop"]).respond("never");
    const stop = tool(
      async () => {
        controller.abort(new Error("enough"));
        await settle();
      },
      { name: "stop", schema: ANY },
    );
    const onToolError = vi.fn();
    const loop = runTools(model, [stop], { onToolError });
    await expect(loop.invoke("go", { signal: controller.signal })).rejects.toThrow("enough");
    await settle();
    expect(model.callCount).toBe(1);
    expect(onToolError).not.toHaveBeenCalled();
  });

  it("ends a condition that hangs, without another turn", async () => {
    const controller = new AbortController();
    const gate = defer<boolean>();
    const model = asking(["add", { a: 1 }]).respond("never");
    const outcome = runTools(model, [add], { stopWhen: () => gate.promise }).invoke("go", {
      signal: controller.signal,
    });
    outcome.catch(() => {});
    await settle();
    controller.abort();
    await expect(outcome).rejects.toThrow();
    gate.resolve(false);
    await settle();
    expect(model.callCount).toBe(1);
  });
});

describe("a failing call", () => {
  test.each([
    ["of a tool that throws", ["broken"], "out of order"],
    ["that does not fit the schema", ["add", { a: "x" }], expect.stringContaining("expected a number")],
    ["of no tool", ["nothing"], 'There is no tool "nothing". There are: add, broken.'],
    ["of __proto__", ["__proto__"], 'There is no tool "__proto__". There are: add, broken.'],
    ["of constructor", ["constructor"], 'There is no tool "constructor". There are: add, broken.'],
  ] as const)("%s is told to the model", async (_, call, content) => {
    const model = asking(call as never).respond("I see");
    const output = await runTools(model, [add, broken]).invoke("go");
    expect(output.messages[1]).toMatchObject({
      type: "tool",
      status: "error",
      tool_call_id: "fake_tc_1",
      name: call[0],
      content,
    });
    expect(output.text).toBe("I see");
  });

  it("is told to the model where there are no tools, and where the error says nothing", async () => {
    const output = await runTools(asking(["x"]).respond("ok"), []).invoke("go");
    expect(output.messages[1]?.content).toBe('There is no tool "x". There are: none.');
    const mute = tool(
      () => {
        throw new Error("");
      },
      { name: "mute", schema: ANY },
    );
    expect((await runTools(asking(["mute"]).respond("ok"), [mute]).invoke("go")).messages[1]?.content).toBe(
      "The tool failed.",
    );
  });

  it("that cannot be read is answered too, if it has an id", async () => {
    const unread = new AIMessage({
      content: "",
      invalid_tool_calls: [
        { name: "add", args: "{oops", id: "1", error: "Malformed args." },
        { name: "add", args: "{oops", id: "2" },
        { name: "add", args: "{oops" },
        { id: "3" },
      ],
    });
    const output = await runTools(fakeModel().respond(unread).respond("ok"), [add]).invoke("go");
    expect(output.messages.slice(1, -1).map(({ text }) => text)).toEqual([
      "The arguments cannot be read: Malformed args.",
      "The arguments cannot be read: expected a JSON object.",
      'There is no tool "". There are: add.',
    ]);
  });

  it("without an id is answered without one", async () => {
    const asked = new AIMessage({ content: "", tool_calls: [{ name: "add", args: { a: 1, b: 1 } }] });
    const output = await runTools(fakeModel().respond(asked).respond("ok"), [add]).invoke("go");
    expect(output.messages[1]).toMatchObject({ content: "2", tool_call_id: "" });
  });

  it("is thrown where that is asked for, and ends the others", async () => {
    let reason: unknown;
    const hang = tool(
      (_args, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => {
            reason = signal.reason;
            reject(signal.reason);
          });
        }),
      { name: "hang", schema: ANY },
    );
    const model = asking(["hang"], ["broken"], ["add", { a: 1 }]).respond("never");
    const loop = runTools(model, [add, broken, hang], { onToolError: "throw" });
    await expect(loop.invoke("go")).rejects.toThrow("out of order");
    expect(reason).toMatchObject({ name: "AbortError", message: "Another call of the turn failed." });
    expect(model.callCount).toBe(1);
    await expect(runTools(asking(["x"]), [], { onToolError: "throw" }).invoke("go")).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", data: { tool: "x" } }),
    );
  });

  it("is thrown where a handler with raiseError made it", async () => {
    const callbacks = [
      {
        raiseError: true,
        handleToolStart: () => {
          throw new Error("handler");
        },
      },
    ];
    const onToolError = vi.fn(() => "told");
    for (const options of [{}, { onToolError }]) {
      const model = asking(["add", { a: 1 }]).respond("never");
      await expect(runTools(model, [add], options).invoke("go", { callbacks })).rejects.toThrow("handler");
      expect(model.callCount).toBe(1);
    }
    expect(onToolError).not.toHaveBeenCalled();
  });

  it("is told to the model where a tool's own time limit or abort ended it", async () => {
    const slow = tool(() => new Promise<string>(() => {}), {
      name: "slow",
      schema: ANY,
      defaultConfig: { timeout: 5 },
    });
    const fetching = tool(() => Promise.reject(new AbortError()), { name: "fetching", schema: ANY });
    const output = await runTools(asking(["slow"], ["fetching"]).respond("ok"), [slow, fetching]).invoke("go");
    expect(output.messages.slice(1, 3)).toMatchObject([{ status: "error" }, { status: "error" }]);
    expect(output.messages[1]?.text).toMatch(/5 ms/);
    expect(output.text).toBe("ok");
  });

  it("is told in other words where a function makes them", async () => {
    const onToolError = vi.fn(async (error: unknown, { name }: { name?: string | undefined }) => `${name}: ${error}`);
    const output = await runTools(asking(["broken"]).respond("ok"), [broken], { onToolError }).invoke("go");
    expect(output.messages[1]).toMatchObject({ content: "broken: Error: out of order", status: "error" });
    expect(onToolError.mock.calls[0]?.[1]).toMatchObject({ name: "broken", id: "fake_tc_1" });
    const thrower = () => {
      throw new Error("no more");
    };
    await expect(runTools(asking(["broken"]), [broken], { onToolError: thrower }).invoke("go")).rejects.toThrow(
      "no more",
    );
  });
});

describe("the end", () => {
  const endless = () =>
    fakeModel().respond(
      () => new AIMessage({ content: "more", tool_calls: [{ name: "add", args: { a: 1, b: 1 }, id: "1" }] }),
      { times: Number.POSITIVE_INFINITY },
    );

  it("comes after maxSteps, with every call answered", async () => {
    const model = endless();
    const output = await runTools(model, [add], { maxSteps: 3 }).invoke("go");
    expect(model.callCount).toBe(3);
    expect(output).toMatchObject({ stopReason: "maxSteps", text: "more" });
    expect(output.messages.map(({ type }) => type)).toEqual(["ai", "tool", "ai", "tool", "ai", "tool"]);
    expect((await runTools(endless(), [add]).invoke("go")).steps).toHaveLength(10);
  });

  it("comes when stopWhen says so", async () => {
    const stopWhen = vi.fn(async ({ number }: { number: number }) => number === 2);
    const output = await runTools(endless(), [add], { stopWhen }).invoke("go");
    expect(output).toMatchObject({ stopReason: "stopWhen", text: "more" });
    expect(output.steps).toHaveLength(2);
    expect(stopWhen.mock.calls[0]?.[0]).toMatchObject({ number: 1, toolMessages: [{ content: "2" }] });
  });

  it("fails with what stopWhen throws", async () => {
    const stopWhen = () => {
      throw new Error("no idea");
    };
    await expect(runTools(endless(), [add], { stopWhen }).invoke("go")).rejects.toThrow("no idea");
  });

  it("comes with the answer of a returnDirect tool, and stopWhen is not asked", async () => {
    const stopWhen = vi.fn(() => false);
    const model = asking(["direct"], ["add", { a: 1, b: 1 }]).respond("never");
    const output = await runTools(model, [add, direct], { stopWhen }).invoke("go");
    expect(output).toMatchObject({ stopReason: "returnDirect", text: "final" });
    expect(output.messages.map(({ text }) => text)).toEqual(["", "final", "2"]);
    expect(stopWhen).not.toHaveBeenCalled();
    expect(model.callCount).toBe(1);
  });

  it("waits for a returnDirect tool that failed", async () => {
    const failing = tool(
      () => {
        throw new Error("no");
      },
      { name: "direct", schema: ANY, returnDirect: true },
    );
    expect((await runTools(asking(["direct"]).respond("ok"), [failing]).invoke("go")).stopReason).toBe("answer");
  });

  it("takes a message that a tool made as its answer, under whatever name", async () => {
    const own = tool(() => new ToolMessage({ content: "mine", tool_call_id: "fake_tc_1" }), {
      name: "own",
      schema: ANY,
      returnDirect: true,
    });
    const output = await runTools(asking(["own"]), [own]).invoke("go");
    expect(output).toMatchObject({ stopReason: "returnDirect", text: "mine" });
  });

  it("takes what claims to be a whole answer and is no message as its JSON", async () => {
    const odd = tool(() => ({ lc_direct_tool_output: true as const, update: 1 }), { name: "odd", schema: ANY });
    const output = await runTools(asking(["odd"]).respond("ok"), [odd]).invoke("go");
    expect(output.messages[1]).toMatchObject({
      type: "tool",
      content: '{"lc_direct_tool_output":true,"update":1}',
    });
  });
});

describe("what is told of it", () => {
  it("is one run, with the model's and the tools' below it", async () => {
    const collector = new RunCollectorCallbackHandler();
    const model = asking(["add", { a: 1, b: 2 }]).respond("done");
    await runTools(model, [add]).invoke("go", { callbacks: [collector], tags: ["mine"] });
    const [root] = collector.tracedRuns;
    expect(root).toMatchObject({ name: "runTools", run_type: "chain", inputs: { input: "go" } });
    expect(root?.child_runs.map(({ name, tags }) => [name, tags])).toEqual([
      ["FakeBuiltModel", ["step:1", "mine"]],
      ["add", ["step:1", "mine"]],
      ["FakeBuiltModel", ["step:2", "mine"]],
    ]);
  });

  it("has the name it is given, and events in order", async () => {
    const loop = runTools(asking(["add", { a: 1, b: 2 }]).respond("k"), [add], { name: "sums" });
    const events: string[] = [];
    for await (const { event, name } of loop.streamEvents("go", { version: "v2" })) {
      if (!event.endsWith("_stream")) events.push(`${event} ${name}`);
    }
    expect(events).toEqual([
      "on_chain_start sums",
      "on_chat_model_start FakeBuiltModel",
      "on_chat_model_end FakeBuiltModel",
      "on_tool_start add",
      "on_tool_end add",
      "on_chat_model_start FakeBuiltModel",
      "on_chat_model_end FakeBuiltModel",
      "on_chain_end sums",
    ]);
  });

  it("includes a failure", async () => {
    const lines: string[] = [];
    const loop = runTools(fakeModel().respond(new Error("overloaded")), []);
    await expect(loop.invoke("go", { callbacks: [noting(lines)] })).rejects.toThrow("overloaded");
    expect(lines.at(-1)).toBe("error runTools overloaded");
  });
});

describe("what it is not made of", () => {
  class Deaf extends SimpleChatModel {
    _llmType(): string {
      return "deaf";
    }
    _call(): string {
      return "";
    }
  }

  const foreign = Object.assign(
    RunnableLambda.from(() => new AIMessage("")),
    { _llmType: () => "foreign" },
  );

  test.each([
    ["maxSteps 0", () => runTools(fakeModel(), [], { maxSteps: 0 }), "INVALID_CONFIG", /at least 1, got a number 0/],
    ["maxSteps NaN", () => runTools(fakeModel(), [], { maxSteps: Number.NaN }), "INVALID_CONFIG", /NaN/],
    ["what is no tool", () => runTools(fakeModel(), [{}] as never), "INVALID_INPUT", /such as tool\(\) makes/],
    ["two of one name", () => runTools(fakeModel(), [add, add]), "INVALID_INPUT", /two called "add"/],
    ["a deaf chat model", () => runTools(new Deaf({}) as never, [add]), "NOT_SUPPORTED", /bindTools/],
    ["one of another make", () => runTools(foreign as never, [add]), "NOT_SUPPORTED", /RunnableLambda has none/],
  ])("%s", (_, make, code, message) => {
    expect(make).toThrow(LinnetError);
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  test.each([
    ["a text", RunnableLambda.from(() => "text")],
    [
      "nothing",
      RunnableLambda.from(function* () {
        // Nothing.
      }),
    ],
  ])("a model that answers with %s", async (_, model) => {
    const loop = runTools(model as never, []);
    await expect(loop.invoke("go")).rejects.toThrow(/answer with an AI message/);
    await expect(loop.stream("go")).rejects.toThrow(/answer with an AI message/);
  });

  it("refuses what is no message", async () => {
    await expect(runTools(fakeModel(), []).invoke(7 as never)).rejects.toThrow(
      expect.objectContaining({ code: "MESSAGE_COERCION_FAILURE" }),
    );
  });
});
