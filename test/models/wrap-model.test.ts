import { describe, expect, expectTypeOf, it, test, vi } from "vitest";
import { RunCollectorCallbackHandler } from "../../src/callbacks/tracers/run-collector.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import type { BaseChatModel } from "../../src/models/base-chat-model.ts";
import { InMemoryCache } from "../../src/models/calls/in-memory-cache.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import "../../src/models/generate/wiring.ts";
import "../../src/models/stream/wiring.ts";
import "../../src/models/structured/wiring.ts";
import { SimpleChatModel } from "../../src/models/simple-chat-model.ts";
import { defaultSettings, type ModelMiddleware, wrapModel } from "../../src/models/wrap-model.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../src/outputs/chat-result.ts";
import { ChatPromptValue } from "../../src/outputs/prompt-value.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";
import { chatModelConformance } from "../../src/testing/conformance/conformance.ts";
import { type FakeModelCallOptions, fakeModel } from "../../src/testing/fake-model.ts";
import { defer, settle } from "../helpers/timing.ts";

const parrot = (fields: object = {}) =>
  new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 100, ...fields });

async function texts(stream: AsyncIterable<AIMessageChunk>): Promise<string[]> {
  const given: string[] = [];
  for await (const { text } of stream) given.push(text);
  return given;
}

const shouting: ModelMiddleware = {
  async wrapGenerate({ doGenerate }) {
    const { generations } = await doGenerate();
    const message = new AIMessage(generations[0]?.text?.toUpperCase() ?? "");
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  },
  async *wrapStream({ doStream }) {
    for await (const { text } of doStream()) {
      yield new ChatGenerationChunk({ message: new AIMessageChunk(text.toUpperCase()) });
    }
  },
};

const passing: ModelMiddleware = {
  transformParams: ({ messages, options }) => ({ messages, options: { ...options } }),
  wrapGenerate: ({ doGenerate }) => doGenerate(),
  wrapStream: ({ doStream }) => doStream(),
};

describe("a wrapped model", () => {
  it("answers as the model does, where the middleware does nothing", async () => {
    const wrapped = wrapModel(parrot(), {}, {});
    const reply = await wrapped.invoke("hey");
    expect(reply.text).toBe("hey");
    expect(reply.usage_metadata).toEqual({ input_tokens: 3, output_tokens: 3, total_tokens: 6 });
    expect(await texts(wrapped.astream("hey"))).toEqual(["h", "e", "y", ""]);
    expect((await wrapModel(parrot()).invoke("hey")).text).toBe("hey");
    expectTypeOf(wrapModel(fakeModel())).toEqualTypeOf<BaseChatModel<FakeModelCallOptions>>();
  });

  it("answers and streams through its wraps", async () => {
    const wrapped = wrapModel(parrot(), shouting);
    expect((await wrapped.invoke("hey")).text).toBe("HEY");
    expect(await texts(wrapped.astream("hey"))).toEqual(["H", "E", "Y", ""]);
    expect((await wrapped.generate([[new HumanMessage("a")]])).generations[0]?.[0]?.text).toBe("A");
  });

  it("has its first middleware outermost", async () => {
    const lines: string[] = [];
    const noted = (name: string): ModelMiddleware => ({
      transformParams: (params, call) => {
        lines.push(`params ${name} ${call}`);
        return params;
      },
      wrapGenerate: async ({ doGenerate }) => {
        lines.push(`in ${name}`);
        const result = await doGenerate();
        lines.push(`out ${name}`);
        return result;
      },
      wrapStream: ({ doStream }) => {
        lines.push(`stream ${name}`);
        return doStream();
      },
    });
    const wrapped = wrapModel(parrot(), noted("a"), noted("b"));
    await wrapped.invoke("x");
    expect(lines.splice(0)).toEqual(["params a generate", "in a", "params b generate", "in b", "out b", "out a"]);
    await texts(wrapped.astream("x"));
    expect(lines).toEqual(["params a stream", "stream a", "params b stream", "stream b"]);
  });

  it("is asked what transformParams and the wraps make of the call", async () => {
    const model = fakeModel().respond("ok", { times: 3 });
    const asked = { messages: [new HumanMessage("instead")], options: { stop: ["."], signal: undefined } };
    await wrapModel(model, { transformParams: async () => asked }).invoke("hi");
    await wrapModel(model, { wrapGenerate: ({ doGenerate }) => doGenerate(asked) }).invoke("hi");
    await texts(wrapModel(model, { wrapStream: async ({ doStream }) => doStream(asked) }).astream("hi"));
    for (const { messages, options } of model.calls) {
      expect(messages[0]?.text).toBe("instead");
      expect(options.stop).toEqual(["."]);
    }
    expect(model.callCount).toBe(3);
  });

  it("may be answered without the model, and asked twice", async () => {
    const model = fakeModel().respond("one").respond("two");
    const message = new AIMessage("canned");
    const canned = () => new ChatResult({ generations: [new ChatGeneration({ message })] });
    expect((await wrapModel(model, { wrapGenerate: canned }).invoke("x")).text).toBe("canned");
    expect(model.callCount).toBe(0);
    const twice = wrapModel(model, {
      wrapGenerate: async ({ doGenerate }) => {
        await doGenerate();
        return doGenerate();
      },
    });
    expect((await twice.invoke("x")).text).toBe("two");
  });

  it("keeps the caller's list of messages apart", async () => {
    const input = new ChatPromptValue([new HumanMessage("a")]);
    const wrapped = wrapModel(parrot(), {
      transformParams: ({ messages, options }) => {
        messages.push(new HumanMessage("b"));
        return { messages, options };
      },
    });
    expect((await wrapped.invoke(input)).text).toBe("b");
    expect((await texts(wrapped.astream(input))).join("")).toBe("b");
    expect(input.toChatMessages()).toHaveLength(1);
  });

  it("gives the middleware the model, and the call's options", async () => {
    const model = parrot();
    const wrapGenerate = vi.fn(({ doGenerate }) => doGenerate());
    await wrapModel(model, { wrapGenerate }).invoke("hi", { stop: ["i"] });
    expect(wrapGenerate.mock.calls[0]?.[0]).toMatchObject({ model, params: { options: { stop: ["i"] } } });
  });

  test.each(["wrapGenerate", "wrapStream", "transformParams"] as const)("fails with what %s throws", async (hook) => {
    const wrapped = wrapModel(parrot(), {
      [hook]: () => {
        throw new Error("no");
      },
    });
    const outcome = hook === "wrapStream" ? wrapped.stream("x") : wrapped.invoke("x");
    await expect(outcome).rejects.toThrow("no");
  });
});

describe("middleware that does not give what it should", () => {
  test.each<[string, ModelMiddleware, string]>([
    [
      "transformParams without messages",
      { transformParams: ({ options }) => ({ options }) as never },
      "Expected transformParams to give { messages: [...], options: {...} }, got an object with key options.",
    ],
    [
      "transformParams without options",
      { transformParams: ({ messages }) => ({ messages, options: null }) as never },
      "Expected transformParams to give {",
    ],
    ["transformParams that gives nothing", { transformParams: () => undefined as never }, "got undefined."],
    [
      "doGenerate asked for what is none",
      { wrapGenerate: ({ doGenerate }) => doGenerate("hi" as never) },
      'Expected doGenerate to be given { messages: [...], options: {...} }, got a string "hi".',
    ],
  ])("is named: %s", async (_what, middleware, message) => {
    const model = fakeModel().respond("ok");
    const failure = wrapModel(model, middleware).invoke("x");
    await expect(failure).rejects.toMatchObject({ code: "INVALID_INPUT", message: expect.stringContaining(message) });
    expect(model.callCount).toBe(0);
  });

  test.each<[string, ModelMiddleware, string]>([
    ["no stream", { wrapStream: () => undefined as never }, "Expected wrapStream to give an iterable of chunks"],
    ["null for a stream", { wrapStream: () => null as never }, "got null."],
    ["a text for a stream", { wrapStream: () => "hi" as never }, 'got a string "hi".'],
    ["an object for a stream", { wrapStream: () => ({}) as never }, "got an empty object."],
    [
      "doStream asked for what is none",
      { wrapStream: ({ doStream }) => doStream(4 as never) },
      "Expected doStream to be",
    ],
  ])("is named: %s", async (_what, middleware, message) => {
    const failure = wrapModel(parrot(), middleware).stream("x");
    await expect(failure).rejects.toMatchObject({ code: "INVALID_INPUT", message: expect.stringContaining(message) });
  });

  test("a list may be a stream", async () => {
    const chunk = new ChatGenerationChunk({ message: new AIMessageChunk("z") });
    expect(await texts(await wrapModel(parrot(), { wrapStream: () => [chunk] }).stream("x"))).toContain("z");
  });

  test.each([undefined, null, "mw"])("%s is no middleware, and none after it is lost", (given) => {
    expect(() => wrapModel(parrot(), given as never, shouting)).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        message: expect.stringContaining("Expected wrapModel to be given middleware as objects, got "),
      }),
    );
  });
});

describe("what it takes over from its model", () => {
  const model = parrot({ tags: ["mine"], metadata: { a: 1 }, timeout: 500, maxRetries: 2 });
  const wrapped = wrapModel(model, {});

  it("is its name, its identity and its limits", async () => {
    expect(wrapped.getName()).toBe("ChatParrotLink");
    expect(wrapped._llmType()).toBe("echoing-chat-model-advanced");
    expect(wrapped._identifyingParams()).toEqual({ model_name: "bird-brain-001" });
    expect(String(wrapped)).toBe(String(model));
    expect(wrapped.invocationParams({})).toEqual(model.invocationParams({}));
    expect(wrapped.getLsParams({})).toEqual(model.getLsParams({}));
    expect(wrapped.profile).toEqual(model.profile);
    expect(wrapped.lc_secrets).toEqual(model.lc_secrets);
    expect(wrapped).toMatchObject({ tags: ["mine"], metadata: { a: 1 }, timeout: 500, maxRetries: 2 });
    expect(await wrapped.getNumTokens("12345678")).toBe(2);
    expect(JSON.stringify(wrapped.toJSON())).toBe(JSON.stringify(model.toJSON()));
  });

  it("is the run that is told: one, under its name", async () => {
    const [own, its] = [new RunCollectorCallbackHandler(), new RunCollectorCallbackHandler()];
    await wrapped.invoke("hi", { callbacks: [own], stop: ["!"] });
    await model.invoke("hi", { callbacks: [its], stop: ["!"] });
    const [told, expected] = [own.tracedRuns[0], its.tracedRuns[0]];
    expect(own.tracedRuns).toHaveLength(1);
    expect(told?.child_runs).toEqual([]);
    for (const key of ["name", "run_type", "tags", "serialized", "inputs"] as const) {
      expect(told?.[key], key).toEqual(expected?.[key]);
    }
    expect(told?.extra).toEqual(expected?.extra);
  });

  it("are its events, token by token", async () => {
    const eventsOf = async (of: BaseChatModel) => {
      const events: unknown[] = [];
      for await (const { event, name, data } of of.streamEvents("hi", { version: "v2" })) {
        events.push([event, name, (data as { chunk?: AIMessageChunk }).chunk?.text]);
      }
      return events;
    };
    expect(await eventsOf(wrapped)).toEqual(await eventsOf(model));
    const shouted = await eventsOf(wrapModel(model, shouting));
    expect(shouted[1]).toEqual(["on_chat_model_stream", "ChatParrotLink", "H"]);
  });

  it("is what its model said of several calls together", async () => {
    const summing = Object.assign(parrot(), { _combineLLMOutput: (...all: unknown[]) => ({ calls: all.length }) });
    const { llmOutput } = await wrapModel(summing, {}).generate([["a"], ["b"]]);
    expect(llmOutput).toEqual({ calls: 2 });
    const plain = await model.generate([["a"]]);
    expect((await wrapped.generate([["a"]])).llmOutput).toEqual(plain.llmOutput);
  });

  it("are the tools that are bound, below the middleware", async () => {
    const fake = fakeModel().respond("ok", { times: 2 });
    const seen: unknown[] = [];
    const noting: ModelMiddleware = {
      transformParams: (params) => {
        seen.push((params.options as { tools?: unknown[] }).tools?.length);
        return params;
      },
    };
    const bound = wrapModel(fake, noting).bindTools([{ name: "t", schema: { type: "object" } }]);
    await bound.invoke("x");
    expect(seen).toEqual([1]);
    expect(fake.calls[0]?.options.tools).toHaveLength(1);
  });

  it("are tools that its model has in a copy; what else it makes of them is refused", async () => {
    const copying = Object.assign(parrot(), { bindTools: () => parrot({ parrotBufferLength: 1 }) });
    const bound = wrapModel(copying as never, shouting).bindTools([]);
    expect((await bound.invoke("hey")).text).toBe("H");
    const odd = Object.assign(parrot(), { bindTools: () => RunnableLambda.from(() => "x") });
    expect(() => wrapModel(odd as never, {}).bindTools([])).toThrow(expect.objectContaining({ code: "NOT_SUPPORTED" }));
    const other = Object.assign(parrot(), { bindTools: () => parrot().bind({ stop: ["a"] }) });
    expect(() => wrapModel(other as never, {}).bindTools([])).toThrow(/Wrap what it gives/);
  });

  test.each(["invoke", "stream"] as const)("is its cache, below the middleware, by %s", async (verb) => {
    const cache = new InMemoryCache();
    const cached = parrot({ cache });
    let asked = 0;
    const hook = verb === "invoke" ? "_generate" : "_stream";
    const original = cached[hook].bind(cached) as (...given: unknown[]) => never;
    cached[hook] = (...given: unknown[]) => {
      asked += 1;
      return original(...given);
    };
    const said = async (of: BaseChatModel) =>
      verb === "invoke" ? (await of.invoke("hey")).text : (await texts(of.astream("hey"))).join("");
    expect(await said(wrapModel(cached, shouting))).toBe("HEY");
    expect(await said(wrapModel(cached, shouting))).toBe("HEY");
    // What is kept is what the model said.
    expect(await said(wrapModel(cached))).toBe("hey");
    expect(await said(cached)).toBe("hey");
    expect(asked).toBe(1);
  });

  it("is its maxConcurrency, shared with the model itself", async () => {
    let now = 0;
    let most = 0;
    const narrow = Object.assign(parrot({ maxConcurrency: 1 }), {
      _generate: async () => {
        now += 1;
        most = Math.max(most, now);
        await Promise.resolve();
        now -= 1;
        return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage("ok") })] });
      },
    });
    await Promise.all([wrapModel(narrow, {}).batch(["a", "b"]), narrow.batch(["c", "d"])]);
    expect(most).toBe(1);
  });
});

describe("a model with one hook", () => {
  class Plain extends SimpleChatModel {
    _llmType(): string {
      return "plain";
    }
    _call(): string {
      return "plain";
    }
  }

  it("streams its whole answer, through wrapGenerate", async () => {
    const wrapped = wrapModel(new Plain({}), shouting);
    expect(await texts(wrapped.astream("x"))).toEqual(["PLAIN"]);
  });

  it("has no stream to give to middleware", async () => {
    const asksStream: ModelMiddleware = {
      wrapGenerate: async ({ doStream }) => {
        for await (const _ of doStream());
        throw new Error("unreached");
      },
    };
    await expect(wrapModel(new Plain({}), asksStream).invoke("x")).rejects.toThrow(
      expect.objectContaining({ code: "MODEL_HOOK_MISSING" }),
    );
  });

  it("is summed through wrapStream where it only streams, and has no whole to give", async () => {
    const streaming = Object.assign(parrot(), { _generate: undefined });
    expect((await wrapModel(streaming as never, shouting).invoke("hey")).text).toBe("HEY");
    const asksWhole: ModelMiddleware = {
      async *wrapStream({ doGenerate }) {
        await doGenerate();
        yield new ChatGenerationChunk({ message: new AIMessageChunk("unreached") });
      },
    };
    await expect(wrapModel(streaming as never, asksWhole).stream("x")).rejects.toThrow(
      expect.objectContaining({ code: "MODEL_HOOK_MISSING" }),
    );
  });
});

describe("leaving and aborting", () => {
  const endless = (released: string[], fields: object = {}) =>
    Object.assign(parrot(fields), {
      _stream: async function* () {
        try {
          for (;;) yield new ChatGenerationChunk({ message: new AIMessageChunk("x") });
        } finally {
          released.push("released");
        }
      },
    });

  test.each([
    ["plainly", {}],
    ["through a cache", { cache: new InMemoryCache() }],
    ["through a limit", { maxConcurrency: 1 }],
  ])("releases the model, %s", async (_, fields) => {
    const released: string[] = [];
    const wrapped = wrapModel(endless(released, fields), shouting);
    for await (const _chunk of wrapped.astream("x")) break;
    expect(released).toEqual(["released"]);
  });

  test.each([
    ["invoke", (model: BaseChatModel, signal?: AbortSignal) => model.invoke("x", { signal })],
    ["stream", (model: BaseChatModel, signal?: AbortSignal) => texts(model.astream("x", { signal }))],
  ] as const)("takes a call out of the line of its model, by %s", async (_, call) => {
    const controller = new AbortController();
    const gate = defer<void>();
    let asked = 0;
    const narrow = Object.assign(parrot({ maxConcurrency: 1 }), {
      _generate: async () => {
        asked += 1;
        await gate.promise;
        return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage("ok") })] });
      },
      _stream: async function* () {
        asked += 1;
        await gate.promise;
        yield new ChatGenerationChunk({ message: new AIMessageChunk("ok") });
      },
    });
    const first = call(wrapModel(narrow, {}));
    await settle();
    const second = call(wrapModel(narrow, {}), controller.signal);
    second.catch(() => {});
    await settle();
    controller.abort();
    await expect(second).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    gate.resolve();
    await first;
    await settle();
    expect(asked).toBe(1);
  });
});

describe("a call that is over while its middleware is still busy", () => {
  const busy = () => {
    const gate = defer<void>();
    const model = fakeModel().respond("late", { times: 3 });
    const wrapped = wrapModel(model, {
      transformParams: async (params) => {
        await gate.promise;
        return params;
      },
    });
    return { gate, model, wrapped };
  };

  test.each<[string, (model: BaseChatModel, signal: AbortSignal) => Promise<unknown>]>([
    ["invoke", (model, signal) => model.invoke("x", { signal })],
    ["stream", (model, signal) => model.stream("x", { signal })],
    ["streamEvents", async (model, signal) => model.streamEvents("x", { signal })],
  ])("does not reach the model, by %s", async (_verb, call) => {
    const { gate, model, wrapped } = busy();
    const controller = new AbortController();
    const answer = call(wrapped, controller.signal);
    answer.catch(() => {});
    await settle();
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    gate.resolve();
    await settle();
    expect(model.callCount).toBe(0);
  });

  it("does not reach the model, where its reader left", async () => {
    const { gate, model, wrapped } = busy();
    const stream = wrapped.astream("x");
    const pending = stream.next();
    await settle();
    await stream.return(undefined);
    expect((await pending).done).toBe(true);
    gate.resolve();
    await settle();
    expect(model.callCount).toBe(0);
  });
});

describe("the content-block stream of a wrapped model", () => {
  it("passes the middleware, and not by way of the model's own events", async () => {
    const model = Object.assign(parrot(), {
      async *_streamChatModelEvents() {
        yield { event: "message-start" };
        throw new Error("unreached");
      },
    });
    const stream = wrapModel(model, shouting).streamEvents("hey");
    expect((await stream).text).toBe("HEY");
    expect(await stream.text).toBe("HEY");
  });
});

describe("structured output of a wrapped model", () => {
  const schema = { type: "object", properties: { bird: { type: "string" } }, required: ["bird"] } as const;

  it.each(["functionCalling", "jsonMode"])("passes the middleware, by %s", async (method) => {
    const seen: unknown[] = [];
    const noting: ModelMiddleware = {
      transformParams: (params, call) => {
        seen.push([
          call,
          Object.keys(params.options)
            .filter((key) => /tool|format/.test(key))
            .sort(),
        ]);
        return params;
      },
    };
    const model =
      method === "jsonMode"
        ? fakeModel().respond('{"bird":"linnet"}')
        : fakeModel().respondWithTools([{ name: "extract", args: { bird: "linnet" }, id: "1" }]);
    const reads = wrapModel(model, noting).withStructuredOutput(schema, { method });
    expect(await reads.invoke("which?")).toEqual({ bird: "linnet" });
    expect(seen).toEqual([["generate", method === "jsonMode" ? ["response_format"] : ["tool_choice", "tools"]]]);
  });
});

describe("the conformance kit", () => {
  const rules = chatModelConformance(() => wrapModel(parrot(), {}, passing), {});
  test.each(rules.filter(({ skip }) => skip === undefined).map((rule) => [rule.name, rule.run] as const))(
    "finds that it keeps: %s",
    async (_, run) => {
      await run();
    },
  );
});

describe("defaultSettings", () => {
  it("gives options that the call does not set", async () => {
    const model = fakeModel().respond("ok", { times: 2 });
    const wrapped = wrapModel(model, defaultSettings({ stop: ["."], temperature: 0 }));
    await wrapped.invoke("x");
    await wrapped.invoke("x", { stop: ["!"] });
    expect(model.calls.map(({ options }) => [options.stop, (options as { temperature?: number }).temperature])).toEqual(
      [
        [["."], 0],
        [["!"], 0],
      ],
    );
  });
});

it("refuses a hook of a name that is none, and takes what is no hook", () => {
  for (const hook of ["wrapgenerate", "wrapCall", "transformParam"]) {
    expect(() => wrapModel(parrot(), {}, { [hook]() {} } as never)).toThrow(
      `Expected the hooks of a middleware to be among transformParams, wrapGenerate, wrapStream, got a string "${hook}".`,
    );
  }
  class Named implements ModelMiddleware {
    readonly name = "named";
    readonly helper = () => "not a hook";
    wrapGenerate({ doGenerate }: Parameters<Required<ModelMiddleware>["wrapGenerate"]>[0]) {
      return doGenerate();
    }
  }
  expect(wrapModel(parrot(), new Named()).getName()).toBe("ChatParrotLink");
});

it("takes over the form of the messages", () => {
  expect(wrapModel(parrot({ outputVersion: "v1" }), {}).outputVersion).toBe("v1");
});

it("refuses what is no chat model", () => {
  expect(() => wrapModel(parrot().bind({}) as never, {})).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
});
