import { describe, expect, it, vi } from "vitest";
import type { AbortSignalLike } from "../../src/streams/abort-controller.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { EitherSignal } from "../../src/streams/either-signal.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { CountedSignal } from "../helpers/signals.ts";

function either(...counted: CountedSignal[]): EitherSignal {
  return EitherSignal.of(counted.map(({ signal }) => signal)) as EitherSignal;
}

describe("EitherSignal", () => {
  it("is none of none, and a lone signal itself", () => {
    const { signal } = new AbortController();
    expect(EitherSignal.of([])).toBeUndefined();
    expect(EitherSignal.of([undefined, undefined])).toBeUndefined();
    expect(EitherSignal.of([undefined, signal])).toBe(signal);
    expect(EitherSignal.of([signal, signal])).toBe(signal);
  });

  it("takes each signal once, however it was put together", () => {
    const counted = [new CountedSignal(), new CountedSignal(), new CountedSignal()] as const;
    const [one, two, three] = counted;
    const all = EitherSignal.of([either(one, two), either(two, three), one.signal]) as EitherSignal;
    const listener = (): void => {};
    all.addEventListener("abort", listener);
    expect(counted.map(({ listeners }) => listeners)).toEqual([1, 1, 1]);
    all.removeEventListener("abort", listener);
    expect(counted.map(({ listeners }) => listeners)).toEqual([0, 0, 0]);
  });

  it.each([0, 1])("aborts with the signal at %d, and its reason", (index) => {
    const counted = [new CountedSignal(), new CountedSignal()] as const;
    const both = either(...counted);
    const listener = vi.fn();
    both.addEventListener("abort", listener);
    expect([both.aborted, both.reason]).toEqual([false, undefined]);
    const reason = new Error("over");
    counted[index]?.abort(reason);
    expect(listener).toHaveBeenCalledTimes(1);
    expect([both.aborted, both.reason]).toEqual([true, reason]);
  });

  it("ends a scope, which leaves nothing on the signals when it is disposed of", () => {
    const counted = [new CountedSignal(), new CountedSignal()] as const;
    const scopes = Array.from({ length: 100 }, () => new CancelScope({ signal: either(...counted) }));
    expect(counted.map(({ listeners }) => listeners)).toEqual([1, 1]);
    const reason = new Error("over");
    counted[1].abort(reason);
    expect(scopes.every((scope) => scope.cause === reason)).toBe(true);
    const more = [new CountedSignal(), new CountedSignal()] as const;
    for (const scope of scopes.map(() => new CancelScope({ signal: either(...more) }))) scope.dispose();
    expect(more.map(({ listeners }) => listeners)).toEqual([0, 0]);
  });

  it("is over at once where a signal has aborted before", () => {
    const aborted = AbortSignal.abort("early");
    const both = EitherSignal.of([new AbortController().signal, aborted]) as EitherSignal;
    expect([both.aborted, both.reason]).toEqual([true, "early"]);
    expect(new CancelScope({ signal: both }).cancelled).toBe(true);
  });

  it("refuses what is no signal when it is listened to", () => {
    const both = EitherSignal.of([new AbortController().signal, {} as AbortSignalLike]) as EitherSignal;
    expect(() => new CancelScope({ signal: both })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });

  it("lets go of a listener that it does not know", () => {
    either(new CountedSignal(), new CountedSignal()).removeEventListener("abort", () => {});
  });

  it("gives a platform's signal, the same one each time", () => {
    const counted = [new CountedSignal(), new CountedSignal()] as const;
    const both = either(...counted);
    const signal = both.toSignal();
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(both.toSignal()).toBe(signal);
    const reason = new Error("over");
    counted[1].abort(reason);
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
  });

  it("gives a signal of our own where the platform cannot combine them", async () => {
    await withoutGlobals(["AbortSignal"], () => {
      const counted = [new CountedSignal(), new CountedSignal()] as const;
      const signal = either(...counted).toSignal();
      counted[0].abort("over");
      expect(signal.aborted).toBe(true);
    });
  });
});
