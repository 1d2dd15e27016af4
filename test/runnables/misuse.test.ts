import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { Runnable } from "../../src/runnables/runnable.ts";

const func = vi.fn((input: number) => input);
const lambda = RunnableLambda.from(func);

describe("what programs without types get wrong", () => {
  it.each([[["stop"]], ["stop"], [5]])("a config of %j is refused", async (config) => {
    const given = config as unknown as RunnableConfig;
    await expect(lambda.invoke(1, given)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    await expect(lambda.stream(1, given)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    expect(func).not.toHaveBeenCalled();
  });

  it("a config of null is none", async () => {
    expect(await lambda.invoke(1, null as never)).toBe(1);
    func.mockClear();
  });

  it("a batch of one input that is no list is refused", async () => {
    await expect(lambda.batch(1 as never)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: "Expected a list of inputs, got a number 1. Use invoke for one.",
    });
  });

  it("a lambda of something that is no function is refused", () => {
    expect(() => RunnableLambda.from(5 as never)).toThrow(
      "Expected a lambda to be made of a function, got a number 5.",
    );
  });

  it("events in an encoding name the import that has it, where the core alone is wired", () => {
    const call = (): unknown => lambda.streamEvents(1, { version: "v2", encoding: "text/event-stream" });
    expect(call).toThrow(expect.objectContaining({ code: "NOT_WIRED" }));
    expect(call).toThrow('Import "linnet/runnables"');
  });

  it("a signal that is none is refused", async () => {
    await expect(lambda.invoke(1, { signal: {} as never })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });

  it("handlers that are none are refused, one without a list is taken, and gaps are left out", async () => {
    await expect(lambda.invoke(1, { callbacks: ["console"] as never })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining("Expected callbacks to be a list of handlers, got a string"),
    });
    const told = vi.fn();
    await lambda.invoke(1, { callbacks: { handleChainStart: told } as never });
    await lambda.invoke(1, { callbacks: [undefined, null, false, { handleChainStart: told }] as never });
    await lambda.invoke(1, { callbacks: null as never });
    expect(told).toHaveBeenCalledTimes(2);
  });

  it("a subclass may say where it lives by a field", () => {
    class Own extends Runnable<number, number> {
      override lc_namespace = ["my", "place"];
    }
    expect(new Own()["~serialized"]().id).toEqual(["my", "place", "Own"]);
  });
});
