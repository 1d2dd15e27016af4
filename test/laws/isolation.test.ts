import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { chainOf, collect, type StepName, stepName } from "../helpers/steps.ts";

/** What a run says of itself: its handler's log and its events, without ids. */
async function record(names: readonly StepName[], input: string): Promise<unknown> {
  const log = new RunLog();
  const events: unknown[] = [];
  let error: unknown;
  const config: RunnableConfig = { callbacks: [log.handler], tags: [input] };
  try {
    for await (const event of chainOf(names).streamEvents(input, { ...config, version: "v2" })) {
      events.push([event.event, event.name, event.tags, event.data]);
    }
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  return { lines: log.lines, faults: faultsOf(log), events, error };
}

describe("runs side by side", () => {
  it("have each the log and the events that it has alone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(stepName, { minLength: 1, maxLength: 3 }), fc.constantFrom("ab", "x", "")), {
          minLength: 2,
          maxLength: 6,
        }),
        async (programs) => {
          const alone: unknown[] = [];
          for (const [names, input] of programs) alone.push(await record(names, input));
          const together = await Promise.all(programs.map(([names, input]) => record(names, input)));
          expect(together).toEqual(alone);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("that share one runnable, handler and signal do not mix their chunks", async () => {
    const letters = RunnableLambda.from<string, string>(async function* (text: string) {
      yield* text;
    });
    const log = new RunLog();
    const { signal } = new AbortController();
    const inputs = Array.from({ length: 200 }, (_, index) => `${index}:abc`);
    const outputs = await Promise.all(
      inputs.map(async (input) =>
        (await collect(await letters.stream(input, { signal, callbacks: [log.handler] }))).join(""),
      ),
    );
    expect(outputs).toEqual(inputs);
    expect(faultsOf(log)).toEqual([]);
    expect(log.moments).toHaveLength(400);
  });
});
