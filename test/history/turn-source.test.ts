import { describe, expect, it } from "vitest";
import { FinishingSource, StoringSource } from "../../src/history/turn-source.ts";
import type { Sink, Source } from "../../src/streams/source.ts";
import { defer, settle } from "../helpers/timing.ts";

/** A source that answers when the test says so. */
class ByHand implements Source<string> {
  sink: Sink<string> | undefined = undefined;
  closed = 0;

  pull(sink: Sink<string>): void {
    this.sink = sink;
  }

  close(): void {
    this.closed += 1;
  }
}

/** Pulls, and writes down the answers. */
function reader(source: Source<string>, log: unknown[]): () => void {
  return () =>
    source.pull({
      item: (value) => log.push(value),
      end: () => log.push("end"),
      fail: (error) => log.push((error as Error).message),
    });
}

describe("a stream that is stored", () => {
  it("ends once its sum is stored", async () => {
    const [source, log, storing] = [new ByHand(), [] as unknown[], defer()];
    const pull = reader(
      new StoringSource(source, (sum) => {
        log.push(`store ${sum}`);
        return storing.promise;
      }),
      log,
    );
    for (const piece of ["a", "b"]) {
      pull();
      source.sink?.item(piece);
    }
    pull();
    source.sink?.end();
    await settle();
    expect(log).toEqual(["a", "b", "store ab"]);
    storing.resolve();
    await settle();
    expect(log.at(-1)).toBe("end");
  });

  it("fails with what cannot be stored, at once or later", async () => {
    for (const store of [
      () => {
        throw new Error("full");
      },
      () => Promise.reject(new Error("full")),
    ]) {
      const [source, log] = [new ByHand(), [] as unknown[]];
      reader(new StoringSource(source, store), log)();
      source.sink?.end();
      await settle();
      expect(log).toEqual(["full"]);
    }
  });

  it("stores nothing where it broke or was left, and answers nobody then", async () => {
    for (const how of ["fail", "close"] as const) {
      const [source, log] = [new ByHand(), [] as unknown[]];
      const stored = new StoringSource(source, () => void log.push("store"));
      reader(stored, log)();
      if (how === "fail") source.sink?.fail(new Error("broken"));
      else await stored.close();
      source.sink?.item("late");
      source.sink?.end();
      expect([log, source.closed]).toEqual(how === "fail" ? [["broken"], 0] : [[], 1]);
    }
  });

  it("answers nobody who left while it was being stored", async () => {
    const [source, log, storing] = [new ByHand(), [] as unknown[], defer()];
    const stored = new StoringSource(source, () => storing.promise);
    reader(stored, log)();
    source.sink?.end();
    await stored.close();
    storing.reject(new Error("full"));
    await settle();
    expect(log).toEqual([]);
  });
});

describe("a stream that tells when it is over", () => {
  it.each(["end", "fail", "close"] as const)("tells by %s, before its reader knows", async (how) => {
    const [source, log] = [new ByHand(), [] as unknown[]];
    const finishing = new FinishingSource(source, () => log.push("over"));
    const pull = reader(finishing, log);
    pull();
    source.sink?.item("a");
    pull();
    if (how === "end") source.sink?.end();
    else if (how === "fail") source.sink?.fail(new Error("broken"));
    else {
      await finishing.close();
      source.sink?.item("late");
    }
    expect(log).toEqual({ end: ["a", "over", "end"], fail: ["a", "over", "broken"], close: ["a", "over"] }[how]);
    expect(source.closed).toBe(how === "close" ? 1 : 0);
  });
});
