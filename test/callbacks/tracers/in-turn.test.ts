import { describe, expect, it } from "vitest";
import { inTurn } from "../../../src/callbacks/tracers/in-turn.ts";
import { collectReports } from "../../helpers/reports.ts";
import { defer, outcomeOf } from "../../helpers/timing.ts";

const reports = collectReports();
const ERRORS = [new Error("first"), new Error("second"), new Error("third")];

function throws(index: number): () => never {
  return () => {
    throw ERRORS[index];
  };
}
function rejects(index: number): () => Promise<never> {
  return () => Promise.reject(ERRORS[index]);
}

describe("inTurn", () => {
  it("gives the value at once where no call gives a promise", () => {
    const calls: number[] = [];
    expect(inTurn([() => calls.push(1), () => calls.push(2)], "value", "here")).toBe("value");
    expect(calls).toEqual([1, 2]);
    expect(inTurn([], "value", "here")).toBe("value");
  });

  it("makes each call once the promise of the one before has settled", async () => {
    const calls: number[] = [];
    const gates = [defer(), defer()];
    const wait = (index: number) => () => {
      calls.push(index);
      return gates[index]?.promise;
    };
    const done = inTurn([wait(0), wait(1), wait(2)], "value", "here") as Promise<string>;
    expect(calls).toEqual([0]);
    expect(await outcomeOf(done)).toBe("pending");
    gates[0]?.resolve();
    expect(await outcomeOf(done)).toBe("pending");
    expect(calls).toEqual([0, 1]);
    gates[1]?.resolve();
    expect(await outcomeOf(done)).toEqual({ value: "value" });
    expect(calls).toEqual([0, 1, 2]);
  });

  it.each([
    ["thrown", throws],
    ["rejected", rejects],
  ])("makes all calls, then fails with the first failure and reports the others (%s)", async (_how, fails) => {
    const calls: string[] = [];
    const act = async () =>
      inTurn([fails(0), () => calls.push("a"), fails(1), () => calls.push("b"), fails(2)], "value", "here");
    await expect(act()).rejects.toBe(ERRORS[0]);
    expect(calls).toEqual(["a", "b"]);
    expect(reports).toEqual([1, 2].map((index) => ({ error: ERRORS[index], place: "here" })));
  });

  it("keeps a failure that came before a promise", async () => {
    const act = async () => inTurn([throws(0), () => Promise.resolve(), rejects(1)], "value", "here");
    await expect(act()).rejects.toBe(ERRORS[0]);
    expect(reports).toEqual([{ error: ERRORS[1], place: "here" }]);
  });

  it("throws at once where nothing is to be waited for", () => {
    expect(() => inTurn([throws(0)], "value", "here")).toThrow(ERRORS[0]);
    expect(reports).toEqual([]);
  });

  it("fails with undefined where that was thrown", async () => {
    await expect((async () => inTurn([() => Promise.reject(undefined)], 1, "here"))()).rejects.toBe(undefined);
  });
});
