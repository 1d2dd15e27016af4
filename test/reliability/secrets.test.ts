import { inspect } from "node:util";
import { afterEach, describe, expect, it, test } from "vitest";
import {
  AIMessage,
  AIMessageChunk,
  BaseChatModel,
  type BaseLanguageModelInput,
  type CallbackHandler,
  ChatGeneration,
  ChatGenerationChunk,
  ChatPromptTemplate,
  ChatResult,
  ConsoleCallbackHandler,
  DynamicStructuredTool,
  HumanMessage,
  InMemoryCache,
  InMemoryRateLimiter,
  JsonlTracer,
  JsonOutputParser,
  LLM,
  PromptTemplate,
  RunCollectorCallbackHandler,
  type Runnable,
  type RunnableConfig,
  RunnableLambda,
  runTools,
  Secret,
  StringOutputParser,
  StructuredOutputParser,
  tool,
  wrapModel,
} from "../../src/entries/index.ts";
import { chatModelConformance } from "../../src/entries/testing.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { collectReports } from "../helpers/reports.ts";

/** A key kept as a `Secret`, and one that the class names in `lc_secrets`. */
const SECRET = "sk-live-0123456789";
const DECLARED = "sk-declared-abcdefgh";
const KEY = /sk-(?:live|declared)/;

const reports = collectReports();

afterEach(() => {
  expect(KEY.test(inspect(reports, { depth: 30 }))).toBe(false);
});

interface KeyFields {
  readonly answer?: () => AIMessage;
}

/** A model as an author writes one: with a key of each kind, shown wherever authors may show anything. */
class KeyedModel extends BaseChatModel {
  readonly apiKey: string = DECLARED;
  readonly token: Secret = Secret.from(SECRET);
  readonly answer: () => AIMessage;
  override lc_kwargs: Record<string, unknown>;

  constructor(fields: KeyFields = {}) {
    super({});
    this.answer = fields.answer ?? (() => new AIMessage('{"bird": "linnet"}'));
    this.lc_kwargs = { apiKey: DECLARED, token: this.token, headers: { apiKey: DECLARED }, model: "keyed-1" };
  }

  static override lc_name(): string {
    return "KeyedModel";
  }

  override get lc_secrets(): Record<string, string> {
    return { apiKey: "API_KEY" };
  }

  _llmType(): string {
    return "keyed";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "keyed-1", apiKey: this.apiKey, token: this.token, headers: { apiKey: this.apiKey } };
  }

  override invocationParams(): Record<string, unknown> {
    return { apiKey: this.apiKey, token: this.token, client: { apiKey: this.apiKey, auth: [this.token] } };
  }

  override bindTools(tools: object[]): Runnable<BaseLanguageModelInput, AIMessageChunk> {
    return this.bind({ tools, token: this.token } as never) as never;
  }

  override async _generate(): Promise<ChatResult> {
    return new ChatResult({ generations: [new ChatGeneration({ message: this.answer() })] });
  }

  override async *_streamResponseChunks(): AsyncGenerator<ChatGenerationChunk> {
    const { content, tool_calls } = this.answer();
    const text = String(content);
    const pieces = tool_calls.map(({ name, args, id }, index) => ({ name, args: JSON.stringify(args), id, index }));
    if (pieces.length > 0) {
      yield new ChatGenerationChunk({ message: new AIMessageChunk({ content: "", tool_call_chunks: pieces }) });
    }
    for (let at = 0; at < text.length; at += 5) {
      yield new ChatGenerationChunk({ message: new AIMessageChunk(text.slice(at, at + 5)) });
    }
  }
}

/** Every print that a value has. */
function printsOf(value: unknown): string[] {
  const prints = [inspect(value, { depth: 30, showHidden: true, maxStringLength: null, maxArrayLength: null })];
  for (const print of [() => String(value), () => `${value as string}`, () => JSON.stringify(value) ?? ""]) {
    try {
      prints.push(print());
    } catch (error) {
      // What refuses to be printed may not show anything by that either.
      prints.push(inspect(error));
    }
  }
  if (value instanceof Error) {
    const { message, stack = "", cause } = value;
    prints.push(message, stack, inspect((value as { data?: unknown }).data, { depth: 30 }));
    if (cause !== undefined) prints.push(...printsOf(cause));
  }
  return prints;
}

function expectHidden(where: string, ...values: unknown[]): void {
  for (const value of values) {
    for (const print of printsOf(value)) {
      const place = print.search(KEY);
      if (place !== -1) expect.fail(`${where} shows a key: …${print.slice(Math.max(0, place - 300), place + 40)}…`);
    }
  }
}

/** What everybody who may watch a run is told of it, and what it gives or throws. */
async function watched(
  runnable: Runnable<never, unknown>,
  input: unknown,
  config: RunnableConfig = {},
): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  const any = runnable as Runnable<unknown, unknown>;
  const settle = async (work: () => unknown): Promise<unknown> => {
    try {
      const given = await work();
      if (typeof (given as AsyncIterable<unknown>)?.[Symbol.asyncIterator] !== "function") return given;
      const items: unknown[] = [];
      told.partly = items;
      for await (const item of given as AsyncIterable<unknown>) items.push(item);
      return items;
    } catch (error) {
      return error;
    }
  };
  const calls: Call[] = [];
  const lines: string[] = [];
  const collector = new RunCollectorCallbackHandler();
  const callbacks: CallbackHandler[] = [
    recordingHandler(calls),
    new ConsoleCallbackHandler({ write: (line: string) => void lines.push(line) } as never),
    new JsonlTracer({ write: (line: string) => void lines.push(line) }),
    collector,
  ];
  const observed = { ...config, callbacks };
  told.invoke = await settle(() => any.invoke(input, observed));
  told.stream = await settle(() => any.stream(input, observed));
  told.batch = await settle(() => any.batch([input, input], observed, { returnExceptions: true }));
  told.v1 = await settle(() => any.streamEvents(input, { ...config, version: "v1" }));
  told.v2 = await settle(() => any.streamEvents(input, { ...config, version: "v2" }));
  told.events = await settle(() => any.streamEvents(input, { ...config, errorEvents: true } as never));
  told.encoded = await settle(async () => {
    const bytes = await settle(() =>
      any.streamEvents(input, { ...config, version: "v2", encoding: "text/event-stream" } as never),
    );
    return Array.isArray(bytes) ? bytes.map((part) => new TextDecoder().decode(part as Uint8Array)) : bytes;
  });
  told.log = await settle(() => any.streamLog(input, config));
  Object.assign(told, { calls, lines, runs: collector.tracedRuns });
  expect(calls.length).toBeGreaterThan(0);
  expect(lines.length).toBeGreaterThan(0);
  return told;
}

async function expectUnseen(
  runnable: Runnable<never, unknown>,
  input: unknown,
  config?: RunnableConfig,
): Promise<void> {
  expectHidden("the runnable", runnable);
  for (const [where, told] of Object.entries(await watched(runnable, input, config))) expectHidden(where, told);
}

const question = ChatPromptTemplate.fromMessages([["human", "{text}"]]);

describe("a key of a model", () => {
  const model = new KeyedModel();
  const keys = { token: Secret.from(SECRET), nested: { auth: [Secret.from(SECRET)] } };
  const runnables: [string, Runnable<never, unknown>][] = [
    ["the model", model],
    ["a chain", question.pipe(model).pipe(new StringOutputParser())],
    ["a binding with keys of its own", model.bind(keys as never)],
    [
      "a binding with a key that is named",
      model.bind({ apiKey: Secret.from(SECRET), client: { apiKey: Secret.from(DECLARED) } } as never),
    ],
    ["a config with keys", model.withConfig({ metadata: keys, configurable: keys })],
    ["retries", model.withRetry({ stopAfterAttempt: 2 })],
    ["fallbacks", model.withFallbacks([new KeyedModel()])],
    ["a wrapped model", wrapModel(model, {})],
    [
      "structured output by JSON",
      model.withStructuredOutput({ type: "object", properties: {} }, { method: "jsonMode" }),
    ],
    [
      "structured output by a tool, which fails",
      model.withStructuredOutput({ type: "object", title: "bird", properties: {} }),
    ],
    [
      "structured output with the raw message",
      model.withStructuredOutput({ type: "object", title: "bird", properties: {} }, { includeRaw: true }),
    ],
    ["a loop", runTools(model, [])],
    ["a map", question.pipe({ a: model, b: model.bind(keys as never) })],
  ];

  test.each(runnables)("is seen by nobody through %s", async (_what, runnable) => {
    const isChain = runnable.getName().startsWith("RunnableSequence");
    await expectUnseen(runnable, isChain ? { text: "hello" } : "hello");
  });

  it("is seen by nobody where a call names it in its options", async () => {
    const options = { apiKey: DECLARED, headers: [{ apiKey: DECLARED }] };
    expectHidden("what is told", await watched(model, "hello", options as never));
  });

  it("is in no event of the content-block stream", async () => {
    const parts: unknown[] = [];
    for await (const part of model.streamEvents("hello") as AsyncIterable<unknown>) parts.push(part);
    expect(parts.length).toBeGreaterThan(2);
    expectHidden("the content-block stream", parts);
  });

  it("is in no graph of a chain", () => {
    const graph = question
      .pipe(model.bind(keys as never))
      .pipe(new StringOutputParser())
      .getGraph();
    expectHidden("the graph", graph, graph.toJSON(), graph.drawMermaid(), graph.drawAscii());
  });

  it("is in no key and no value of a cache, nor in what limits are asked", async () => {
    const asked: unknown[] = [];
    const cache = new InMemoryCache();
    const spied = {
      lookup: (...given: Parameters<InMemoryCache["lookup"]>) => {
        asked.push(given);
        return cache.lookup(...given);
      },
      update: (...given: Parameters<InMemoryCache["update"]>) => {
        asked.push(given);
        return cache.update(...given);
      },
    };
    const cached = Object.assign(new KeyedModel(), {
      cache: spied,
      rateLimiter: new InMemoryRateLimiter({ requestsPerSecond: 10_000, checkEveryNSeconds: 0.001 }),
    });
    await cached.bind(keys as never).invoke("hello");
    await cached.generate([[new HumanMessage("hello")]], { callbacks: [] });
    expect(asked.length).toBeGreaterThan(2);
    expectHidden("the cache", asked, cache);
  });

  it("is in no error, of hooks, of options, of limits", async () => {
    const failing: [string, () => unknown][] = [
      [
        "a hook",
        () =>
          new KeyedModel({
            answer: () => {
              throw new Error("busy");
            },
          }).invoke("x"),
      ],
      ["no result", () => new KeyedModel({ answer: () => undefined as never }).invoke("x")],
      ["no result of a stream", () => new KeyedModel({ answer: () => 1 as never }).stream("x")],
      ["an abort", () => model.invoke("x", { signal: AbortSignal.abort(new Error("left")) })],
      ["what is no input", () => model.invoke({ token: keys.token } as never)],
      ["what is no input, in a list", () => model.invoke([{ token: keys.token }] as never)],
      ["what is no tool", () => runTools(model, [keys as never])],
      ["what is no schema", () => model.withStructuredOutput(keys.token as never)],
      [
        "what is no limit",
        () =>
          new (class extends KeyedModel {
            override timeout = keys.token as never;
          })().invoke("x", { timeout: keys.token as never }),
      ],
      ["an unknown method", () => model.withStructuredOutput({ type: "object" }, { method: keys.token as never })],
    ];
    for (const [what, fail] of failing) {
      const error = await Promise.resolve()
        .then(fail)
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      if (what !== "what is no limit") expect(error, what).toBeInstanceOf(Error);
      expectHidden(what, error);
    }
  });
});

describe("a key of an LLM", () => {
  class KeyedLLM extends LLM {
    readonly apiKey: string = DECLARED;
    readonly token: Secret = Secret.from(SECRET);
    override get lc_secrets(): Record<string, string> {
      return { apiKey: "API_KEY" };
    }
    _llmType(): string {
      return "keyed-llm";
    }
    override _identifyingParams(): Record<string, unknown> {
      return { model_name: "keyed", apiKey: this.apiKey, token: this.token };
    }
    override invocationParams(): Record<string, unknown> {
      return this._identifyingParams();
    }
    override async _call(): Promise<string> {
      return "tweet";
    }
  }

  it("is seen by nobody", async () => {
    await expectUnseen(new KeyedLLM({}), "hello");
    await expectUnseen(PromptTemplate.fromTemplate("{text}").pipe(new KeyedLLM({})), { text: "hello" });
  });
});

describe("a key in a tool", () => {
  const secret = Secret.from(SECRET);
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const;
  const weather = tool(({ city }: { city: string }) => `${city}: sunny`, {
    name: "weather",
    description: "Tells the weather.",
    schema,
    metadata: { secret },
  });
  const call = { type: "tool_call", id: "c1", name: "weather", args: { city: "Bern" } } as const;

  it("is seen by nobody: in the config, in the metadata, in arguments", async () => {
    await expectUnseen(
      weather as never,
      { city: "Bern" },
      { configurable: { secret, apiKey: secret }, metadata: { secret } },
    );
    await expectUnseen(weather as never, call, { configurable: { secret } });
    await expectUnseen(weather as never, { city: secret });
    await expectUnseen(weather as never, { ...call, args: { city: secret, token: secret } });
    const bound = new DynamicStructuredTool({ name: "t", description: "", schema, func: async () => secret as never });
    await expectUnseen(bound as never, { city: "x" });
  });

  it("is seen by nobody where the tool fails, handled or not", async () => {
    for (const handleToolError of [false, true, "It failed."]) {
      const failing = tool(
        () => {
          throw new Error("no weather");
        },
        { name: "f", description: "d", schema, handleToolError, metadata: { secret } } as never,
      );
      await expectUnseen(failing as never, { ...call, name: "f" });
    }
  });

  it("is in no message of a loop of a model with a key", async () => {
    let turn = 0;
    const asks = new KeyedModel({
      answer: () => {
        turn += 1;
        return turn % 2 === 1 ? new AIMessage({ content: "", tool_calls: [call] }) : new AIMessage("Sunny.");
      },
    });
    await expectUnseen(runTools(asks, [weather]) as never, "How is Bern?", { configurable: { secret } });
  });
});

describe("a key in a prompt", () => {
  const secret = Secret.from(SECRET);

  it("is a mark in what the template becomes, and in no print", async () => {
    const prompts: Runnable<never, unknown>[] = [
      PromptTemplate.fromTemplate("key: {key}"),
      ChatPromptTemplate.fromMessages([
        ["system", "key: {key}"],
        ["human", [{ type: "text", text: "{key}" }]],
      ]),
      PromptTemplate.fromTemplate("key: {{key}}", { templateFormat: "mustache" }),
    ];
    for (const prompt of prompts) await expectUnseen(prompt, { key: secret });
    await expectUnseen(
      (await PromptTemplate.fromTemplate("{key} {other}").partial({ key: secret as never })) as never,
      { other: "x" },
    );
    expect(await PromptTemplate.fromTemplate("key: {key}").format({ key: secret as never })).toContain("**********");
  });

  it("is in no error for another variable", async () => {
    const prompts: [Runnable<never, unknown>, object][] = [
      [PromptTemplate.fromTemplate("{key} {other}"), {}],
      [PromptTemplate.fromTemplate("{key} {other}", { templateFormat: "mustache", strict: true } as never), {}],
      [ChatPromptTemplate.fromMessages([["human", "{key} {other}"]]), {}],
      [
        ChatPromptTemplate.fromMessages([
          ["human", "{key}"],
          ["placeholder", "{history}"],
        ]),
        { history: 3 },
      ],
      [
        ChatPromptTemplate.fromMessages([
          ["human", "{key}"],
          ["placeholder", "{history}"],
        ]),
        { history: [{ key: Secret.from(SECRET) }] },
      ],
    ];
    for (const [prompt, others] of prompts) {
      // A plain text, of which nobody knows that it is a key.
      const given = await prompt.invoke({ key: SECRET, ...others } as never).catch((thrown: unknown) => thrown);
      if (given instanceof Error) expectHidden("the error", given);
      else expect(prompt).toBe(prompts[1]?.[0]);
    }
  });
});

describe("a key in a parser", () => {
  it("is seen by nobody where its chain fails", async () => {
    const model = new KeyedModel({ answer: () => new AIMessage("no JSON") });
    const schema = { type: "object", properties: { bird: { type: "string" } }, required: ["bird"] } as const;
    for (const parser of [new JsonOutputParser(), new StructuredOutputParser(schema as never)]) {
      await expectUnseen(
        question.pipe(model).pipe(parser as never),
        { text: "x" },
        { metadata: { secret: Secret.from(SECRET) } },
      );
    }
  });

  it("is seen by nobody where it is what a step before gives", async () => {
    const gives = RunnableLambda.from(() => Secret.from(SECRET));
    await expectUnseen(gives.pipe(new StringOutputParser() as never), {});
    await expectUnseen(gives.pipe(new JsonOutputParser() as never), {});
  });
});

describe("the conformance kit", () => {
  /** A model that shows its keys in all the ways there are. */
  class Talkative extends KeyedModel {
    override get lc_secrets(): Record<string, string> {
      return {};
    }
    override toString(): string {
      return `Talkative(${this.apiKey})`;
    }
    override async _generate(): Promise<ChatResult> {
      throw new Error(`401 for ${this.apiKey}`);
    }
  }

  it("tells of a model that shows its keys, and shows none itself", async () => {
    const rules = [...chatModelConformance(() => new Talkative(), { secrets: [DECLARED], ruleTimeout: 2_000 })];
    const failed: string[] = [];
    for (const rule of rules) {
      const error = await Promise.resolve()
        .then(() => rule.run())
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      if (error === undefined) continue;
      failed.push(rule.name);
      if (rule.name === "secrets stay hidden") expectHidden(rule.name, (error as Error).message);
    }
    expect(failed).toContain("secrets stay hidden");
  });
});
