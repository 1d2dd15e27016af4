import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { InMemoryChatMessageHistory } from "../../src/history/in-memory-chat-history.ts";
import { RunnableWithMessageHistory } from "../../src/history/runnable-with-message-history.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { scopeOf } from "../../src/runnables/scoped-config.ts";
import type { CancelScope } from "../../src/streams/cancel-scope.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { collectReports } from "../helpers/reports.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";
import { type Deferred, defer, outcomeOf, settle } from "../helpers/timing.ts";
import { inSession, Sessions } from "../history/sessions.ts";

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

/** Answers, in pieces, with what it heard, and how much it had heard before. */
const answerTo = (messages: readonly BaseMessage[]): string[] => [
  "re ",
  `${messages.at(-1)?.text}`,
  ` ${messages.length}`,
];

/** A model that waits, deaf to its signal, until it is let go. */
function heldModel() {
  const calls: Deferred<void>[] = [];
  let closed = 0;
  const runnable = RunnableLambda.from<BaseMessage[], string>(async function* (messages: BaseMessage[]) {
    const call = defer();
    calls.push(call);
    try {
      const [first, ...rest] = answerTo(messages) as [string, ...string[]];
      yield first;
      await call.promise;
      yield* rest;
    } finally {
      closed += 1;
    }
  });
  return { calls, runnable, closed: () => closed };
}

describe("H02: two turns of one session", () => {
  it("H02: run one after the other, so that the second hears the first", async () => {
    const sessions = new Sessions();
    const { calls, runnable } = heldModel();
    const made = new RunnableWithMessageHistory({ runnable, getMessageHistory: sessions.open });
    const turns = ["a", "b"].map((text) => made.invoke(text, inSession("s")));
    const other = made.invoke("c", inSession("t"));
    await settle();
    expect([calls.length, sessions.log]).toEqual([2, ["load s", "load t"]]);
    calls[1]?.resolve();
    expect(await other).toBe("re c 1");
    calls[0]?.resolve();
    expect(await turns[0]).toBe("re a 1");
    await settle();
    calls[2]?.resolve();
    expect(await turns[1]).toBe("re b 3");
    expect(sessions.texts("s")).toEqual(["a", "re a 1", "b", "re b 3"]);
  });

  it("H02: are told apart by their history too, whatever id and runnable they came by", async () => {
    const history = new InMemoryChatMessageHistory();
    const runnable = RunnableLambda.from(async (messages: BaseMessage[]) => {
      await settle(1);
      return answerTo(messages).join("");
    });
    const made = [1, 2].map(() => new RunnableWithMessageHistory({ runnable, getMessageHistory: async () => history }));
    await Promise.all(["a", "b", "c"].map((text, index) => made[index % 2]?.invoke(text, inSession(text))));
    const texts = (await history.getMessages()).map(({ text }) => text);
    expect(texts).toEqual(["a", "re a 1", "b", "re b 3", "c", "re c 5"]);
  });

  it("H02: the first of them aborted or left stores nothing, and lets the second in", async () => {
    for (const ending of [
      "abort invoke",
      "abort stream",
      "abort events",
      "leave",
      "leave before reading on",
    ] as const) {
      const sessions = new Sessions();
      const log = new RunLog();
      const counted = new CountedSignal();
      const { calls, runnable, closed } = heldModel();
      const made = new RunnableWithMessageHistory({ runnable, getMessageHistory: sessions.open });
      const config = { ...inSession("s"), signal: counted.signal, callbacks: [log.handler] };
      const reason = new Error("over");
      if (ending === "abort invoke") {
        const turn = made.invoke("a", config);
        await settle();
        counted.abort(reason);
        await expect(turn).rejects.toBe(reason);
      } else {
        const stream: AsyncIterator<unknown> =
          ending === "abort events" ? made.streamEvents("a", config) : await made.stream("a", config);
        await stream.next();
        const pending = ending === "leave before reading on" ? undefined : stream.next();
        pending?.catch(() => {});
        await settle();
        if (ending.startsWith("leave")) await stream.return?.();
        else {
          counted.abort(reason);
          await expect(collect({ [Symbol.asyncIterator]: () => stream }).then(() => pending)).rejects.toBe(reason);
        }
      }
      const second = made.invoke("b", inSession("s"));
      await settle();
      // The first model only hears now that it is not wanted any more.
      for (const call of calls) call.resolve();
      expect(await second).toBe("re b 1");
      await settle();
      expect(sessions.texts("s")).toEqual(["b", "re b 1"]);
      expect([faultsOf(log), counted.listeners, closed()]).toEqual([[], 0, calls.length]);
    }
  });

  it("H02: the second, aborted or left while it waits, never begins, and the third is not held up", async () => {
    for (const ending of ["abort invoke", "abort stream", "leave"] as const) {
      const sessions = new Sessions();
      const log = new RunLog();
      const counted = new CountedSignal();
      const { calls, runnable } = heldModel();
      const made = new RunnableWithMessageHistory({ runnable, getMessageHistory: sessions.open });
      const first = made.invoke("a", inSession("s"));
      const config = { ...inSession("s"), signal: counted.signal, callbacks: [log.handler] };
      const stream = made.astream("b", config);
      const second = ending === "abort invoke" ? made.invoke("b", config) : stream.next();
      const third = made.invoke("c", inSession("s"));
      await settle();
      const reason = new Error("over");
      if (ending === "leave") {
        await stream.return();
        expect(await second).toEqual({ value: undefined, done: true });
      } else {
        counted.abort(reason);
        await expect(second).rejects.toBe(reason);
      }
      expect(await outcomeOf(third)).toBe("pending");
      calls[0]?.resolve();
      await first;
      await settle();
      calls[1]?.resolve();
      expect(await third).toBe("re c 3");
      expect(sessions.texts("s")).toEqual(["a", "re a 1", "c", "re c 3"]);
      expect([log.lines, counted.listeners, sessions.log.length]).toEqual([[], 0, 4]);
    }
  });

  it("H02: the second, aborted as it is let in, does not open its history", async () => {
    const opened: string[] = [];
    const counted = new CountedSignal();
    const sessions = new Sessions({ before: (moment) => moment === "open" && opened.push("open") });
    const made = new RunnableWithMessageHistory({
      runnable: RunnableLambda.from((messages: BaseMessage[]) => answerTo(messages).join("")),
      getMessageHistory: sessions.open,
    });
    const first = made.invoke("a", inSession("s")).then(() => counted.abort(new Error("over")));
    const second = made.invoke("b", { ...inSession("s"), signal: counted.signal });
    await first;
    await expect(second).rejects.toThrow("over");
    expect(sessions.texts("s")).toEqual(["a", "re a 1"]);
    expect(await made.invoke("c", inSession("s"))).toBe("re c 3");
  });

  it("H02: the first, aborted as its model answers, stores nothing, however deaf the model", async () => {
    for (const order of ["answer, abort", "abort, answer", "answer later"] as const) {
      const sessions = new Sessions();
      const counted = new CountedSignal();
      const answer = defer<string>();
      const made = new RunnableWithMessageHistory({
        // An invoke of the author's own is not raced with the signal.
        runnable: Object.assign(
          RunnableLambda.from((_: BaseMessage[]) => ""),
          { invoke: () => answer.promise },
        ),
        getMessageHistory: sessions.open,
      });
      const turn = made.invoke("a", { ...inSession("s"), signal: counted.signal });
      await settle();
      if (order === "answer, abort") answer.resolve("re a");
      counted.abort(new Error("over"));
      if (order === "abort, answer") answer.resolve("re a");
      await expect(turn).rejects.toThrow("over");
      answer.resolve("re a");
      await settle();
      expect(sessions.log).toEqual(["load s"]);
    }
  });

  it("H02: the second, let in and aborted at once, does not open its history", async () => {
    const opened: unknown[] = [];
    const sessions = new Sessions({ before: (moment) => void opened.push(moment) });
    const counted = new CountedSignal();
    const { calls, runnable } = heldModel();
    const made = new RunnableWithMessageHistory({ runnable, getMessageHistory: sessions.open });
    const first = await made.stream("a", inSession("s"));
    const second = made.invoke("b", { ...inSession("s"), signal: counted.signal });
    const leaving = first.return();
    counted.abort(new Error("over"));
    await expect(second).rejects.toThrow("over");
    await leaving;
    await settle();
    expect(opened).toEqual(["open", "load"]);
    const third = made.invoke("c", inSession("s"));
    await settle();
    calls[1]?.resolve();
    expect(await third).toBe("re c 1");
  });

  it("H02: turns inside a long run leave nothing on its scope", async () => {
    const sessions = new Sessions();
    const made = new RunnableWithMessageHistory({
      runnable: RunnableLambda.from((messages: BaseMessage[]) => answerTo(messages).join("")),
      getMessageHistory: sessions.open,
    });
    let hooks = 0;
    const long = RunnableLambda.from(async (text: string, config: RunnableConfig) => {
      const scope = scopeOf(config) as CancelScope;
      const listen = scope.onCancel.bind(scope);
      scope.onCancel = (hook) => {
        hooks += 1;
        const release = listen(hook);
        let isOn = true;
        return () => {
          if (isOn) hooks -= 1;
          isOn = false;
          release();
        };
      };
      const counts: number[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        await made.invoke(text, { ...config, ...inSession("s") });
        counts.push(hooks);
      }
      return counts;
    });
    // The one is of the run around them.
    expect(await long.invoke("a", { signal: new AbortController().signal })).toEqual([1, 1, 1]);
    expect(sessions.texts("s")).toHaveLength(6);
  });

  it("H02: a time limit ends the wait for the turn before", async () => {
    vi.useFakeTimers();
    try {
      const sessions = new Sessions();
      const { calls, runnable } = heldModel();
      const made = new RunnableWithMessageHistory({ runnable, getMessageHistory: sessions.open });
      const first = made.invoke("a", inSession("s"));
      const limited = made.withConfig({ timeout: 50 });
      const outcomes = Promise.allSettled([
        made.invoke("b", { ...inSession("s"), timeout: 50 }),
        made.stream("c", { ...inSession("s"), timeout: 50 }),
        limited.invoke("d", inSession("s")),
        limited.stream("e", inSession("s")),
      ]);
      await vi.advanceTimersByTimeAsync(60);
      for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: "TIMEOUT" } });
      calls[0]?.resolve();
      expect(await first).toBe("re a 1");
      expect(calls).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("H02: the first, aborted while it is written, is written whole before the second begins", async () => {
    for (const verb of ["invoke", "stream"] as const) {
      for (const outcome of ["written", "failed"] as const) {
        reports.length = 0;
        const writing: Deferred<void>[] = [];
        const sessions = new Sessions({
          before: (moment) => {
            if (moment !== "store") return undefined;
            writing.push(defer());
            return writing.at(-1)?.promise;
          },
        });
        const counted = new CountedSignal();
        const made = new RunnableWithMessageHistory({
          runnable: RunnableLambda.from((messages: BaseMessage[]) => answerTo(messages).join("")),
          getMessageHistory: sessions.open,
        });
        const config = { ...inSession("s"), signal: counted.signal };
        const first = verb === "invoke" ? made.invoke("a", config) : collect(made.astream("a", config));
        const second = made.invoke("b", inSession("s"));
        await settle();
        counted.abort(new Error("over"));
        await expect(first).rejects.toThrow("over");
        await settle();
        expect([writing.length, sessions.log]).toEqual([1, ["load s"]]);
        if (outcome === "written") writing[0]?.resolve();
        else writing[0]?.reject(new Error("disk full"));
        await settle();
        writing[1]?.resolve();
        expect(await second).toBe(outcome === "written" ? "re b 3" : "re b 1");
        const place = "storing the messages of a turn that was aborted";
        expect(reports).toEqual(outcome === "written" ? [] : [{ error: new Error("disk full"), place }]);
      }
    }
  });

  it("H02: a turn that does not wait for its answer's end holds nobody up for longer than it lives", async () => {
    const sessions = new Sessions();
    const made = new RunnableWithMessageHistory({
      runnable: RunnableLambda.from((messages: BaseMessage[]) => answerTo(messages).join("")),
      getMessageHistory: sessions.open,
    });
    let late: Promise<unknown> = Promise.resolve();
    const outer = new RunnableWithMessageHistory({
      runnable: RunnableLambda.from((messages: BaseMessage[], config: RunnableConfig) => {
        late = settle(2).then(() => made.invoke("late", config));
        return answerTo(messages).join("");
      }),
      getMessageHistory: sessions.open,
    });
    expect(await outer.invoke("a", inSession("s"))).toBe("re a 1");
    expect(await late).toBe("re late 3");
  });
});

interface PlannedTurn {
  readonly session: "s" | "__proto__" | "t";
  readonly verb: "invoke" | "stream" | "events";
  readonly fate: "finish" | "fail" | "leave" | "abort";
  /** How much a reader that leaves has read by then. */
  readonly reads: number;
  readonly isObserved: boolean;
}

const plannedTurn = (fates: readonly PlannedTurn["fate"][]): fc.Arbitrary<PlannedTurn> =>
  fc.record({
    session: fc.constantFrom("s" as const, "__proto__" as const, "t" as const),
    verb: fc.constantFrom("invoke" as const, "stream" as const, "events" as const),
    fate: fc.constantFrom(...fates),
    reads: fc.nat({ max: 3 }),
    isObserved: fc.boolean(),
  });

/** Turns of a few sessions, where each wait of a model or store ends when a schedule says so. */
class Stage {
  readonly log: RunLog = new RunLog();
  readonly counted: CountedSignal[] = [];
  readonly sessions: Sessions;
  /** The turns whose writing began, and those that failed it. */
  readonly writing: Set<string> = new Set();
  readonly unwritten: Set<string> = new Set();
  readonly over: Set<string> = new Set();
  /** Nothing of the store fails any more. */
  isCalm = false;
  readonly #pause: (label: string) => Promise<unknown>;
  readonly #made: RunnableWithMessageHistory<string, string>;

  /** @param faults which of the calls of the store fail, by their order. */
  constructor(pause: (label: string) => Promise<unknown>, faults: readonly boolean[] = []) {
    this.#pause = pause;
    let calls = 0;
    this.sessions = new Sessions({
      before: async (moment, _session, messages) => {
        const isBroken = faults[calls] === true && !this.isCalm;
        calls += 1;
        const turn = messages?.[0]?.text;
        if (turn !== undefined) this.#write(turn, isBroken);
        await pause(moment);
        if (isBroken) throw new Error(`${moment} failed`);
      },
    });
    this.#made = new RunnableWithMessageHistory<string, string>({
      runnable: RunnableLambda.from<BaseMessage[], string>(async function* (messages: BaseMessage[]) {
        for (const piece of answerTo(messages)) {
          await pause("piece");
          yield piece;
          if (messages.at(-1)?.text.endsWith("fail")) throw new Error("model failed");
        }
      }),
      getMessageHistory: this.sessions.open,
    });
  }

  #write(turn: string, isBroken: boolean): void {
    expect([...this.over, ...this.writing]).not.toContain(turn);
    this.writing.add(turn);
    if (isBroken) this.unwritten.add(turn);
  }

  /** Plays a turn to its end, and gives what its caller got. */
  async play({ session, verb, fate, reads, isObserved }: PlannedTurn, index: number): Promise<unknown> {
    const turn = `${index} ${fate}`;
    const counted = new CountedSignal();
    this.counted.push(counted);
    const config = { ...inSession(session), signal: counted.signal, callbacks: isObserved ? [this.log.handler] : [] };
    if (fate === "abort") {
      void this.#pause("abort").then(() => {
        if (!this.writing.has(turn)) this.over.add(turn);
        counted.abort(new Error("aborted"));
      });
    }
    try {
      if (verb === "invoke") return await this.#made.invoke(turn, config);
      return await this.#read(this.#stream(verb, turn, config), fate === "leave" ? reads : undefined, turn);
    } catch (error) {
      return (error as Error).message;
    }
  }

  #stream(verb: "stream" | "events", turn: string, config: RunnableConfig): AsyncIterator<unknown> {
    return verb === "stream" ? this.#made.astream(turn, config) : this.#made.streamEvents(turn, config);
  }

  /** @param reads how many items are read before the reader leaves. Default: all. */
  async #read(stream: AsyncIterator<unknown>, reads: number | undefined, turn: string): Promise<string> {
    let text = "";
    for (let read = 0; reads === undefined || read < reads; read += 1) {
      const { value, done } = await stream.next();
      if (done) return text;
      const { event, data } = value as { event?: string; data?: { output?: string } };
      if (event === undefined) text += value as string;
      else if (event === "on_chain_end" && data?.output !== undefined) text = data.output;
    }
    if (!this.writing.has(turn)) this.over.add(turn);
    await stream.return?.();
    return "left";
  }

  /** One more turn in each session, which nothing may hold up. */
  async playLast(): Promise<void> {
    for (const session of ["s", "__proto__", "t"]) {
      const kept = this.sessions.texts(session).length;
      expect(await this.#made.invoke(`last ${session}`, inSession(session))).toBe(`re last ${session} ${kept + 1}`);
    }
  }
}

describe("H02: whatever happens to the turns of some sessions, in whatever order", () => {
  it("H02: each is stored whole or not at all, in order, having heard all before it; nothing is held up or left open", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(plannedTurn(["finish", "finish", "fail", "leave", "abort"]), { minLength: 1, maxLength: 6 }),
        fc.array(fc.boolean(), { maxLength: 8 }),
        async (scheduler, turns, faults) => {
          let isOpen = false;
          const pause = (label: string): Promise<unknown> =>
            isOpen ? Promise.resolve() : scheduler.schedule(Promise.resolve(), label);
          const stage = new Stage(pause, faults);
          const outcomes = await scheduler.waitFor(Promise.all(turns.map((turn, index) => stage.play(turn, index))));
          isOpen = true;
          await scheduler.waitAll();
          await settle();
          const { sessions, writing, unwritten, log, counted } = stage;
          for (const session of ["s", "__proto__", "t"] as const) {
            const mine = turns.flatMap((turn, index) =>
              turn.session === session ? [{ text: `${index} ${turn.fate}`, outcome: outcomes[index] }] : [],
            );
            const stored = mine.filter(({ text }) => writing.has(text) && !unwritten.has(text));
            expect(sessions.texts(session)).toEqual(
              stored.flatMap(({ text }, place) => [text, `re ${text} ${2 * place + 1}`]),
            );
            for (const { text, outcome } of mine) {
              const isStored = stored.some((turn) => turn.text === text);
              if (`${outcome}`.startsWith("re ")) expect(isStored).toBe(true);
              else if (!text.endsWith("abort") && !text.endsWith("leave")) expect(isStored).toBe(false);
            }
          }
          expect(faultsOf(log)).toEqual([]);
          expect(counted.map(({ listeners }) => listeners)).toEqual(counted.map(() => 0));
          stage.isCalm = true;
          await stage.playLast();
          assertNoPoisoning();
        },
      ),
      { numRuns: 1_500 },
    );
  }, 60_000);

  it("H02: sessions side by side keep and answer what each does alone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(plannedTurn(["finish", "finish", "fail", "leave"]), { minLength: 2, maxLength: 8 }),
        async (scheduler, turns) => {
          const alone = new Map<string, unknown>();
          for (const session of ["s", "__proto__", "t"] as const) {
            const stage = new Stage(() => Promise.resolve());
            const outcomes: unknown[] = [];
            for (const [index, turn] of turns.entries()) {
              if (turn.session === session) outcomes.push(await stage.play(turn, index));
            }
            alone.set(session, [outcomes, stage.sessions.texts(session)]);
          }
          const stage = new Stage((label) => scheduler.schedule(Promise.resolve(), label));
          const outcomes = await scheduler.waitFor(Promise.all(turns.map((turn, index) => stage.play(turn, index))));
          for (const [session, expected] of alone) {
            const mine = outcomes.filter((_, index) => turns[index]?.session === session);
            expect([mine, stage.sessions.texts(session)]).toEqual(expected);
          }
          await scheduler.waitAll();
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);
});
