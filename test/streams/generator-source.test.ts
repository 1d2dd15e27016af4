import { describe, expect, it, vi } from "vitest";
import { GeneratorSource } from "../../src/streams/generator-source.ts";
import { ListSource, ManualSource, pullOnce, readAll } from "../helpers/sources.ts";
import { defer, settle } from "../helpers/timing.ts";

async function* pass<Item>(input: AsyncGenerator<Item>): AsyncGenerator<Item> {
  yield* input;
}

describe("GeneratorSource", () => {
  it("gives what a function makes of its input", async () => {
    const source = new GeneratorSource(new ListSource([1, 2]), async function* (input) {
      for await (const x of input) yield x * 2;
      yield 0;
    });
    expect(await readAll(source)).toEqual({ items: [2, 4, 0] });
  });

  it("calls the function at the first pull, once", async () => {
    const open = vi.fn(() => [1, 2]);
    const source = new GeneratorSource(new ManualSource(), open);
    expect(open).not.toHaveBeenCalled();
    expect(await readAll(source)).toEqual({ items: [1, 2] });
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("closes its input at the end and at a failure, before it says so", async () => {
    const error = new Error("no luck");
    for (const [open, answer] of [
      [() => [], ["end"]],
      [
        () => {
          throw error;
        },
        ["fail", error],
      ],
    ] as const) {
      const input = new ManualSource();
      const closing = defer();
      input.closing = closing.promise;
      const { answers } = pullOnce(new GeneratorSource(input, open));
      await settle();
      expect([input.closes.length, answers]).toEqual([1, []]);
      closing.reject(new Error("not closed"));
      await settle();
      expect(answers).toEqual([answer]);
    }
  });

  it("tells nobody of an end that its closing overtakes", async () => {
    const input = new ManualSource();
    const closing = defer();
    input.closing = closing.promise;
    const source = new GeneratorSource(input, () => []);
    const { answers } = pullOnce(source);
    void source.close();
    closing.resolve();
    await settle();
    expect(answers).toEqual([]);
  });

  it("closes its input with the cause when it is closed, also before it was read", () => {
    const cause = new Error("stop");
    for (const isRead of [false, true]) {
      const input = new ManualSource<number>();
      const open = vi.fn(pass<number>);
      const source = new GeneratorSource(input, open);
      if (isRead) pullOnce(source);
      void source.close(cause);
      expect(input.closes[0]).toBe(cause);
      expect(open).toHaveBeenCalledTimes(isRead ? 1 : 0);
    }
  });

  it.each([
    ["the cause", new Error("stop"), "stop"],
    ["an abort where its reader just left", undefined, "The reader left the stream before its end."],
  ])("rejects a read that is under way with %s, and all later ones", async (_what, cause, message) => {
    const input = new ManualSource<number>();
    const seen: unknown[] = [];
    const source = new GeneratorSource(input, async function* (given) {
      for (let read = 0; read < 2; read += 1) await given.next().catch((error) => seen.push(error.message));
      yield 1;
    });
    const { answers } = pullOnce(source);
    await settle();
    void source.close(cause);
    await settle();
    expect(seen[0]).toBe(message);
    expect(seen).toHaveLength(1);
    expect(answers).toEqual([]);
  });

  it("waits for the function's finally and for its input, when closed between two pulls", async () => {
    const [input, gate, closed] = [new ManualSource<number>(), defer(), vi.fn()];
    const source = new GeneratorSource(input, async function* () {
      try {
        yield 1;
      } finally {
        await gate.promise;
        closed();
      }
    });
    pullOnce(source);
    await settle();
    const closing = source.close();
    let isClosed = false;
    void Promise.resolve(closing).then(() => {
      isClosed = true;
    });
    await settle();
    expect(isClosed).toBe(false);
    gate.resolve();
    await settle();
    expect([isClosed, closed.mock.calls.length]).toEqual([true, 1]);
  });
});
