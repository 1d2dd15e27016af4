import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { InMemoryChatMessageHistory } from "../../src/history/in-memory-chat-history.ts";
import {
  RunnableWithMessageHistory,
  type RunnableWithMessageHistoryInputs,
} from "../../src/history/runnable-with-message-history.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { RunnableBinding } from "../../src/runnables/binding.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { collectReports } from "../helpers/reports.ts";
import { countControllers } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";
import { inSession, Sessions } from "./sessions.ts";

const reports = collectReports();
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => {
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await settle();
  process.off("unhandledRejection", note);
  expect(unhandled.splice(0)).toEqual([]);
  assertNoPoisoning();
});

const told = (messages: unknown): unknown =>
  Array.isArray(messages) ? messages.map((message: BaseMessage) => `${message.type} ${message.text}`) : messages;

/** Answers with how many messages it was given. */
const counting = RunnableLambda.from((messages: BaseMessage[]) => new AIMessage(`${messages.length}`));
/** The same, letter by letter. */
const streaming = RunnableLambda.from<BaseMessage[], AIMessageChunk>(async function* (messages: BaseMessage[]) {
  for (const letter of `n=${messages.length}`) yield new AIMessageChunk(letter);
});

function withHistory<Output>(
  runnable: RunnableWithMessageHistoryInputs<Output>["runnable"],
  fields: Partial<RunnableWithMessageHistoryInputs<Output>> = {},
) {
  const sessions = new Sessions();
  return { sessions, made: new RunnableWithMessageHistory({ runnable, getMessageHistory: sessions.open, ...fields }) };
}

describe("a runnable with history", () => {
  it("gives the runnable what was said before, and keeps what is said and answered", async () => {
    const { made, sessions } = withHistory(counting);
    expect((await made.invoke("one", inSession("a"))).text).toBe("1");
    expect((await made.invoke([new HumanMessage("two")], inSession("a"))).text).toBe("3");
    expect((await made.invoke("other", inSession("b"))).text).toBe("1");
    expect(told(sessions.kept.get("a"))).toEqual(["human one", "ai 1", "human two", "ai 3"]);
    expect(sessions.texts("b")).toEqual(["other", "1"]);
  });

  it("keeps a streamed answer as one whole message, before the end is told", async () => {
    const { made, sessions } = withHistory(streaming);
    const stream = await made.stream("one", inSession("a"));
    for (const letter of "n=1") expect((await stream.next()).value?.text).toBe(letter);
    expect(sessions.texts("a")).toEqual([]);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(told(sessions.kept.get("a"))).toEqual(["human one", "ai n=1"]);
    expect(sessions.kept.get("a")?.[1]).toBeInstanceOf(AIMessage);
    expect(AIMessageChunk.isInstance(sessions.kept.get("a")?.[1])).toBe(false);
  });

  it("writes each turn by one call", async () => {
    const { made, sessions } = withHistory(counting);
    await made.invoke([new HumanMessage("x"), new HumanMessage("y")], inSession("a"));
    expect(sessions.log).toEqual(["load a", "store a x y 2"]);
  });

  it("stores the same by every verb", async () => {
    const verbs: ((made: RunnableWithMessageHistory) => Promise<unknown>)[] = [
      (made) => made.invoke("hi", inSession("a")),
      async (made) => collect(await made.stream("hi", inSession("a"))),
      async (made) => collect(made.astream("hi", inSession("a"))),
      async (made) => collect(made.transform(["h", "i"], inSession("a"))),
      (made) => made.batch(["hi"], inSession("a")),
      (made) => collect(made.streamEvents("hi", { ...inSession("a"), version: "v2" })),
      (made) => made.pipe((output: unknown) => output).invoke("hi", inSession("a")),
      async (made) => collect(await made.pipe((output: unknown) => output).stream("hi", inSession("a"))),
      (made) => made.withConfig(inSession("a")).invoke("hi"),
      async (made) =>
        collect(
          await made
            .withConfig(inSession("a"))
            .withConfig({ tags: ["t"] })
            .stream("hi"),
        ),
    ];
    for (const verb of verbs) {
      const { made, sessions } = withHistory(streaming);
      await verb(made as RunnableWithMessageHistory);
      expect(told(sessions.kept.get("a"))).toEqual(["human hi", "ai n=1"]);
    }
  });

  it("takes a function as the runnable, and a config of its own", async () => {
    const { made, sessions } = withHistory((messages: BaseMessage[]) => `${messages.length}`, {
      config: inSession("bound"),
    });
    expect(await made.invoke("hi")).toBe("1");
    expect(sessions.texts("bound")).toEqual(["hi", "1"]);
    expect(await made.invoke("hi", inSession("called"))).toBe("1");
    expect(sessions.texts("called")).toEqual(["hi", "1"]);
  });

  it("hands bound call options to the runnable", async () => {
    const seen: unknown[] = [];
    const runnable = RunnableLambda.from((_: BaseMessage[], config: RunnableConfig) => {
      seen.push((config as { stop?: unknown }).stop);
      return "ok";
    });
    const { made } = withHistory(runnable, { kwargs: { stop: ["a"] } as object });
    await made.invoke("hi", inSession("a"));
    await made.bind({ stop: ["b"] } as object).invoke("hi", inSession("a"));
    expect(seen).toEqual([["a"], ["b"]]);
  });

  it("shows the runnable its history, and nothing else that was not there", async () => {
    const history = new InMemoryChatMessageHistory();
    const seen: Record<string, unknown>[] = [];
    const runnable = RunnableLambda.from((_: BaseMessage[], config: RunnableConfig) => {
      seen.push(config.configurable ?? {});
      return "ok";
    });
    const { made } = withHistory(runnable, { getMessageHistory: () => history });
    const configurable = Object.freeze({ sessionId: "a", other: 1 });
    await made.invoke("hi", Object.freeze({ configurable }));
    expect(Object.keys(seen[0] ?? {})).toEqual(["sessionId", "other", "messageHistory"]);
    expect(seen[0]?.messageHistory).toBe(history);
    expect(configurable).toEqual({ sessionId: "a", other: 1 });
  });

  it("is a binding by its class, with its fields to read", () => {
    const { made, sessions } = withHistory(counting, { inputMessagesKey: "q", historyMessagesKey: "h" });
    expect(made).toBeInstanceOf(RunnableBinding);
    expect(made).toMatchObject({ runnable: counting, getMessageHistory: sessions.open });
    expect(made).toMatchObject({ inputMessagesKey: "q", outputMessagesKey: undefined, historyMessagesKey: "h" });
    expect(made.getName()).toBe("RunnableWithMessageHistory");
    expect(RunnableWithMessageHistory.lc_name()).toBe("RunnableWithMessageHistory");
  });

  it("makes no signal, run or report where nobody observes", async () => {
    const { made } = withHistory(counting);
    expect(await countControllers(() => made.invoke("hi", inSession("a")))).toBe(0);
    expect(reports).toEqual([]);
  });
});

describe("the keys of a runnable with history", () => {
  const seen: unknown[] = [];
  const seeing = RunnableLambda.from((input: Record<string, unknown>) => {
    seen.push(Object.fromEntries(Object.entries(input).map(([key, value]) => [key, told(value)])));
    return { answer: "ok", sources: 2 };
  });
  const spoken = () => new InMemoryChatMessageHistory([new HumanMessage("before")]);
  beforeEach(() => {
    seen.length = 0;
  });

  test.each<[what: string, fields: object, input: Record<string, unknown>, given: object]>([
    [
      "the history by itself",
      { inputMessagesKey: "question", historyMessagesKey: "history" },
      { question: "hi", language: "en" },
      { question: "hi", language: "en", history: ["human before"] },
    ],
    [
      "the history in place of one that was given",
      { inputMessagesKey: "question", historyMessagesKey: "history" },
      { question: "hi", history: "mine" },
      { question: "hi", history: ["human before"] },
    ],
    [
      "the history, and the one other key found",
      { historyMessagesKey: "history" },
      { question: "hi" },
      { question: "hi", history: ["human before"] },
    ],
    [
      "all messages under one key",
      { inputMessagesKey: "question" },
      { question: "hi", language: "en" },
      { question: ["human before", "human hi"], language: "en" },
    ],
    [
      "a key that every object inherits",
      { inputMessagesKey: "question", historyMessagesKey: "constructor" },
      { question: "hi" },
      { question: "hi", constructor: ["human before"] },
    ],
  ])("put %s", async (_what, fields, input, given) => {
    for (const verb of ["invoke", "stream"] as const) {
      seen.length = 0;
      const history = spoken();
      const { made } = withHistory(seeing, {
        ...fields,
        outputMessagesKey: "answer",
        getMessageHistory: () => history,
      });
      const output = await made[verb](input, inSession("a"));
      if (verb === "stream") await collect(output as AsyncIterable<unknown>);
      else expect(output).toEqual({ answer: "ok", sources: 2 });
      expect(seen).toEqual([given]);
      expect(told(await history.getMessages())).toEqual(["human before", "human hi", "ai ok"]);
    }
  });

  it("may be __proto__, as data", async () => {
    const history = spoken();
    const { made } = withHistory((input: object) => Object.keys(input).join(), {
      inputMessagesKey: "q",
      historyMessagesKey: "__proto__",
      getMessageHistory: () => history,
    });
    expect(await made.invoke({ q: "hi" }, inSession("a"))).toBe("q,__proto__");
  });

  it("want an object", async () => {
    const { made } = withHistory(seeing, { historyMessagesKey: "history" });
    await expect(made.invoke("hi", inSession("a"))).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(made.stream("hi", inSession("a"))).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("what cannot be kept", () => {
  it("is refused before the runnable is called, where it is the input", async () => {
    const call = vi.fn(() => "ok");
    for (const fields of [{}, { historyMessagesKey: "history" }]) {
      const { made, sessions } = withHistory(RunnableLambda.from(call), fields);
      await expect(made.invoke({ a: "1", b: "2" }, inSession("a"))).rejects.toMatchObject({ code: "INVALID_INPUT" });
      await expect(made.stream({ a: "1", b: "2" }, inSession("a"))).rejects.toMatchObject({ code: "INVALID_INPUT" });
      expect(sessions.log).toEqual([]);
    }
    expect(call).not.toHaveBeenCalled();
  });

  it("fails the turn where it is the output, and nothing is stored", async () => {
    const { made, sessions } = withHistory((): unknown => ({ a: 1, b: 2 }));
    await expect(made.invoke("hi", inSession("a"))).rejects.toThrow("Set outputMessagesKey");
    await expect(collect(await made.stream("hi", inSession("a")))).rejects.toThrow("Set outputMessagesKey");
    expect(sessions.texts("a")).toEqual([]);
    expect(await outcomeOf(made.invoke("hi", inSession("a")))).not.toBe("pending");
  });

  it("fails a stream that gives nothing, as it fails invoke", async () => {
    const { made } = withHistory(RunnableLambda.from<BaseMessage[], string>(async function* () {}));
    await expect(made.invoke("hi", inSession("a"))).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(collect(made.astream("hi", inSession("a")))).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("fails a stream whose chunks cannot be summed, and closes it", async () => {
    let closed = 0;
    class Odd {
      concat(): never {
        throw new Error("no sum");
      }
    }
    const runnable = RunnableLambda.from<BaseMessage[], Odd>(async function* () {
      try {
        yield new Odd();
        yield new Odd();
      } finally {
        closed += 1;
      }
    });
    const { made, sessions } = withHistory(runnable);
    await expect(collect(made.astream("hi", inSession("a")))).rejects.toThrow("no sum");
    expect([closed, sessions.texts("a")]).toEqual([1, []]);
  });
});

describe("the session of a call", () => {
  test.each([undefined, null, ""])(
    "is refused where it is %j, before anything is told or opened",
    async (sessionId) => {
      const log = new RunLog();
      const { made, sessions } = withHistory(counting);
      const config = { ...inSession(sessionId), callbacks: [log.handler] };
      for (const call of [
        () => made.invoke("hi", config),
        () => made.stream("hi", config),
        () => made.batch(["hi"], config),
        () => collect(made.streamEvents("hi", config)),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      }
      await expect(made.invoke("hi")).rejects.toThrow(
        'Expected configurable.sessionId in the config, which says whose history it is; got undefined. Pass { configurable: { sessionId: "..." } } as the second argument, or bind it by withConfig.',
      );
      expect(log.lines).toEqual([]);
      expect(sessions.log).toEqual([]);
    },
  );

  it("is not one that is inherited", async () => {
    const { made } = withHistory(counting);
    const configurable = Object.create({ sessionId: "inherited" }) as Record<string, unknown>;
    await expect(made.invoke("hi", { configurable })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });

  test.each(["__proto__", "constructor", "toString", "a b\u0000c", 5, 0])("may be %j", async (sessionId) => {
    const { made, sessions } = withHistory(counting);
    await Promise.all([made.invoke("one", inSession(sessionId)), made.invoke("two", inSession(sessionId))]);
    expect(sessions.texts(sessionId as string)).toEqual(["one", "1", "two", "3"]);
  });

  it("is each item's own in a batch", async () => {
    const { made, sessions } = withHistory(counting);
    const outputs = await made.batch(["1", "2", "3", "4"], ["a", "b", "a", "b"].map(inSession));
    expect(outputs.map(({ text }) => text)).toEqual(["1", "1", "3", "3"]);
    expect([sessions.texts("a"), sessions.texts("b")]).toEqual([
      ["1", "1", "3", "3"],
      ["2", "1", "4", "3"],
    ]);
    const limited = await made.batch(["5", "6", "7"], inSession("c"), { maxConcurrency: 2 });
    expect(limited.map(({ text }) => text)).toEqual(["1", "3", "5"]);
  });
});

describe("a history that cannot be had", () => {
  it("fails the call before any run, with the error of who makes it", async () => {
    const log = new RunLog();
    const config = { ...inSession("a"), callbacks: [log.handler] };
    const failing: RunnableWithMessageHistoryInputs<unknown>["getMessageHistory"][] = [
      () => {
        throw new Error("no store");
      },
      async () => {
        throw new Error("no store");
      },
    ];
    for (const getMessageHistory of failing) {
      const { made } = withHistory(counting, { getMessageHistory });
      await expect(made.invoke("hi", config)).rejects.toThrow("no store");
      await expect(made.stream("hi", config)).rejects.toThrow("no store");
    }
    expect(log.lines).toEqual([]);
  });

  test.each([undefined, null, 5, {}, { getMessages: async () => [] }])("is refused where it is %j", async (given) => {
    const { made } = withHistory(counting, { getMessageHistory: () => given as never });
    await expect(made.invoke("hi", inSession("a"))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(
        /^Expected getMessageHistory to give a history, .* Extend BaseListChatMessageHistory\.$/,
      ),
    });
  });

  it("is refused where its messages are no list", async () => {
    const history = { getMessages: async () => "hi" as never, addMessages: async () => {} };
    const { made } = withHistory(counting, { getMessageHistory: () => history });
    await expect(made.invoke("hi", inSession("a"))).rejects.toThrow(
      "Expected getMessages to give a list of messages, got",
    );
  });

  it("may write at once, without a promise", async () => {
    const kept: BaseMessage[] = [];
    const history = {
      getMessages: async () => kept,
      addMessages: ((messages: BaseMessage[]) => void kept.push(...messages)) as unknown as () => Promise<void>,
    };
    const { made } = withHistory(streaming, { getMessageHistory: () => history });
    await made.invoke("one", inSession("a"));
    await collect(await made.stream("two", inSession("a")));
    expect(told(kept)).toEqual(["human one", "ai n=1", "human two", "ai n=3"]);
  });
});

describe("the runs of a turn", () => {
  const starts = (log: RunLog): string[] => log.lines.filter((line) => line.startsWith("start"));

  it("are a sequence of the history and the runnable, and fail with what cannot be written", async () => {
    for (const verb of ["invoke", "stream"] as const) {
      const log = new RunLog();
      const sessions = new Sessions({
        before: (moment) => {
          if (moment === "store") throw new Error("disk full");
        },
      });
      const { made } = withHistory(streaming, { getMessageHistory: sessions.open });
      const config = { ...inSession("a"), callbacks: [log.handler] };
      const reading = async () => {
        const output = await made[verb]("hi", config);
        if (verb === "stream") await collect(output as AsyncIterable<unknown>);
      };
      await expect(reading()).rejects.toThrow("disk full");
      expect(faultsOf(log)).toEqual([]);
      expect(starts(log)).toEqual(["start RunnableWithMessageHistory", "start loadHistory", "start RunnableLambda"]);
      expect(log.lines.slice(-2)).toEqual(["end RunnableLambda", "error RunnableWithMessageHistory"]);
      expect(reports).toEqual([]);
    }
  });

  it("are named by the config, which tags them all", async () => {
    const names: unknown[] = [];
    const handler = {
      name: "names",
      handleChainStart: (
        _: unknown,
        __: unknown,
        ___: unknown,
        ____: unknown,
        tags: unknown,
        metadata: unknown,
        _____: unknown,
        name: unknown,
      ) => void names.push([name, tags, metadata]),
    };
    const { made } = withHistory(counting, {
      historyMessagesKey: "history",
      config: { runName: "kept", tags: ["bound"], metadata: { m: 1 } },
    });
    const config = { ...inSession("a"), tags: ["mine"], callbacks: [handler] };
    await made.invoke({ q: "hi" }, config).catch(() => {});
    expect(names.map((entry) => (entry as unknown[])[0])).toEqual([
      "kept",
      "insertHistory",
      "loadHistory",
      "RunnableLambda",
    ]);
    expect(names[0]).toEqual(["kept", ["bound", "mine"], { m: 1 }]);
    expect((names[1] as unknown[])[1]).toEqual(expect.arrayContaining(["seq:step:1", "bound", "mine"]));
  });

  it("have the run id of the call, once", async () => {
    const log = new RunLog();
    const { made } = withHistory(counting);
    const runId = "01890000-0000-7000-8000-000000000000";
    await made.invoke("hi", { ...inSession("a"), runId, callbacks: [log.handler] });
    expect(log.moments.filter(({ id }) => id === runId).map(({ moment }) => moment)).toEqual(["start", "end"]);
  });
});

describe("a turn inside a turn", () => {
  it("of the same session does not wait for the outer one", async () => {
    const { made: inner, sessions } = withHistory(counting);
    const outer = new RunnableWithMessageHistory({
      runnable: RunnableLambda.from(async (messages: BaseMessage[], config: RunnableConfig) => {
        const { text } = await inner.invoke(`${messages.length} inside`, config);
        return `outer ${text}`;
      }),
      getMessageHistory: sessions.open,
    });
    expect(await outer.invoke("hi", inSession("a"))).toBe("outer 1");
    expect(sessions.texts("a")).toEqual(["1 inside", "1", "hi", "outer 1"]);
  });

  it("waits for another one beside it", async () => {
    const { made: inner, sessions } = withHistory(counting);
    const outer = new RunnableWithMessageHistory({
      runnable: RunnableLambda.from(async (_: BaseMessage[], config: RunnableConfig) => {
        const answers = await Promise.all(["1", "2", "3"].map((text) => inner.invoke(text, config)));
        return answers.map(({ text }) => text).join();
      }),
      getMessageHistory: sessions.open,
    });
    expect(await outer.invoke("hi", inSession("a"))).toBe("1,3,5");
    expect(sessions.texts("a")).toEqual(["1", "1", "2", "3", "3", "5", "hi", "1,3,5"]);
  });

  it("fails where it and another would wait for each other", async () => {
    const met = [defer(), defer()] as const;
    const sessions = new Sessions();
    const agents: RunnableWithMessageHistory<string, unknown>[] = [];
    const agent = (index: 0 | 1) =>
      new RunnableWithMessageHistory<string, unknown>({
        runnable: RunnableLambda.from(async (messages: BaseMessage[], config: RunnableConfig) => {
          if (messages.at(-1)?.text !== "ask") return "answered";
          met[index].resolve();
          await Promise.all(met.map(({ promise }) => promise));
          const other = agents[1 - index] as RunnableWithMessageHistory<string, unknown>;
          return await other.invoke("tell", {
            ...config,
            configurable: { ...config.configurable, sessionId: `${1 - index}` },
          });
        }),
        getMessageHistory: sessions.open,
      });
    agents.push(agent(0), agent(1));
    const outcomes = await Promise.allSettled(agents.map((one, index) => one.invoke("ask", inSession(`${index}`))));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const failed = outcomes.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(failed.reason).toMatchObject({ code: "NOT_SUPPORTED" });
  });
});
