import { describe, expect, it } from "vitest";
import { SequelSource } from "../../src/streams/sequel-source.ts";
import { ListSource, ManualSource, pullOnce, readAll } from "../helpers/sources.ts";
import { defer, settle } from "../helpers/timing.ts";

const two = (): [ManualSource<string>, ManualSource<string>, SequelSource<string>] => {
  const [first, second] = [new ManualSource<string>(), new ManualSource<string>()];
  return [first, second, new SequelSource(first, second)];
};

describe("SequelSource", () => {
  it("gives one source and then the other, whenever they answer", async () => {
    for (const [one, other] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ]) {
      const [first, second] = [new ListSource([1, 2], { isAsync: one }), new ListSource([3, 4], { isAsync: other })];
      expect(await readAll(new SequelSource(first, second))).toEqual({ items: [1, 2, 3, 4] });
      expect(await readAll(new SequelSource(new ListSource<number>([]), new ListSource<number>([])))).toEqual({
        items: [],
      });
    }
  });

  it("starts neither before the first pull, and asks the second for one item ahead", () => {
    const [first, second, sequel] = two();
    expect([first.pulls, second.pulls]).toEqual([0, 0]);
    const answers = pullOnce(sequel);
    expect([first.pulls, second.pulls]).toEqual([1, 1]);
    second.item("second");
    expect(answers.answers).toEqual([]);
    first.item("first");
    expect(answers.answers).toEqual([["item", "first"]]);
    expect(second.pulls).toBe(1);
    const more = pullOnce(sequel);
    first.end();
    expect(more.answers).toEqual([["item", "second"]]);
    const last = pullOnce(sequel);
    second.end();
    expect(last.answers).toEqual([["end"]]);
    expect([first.closes, second.closes]).toEqual([[], []]);
  });

  it("waits for the second where the first is over", () => {
    const [first, second, sequel] = two();
    const answers = pullOnce(sequel);
    first.end();
    expect(answers.answers).toEqual([]);
    second.item("second");
    expect(answers.answers).toEqual([["item", "second"]]);
  });

  it("fails with the first, and closes the second before it says so", async () => {
    const [first, second, sequel] = two();
    const closing = defer();
    second.closing = closing.promise;
    const answers = pullOnce(sequel);
    first.fail("broken");
    await settle();
    expect([second.wasReleased, answers.answers]).toEqual([true, []]);
    closing.reject(new Error("not closed"));
    await settle();
    expect(answers.answers).toEqual([["fail", "broken"]]);
  });

  it("fails with the second at once where its reader waits, and closes the first", async () => {
    const [first, second, sequel] = two();
    const closing = defer();
    first.closing = closing.promise;
    const answers = pullOnce(sequel);
    second.fail("broken");
    await settle();
    expect([first.wasReleased, answers.answers]).toEqual([true, []]);
    closing.resolve();
    await settle();
    expect(answers.answers).toEqual([["fail", "broken"]]);
  });

  it("fails with the second at the next pull where its reader does not wait", () => {
    const [first, second, sequel] = two();
    const answers = pullOnce(sequel);
    first.item("first");
    second.fail("broken");
    expect(answers.answers).toEqual([["item", "first"]]);
    expect(pullOnce(sequel).answers).toEqual([["fail", "broken"]]);
    expect([first.wasReleased, first.pulls]).toEqual([true, 1]);
  });

  it("fails with a second that breaks as it starts, without pulling the first", () => {
    const first = new ManualSource<string>();
    const sequel = new SequelSource(first, new ListSource<string>([], { failure: { error: "broken" } }));
    expect(pullOnce(sequel).answers).toEqual([["fail", "broken"]]);
    expect([first.pulls, first.closes]).toEqual([0, [undefined]]);
  });

  it("fails with the second after the first is over, and closes nothing any more", () => {
    const [first, second, sequel] = two();
    const answers = pullOnce(sequel);
    first.end();
    second.fail("broken");
    expect(answers.answers).toEqual([["fail", "broken"]]);
    expect(first.closes).toEqual([]);
    const [one, other, later] = two();
    pullOnce(later);
    one.end();
    other.item("second");
    const last = pullOnce(later);
    other.fail("late");
    expect(last.answers).toEqual([["fail", "late"]]);
  });

  it("closes both, and waits for both", async () => {
    const [first, second, sequel] = two();
    const answers = pullOnce(sequel);
    const [one, other] = [defer(), defer()];
    [first.closing, second.closing] = [one.promise, other.promise];
    const cause = new Error("stop");
    let isClosed = false;
    const closing = Promise.resolve(sequel.close(cause)).then(() => {
      isClosed = true;
    });
    expect([first.closes, second.closes]).toEqual([[cause], [cause]]);
    one.resolve();
    await settle();
    expect(isClosed).toBe(false);
    other.reject(new Error("not closed"));
    await closing;
    expect(answers.answers).toEqual([]);
    const [, , idle] = two();
    expect(idle.close()).toBeUndefined();
  });

  it("tells nobody of a failure that its closing overtakes", async () => {
    const [first, second, sequel] = two();
    const closing = defer();
    second.closing = closing.promise;
    const answers = pullOnce(sequel);
    first.fail("broken");
    void sequel.close();
    closing.resolve();
    await settle();
    expect(answers.answers).toEqual([]);
  });
});
