import { describe, expect, it, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SimpleChatModel } from "../../src/models/simple-chat-model.ts";
import { RunnableBinding } from "../../src/runnables/binding.ts";
import { RunnableBranch } from "../../src/runnables/branch.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/configurable/wiring.ts";
import "../../src/runnables/log/wiring.ts";
import "../../src/runnables/wiring.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import { type FakeBuiltModel, fakeModel } from "../../src/testing/fake-model.ts";
import { withTools } from "../../src/tools/bind-tools.ts";
import { runTools } from "../../src/tools/run-tools.ts";
import { tool } from "../../src/tools/tool.ts";
import { NUMBERS } from "./tools.ts";

const add = tool(({ a, b }) => a + b, { name: "add", description: "Adds.", schema: NUMBERS });
const other = tool((text) => text, { name: "other" });
const self = RunnableLambda.from((messages: unknown) => messages);
const asks = () =>
  fakeModel()
    .respondWithTools([{ name: "add", args: { a: 1, b: 2 } }])
    .respond("3");

class Deaf extends SimpleChatModel {
  _llmType(): string {
    return "deaf";
  }
  _call(): string {
    return "deaf";
  }
}

/** The names of the tools that each call of a model was told of. */
function toldTo(model: FakeBuiltModel): unknown[] {
  return model.calls.map(({ options }) => {
    return (options.tools as { function: { name: string } }[] | undefined)?.map((told) => told.function.name);
  });
}

/** The call options that were bound. */
function kwargsOf(bound: unknown): never {
  return (bound as RunnableBinding).kwargs as never;
}

type Wrap = (model: FakeBuiltModel) => unknown;

const WRAPS: [what: string, wrap: Wrap][] = [
  ["nothing", (model) => model],
  ["a retry", (model) => model.withRetry({ stopAfterAttempt: 2 })],
  ["a config", (model) => model.withConfig({ tags: ["agent"] })],
  ["call options", (model) => model.bind({ stop: ["x"] })],
  ["listeners", (model) => model.withListeners({ onStart: () => undefined })],
  ["fallbacks", (model) => model.withFallbacks([new Deaf({}).bind({ tools: [] } as never)])],
  ["fields that can be set", (model) => model.configurableFields({ emitCustomEvent: { id: "emit" } } as never)],
  ["a retry of a config", (model) => model.withConfig({ tags: ["agent"] }).withRetry()],
  [
    "a config of fallbacks of a retry",
    (model) => model.withRetry().withFallbacks([fakeModel()]).withConfig({ tags: [] }),
  ],
  ["a chain", (model) => self.pipe(model as never)],
  ["a chain of what is around it", (model) => self.pipe(model.withRetry() as never).withConfig({ tags: [] })],
  ["a chain with a step after it", (model) => self.pipe(model as never).pipe((message: unknown) => message)],
  ["a chain of chains", (model) => self.pipe(self.pipe(model as never))],
];

describe("a model is told of the tools of a loop", () => {
  test.each(WRAPS)("inside of %s, by invoke", async (_what, wrap) => {
    const model = asks();
    const output = await runTools(wrap(model) as never, [add]).invoke("go");
    expect(output.messages.slice(1).map(({ text }) => text)).toEqual(["3", "3"]);
    expect(toldTo(model)).toEqual([["add"], ["add"]]);
  });

  test.each(WRAPS)("inside of %s, by stream", async (_what, wrap) => {
    const model = asks();
    for await (const _ of runTools(wrap(model) as never, [add]).astream("go"));
    expect(toldTo(model)).toEqual([["add"], ["add"]]);
  });

  test.each(WRAPS.slice(1))("inside of %s, which itself stays as it was", async (_what, wrap) => {
    const model = asks();
    const wrapped = wrap(model) as Runnable<unknown, unknown>;
    runTools(wrapped as never, [add]);
    await wrapped.invoke([new HumanMessage("go")]);
    expect(toldTo(model)).toEqual([undefined]);
  });

  it("by call options or by a config, as its author likes", async () => {
    const model = asks();
    const { bindTools } = model;
    Object.assign(model, {
      bindTools: (tools: never) => model.withConfig(kwargsOf(bindTools.call(model, tools))),
    });
    const set = model.configurableFields({ emitCustomEvent: { id: "emit" } } as never);
    await runTools(set, [add]).invoke("go");
    await runTools(fakeModel().respond("ok"), [add]).invoke("go");
    expect(toldTo(model)).toEqual([["add"], ["add"]]);
  });

  it("also as the fallback of another, which is told too", async () => {
    const broken = fakeModel().respond(new Error("down"), { times: 2 });
    const model = asks();
    const output = await runTools(broken.withFallbacks([model]), [add]).invoke("go");
    expect(output.text).toBe("3");
    expect([toldTo(broken), toldTo(model)]).toEqual([
      [["add"], ["add"]],
      [["add"], ["add"]],
    ]);
  });

  it("beside a fallback that no model can be seen in", async () => {
    const broken = fakeModel().respond(new Error("down"));
    const sorry = RunnableLambda.from(() => new AIMessage("sorry"));
    expect((await runTools(broken.withFallbacks([sorry] as never), [add]).invoke("go")).text).toBe("sorry");
    expect(toldTo(broken)).toEqual([["add"]]);
  });

  it("with all that was around it still there", async () => {
    const tags: unknown[] = [];
    const starts: string[] = [];
    const failed: number[] = [];
    const model = fakeModel().respond(new Error("busy")).respond("ok");
    const wrapped = model
      .bind({ stop: ["x"] })
      .withConfig({ tags: ["mine"] })
      .withListeners({ onStart: (run) => void starts.push(run.name) })
      .withRetry({ stopAfterAttempt: 2, initialDelayMs: 0, onFailedAttempt: () => void failed.push(1) });
    const handler = { handleChatModelStart: (...given: unknown[]) => void tags.push(given[5]) };
    const { text } = await runTools(wrapped, [add]).invoke("go", { callbacks: [handler] });
    expect([text, failed.length, starts.length]).toEqual(["ok", 1, 2]);
    expect(model.calls.map(({ options }) => options.stop)).toEqual([["x"], ["x"]]);
    expect(tags).toEqual([expect.arrayContaining(["mine"]), expect.arrayContaining(["mine"])]);
    const options = { shouldFallback: () => false };
    const strict = fakeModel()
      .respond(new Error("down"))
      .withFallbacks({ fallbacks: [asks()], ...options });
    await expect(runTools(strict, [add]).invoke("go")).rejects.toThrow("down");
    const named = RunnableSequence.from([self, asks()], { name: "asking", omitSequenceTags: true });
    expect(withTools(named as never, [add])).toMatchObject({ name: "asking", omitSequenceTags: true });
    const three = RunnableSequence.from([self, asks(), (message: unknown) => message]);
    expect((withTools(three as never, [add]) as unknown as RunnableSequence).steps).toHaveLength(3);
  });

  it("as the last one of a chain, since that is the one that answers", async () => {
    const rewriter = fakeModel().respond("rewritten", { times: 2 });
    const model = asks();
    const chain = RunnableSequence.from([rewriter, (message: AIMessage) => [message], model]);
    await runTools(chain as never, [add]).invoke("go");
    expect([toldTo(rewriter), toldTo(model)]).toEqual([
      [undefined, undefined],
      [["add"], ["add"]],
    ]);
  });
});

describe("a model that was told of tools before", () => {
  const once = () => fakeModel().respond("ok");
  test.each<[what: string, wrap: Wrap]>([
    ["by itself", (model) => model.bindTools([other])],
    ["and then retried", (model) => model.bindTools([other]).withRetry()],
    ["over a retry", (model) => model.withRetry().bind(kwargsOf(model.bindTools([other])))],
    [
      "by its config",
      (model) => model.withConfig({ tools: [{ type: "function", function: { name: "other" } }] } as never),
    ],
    ["and falls back", (model) => model.bindTools([other]).withFallbacks([fakeModel().bindTools([other])])],
    ["at the end of a chain", (model) => self.pipe(model.bindTools([other]) as never)],
    ["behind a choice", (model) => RunnableBranch.from([[() => false, self], model.bindTools([other])] as never)],
  ])("keeps those: %s", async (_what, wrap) => {
    const model = once();
    expect((await runTools(wrap(model as never) as never, [add]).invoke("go")).text).toBe("ok");
    expect(toldTo(model)).toEqual([["other"]]);
  });

  it("keeps those also where they are said as functions, and none is no tool", async () => {
    const model = once().respond("ok");
    await runTools(model.bind({ functions: [{ name: "other" }] } as never), [add]).invoke("go");
    await runTools(model.withRetry(), []).invoke("go");
    expect(toldTo(model)).toEqual([undefined, undefined]);
  });
});

describe("no model is left without its tools in silence", () => {
  class Own extends RunnableBinding {}

  test.each<[what: string, made: unknown, message: RegExp]>([
    ["a deaf one in a retry", new Deaf({}).withRetry(), /Deaf to implement bindTools/],
    ["a deaf one as a fallback", fakeModel().withFallbacks([new Deaf({})]), /Deaf to implement bindTools/],
    ["one of another make in a config", withModelType().withConfig({}), /with bindTools, and RunnableLambda has none/],
    ["a binding of another class", new Own({ bound: fakeModel() as never }), /model\.bindTools\(tools\)/],
    ["a branch", RunnableBranch.from([[() => true, fakeModel()], self] as never), /model\.bindTools\(tools\)/],
    ["a default of a branch", RunnableBranch.from([[() => true, self], fakeModel()] as never), /model\.bindTools/],
    [
      "alternatives",
      fakeModel().configurableAlternatives({ id: "model" }, { alternatives: { other: fakeModel() } } as never),
      /inside of FakeBuiltModel to know of the tools.*Bind them before it is wrapped: model\.bindTools\(tools\)\./,
    ],
    [
      "an alternative",
      RunnableLambda.from(() => new AIMessage("")).configurableAlternatives({ id: "model" }, {
        alternatives: { other: fakeModel(), text: () => new AIMessage("") },
      } as never),
      /model\.bindTools\(tools\)/,
    ],
    [
      "fields of what is wrapped",
      fakeModel()
        .withRetry()
        .configurableFields({ maxAttemptNumber: { id: "n" } } as never),
      /bindTools\(tools\)/,
    ],
  ])("%s", (_what, made, message) => {
    const make = () => runTools(made as never, [add]);
    expect(make).toThrow(expect.objectContaining({ code: "NOT_SUPPORTED", message: expect.stringMatching(message) }));
  });

  function withModelType() {
    return Object.assign(
      RunnableLambda.from(() => new AIMessage("")),
      { _llmType: () => "foreign" },
    );
  }

  it("no model at all, which is told of", () => {
    expect(() => runTools(undefined as never, [add])).toThrow(LinnetError);
    expect(() => runTools(null as never, [add])).toThrow(LinnetError);
  });

  test.each<[what: string, made: unknown]>([
    ["a function", () => new AIMessage("plain")],
    ["a retried function", RunnableLambda.from(() => new AIMessage("plain")).withRetry()],
    ["a chain of functions", self.pipe(() => new AIMessage("plain"))],
    ["a branch of functions", RunnableBranch.from([[() => false, self], () => new AIMessage("plain")] as never)],
    ["a function with fields", RunnableLambda.from(() => new AIMessage("plain")).configurableFields({} as never)],
    ["a binding of another class", new Own({ bound: RunnableLambda.from(() => new AIMessage("plain")) as never })],
  ])("but what no model can be seen in is taken as it is: %s", async (_what, made) => {
    expect((await runTools(made as never, [add]).invoke("go")).text).toBe("plain");
  });

  test.each([[undefined], [{ a: 1 }], [add], ["add"]])("a list that is none is told of: %o", (tools) => {
    const wrong = expect.objectContaining({
      code: "INVALID_INPUT",
      message: expect.stringMatching(/^Expected a list of tools, got .*\. Give \[\] for none\.$/),
    });
    expect(() => runTools(fakeModel(), tools as never)).toThrow(wrong);
  });

  test.each([[undefined], [add]])("a fake tells of a list that is none, too: %o", (tools) => {
    expect(() => fakeModel().bindTools(tools as never)).toThrow(
      /^Expected a list of tools to bind, got .*bindTools\(\[tool\]\)/,
    );
  });
});
