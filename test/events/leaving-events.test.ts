import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { EventFilter } from "../../src/events/event-filter.ts";
import type { StreamEvent } from "../../src/events/stream-event.ts";
import type { StreamEventsOptions } from "../../src/events/stream-events-options.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";
import { settle } from "../helpers/timing.ts";

const forms: [string, StreamEventsOptions][] = [
  ["v1", { version: "v1" }],
  ["v2", { version: "v2" }],
  ["v2 with all", { version: "v2", errorEvents: true, parentIds: true }],
  ["no version", {}],
];

function endless(): { chain: Runnable<string, string>; counts: { made: number; closed: number } } {
  const counts = { made: 0, closed: 0 };
  const chain = RunnableLambda.from(async function* () {
    try {
      for (;;) {
        await settle(1);
        counts.made += 1;
        yield "a";
      }
    } finally {
      counts.closed += 1;
    }
  }).pipe(new Upper());
  return { chain, counts };
}

describe.each(forms)("who leaves events (%s)", (_form, options) => {
  it("by break, is out of the loop without an error, and the work has stopped", async () => {
    const { chain, counts } = endless();
    const log = new RunLog();
    const events: string[] = [];
    for await (const { event } of chain.streamEvents("a", { ...options, callbacks: [log.handler] })) {
      events.push(event);
      if (events.length === 6) break;
    }
    const { made } = counts;
    await settle(20);
    expect(counts).toEqual({ made, closed: 1 });
    expect(faultsOf(log)).toEqual([]);
  });

  it("by break at once, or by an error of its own, does so too", async () => {
    for (const leave of ["break", "throw"]) {
      const { chain, counts } = endless();
      const read = async (): Promise<void> => {
        for await (const _ of chain.streamEvents("a", options)) {
          if (leave === "break") break;
          throw new Error("mine");
        }
      };
      if (leave === "break") await read();
      else await expect(read()).rejects.toThrow("mine");
      await settle(20);
      expect(counts.made).toBeLessThanOrEqual(1);
    }
  });

  it("by cancel of a web stream, stops the work within one chunk", async () => {
    const { chain, counts } = endless();
    const reader = chain.streamEvents("a", options).getReader();
    for (let count = 0; count < 6; count += 1) await reader.read();
    await reader.cancel();
    const { made } = counts;
    await settle(20);
    expect(counts.made - made).toBeLessThanOrEqual(1);
    expect(counts.closed).toBe(1);
  });

  it("before it begins, has started nothing", async () => {
    const func = vi.fn((text: string) => text);
    const stream = RunnableLambda.from(func).streamEvents("a", options);
    await settle(20);
    expect(func).not.toHaveBeenCalled();
    await stream.return();
    expect(func).not.toHaveBeenCalled();
  });
});

describe("custom events in a filter", () => {
  const telling = RunnableLambda.from(
    async (text: string, config) => {
      await (config.callbacks as CallbackManager).handleCustomEvent("progress", { done: 1 });
      return text;
    },
    { name: "telling" },
  );
  const chain = telling.withConfig({ tags: ["mine"] }).pipe(new Upper());

  it.each<[string, EventFilter, boolean]>([
    ["the name of the run they come from", { includeNames: ["telling"] }, true],
    ["its tag", { includeTags: ["mine"] }, true],
    ["its type", { includeTypes: ["chain"] }, true],
    ["another run's name", { includeNames: ["Upper"] }, false],
    ["another tag", { includeTags: ["other"] }, false],
    ["another type", { includeTypes: ["tool"] }, false],
    ["their own name", { includeNames: ["progress"] }, false],
    ["all but the run's name", { excludeNames: ["telling"] }, false],
    ["all but its tag", { excludeTags: ["mine"] }, false],
    ["all but its type", { excludeTypes: ["chain"] }, false],
    ["all but their own name", { excludeNames: ["progress"] }, true],
  ])("go by that run: %s", async (_name, filter, isTold) => {
    for (const [, options] of forms) {
      const events: StreamEvent[] = [];
      for await (const event of chain.streamEvents("a", options, filter)) events.push(event);
      expect(events.some(({ event }) => event === "on_custom_event")).toBe(isTold);
    }
  });
});

describe("streamEvents of a small app", () => {
  it("names the import that an encoding needs", async () => {
    vi.resetModules();
    await import("../../src/runnables/wiring.ts");
    const { RunnableLambda: Fresh } = await import("../../src/runnables/lambda.ts");
    const call = (): unknown => Fresh.from((text: string) => text).streamEvents("a", { encoding: "text/event-stream" });
    expect(call).toThrow(expect.objectContaining({ code: "NOT_WIRED", data: { method: "streamEvents" } }));
    expect(call).toThrow('Import "linnet/runnables"');
  });
});
