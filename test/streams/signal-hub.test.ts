import { describe, expect, it, vi } from "vitest";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { subscribeToSignal } from "../../src/streams/signal-hub.ts";
import { CountedSignal } from "../helpers/signals.ts";

describe("subscribeToSignal", () => {
  it("shares one native listener among 1,300 scopes, and removes it with the last", () => {
    const counted = new CountedSignal();
    const scopes = Array.from({ length: 1_300 }, () => new CancelScope({ signal: counted.signal }));
    expect(counted.most).toBeLessThanOrEqual(10);
    expect(counted.listeners).toBe(1);
    for (const scope of scopes.slice(1)) scope.dispose();
    expect(counted.listeners).toBe(1);
    scopes[0]?.dispose();
    expect(counted.listeners).toBe(0);
  });

  it("tells all listeners once, in order, and takes the native one away", () => {
    const counted = new CountedSignal();
    const order: number[] = [];
    for (const number of [1, 2, 3]) subscribeToSignal(counted.signal, () => order.push(number));
    counted.abort();
    expect(order).toEqual([1, 2, 3]);
    expect(counted.listeners).toBe(0);
  });

  it("does not tell a listener whose subscription has ended", () => {
    const counted = new CountedSignal();
    const kept = vi.fn();
    const gone = vi.fn();
    subscribeToSignal(counted.signal, kept);
    const end = subscribeToSignal(counted.signal, gone);
    end();
    end();
    counted.abort();
    expect(kept).toHaveBeenCalledTimes(1);
    expect(gone).not.toHaveBeenCalled();
  });

  it("opens anew after the last subscription ended", () => {
    const counted = new CountedSignal();
    subscribeToSignal(counted.signal, () => {})();
    const again = vi.fn();
    subscribeToSignal(counted.signal, again);
    expect(counted.listeners).toBe(1);
    counted.abort();
    expect(again).toHaveBeenCalledTimes(1);
  });

  it("keeps signals apart", () => {
    const one = new CountedSignal();
    const other = new CountedSignal();
    const heard = vi.fn();
    subscribeToSignal(one.signal, heard);
    subscribeToSignal(other.signal, () => {});
    other.abort();
    expect(heard).not.toHaveBeenCalled();
    expect(one.listeners).toBe(1);
  });

  it("ending a subscription after the abort does nothing", () => {
    const counted = new CountedSignal();
    const end = subscribeToSignal(counted.signal, () => {});
    counted.abort();
    const removed = counted.listeners;
    end();
    expect(counted.listeners).toBe(removed);
  });
});
