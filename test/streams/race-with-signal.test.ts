import { describe, expect, it } from "vitest";
import { raceWithSignal } from "../../src/streams/race-with-signal.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { defer } from "../helpers/timing.ts";

describe("raceWithSignal", () => {
  it("gives what the promise gives, or rejects as it does, and lets go of the signal", async () => {
    const counted = new CountedSignal();
    expect(await raceWithSignal(Promise.resolve(1), counted.signal)).toBe(1);
    await expect(raceWithSignal(Promise.reject(new Error("no")), counted.signal)).rejects.toThrow("no");
    expect(counted.listeners).toBe(0);
    expect(await raceWithSignal(Promise.resolve(2))).toBe(2);
  });

  it("rejects with the reason once the signal is aborted, whatever becomes of the promise", async () => {
    const counted = new CountedSignal();
    const gate = defer();
    const race = raceWithSignal(gate.promise, counted.signal);
    const reason = new Error("over");
    counted.abort(reason);
    await expect(race).rejects.toBe(reason);
    expect(counted.listeners).toBe(0);
    gate.resolve();
    await expect(raceWithSignal(Promise.reject(new Error("late")), counted.signal)).rejects.toBe(reason);
  });
});
