import { describe, expect, it, vi } from "vitest";

describe("the slot that the base methods reach their subclasses through", () => {
  it("says which import is missing where it was not filled", async () => {
    vi.resetModules();
    const { Runnable } = await import("../../src/runnables/runnable.ts");
    class Same extends Runnable<number, number> {
      override async invoke(input: number): Promise<number> {
        return input;
      }
    }
    const same = new Same();
    const calls: [string, () => unknown][] = [
      ["pipe", () => same.pipe(same)],
      ["withConfig", () => same.withConfig({})],
      ["bind", () => same.bind({})],
      ["streamEvents", () => same.streamEvents(1)],
    ];
    for (const [method, call] of calls) {
      expect(call).toThrow(
        `Runnable.${method} is not wired. Import "linnet/runnables" (or the wiring.ts of runnables, where the source is vendored) once.`,
      );
      expect(call).toThrow(expect.objectContaining({ code: "NOT_WIRED", data: { method } }));
    }
    const { RunnableMap } = await import("../../src/runnables/map.ts");
    expect(() => RunnableMap.from({ same })).toThrow("Runnable.from is not wired.");
    expect(await same.invoke(1)).toBe(1);
    expect(await same.batch([1, 2])).toEqual([1, 2]);
    expect(await (await same.stream(1)).next()).toEqual({ value: 1, done: false });
  });

  it("is filled by the import of wiring.ts, each method with its class", async () => {
    vi.resetModules();
    await import("../../src/runnables/wiring.ts");
    const { RunnableLambda } = await import("../../src/runnables/lambda.ts");
    const { RunnableSequence } = await import("../../src/runnables/sequence.ts");
    const { RunnableBinding } = await import("../../src/runnables/binding.ts");
    const { RunnableMap } = await import("../../src/runnables/map.ts");
    const same = RunnableLambda.from((input: number) => input);
    expect(same.pipe(same)).toBeInstanceOf(RunnableSequence);
    expect(same.withConfig({})).toBeInstanceOf(RunnableBinding);
    expect(same.bind({})).toBeInstanceOf(RunnableBinding);
    expect(RunnableMap.from({ same: (input: number) => input }).steps.same).toBeInstanceOf(RunnableLambda);
    const events: string[] = [];
    for await (const { event } of same.streamEvents(1)) events.push(event);
    expect(events).toEqual(["on_chain_start", "on_chain_stream", "on_chain_end"]);
  });

  it("tells of listeners where log/wiring.ts was imported, and says so at once where it was not", async () => {
    vi.resetModules();
    await import("../../src/runnables/wiring.ts");
    const { RunnableLambda } = await import("../../src/runnables/lambda.ts");
    const { RunnableBinding } = await import("../../src/runnables/binding.ts");
    const { RunnableEach } = await import("../../src/runnables/each.ts");
    const same = RunnableLambda.from((input: number) => input);
    const told: string[] = [];
    const listeners = { onEnd: (run: { name: string }) => void told.push(run.name) };
    const calls = [
      () => same.withListeners(listeners),
      () => same.withConfig({}).withListeners(listeners),
      () => new RunnableEach({ bound: same }).withListeners(listeners),
      () => new RunnableBinding({ bound: same, listeners: [listeners] }),
    ];
    for (const call of calls) {
      expect(call).toThrow('Runnable.withListeners is not wired. Import "linnet/runnables"');
      expect(call).toThrow(expect.objectContaining({ code: "NOT_WIRED", data: { method: "withListeners" } }));
    }
    await import("../../src/runnables/log/wiring.ts");
    expect(await calls[0]?.().invoke(1 as never)).toBe(1);
    expect(told).toEqual(["RunnableLambda"]);
  });
});
