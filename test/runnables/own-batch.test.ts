import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableBatchOptions } from "../../src/runnables/batch.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableEach } from "../../src/runnables/each.ts";
import { Runnable } from "../../src/runnables/runnable.ts";

/** Makes one request of many inputs. */
class Bulk extends Runnable<string, string> {
  readonly requests: unknown[] = [];

  override async invoke(input: string): Promise<string> {
    this.requests.push(input);
    return input;
  }

  override async batch(
    inputs: string[],
    options?: RunnableConfig | RunnableConfig[],
    _batchOptions?: RunnableBatchOptions,
  ): Promise<string[]> {
    this.requests.push([inputs, options]);
    return inputs.map((input) => `bulk ${input}`);
  }
}

describe("a batch of a class's own", () => {
  it("is given all inputs by what is bound to it, each with its config", async () => {
    const bulk = new Bulk();
    const bound = bulk.withConfig({ tags: ["bound"] });
    expect(await bound.batch(["a", "b"], [{ metadata: { n: 1 } }, { metadata: { n: 2 } }])).toEqual([
      "bulk a",
      "bulk b",
    ]);
    expect(bulk.requests).toEqual([
      [
        ["a", "b"],
        [
          { tags: ["bound"], metadata: { n: 1 } },
          { tags: ["bound"], metadata: { n: 2 } },
        ],
      ],
    ]);
    await expect(bound.batch("ab" as unknown as string[])).rejects.toThrow("Expected a list of inputs");
  });

  it("is given all items of a list", async () => {
    const bulk = new Bulk();
    expect(await new RunnableEach({ bound: bulk }).invoke(["a", "b"])).toEqual(["bulk a", "bulk b"]);
    expect(await bulk.map().invoke(["c"])).toEqual(["bulk c"]);
    expect(bulk.requests).toHaveLength(2);
  });

  it("is not what a retry of it calls: each item is tried by itself", async () => {
    const bulk = new Bulk();
    expect(await bulk.withRetry().batch(["a", "b"])).toEqual(["a", "b"]);
  });
});
