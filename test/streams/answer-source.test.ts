import { describe, expect, it, vi } from "vitest";
import { AnswerSource } from "../../src/streams/answer-source.ts";
import { pullOnce } from "../helpers/sources.ts";
import { defer, settle } from "../helpers/timing.ts";

describe("AnswerSource", () => {
  it("asks once, when first pulled, and gives the answer at once, then its end", () => {
    const ask = vi.fn(() => "answer");
    const source = new AnswerSource(ask);
    expect(ask).not.toHaveBeenCalled();
    expect(pullOnce(source).answers).toEqual([["item", "answer"]]);
    expect(pullOnce(source).answers).toEqual([["end"]]);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("gives an answer of undefined as an item", () => {
    expect(pullOnce(new AnswerSource(() => undefined)).answers).toEqual([["item", undefined]]);
  });

  it("waits for an answer that takes time", async () => {
    const answer = defer<string>();
    const source = new AnswerSource(() => answer.promise);
    const sink = pullOnce(source);
    await settle();
    expect(sink.answers).toEqual([]);
    answer.resolve("answer");
    await settle();
    expect(sink.answers).toEqual([["item", "answer"]]);
    expect(pullOnce(source).answers).toEqual([["end"]]);
  });

  it("fails where the call throws or rejects", async () => {
    const error = new Error("no answer");
    const throwing = new AnswerSource(() => {
      throw error;
    });
    expect(pullOnce(throwing).answers).toEqual([["fail", error]]);
    const rejecting = pullOnce(new AnswerSource(() => Promise.reject(error)));
    await settle();
    expect(rejecting.answers).toEqual([["fail", error]]);
  });

  it("does not ask once it is closed", () => {
    const ask = vi.fn();
    const source = new AnswerSource(ask);
    source.close();
    source.close();
    expect(pullOnce(source).answers).toEqual([["end"]]);
    expect(ask).not.toHaveBeenCalled();
  });

  it.each([
    ["answer", Promise.resolve.bind(Promise, "late")],
    ["failure", Promise.reject.bind(Promise, new Error("late"))],
  ])("tells nobody of an %s that comes after it was closed", async (_what, ask: () => Promise<unknown>) => {
    const source = new AnswerSource(ask);
    const sink = pullOnce(source);
    source.close();
    await settle();
    expect(sink.answers).toEqual([]);
  });
});
