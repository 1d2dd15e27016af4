import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../../src/callbacks/async-context.ts";
import { BaseCallbackHandler } from "../../../src/callbacks/base-callback-handler.ts";
import { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import type { CallbackManagerForLLMRun } from "../../../src/callbacks/model-run-manager.ts";
import type { BaseRunManager } from "../../../src/callbacks/run-manager.ts";
import type { RunRecord } from "../../../src/callbacks/run-record.ts";
import { BaseTracer, type BaseTracerInput, isBaseTracer } from "../../../src/callbacks/tracers/base-tracer.ts";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import type { LLMResult } from "../../../src/outputs/llm-result.ts";
import { StringOutputParser } from "../../../src/parsers/string-output-parser.ts";
import { ChatPromptTemplate } from "../../../src/prompts/chat-prompt-template.ts";
import { RunnableGenerator } from "../../../src/runnables/generator.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import type { Serialized } from "../../../src/secrets/serialized.ts";
import { collectReports } from "../../helpers/reports.ts";
import { defer, outcomeOf, settle } from "../../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const NOW = 1_700_000_000_000;
const ISO = "2023-11-14T22:13:20.000Z";
const STAMP = "20231114T221320000";
const RESULT: LLMResult = { generations: [[{ text: "a" }]] };
const MESSAGES = [[new HumanMessage("hi")]];
const PARAMS = { options: { stop: ["x"] }, invocation_params: { model: "m" } };
const reports = collectReports();

const HOOKS = [
  "onRunCreate",
  "onRunUpdate",
  "onLLMStart",
  "onLLMEnd",
  "onLLMError",
  "onChainStart",
  "onChainEnd",
  "onChainError",
  "onToolStart",
  "onToolEnd",
  "onToolError",
  "onRetrieverStart",
  "onRetrieverEnd",
  "onRetrieverError",
  "onAgentAction",
  "onAgentEnd",
  "onText",
  "onLLMNewToken",
] as const;

/** A tracer that keeps what was persisted, and can be looked into. */
class Keeping extends BaseTracer {
  name = "keeping";
  readonly persisted: RunRecord[] = [];

  protected persistRun(run: RunRecord): void | Promise<void> {
    this.persisted.push(run);
  }

  get open(): RunRecord[] {
    return [...this.runMap.values()];
  }

  byId(id: string | undefined): RunRecord | undefined {
    return this.getRunById(id);
  }
}

/** A tracer that writes down which of its hooks were called, and for what. */
class Noting extends Keeping {
  override name = "noting";
  readonly lines: string[] = [];

  constructor(fields?: BaseTracerInput, onLine: (line: string) => unknown = () => undefined) {
    super(fields);
    for (const hook of HOOKS) {
      this[hook] = ((run: RunRecord, ...more: unknown[]) => {
        const line = [hook, run.name, ...more.map((one) => JSON.stringify(one))].join(" ");
        this.lines.push(line);
        return onLine(line);
      }) as never;
    }
    this.persist = (run) => {
      this.lines.push(`persistRun ${run.name}`);
      return onLine(`persistRun ${run.name}`);
    };
  }

  persist: (run: RunRecord) => unknown;

  protected override persistRun(run: RunRecord): void | Promise<void> {
    this.persisted.push(run);
    return this.persist(run) as void | Promise<void>;
  }
}

/** A tree as names. */
type Names = { readonly [name: string]: Names };
function names(run: RunRecord): Names {
  return { [run.name]: Object.assign({}, ...run.child_runs.map(names)) };
}

/** Every record of a tree, in the order of the starts. */
function all(run: RunRecord): RunRecord[] {
  return [run, ...run.child_runs.flatMap(all)];
}

function managerOf(...handlers: BaseCallbackHandler[]): CallbackManager {
  return new CallbackManager(undefined, {
    inheritableHandlers: handlers,
    inheritableTags: ["tag"],
    tags: ["tag"],
    inheritableMetadata: { m: 1 },
    metadata: { m: 1 },
  });
}

const start = (name: string, manager: CallbackManager): Promise<BaseRunManager> =>
  manager.handleChainStart(SERIALIZED, { of: name }, undefined, undefined, undefined, undefined, name);
const below = (run: BaseRunManager): CallbackManager => run.getChild() as CallbackManager;

type Act = (manager: CallbackManager) => Promise<BaseRunManager | undefined>;

const kinds: [kind: string, act: Act, output: unknown, hooks: string, start: Partial<RunRecord>, outputs: unknown][] = [
  [
    "chain",
    (m) => m.handleChainStart(SERIALIZED, { a: 1 }),
    "out",
    "Chain",
    { run_type: "chain", inputs: { a: 1 }, extra: { metadata: { m: 1 } } },
    { output: "out" },
  ],
  [
    "prompt",
    (m) => m.handleChainStart(SERIALIZED, { a: 1 }, undefined, "prompt"),
    { b: 1 },
    "Chain",
    { run_type: "prompt", inputs: { a: 1 }, extra: { metadata: { m: 1 } } },
    { b: 1 },
  ],
  [
    "parser",
    (m) => m.handleChainStart(SERIALIZED, { a: 1 }, undefined, "parser"),
    { b: 1 },
    "Chain",
    { run_type: "parser", inputs: { a: 1 }, extra: { metadata: { m: 1 } } },
    { b: 1 },
  ],
  [
    "llm",
    async (m) => (await m.handleLLMStart(SERIALIZED, ["hi"], undefined, undefined, PARAMS))[0],
    RESULT,
    "LLM",
    { run_type: "llm", inputs: { prompts: ["hi"] }, extra: { ...PARAMS, metadata: { m: 1 } } },
    RESULT,
  ],
  [
    "chat model",
    async (m) => (await m.handleChatModelStart(SERIALIZED, MESSAGES, undefined, undefined, PARAMS))[0],
    RESULT,
    "LLM",
    { run_type: "llm", inputs: { messages: MESSAGES }, extra: { ...PARAMS, metadata: { m: 1 } } },
    RESULT,
  ],
  [
    "tool",
    (m) => m.handleToolStart(SERIALIZED, "in"),
    { any: 1 },
    "Tool",
    { run_type: "tool", inputs: { input: "in" }, extra: { metadata: { m: 1 } } },
    { output: { any: 1 } },
  ],
  [
    "retriever",
    (m) => m.handleRetrieverStart(SERIALIZED, "why"),
    ["doc"],
    "Retriever",
    { run_type: "retriever", inputs: { query: "why" }, extra: { metadata: { m: 1 } } },
    { documents: ["doc"] },
  ],
];

describe("a tracer", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(kinds)("knows a %s by a record, from its start to its end", async (...row) => {
    const [, act, output, hooks, started, outputs] = row;
    const tracer = new Noting();
    const run = await act(managerOf(tracer));
    const id = run?.runId as string;
    const record = {
      id,
      trace_id: id,
      dotted_order: `${STAMP}001Z${id}`,
      name: "Job",
      parent_run_id: undefined,
      tags: ["tag"],
      serialized: SERIALIZED,
      start_time: NOW,
      child_runs: [],
      execution_order: 1,
      child_execution_order: 1,
      events: [{ name: "start", time: ISO }],
      ...started,
    };
    expect(tracer.open).toStrictEqual([record]);
    expect(tracer.lines).toEqual(["onRunCreate Job", `on${hooks}Start Job`]);
    vi.setSystemTime(NOW + 5);
    await run?.end(output);
    expect(tracer.persisted).toStrictEqual([
      {
        ...record,
        end_time: NOW + 5,
        outputs,
        events: [...record.events, { name: "end", time: "2023-11-14T22:13:20.005Z" }],
      },
    ]);
    expect(tracer.lines.slice(2)).toEqual([`on${hooks}End Job`, "persistRun Job", "onRunUpdate Job"]);
    expect(tracer.open).toEqual([]);
    expect(reports).toEqual([]);
  });

  it.each(kinds)("knows what a %s failed with, as text and as it came", async (_kind, act, _output, hooks) => {
    const tracer = new Noting();
    const run = await act(managerOf(tracer));
    const error = new Error("broken");
    await run?.fail(error, false, { partial: "so far" });
    const [record] = tracer.persisted;
    expect(record).toMatchObject({ error: `broken\n\n${error.stack}`, partial: "so far", end_time: NOW });
    expect(record?.failure).toBe(error);
    expect(record?.events[1]).toEqual({ name: "error", time: ISO });
    expect(record).not.toHaveProperty("outputs");
    expect(tracer.lines.slice(2)).toEqual([`on${hooks}Error Job`, "persistRun Job", "onRunUpdate Job"]);
    expect(tracer.open).toEqual([]);
  });

  it("sorts runs by their dotted order, past a thousand of them in one millisecond", async () => {
    const tracer = new Keeping();
    const root = await start("root", managerOf(tracer));
    for (let count = 0; count < 1_200; count += 1) await (await start(`${count}`, below(root))).end("");
    await root.end("");
    const orders = all(tracer.persisted[0] as RunRecord).map((run) => run.dotted_order as string);
    expect([...orders].sort()).toEqual(orders);
    expect(orders[1_100]).toContain(`${orders[0]}.${STAMP}999Z`);
  });
});

describe("a tracer's tree", () => {
  it("is made of a chain's runs, in the order of their starts", async () => {
    const tracer = new Keeping();
    const chain = ChatPromptTemplate.fromTemplate("{text}")
      .pipe(new ChatParrotLink({ model: "bird", parrotBufferLength: 3 }))
      .pipe(new StringOutputParser());
    await chain.invoke({ text: "cat" }, { callbacks: [tracer], runName: "root" });
    const [root] = tracer.persisted as [RunRecord];
    expect(names(root)).toEqual({ root: { ChatPromptTemplate: {}, ChatParrotLink: {}, StrOutputParser: {} } });
    expect(all(root).map((run) => [run.run_type, run.execution_order, run.child_execution_order])).toEqual([
      ["chain", 1, 4],
      ["prompt", 2, 2],
      ["llm", 3, 3],
      ["parser", 4, 4],
    ]);
    for (const child of root.child_runs) {
      expect(child.trace_id).toBe(root.id);
      expect(child.parent_run_id).toBe(root.id);
      expect(child.dotted_order).toBe(`${root.dotted_order}.${child.dotted_order?.split(".")[1]}`);
      expect(child.dotted_order?.endsWith(child.id)).toBe(true);
    }
    expect(tracer.open).toEqual([]);
  });

  it("counts starts at every depth", async () => {
    const tracer = new Keeping();
    const root = await start("root", managerOf(tracer));
    const one = await start("one", below(root));
    const deep = await start("deep", below(one));
    const two = await start("two", below(root));
    const last = await start("last", below(one));
    for (const run of [last, two, deep, one, root]) await run.end("");
    const counts = all(tracer.persisted[0] as RunRecord).map((run) => [
      run.name,
      run.execution_order,
      run.child_execution_order,
    ]);
    expect(counts).toEqual([
      ["root", 1, 5],
      ["one", 2, 5],
      ["deep", 3, 3],
      ["last", 5, 5],
      ["two", 4, 4],
    ]);
  });

  it("equals the tree of the starts, whatever runs side by side", async () => {
    const tree = fc.letrec<{ node: Tree; list: Tree[] }>((tie) => ({
      node: fc.record({ together: fc.boolean(), fails: fc.boolean(), below: tie("list") }),
      list: fc.oneof(
        { depthSize: "small" },
        fc.constant<Tree[]>([]),
        fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
      ),
    })).node;
    await fc.assert(
      fc.asyncProperty(tree, fc.scheduler(), async (drawn, scheduler) => {
        const tracer = new Keeping();
        let count = 0;
        const program = (of: Tree): RunnableLambda<number, number> => {
          const inner = of.below.map(program);
          const name = `run-${count++}`;
          return RunnableLambda.from(
            async (x: number, config) => {
              await scheduler.schedule(Promise.resolve());
              if (of.together) await Promise.all(inner.map((one) => one.invoke(x, config)));
              else for (const one of inner) await one.invoke(x, config);
              if (of.fails) throw new Error("drawn");
              return x;
            },
            { name },
          );
        };
        const starts = new Map<string, { name: string; below: Names }>();
        const roots: Record<string, Names> = {};
        const watching = BaseCallbackHandler.fromMethods({
          handleChainStart: (...[, , id, parent, , , , name]) => {
            const at = { name: name as string, below: {} as Record<string, Names> };
            starts.set(id, at);
            const list = parent === undefined ? roots : (starts.get(parent)?.below as Record<string, Names>);
            list[at.name] = at.below;
          },
        });
        const call = program(drawn)
          .invoke(1, { callbacks: [watching, tracer] })
          .then(
            () => "ended",
            () => "failed",
          );
        await scheduler.waitFor(call);
        // A failure closes what still runs beside it; its code goes on unheard.
        await scheduler.waitIdle();
        await settle();
        // What that code still calls is a root of its own each; they are persisted as they end.
        const persisted: Record<string, Names> = Object.assign({}, ...tracer.persisted.map(names));
        expect(persisted).toEqual(roots);
        expect(tracer.open).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(reports).toEqual([]);
  });

  interface Tree {
    readonly together: boolean;
    readonly fails: boolean;
    readonly below: readonly Tree[];
  }

  it("stays apart for 50 roots that run side by side", async () => {
    const tracer = new Keeping();
    const gates = Array.from({ length: 3 }, () => defer());
    const inner = RunnableLambda.from(async (x: number) => {
      await gates[x % 3]?.promise;
      return x;
    });
    const roots = Array.from({ length: 50 }, (_, index) =>
      new RunnableMap({ steps: { a: inner, b: inner } }).invoke(index, {
        callbacks: [tracer],
        runName: `root ${index}`,
      }),
    );
    await settle();
    expect(tracer.open).toHaveLength(150);
    for (const gate of [...gates].reverse()) {
      gate.resolve();
      await settle();
    }
    await Promise.all(roots);
    expect(tracer.persisted).toHaveLength(50);
    for (const root of tracer.persisted) {
      expect(root.child_runs.map((run) => [run.trace_id, run.tags, run.inputs])).toEqual([
        [root.id, ["map:key:a"], root.inputs],
        [root.id, ["map:key:b"], root.inputs],
      ]);
    }
    expect(tracer.open).toEqual([]);
  });

  it("begins at a run whose parent was not told of", async () => {
    const tracer = new Keeping();
    const inner = RunnableLambda.from((x: number) => x, { name: "inner" }).withConfig({ callbacks: [tracer] });
    const other = BaseCallbackHandler.fromMethods({ handleChainStart: () => undefined });
    const outer = RunnableLambda.from((x: number, config) => inner.invoke(x, config), { name: "outer" });
    await outer.invoke(1, { callbacks: [other] });
    const [root] = tracer.persisted;
    expect(tracer.persisted.map((run) => run.name)).toEqual(["inner"]);
    expect(root?.parent_run_id).toBeTypeOf("string");
    expect(root?.trace_id).toBe(root?.id);
    expect(root?.dotted_order).not.toContain(".");
  });

  it("has no children where they are not kept", async () => {
    const tracer = new Keeping({ keepChildren: false });
    const root = await start("root", managerOf(tracer));
    const child = await start("child", below(root));
    const record = tracer.byId(child.runId);
    expect(record?.trace_id).toBe(root.runId);
    await child.end("");
    expect(tracer.open.map((run) => run.child_runs)).toEqual([[]]);
    await root.end("");
    expect(tracer.persisted.map((run) => run.name)).toEqual(["root"]);
  });

  it("is found by nested calls through the async context", async () => {
    const { AsyncLocalStorage } = await import("node:async_hooks");
    const storage = new AsyncLocalStorage<unknown>();
    installAsyncContext({ get: () => storage.getStore(), run: (value, call) => storage.run(value, call) });
    try {
      const tracer = new Keeping();
      const inner = RunnableLambda.from((x: number) => x, { name: "inner" });
      const outer = RunnableLambda.from(async (x: number) => (await inner.invoke(x)) + (await inner.invoke(x)), {
        name: "outer",
      });
      await outer.invoke(1, { callbacks: [tracer] });
      expect(tracer.persisted.map(names)).toEqual([{ outer: { inner: {} } }]);
      expect(tracer.persisted[0]?.child_runs).toHaveLength(2);
    } finally {
      installAsyncContext(undefined);
    }
  });
});

describe("a tracer's runs", () => {
  /** Streams five numbers through two steps. */
  function streaming(tracer: BaseTracer, signal?: AbortSignal) {
    const numbers = RunnableGenerator.from(async function* () {
      for (let count = 0; count < 5; count += 1) yield count;
    });
    const chain = numbers.pipe(
      RunnableGenerator.from(async function* (given: AsyncIterable<number>) {
        for await (const x of given) {
          if (signal === undefined && x === 3) throw new Error("at three");
          yield x;
        }
      }),
    );
    return chain.astream(1, { callbacks: [tracer], signal });
  }

  it("are marked where their reader left, with what was given", async () => {
    const tracer = new Keeping();
    for await (const x of streaming(tracer)) if (x === 1) break;
    const [root] = tracer.persisted as [RunRecord];
    expect(root).toMatchObject({ cancelled: true, outputs: { output: 1 } });
    expect(all(root).map((run) => run.cancelled)).toEqual([true, true, true]);
    expect(tracer.open).toEqual([]);
  });

  it("have the error of an abort, and what was given before", async () => {
    const tracer = new Keeping();
    const controller = new AbortController();
    await expect(
      (async () => {
        for await (const x of streaming(tracer, controller.signal)) if (x === 1) controller.abort(new Error("enough"));
      })(),
    ).rejects.toThrow("enough");
    await settle();
    const [root] = tracer.persisted as [RunRecord];
    expect(root.failure).toMatchObject({ name: "AbortError" });
    expect(root.partial).toBe(1);
    expect(root.cancelled).toBeUndefined();
    expect(tracer.open).toEqual([]);
  });

  it("have the error of the step that failed", async () => {
    const tracer = new Keeping();
    await expect(
      (async () => {
        for await (const _ of streaming(tracer));
      })(),
    ).rejects.toThrow("at three");
    const [root] = tracer.persisted as [RunRecord];
    expect(root.error).toMatch(/^at three\n\nError: at three/);
    expect(tracer.open).toEqual([]);
  });

  it("are known with the inputs that came as a stream", async () => {
    const tracer = new Keeping();
    for await (const _ of streaming(tracer, new AbortController().signal));
    expect(tracer.persisted[0]?.child_runs[1]?.inputs).toEqual({ input: 10 });
  });

  it("are let go of once they have closed, a thousand of every sort", async () => {
    const tracer = new Keeping();
    const failing = RunnableLambda.from((x: number) => {
      if (x % 2 === 0) throw new Error("even");
      return x;
    });
    for (let count = 0; count < 500; count += 1) await failing.invoke(count, { callbacks: [tracer] }).catch(() => 0);
    for (let count = 0; count < 250; count += 1) {
      for await (const x of streaming(tracer)) if (x === 1) break;
      const controller = new AbortController();
      const stream = streaming(tracer, controller.signal);
      await stream.next();
      controller.abort();
      await stream.next().catch(() => 0);
    }
    await settle();
    expect(tracer.persisted).toHaveLength(1_000);
    expect(tracer.open).toEqual([]);
    expect(Object.values(tracer).filter((value) => value instanceof Map && value.size > 0)).toEqual([]);
  });

  it("that were never closed are let go of with their root", async () => {
    const tracer = new Keeping();
    await tracer.handleChainStart(SERIALIZED, {}, "root");
    await tracer.handleChainStart(SERIALIZED, {}, "child", "root");
    await tracer.handleToolStart(SERIALIZED, "", "grandchild", "child");
    await tracer.handleChainStart(SERIALIZED, {}, "other");
    await tracer.handleChainEnd({}, "root");
    expect(tracer.open.map((run) => run.id)).toEqual(["other"]);
    expect(tracer.persisted.flatMap(all)).toHaveLength(3);
  });

  it("that start below a run whose parent has closed still count in the tree", async () => {
    const tracer = new Keeping();
    await tracer.handleChainStart(SERIALIZED, {}, "root");
    await tracer.handleChainStart(SERIALIZED, {}, "child", "root");
    await tracer.handleChainStart(SERIALIZED, {}, "grandchild", "child");
    await tracer.handleChainEnd({}, "child");
    await tracer.handleChainStart(SERIALIZED, {}, "late", "grandchild");
    expect(tracer.byId("late")).toMatchObject({ execution_order: 4, trace_id: "root" });
    expect(tracer.byId("root")?.child_execution_order).toBe(4);
  });

  it.each([
    "handleChainEnd",
    "handleLLMEnd",
    "handleToolEnd",
    "handleRetrieverEnd",
    "handleChainError",
    "handleLLMError",
    "handleToolError",
    "handleRetrieverError",
  ] as const)("that are not known are reported, never thrown: %s", async (method) => {
    const tracer = new Noting();
    expect(await tracer[method]({} as never, "nobody")).toBeUndefined();
    expect(tracer.lines).toEqual([]);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.place).toBe("handler noting");
    expect(reports[0]?.error).toBeInstanceOf(LinnetError);
    expect(reports[0]?.error).toMatchObject({ code: "CALLBACK_FAILURE", data: { runId: "nobody" } });
  });

  it("are closed once", async () => {
    const tracer = new Keeping();
    await tracer.handleChainStart(SERIALIZED, {}, "once");
    await tracer.handleChainEnd({ first: true }, "once");
    await tracer.handleChainError(new Error("again"), "once");
    expect(tracer.persisted).toHaveLength(1);
    expect(tracer.persisted[0]).toMatchObject({ outputs: { first: true } });
    expect(tracer.persisted[0]).not.toHaveProperty("error");
    expect(reports).toHaveLength(1);
  });

  it.each<[string | undefined, Serialized | undefined, string]>([
    ["given", SERIALIZED, "given"],
    [undefined, SERIALIZED, "Job"],
    [undefined, undefined, "tool"],
    [undefined, { lc: 1, type: "not_implemented", id: [] }, "tool"],
  ])("are named by themselves, else by their class, else by their kind: %s", async (name, serialized, expected) => {
    const tracer = new Keeping();
    await tracer.handleToolStart(serialized as Serialized, "", "id", undefined, undefined, undefined, name);
    expect(tracer.byId("id")).toMatchObject({ name: expected, tags: [], extra: { metadata: {} } });
  });

  it("share no list with their manager", async () => {
    const tracer = new Keeping();
    const manager = managerOf(tracer);
    const run = await start("root", manager);
    const record = tracer.byId(run.runId) as RunRecord;
    record.tags.push("mine");
    record.extra.metadata.mine = true;
    expect(manager.tags).toEqual(["tag"]);
    expect(manager.metadata).toEqual({ m: 1 });
  });

  it("say that an answer came from a cache", async () => {
    const tracer = new Keeping();
    const [run] = await managerOf(tracer).handleLLMStart(SERIALIZED, ["hi"]);
    await run?.handleLLMEnd(RESULT, undefined, undefined, undefined, { cached: true });
    expect(tracer.persisted[0]?.cached).toBe(true);
  });

  it("are told as the redact hook leaves them", async () => {
    const tracer = new Keeping();
    const chain = RunnableLambda.from((x: string) => `${x}!`);
    await chain.invoke("secret", { callbacks: [tracer], redact: () => "hidden" } as never);
    expect(tracer.persisted[0]).toMatchObject({ inputs: { input: "hidden" }, outputs: { output: "hidden" } });
    await expect(
      RunnableLambda.from(() => {
        throw new Error("secret");
      }).invoke("secret", { callbacks: [tracer], redact: () => "hidden" } as never),
    ).rejects.toThrow("secret");
    expect(JSON.stringify(tracer.persisted)).not.toContain("secret");
    expect(tracer.persisted[1]?.failure).toMatchObject({ message: "hidden" });
  });
});

describe("a tracer's events", () => {
  const tell = async (tracer: BaseTracer): Promise<void> => {
    const run = await managerOf(tracer).handleChainStart(SERIALIZED, {});
    await run.handleText("thinking");
    await run.handleAgentAction({ tool: "one" });
    await run.handleAgentAction({ tool: "two" });
    await run.handleAgentEnd({ answer: 1 });
    await run.end("");
  };

  it("are the texts and the actions of agents", async () => {
    const tracer = new Noting();
    await tell(tracer);
    const [run] = tracer.persisted;
    expect(run?.events.map(({ name, kwargs }) => [name, kwargs])).toEqual([
      ["start", undefined],
      ["text", { text: "thinking" }],
      ["agent_action", { action: { tool: "one" } }],
      ["agent_action", { action: { tool: "two" } }],
      ["agent_end", { action: { answer: 1 } }],
      ["end", undefined],
    ]);
    expect(run?.actions).toEqual([{ tool: "one" }, { tool: "two" }]);
    expect(tracer.lines.slice(2, 6)).toEqual([
      "onText Job",
      "onAgentAction Job",
      "onAgentAction Job",
      "onAgentEnd Job",
    ]);
  });

  it("need no hooks", async () => {
    await tell(new Keeping());
    expect(reports).toEqual([]);
  });

  it.each(["handleText", "handleAgentAction", "handleAgentEnd"] as const)(
    "of runs that are not known are left out: %s",
    (method) => {
      const tracer = new Noting();
      expect(tracer[method]("", "nobody")).toBeUndefined();
      expect(tracer.handleLLMNewToken("a", { prompt: 0, completion: 0 }, "nobody")).toBeUndefined();
      expect(tracer.lines).toEqual([]);
      expect(reports).toEqual([]);
    },
  );

  it.each<[boolean | undefined, string[]]>([
    [undefined, ["start", "end"]],
    [false, ["start", "end"]],
    [true, ["start", "new_token", "new_token", "new_token", "new_token", "end"]],
  ])("have tokens only where they are asked for: %s", async (keepChunks, expected) => {
    const tracer = new Noting({ keepChunks });
    const model = new ChatParrotLink({ model: "bird", parrotBufferLength: 3 });
    for await (const _ of model.astream("cat", { callbacks: [tracer] }));
    const events = tracer.persisted[0]?.events ?? [];
    expect(events.map(({ name }) => name)).toEqual(expected);
    const tokens = tracer.lines.filter((line) => line.startsWith("onLLMNewToken"));
    expect(tokens.map((line) => line.split(" ")[2])).toEqual(['"c"', '"a"', '"t"', '""']);
    expect(tokens[0]).toContain('{"chunk":');
    if (keepChunks) {
      expect(events[1]?.kwargs).toMatchObject({ token: "c", idx: { prompt: 0, completion: 0 }, chunk: { text: "c" } });
    }
  });

  it("have a token without a chunk", async () => {
    const tracer = new Keeping({ keepChunks: true });
    const [run] = (await managerOf(tracer).handleLLMStart(SERIALIZED, ["hi"])) as [CallbackManagerForLLMRun];
    await run.handleLLMNewToken("a");
    await run.end(RESULT);
    expect(tracer.persisted[0]?.events[1]?.kwargs).toEqual({
      token: "a",
      idx: { prompt: 0, completion: 0 },
      chunk: undefined,
    });
  });
});

describe("a tracer's hooks", () => {
  it("are waited for, one after the other", async () => {
    const gate = defer();
    const tracer = new Noting({}, (line) => (line === "onRunCreate root" ? gate.promise : undefined));
    const starting = start("root", managerOf(tracer));
    expect(await outcomeOf(starting)).toBe("pending");
    expect(tracer.lines).toEqual(["onRunCreate root"]);
    gate.resolve();
    const run = await starting;
    expect(tracer.lines).toEqual(["onRunCreate root", "onChainStart root"]);
    await run.end("");
  });

  it("hold up the end of a run while a tree is persisted", async () => {
    const gate = defer();
    const tracer = new Noting({}, (line) => (line === "persistRun root" ? gate.promise : undefined));
    const run = await start("root", managerOf(tracer));
    const ending = Promise.resolve(run.end(""));
    expect(await outcomeOf(ending)).toBe("pending");
    expect(tracer.lines.at(-1)).toBe("persistRun root");
    expect(tracer.open).toEqual([]);
    gate.resolve();
    await ending;
    expect(tracer.lines.at(-1)).toBe("onRunUpdate root");
  });

  it("cost no promise where they give none", () => {
    const tracer = new Keeping();
    const run = tracer.handleChainStart(SERIALIZED, {}, "id");
    expect(run).toBe(tracer.byId("id"));
    expect(tracer.handleChainEnd({}, "id")).toBe(run);
  });

  it.each([
    ["sync", false],
    ["async", false],
    ["sync", true],
    ["async", true],
  ])(
    "that fail break nothing, and keep none of the others from being told (%s, in the background: %s)",
    async (how, inBackground) => {
      const tracer = new Noting({ awaitHandlers: !inBackground }, (line) => {
        const error = new Error(line);
        if (how === "async") return Promise.reject(error);
        throw error;
      });
      const inner = RunnableLambda.from((x: number) => x + 1, { name: "inner" });
      const outer = RunnableLambda.from((x: number, config) => inner.invoke(x, config), { name: "outer" });
      expect(await outer.invoke(1, { callbacks: [tracer] })).toBe(2);
      await tracer.flush();
      expect(tracer.lines).toEqual([
        "onRunCreate outer",
        "onChainStart outer",
        "onRunCreate inner",
        "onChainStart inner",
        "onChainEnd inner",
        "onRunUpdate inner",
        "onChainEnd outer",
        "persistRun outer",
        "onRunUpdate outer",
      ]);
      expect(reports.map(({ error }) => (error as Error).message).sort()).toEqual([...tracer.lines].sort());
      expect(tracer.open).toEqual([]);
      expect(names(tracer.persisted[0] as RunRecord)).toEqual({ outer: { inner: {} } });
    },
  );

  it("that fail break the run where the tracer raises errors", async () => {
    const tracer = new Noting({ raiseError: true }, (line) => {
      if (line.startsWith("persistRun")) throw new Error("no room");
    });
    await expect(RunnableLambda.from((x: number) => x).invoke(1, { callbacks: [tracer] })).rejects.toThrow("no room");
    expect(tracer.open).toEqual([]);
  });

  it("in the background get whole trees, in order", async () => {
    const tracer = new Noting({ awaitHandlers: false }, () => Promise.resolve());
    const inner = RunnableLambda.from((x: number) => x, { name: "inner" });
    const outer = RunnableLambda.from((x: number, config) => inner.invoke(x, config), { name: "outer" });
    await outer.batch([1, 2, 3], { callbacks: [tracer] });
    expect(await tracer.flush()).toEqual({ lost: 0, handlers: [] });
    expect(tracer.persisted.map(names)).toEqual([1, 2, 3].map(() => ({ outer: { inner: {} } })));
    expect(tracer.open).toEqual([]);
  });

  it("are those of the class, told by the handler's own methods", async () => {
    class Counting extends Keeping {
      starts = 0;
      override handleChainStart(...told: Parameters<BaseTracer["handleChainStart"]>) {
        this.starts += 1;
        return super.handleChainStart(...told);
      }
    }
    const tracer = new Counting();
    await RunnableLambda.from((x: number) => x).invoke(1, { callbacks: [tracer] });
    expect(tracer.starts).toBe(1);
    expect(tracer.persisted).toHaveLength(1);
  });
});

describe("a tracer as a handler", () => {
  it("is not told of kinds that it ignores: what is below begins a tree", async () => {
    const tracer = new Keeping({ ignoreChain: true });
    const model = new ChatParrotLink({ model: "bird", parrotBufferLength: 3 });
    await RunnableLambda.from((x: string) => x)
      .pipe(model)
      .invoke("cat", { callbacks: [tracer] });
    expect(tracer.persisted.map((run) => run.name)).toEqual(["ChatParrotLink"]);
  });

  it("is its own copy", () => {
    const tracer = new Keeping();
    expect(tracer.copy()).toBe(tracer);
  });

  it("is told from others", () => {
    expect(isBaseTracer(new Keeping())).toBe(true);
    expect(isBaseTracer(BaseCallbackHandler.fromMethods({}))).toBe(false);
    expect(isBaseTracer(undefined)).toBe(false);
  });

  it("finds no run without an id", () => {
    expect(new Keeping().byId(undefined)).toBeUndefined();
  });
});
