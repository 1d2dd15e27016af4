import { describe, expect, it, vi } from "vitest";
import { PeekSource } from "../../src/streams/peek-source.ts";
import { ManualSource, pullOnce } from "../helpers/sources.ts";

describe("PeekSource", () => {
  it.each<[string, (source: ManualSource) => void, unknown]>([
    ["an item", (source) => source.item(1), ["item", 1]],
    ["the end", (source) => source.end(), ["end"]],
  ])("says that %s is there, and gives it to the next pull", (_name, answer, expected) => {
    const source = new ManualSource();
    const peek = new PeekSource(source);
    const ready = vi.fn();
    const failed = vi.fn();
    peek.peek(ready, failed);
    expect(source.pulls).toBe(1);
    expect(ready).not.toHaveBeenCalled();
    answer(source);
    expect(ready).toHaveBeenCalledTimes(1);
    expect(failed).not.toHaveBeenCalled();
    expect(pullOnce(peek).answers).toEqual([expected]);
    expect(source.pulls).toBe(1);
  });

  it("gives what it kept once, then pulls its source", () => {
    const source = new ManualSource<number>();
    const peek = new PeekSource(source);
    peek.peek(
      () => {},
      () => {},
    );
    source.item(1);
    pullOnce(peek);
    const second = pullOnce(peek);
    expect(source.pulls).toBe(2);
    source.item(2);
    expect(second.answers).toEqual([["item", 2]]);
  });

  it("says what broke its source before anything was there", () => {
    const source = new ManualSource();
    const ready = vi.fn();
    const failed = vi.fn();
    new PeekSource(source).peek(ready, failed);
    const error = new Error("broken");
    source.fail(error);
    expect(failed.mock.calls).toEqual([[error]]);
    expect(ready).not.toHaveBeenCalled();
  });

  it("is its source where nobody peeks", () => {
    const source = new ManualSource<number>();
    const sink = pullOnce(new PeekSource(source));
    source.end();
    expect(sink.answers).toEqual([["end"]]);
  });

  it("closes its source, with the cause", () => {
    const source = new ManualSource<number>();
    const closing = Promise.resolve();
    source.closing = closing;
    const cause = new Error("over");
    expect(new PeekSource(source).close(cause)).toBe(closing);
    expect(source.closes).toEqual([cause]);
  });
});
