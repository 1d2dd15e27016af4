import { describe, expect, it } from "vitest";
import { SingleSource } from "../../src/streams/source.ts";
import { pullOnce, RecordingSink } from "../helpers/sources.ts";

describe("SingleSource", () => {
  it("gives its item once, then its end", () => {
    const item = { some: "value" };
    const source = new SingleSource(item);
    const first = pullOnce(source);
    expect(first.answers).toEqual([["item", item]]);
    expect(first.answers[0]?.[1]).toBe(item);
    expect(pullOnce(source).answers).toEqual([["end"]]);
  });

  it("gives an item of undefined as an item", () => {
    expect(pullOnce(new SingleSource(undefined)).answers).toEqual([["item", undefined]]);
  });

  it("does not give its item after it was closed", () => {
    const source = new SingleSource(1);
    source.close();
    source.close();
    const sink = new RecordingSink();
    source.pull(sink);
    expect(sink.answers).toEqual([["end"]]);
  });
});
