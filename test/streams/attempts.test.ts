import { describe, expect, it, vi } from "vitest";
import { type AttemptPolicy, AttemptSource, callAttempts } from "../../src/streams/attempts.ts";
import { ReplaySource } from "../../src/streams/replay-source.ts";
import type { Source } from "../../src/streams/source.ts";
import { ListSource, ManualSource, pullOnce, RecordingSink, readAll } from "../helpers/sources.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

/** A policy of so many attempts, which writes down the failures it was asked about. */
function policyOf(attempts: number): AttemptPolicy & { readonly failures: [unknown, number][]; leave: () => void } {
  const failures: [unknown, number][] = [];
  return {
    failures,
    afterFailure(error, index) {
      failures.push([error, index]);
      if (index + 1 >= attempts) throw error;
    },
    leave: vi.fn(),
  };
}

const fail = (error: unknown): never => {
  throw error;
};

describe("callAttempts", () => {
  it("answers at once where the first attempt does", () => {
    const policy = policyOf(3);
    expect(callAttempts((index) => `answer ${index}`, policy)).toBe("answer 0");
    expect(policy.failures).toEqual([]);
  });

  it("calls again at once after what is thrown at once", () => {
    const policy = policyOf(3);
    expect(callAttempts((index) => (index < 2 ? fail(`error ${index}`) : index), policy)).toBe(2);
    expect(policy.failures).toEqual([
      ["error 0", 0],
      ["error 1", 1],
    ]);
  });

  it("calls again after a rejection", async () => {
    const policy = policyOf(3);
    const call = async (index: number): Promise<number> => (index < 2 ? fail(`error ${index}`) : index);
    expect(await callAttempts(call, policy)).toBe(2);
    expect(policy.failures).toHaveLength(2);
  });

  it("fails with what the policy throws, at once or later", async () => {
    const final = new Error("final");
    expect(() => callAttempts(() => fail("x"), { afterFailure: () => fail(final) })).toThrow(final);
    const rejected = Promise.resolve(callAttempts(() => fail("x"), { afterFailure: () => Promise.reject(final) }));
    await expect(rejected).rejects.toBe(final);
  });

  it("waits for the policy before it calls again", async () => {
    const gate = defer();
    const call = vi.fn((index: number) => (index === 0 ? fail("x") : "ok"));
    const outcome = callAttempts(call, { afterFailure: () => gate.promise });
    await settle();
    expect(call).toHaveBeenCalledTimes(1);
    gate.resolve();
    expect(await outcome).toBe("ok");
  });
});

describe("AttemptSource", () => {
  it("opens nothing before it is pulled, and one source where that one gives something", async () => {
    const open = vi.fn(() => new ListSource([1, 2]));
    const source = new AttemptSource<number>(open, policyOf(3));
    expect(open).not.toHaveBeenCalled();
    expect(await readAll(source)).toEqual({ items: [1, 2] });
    expect(open.mock.calls).toEqual([[0]]);
  });

  it("takes an empty stream for an answer", async () => {
    const policy = policyOf(3);
    expect(await readAll(new AttemptSource(() => new ListSource([]), policy))).toEqual({ items: [] });
    expect(policy.failures).toEqual([]);
  });

  it.each([false, true])("opens the next after a failure before the first item (async %s)", async (isAsync) => {
    const policy = policyOf(3);
    const open = (index: number): ListSource<string> =>
      new ListSource(index < 2 ? [] : ["a", "b"], { isAsync, ...(index < 2 && { failure: { error: index } }) });
    expect(await readAll(new AttemptSource(open, policy))).toEqual({ items: ["a", "b"] });
    expect(policy.failures).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it("takes a source that cannot be opened for a failed attempt", async () => {
    const source = new AttemptSource((index) => (index === 0 ? fail("x") : new ListSource([index])), policyOf(2));
    expect(await readAll(source)).toEqual({ items: [1] });
  });

  it("fails after the first item without asking the policy", async () => {
    const policy = policyOf(3);
    const open = (): ListSource<string> => new ListSource(["a"], { failure: { error: "late" } });
    expect(await readAll(new AttemptSource(open, policy))).toEqual({ items: ["a"], error: "late" });
    expect(policy.failures).toEqual([]);
  });

  it.each<[string, () => never | Promise<void>]>([
    ["throws", () => fail("final")],
    ["rejects with", () => Promise.reject("final")],
  ])("fails with what the policy %s", async (_name, afterFailure) => {
    const source = new AttemptSource(() => fail("x"), { afterFailure });
    expect(await readAll(source)).toEqual({ items: [], error: "final" });
  });

  it("closes what is open when it is left, and tells the policy", () => {
    const open = new ManualSource<number>();
    const policy = policyOf(3);
    const source = new AttemptSource(() => open, policy);
    const sink = pullOnce(source);
    const cause = new Error("over");
    source.close(cause);
    open.fail("late");
    expect(open.closes).toEqual([cause]);
    expect(policy.leave).toHaveBeenCalledTimes(1);
    expect(policy.failures).toEqual([]);
    expect(sink.answers).toEqual([]);
  });

  it.each(["resolve", "reject"] as const)("opens nothing when left during the wait (%s)", async (outcome) => {
    const gate = defer();
    const open = vi.fn(() => fail("x"));
    const source = new AttemptSource(open, { afterFailure: () => gate.promise });
    const sink = pullOnce(source);
    expect(source.close()).toBeUndefined();
    gate[outcome]();
    await settle();
    expect(open).toHaveBeenCalledTimes(1);
    expect(sink.answers).toEqual([]);
  });

  it("closes a source whose opening has left", () => {
    const opened = new ManualSource<number>();
    const source: AttemptSource<number> = new AttemptSource(() => {
      source.close();
      return opened;
    }, policyOf(2));
    expect(pullOnce(source).answers).toEqual([]);
    expect(opened.closes).toHaveLength(1);
    expect(opened.pulls).toBe(0);
    const policy = policyOf(2);
    const failing: AttemptSource<number> = new AttemptSource(() => {
      failing.close();
      return fail("x");
    }, policy);
    expect(pullOnce(failing).answers).toEqual([]);
    expect(policy.failures).toEqual([]);
  });

  describe("of what reads an input", () => {
    /** An attempt that passes its input on, or reads `failsAt` items of it and then fails. */
    function attemptOf(input: Source<string>, failsAt: number | undefined): Source<string> {
      let read = 0;
      const attempt: Source<string> = {
        pull: (sink) =>
          input.pull({
            item(value) {
              read += 1;
              if (failsAt === undefined) sink.item(value);
              else if (read === failsAt) sink.fail(`at ${value}`);
              else attempt.pull(sink);
            },
            end: () => sink.end(),
            fail: (error) => sink.fail(error),
          }),
        close: (cause) => input.close(cause),
      };
      return attempt;
    }

    function reading(policy: AttemptPolicy, upTo: number, failsAt: number): [ManualSource<string>, Source<string>] {
      const input = new ManualSource<string>();
      const replay = new ReplaySource<string>(input);
      const open = (index: number): Source<string> => attemptOf(replay.open(), index < upTo ? failsAt : undefined);
      return [input, new AttemptSource(open, policy, replay)];
    }

    it("replays what was read, and hands nothing on twice", () => {
      const policy = policyOf(3);
      const [input, source] = reading(policy, 2, 2);
      const sink = new RecordingSink<string>();
      source.pull(sink);
      input.item("a");
      input.item("b");
      for (let count = 0; count < 2; count += 1) source.pull(sink);
      input.item("c");
      source.pull(sink);
      input.end();
      expect(policy.failures).toEqual([
        ["at b", 0],
        ["at b", 1],
      ]);
      expect(sink.answers).toEqual([["item", "a"], ["item", "b"], ["item", "c"], ["end"]]);
      expect(input.closes).toEqual([]);
    });

    it("keeps nothing of the input once it has given something", () => {
      const input = new ManualSource<string>();
      const replay = new ReplaySource<string>(input);
      const source = new AttemptSource(() => replay.open(), policyOf(3), replay);
      for (const letter of "ab") {
        const sink = pullOnce(source);
        input.item(letter);
        expect(sink.answers).toEqual([["item", letter]]);
        expect(replay.sum()).toBeUndefined();
      }
    });

    it("closes the input when it gives up, and tells once that is done", async () => {
      const [input, source] = reading(policyOf(2), 9, 1);
      const gate = defer();
      input.closing = gate.promise;
      const sink = pullOnce(source);
      input.item("a");
      await settle();
      expect(input.closes).toHaveLength(1);
      expect(sink.answers).toEqual([]);
      gate.resolve();
      await settle();
      expect(sink.answers).toEqual([["fail", "at a"]]);
    });

    it("does not ask the policy about a failure of the input", () => {
      const policy = policyOf(3);
      const [input, source] = reading(policy, 0, 1);
      const sink = pullOnce(source);
      input.fail("broken");
      expect(sink.answers).toEqual([["fail", "broken"]]);
      expect(policy.failures).toEqual([]);
      expect(input.closes).toEqual([]);
    });

    it("closes the input when it is left, before and after it was opened", () => {
      const cause = new Error("over");
      for (const pulls of [0, 1]) {
        const [input, source] = reading(policyOf(3), 0, 1);
        for (let count = 0; count < pulls; count += 1) pullOnce(source);
        source.close(cause);
        source.close(cause);
        expect(input.closes).toEqual([cause]);
      }
    });

    it("closes the input at an end that comes before that of the input", async () => {
      const input = new ManualSource<string>();
      const source = new AttemptSource(() => new ListSource(["a"]), policyOf(3), new ReplaySource<unknown>(input));
      expect(await outcomeOf(readAll(source))).toEqual({ value: { items: ["a"] } });
      expect(input.closes).toHaveLength(1);
    });
  });
});
