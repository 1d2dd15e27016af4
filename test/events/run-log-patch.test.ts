import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { RunLog, RunLogPatch } from "../../src/events/run-log-patch.ts";
import type { RunState } from "../../src/events/run-state.ts";
import type { JsonPatchOperation } from "../../src/json/json-patch.ts";

const state: RunState = { id: "1", name: "chain", type: "chain", streamed_output: [], logs: {} };
const first: JsonPatchOperation = { op: "replace", path: "", value: state };
const chunk = (value: unknown): JsonPatchOperation => ({ op: "add", path: "/streamed_output/-", value });
const patchOf = (...ops: JsonPatchOperation[]): RunLogPatch => new RunLogPatch({ ops });

describe("RunLogPatch", () => {
  it("has the operations it is given, or none", () => {
    const ops = [first];
    expect(new RunLogPatch({ ops }).ops).toBe(ops);
    expect(new RunLogPatch().ops).toEqual([]);
    expect(new RunLogPatch({}).ops).toEqual([]);
  });

  it("goes over a wire as JSON", () => {
    const text = JSON.stringify(patchOf(first, chunk("a")));
    expect(text).toBe(JSON.stringify({ ops: [first, chunk("a")] }));
    expect(new RunLogPatch(JSON.parse(text))).toEqual(patchOf(first, chunk("a")));
  });

  it("makes a log with another", () => {
    const log = patchOf(first).concat(patchOf(chunk("a"), chunk("b")));
    expect(log).toBeInstanceOf(RunLog);
    expect(log.state).toEqual({ ...state, streamed_output: ["a", "b"] });
    expect(log.ops).toEqual([first, chunk("a"), chunk("b")]);
  });
});

describe("RunLog", () => {
  it("is made of its fields, or of nothing", () => {
    const ops = [first];
    const log = new RunLog({ ops, state });
    expect(log).toBeInstanceOf(RunLogPatch);
    expect([log.ops, log.state]).toEqual([ops, state]);
    expect(new RunLog({ state }).ops).toEqual([]);
    expect({ ...new RunLog() }).toEqual({ ops: [], state: {} });
  });

  it("is made of one patch", () => {
    const log = RunLog.fromRunLogPatch(patchOf(first, chunk("a")));
    expect(log).toBeInstanceOf(RunLog);
    expect([log.ops, log.state]).toEqual([[first, chunk("a")], { ...state, streamed_output: ["a"] }]);
  });

  it("goes on from the fields it was made of", () => {
    const log = new RunLog({ ops: [first], state }).concat(patchOf(chunk("a")));
    expect(log.state.streamed_output).toEqual(["a"]);
    expect(log.ops).toEqual([first, chunk("a")]);
  });

  it("takes a log as what comes next", () => {
    const log = new RunLog().concat(new RunLog({ ops: [first, chunk("a")], state }));
    expect(log.state.streamed_output).toEqual(["a"]);
  });

  it("writes to nothing that it was given, and stays as it is when more comes", () => {
    const deep = Object.freeze({ ...state, streamed_output: Object.freeze([]) });
    const begin = patchOf(Object.freeze({ op: "replace", path: "", value: deep }));
    Object.freeze(begin.ops);
    const one = new RunLog().concat(begin).concat(patchOf(chunk("a")));
    const two = one.concat(patchOf(chunk("b")));
    expect(two.state.streamed_output).toEqual(["a", "b"]);
    expect(one.state.streamed_output).toEqual(["a"]);
    expect(one.ops).toHaveLength(2);
    expect(deep.streamed_output).toEqual([]);
  });

  it("gives the same state at every read, and the same list of operations", () => {
    const log = RunLog.fromRunLogPatch(patchOf(first, chunk("a")));
    expect(log.state).toBe(log.state);
    expect(log.ops).toBe(log.ops);
  });

  it("shares what has not changed with the state before", () => {
    const one = RunLog.fromRunLogPatch(patchOf(first));
    const two = one.concat(patchOf(chunk("a")));
    expect(two.state.logs).toBe(one.state.logs);
    expect(two.state.streamed_output).not.toBe(one.state.streamed_output);
  });

  it("is written, compared, spread and shown as if its parts were fields", () => {
    const log = RunLog.fromRunLogPatch(patchOf(first, chunk("a")));
    const fields = { ops: [first, chunk("a")], state: { ...state, streamed_output: ["a"] } };
    expect(JSON.stringify(log)).toBe(JSON.stringify(fields));
    expect({ ...log }).toEqual(fields);
    expect(log).toEqual(new RunLog(fields));
    expect(inspect(log, { depth: 5 })).toBe(inspect(fields, { depth: 5 }));
  });

  it("refuses, when its state is read, what does not fit", () => {
    const log = new RunLog().concat(patchOf(chunk("a")));
    expect(() => log.state).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
    expect(log.ops).toEqual([chunk("a")]);
  });

  it("reads what the peer sends", () => {
    // It ends with a replacement of what is not there, and after an error with one by nothing.
    const ended = patchOf(first, { op: "replace", path: "/final_output", value: { output: 1 } });
    expect(RunLog.fromRunLogPatch(ended).state.final_output).toEqual({ output: 1 });
    const failed = patchOf(first, { op: "replace", path: "/final_output" });
    expect(RunLog.fromRunLogPatch(failed).state.final_output).toBeUndefined();
  });
});
