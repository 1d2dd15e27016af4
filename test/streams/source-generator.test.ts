import { describe, expect, it } from "vitest";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { toAsyncGenerator } from "../../src/streams/source-generator.ts";
import { ManualSource } from "../helpers/sources.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

describe("toAsyncGenerator", () => {
  it("pulls only when read, item by item", async () => {
    const source = new ManualSource<number>();
    const generator = toAsyncGenerator(source);
    await settle();
    expect(source.pulls).toBe(0);
    const first = generator.next();
    source.item(1);
    expect(await first).toEqual({ value: 1, done: false });
    await settle();
    expect(source.pulls).toBe(1);
  });

  it("does not close a source that has ended", async () => {
    const source = new ManualSource<number>();
    const generator = toAsyncGenerator(source);
    const first = generator.next();
    source.end();
    expect(await first).toEqual({ value: undefined, done: true });
    expect(source.closes).toEqual([]);
  });

  it("rejects with the failure of a source, and does not close it", async () => {
    const source = new ManualSource<number>();
    const generator = toAsyncGenerator(source);
    const first = generator.next();
    const error = new Error("broken");
    source.fail(error);
    await expect(first).rejects.toBe(error);
    expect(source.closes).toEqual([]);
  });

  it("closes the source when left, and waits for that", async () => {
    const source = new ManualSource<number>();
    const gate = defer();
    source.closing = gate.promise;
    const generator = toAsyncGenerator(source);
    const first = generator.next();
    source.item(1);
    await first;
    const returning = generator.return();
    expect(await outcomeOf(returning)).toBe("pending");
    expect(source.closes).toEqual([undefined]);
    gate.resolve();
    expect(await returning).toEqual({ value: undefined, done: true });
  });

  it("closes the source when left before the first read, without a pull", async () => {
    const source = new ManualSource<number>();
    expect(await toAsyncGenerator(source).return()).toEqual({ value: undefined, done: true });
    expect(source.closes).toEqual([undefined]);
    expect(source.pulls).toBe(0);
  });

  it("closes the source when its reader throws into it", async () => {
    const source = new ManualSource<number>();
    const generator = toAsyncGenerator(source);
    const first = generator.next();
    source.item(1);
    await first;
    const error = new Error("by the reader");
    await expect(generator.throw(error)).rejects.toBe(error);
    expect(source.closes).toEqual([undefined]);
  });

  it("closes the source with the cause that its scope ended by, where there is one", async () => {
    const source = new ManualSource<number>();
    const scope = new CancelScope();
    const generator = toAsyncGenerator(source, scope);
    const first = generator.next();
    source.item(1);
    await first;
    const cause = new Error("over");
    scope.cancel(cause);
    await generator.return();
    expect(source.closes).toEqual([cause]);
    const unread = new ManualSource<number>();
    await toAsyncGenerator(unread, scope).return();
    expect(unread.closes).toEqual([cause]);
  });
});
