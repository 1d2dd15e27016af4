import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it, test } from "vitest";
import type { AIMessage } from "../../src/messages/ai.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type FakeBuiltModel, fakeModel } from "../../src/testing/fake-model.ts";
import { type RunToolsOptions, runTools } from "../../src/tools/run-tools.ts";
import type { RunToolsOutput } from "../../src/tools/run-tools-output.ts";
import { tool } from "../../src/tools/tool.ts";
import type { StructuredToolInterface } from "../../src/tools/tool-types.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { collectReports } from "../helpers/reports.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { settle } from "../helpers/timing.ts";
import "../../src/tools/wiring.ts";
import { callOf } from "../tools/tools.ts";

const ANY = { type: "object" } as const;
const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
const rejections = watchRejections();
const reports = collectReports();

afterEach(async () => {
  await settle();
  expect(rejections.taken()).toEqual([]);
  expect(reports.splice(0)).toEqual([]);
  assertNoPoisoning();
});

describe("M13: names that every object inherits", () => {
  test.each(INHERITED)("are the names of no tool: %s", async (name) => {
    const model = fakeModel()
      .respondWithTools([{ name, args: {} }])
      .respond("ok");
    const output = await runTools(model, [tool(() => 1, { name: "other", schema: ANY })]).invoke("go");
    expect(output.messages[1]).toMatchObject({
      status: "error",
      content: `There is no tool "${name}". There are: other.`,
    });
  });

  test.each(INHERITED)("may be those of tools, calls and arguments: %s", async (name) => {
    const seen: unknown[] = [];
    const own = tool((args) => void seen.push(args), {
      name,
      schema: JSON.parse(
        `{"type":"object","properties":{"${name}":{"type":"number"}},"required":["${name}"],"additionalProperties":false}`,
      ),
    });
    const args = JSON.parse(`{"${name}":1}`);
    const model = fakeModel()
      .respondWithTools([{ name, args, id: name }])
      .respond("ok");
    const output = await runTools(model, [own]).invoke("go");
    expect(output.messages[1]).toMatchObject({ status: "success", name, tool_call_id: name });
    expect(JSON.stringify(seen)).toBe(`[{"${name}":1}]`);
    expect(Object.getPrototypeOf(seen[0])).toBe(Object.prototype);
    await expect(own.invoke({})).rejects.toThrow(`${name}: is missing`);
  });

  test.each(INHERITED)("may be those of injected arguments, which no model says: %s", async (name) => {
    const injectedArgs = JSON.parse(`{"${name}":1}`);
    Object.defineProperty(injectedArgs, name, { value: () => "injected", enumerable: true });
    const own = tool((args) => JSON.stringify(args), { name: "t", schema: ANY, injectedArgs });
    expect((await own.invoke(callOf("t", JSON.parse(`{"${name}":"said","a":1}`)))).content).toBe(
      JSON.stringify(JSON.parse(`{"a":1,"${name}":"injected"}`)),
    );
  });
});

describe("X01: a key in what a tool is given", () => {
  const KEY = "sk-live-1234567890abcdef1234567890abcdef";

  it("is in no error of arguments that do not fit, printed in any way", async () => {
    const strict = tool(() => 1, {
      name: "t",
      schema: { type: "object", properties: { a: { type: "number" }, b: { format: "uuid" }, c: { enum: ["x"] } } },
    });
    const log: unknown[] = [];
    const error = await strict
      .invoke(callOf("t", { a: KEY, b: KEY, c: KEY }), {
        callbacks: [{ handleToolError: (told) => void log.push(told) }],
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ToolInputParsingException" });
    expect(log).toEqual([error]);
    for (const shown of [String(error), inspect(error), JSON.stringify(error), (error as Error).stack]) {
      expect(shown).not.toContain("1234567890");
    }
  });

  it("that is injected is in nothing that is told", async () => {
    const made = tool(() => "done", { name: "t", schema: ANY, injectedArgs: { key: () => KEY } });
    const told: unknown[] = [];
    for await (const event of made.streamEvents(callOf("t", { a: 1 }), { version: "v2" })) told.push(event);
    expect(inspect(told, { depth: 20 })).not.toContain(KEY);
    expect(JSON.stringify(made.toolCallSchema)).not.toContain("key");
  });
});

/** A tool that answers its place after some turns of the event loop, or fails, or hangs until it is ended. */
function workingTools(): StructuredToolInterface[] {
  const schema = { type: "object", properties: { turns: { type: "integer" } }, required: ["turns"] } as const;
  return [
    tool(
      async ({ turns, place }: { turns: number; place: number }) => {
        await settle(turns);
        return `at ${place}`;
      },
      { name: "work", schema },
    ),
    tool(
      async function* ({ turns }: { turns: number }) {
        for (let turn = 0; turn < turns; turn++) {
          yield turn;
          await settle(1);
        }
        return "told";
      },
      { name: "tell", schema },
    ),
    tool(
      async ({ turns }: { turns: number }): Promise<string> => {
        await settle(turns);
        throw new Error("broken");
      },
      { name: "break", schema },
    ),
    RunnableLambda.from(({ turns }: { turns: number }) => `bound ${turns}`).asTool({ name: "bound", schema }),
  ] as StructuredToolInterface[];
}

const anyCall = fc.record({
  name: fc.constantFrom("work", "work", "tell", "break", "bound", "none"),
  turns: fc.constantFrom(0, 1, 2, "many"),
});
const anyTurns = fc.array(fc.array(anyCall, { minLength: 1, maxLength: 4 }), { maxLength: 3 });
type Turns = readonly (readonly { readonly name: string; readonly turns: number | string }[])[];

function modelOf(turns: Turns): FakeBuiltModel {
  let model = fakeModel();
  for (const [number, calls] of turns.entries()) {
    model = model.respondWithTools(
      calls.map(({ name, turns }, place) => ({ name, args: { turns, place }, id: `${number}-${place}` })),
    );
  }
  return model.respond("done");
}

function shown(output: RunToolsOutput | undefined): unknown {
  return [
    output?.messages.map((message) => [
      message.type,
      message.text,
      ToolMessage.isInstance(message) ? [message.tool_call_id, message.status, message.name] : "",
    ]),
    output?.steps.length,
    output?.stopReason,
    output?.text,
  ];
}

describe("a loop of tools, whatever is asked for", () => {
  it("L14: gives by stream what it gives by invoke, each call answered once and in order, each run closed", async () => {
    await fc.assert(
      fc.asyncProperty(anyTurns, async (turns) => {
        const logs = [new RunLog(), new RunLog()] as const;
        const whole = await runTools(modelOf(turns), workingTools()).invoke("go", { callbacks: [logs[0].handler] });
        const pieces: RunToolsOutput[] = [];
        const stream = runTools(modelOf(turns), workingTools()).astream("go", { callbacks: [logs[1].handler] });
        for await (const piece of stream) pieces.push(piece);
        expect(shown(concatAll(pieces))).toEqual(shown(whole));
        expect(shown(await runTools(modelOf(turns), workingTools()).invoke("go"))).toEqual(shown(whole));
        const asked = whole.steps.flatMap(({ message }) => (message as AIMessage).tool_calls.map(({ id }) => id));
        const answered = whole.messages.filter(ToolMessage.isInstance).map(({ tool_call_id }) => tool_call_id);
        expect(answered).toEqual(asked);
        expect(asked).toHaveLength(turns.flat().length);
        const early = pieces.flatMap(({ toolMessage }) => toolMessage?.tool_call_id ?? []);
        expect([...early].sort()).toEqual([...answered].sort());
        for (const log of logs) expect(faultsOf(log)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  const ends: Readonly<Record<string, RunToolsOptions>> = {
    "goes on": {},
    throws: { onToolError: "throw" },
    "fails in onToolError": {
      onToolError: () => {
        throw new Error("handling");
      },
    },
    "fails in stopWhen": {
      stopWhen: () => {
        throw new Error("condition");
      },
    },
    "stops at once": { maxSteps: 1 },
  };

  test.each(Object.keys(ends))(
    "L06, L11, L17, L23: closes every run and keeps no listener, aborted or left at any time; %s",
    async (name) => {
      const leave = fc.record({ kind: fc.constantFrom("abort", "break", "read"), after: fc.nat({ max: 12 }) });
      await fc.assert(
        fc.asyncProperty(anyTurns, leave, async (turns, { kind, after }) => {
          const log = new RunLog();
          const signal = new CountedSignal();
          const config = { callbacks: [log.handler], signal: signal.signal };
          const stream = runTools(modelOf(turns), workingTools(), ends[name]).astream("go", config);
          const read = async (): Promise<void> => {
            let count = 0;
            for await (const _ of stream) {
              count += 1;
              if (kind === "break" && count > after) break;
            }
          };
          const reading = read().catch((error: Error) => error);
          if (kind === "abort") {
            await settle(after);
            signal.abort(new Error("enough"));
          }
          await reading;
          await settle(6);
          expect(faultsOf(log)).toEqual([]);
          expect(signal.listeners).toBe(0);
          expect(signal.most).toBeLessThanOrEqual(10);
        }),
        { numRuns: 40 },
      );
    },
  );

  it("L07: starts nothing under a signal that is aborted already", async () => {
    const log = new RunLog();
    const model = modelOf([]);
    const config = { callbacks: [log.handler], signal: AbortSignal.abort(new Error("no")) };
    await expect(runTools(model, []).invoke("go", config)).rejects.toThrow("no");
    await expect(runTools(model, []).stream("go", config)).rejects.toThrow("no");
    expect(model.callCount).toBe(0);
    expect(log.lines).toEqual([]);
  });

  it("L08: ends within its time limit, whatever hangs", async () => {
    const hang = tool(() => new Promise<string>(() => {}), { name: "hang", schema: ANY });
    const model = () =>
      fakeModel()
        .respondWithTools([{ name: "hang", args: {} }])
        .respond("never");
    await expect(runTools(model(), [hang]).invoke("go", { timeout: 10 })).rejects.toThrow(/within 10 ms/);
    const read = async (): Promise<void> => {
      for await (const _ of runTools(model(), [hang]).astream("go", { timeout: 10 }));
    };
    await expect(read()).rejects.toThrow(/within 10 ms/);
  });
});

describe("arguments of any kind", () => {
  it("S04: that are nested 200,000 deep are answered or refused, and nothing overflows", async () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 200_000; level++) deep = { a: deep };
    const loose = tool((args) => args, { name: "t", schema: ANY });
    const nested = tool(() => 1, { name: "t", schema: { type: "object", properties: { a: { $ref: "#" } } } });
    expect((await loose.invoke(callOf("t", deep), { callbacks: [new RunLog().handler] })).content).toBe(
      "an object with key a",
    );
    await expect(nested.invoke(callOf("t", deep))).rejects.toThrow(/nested deeper than 256 levels/);
  });

  it("are answered, or refused with an error that says why", async () => {
    const schema = { type: "object", properties: { a: { type: "number" } } };
    const made = tool((args) => args, { name: "t", schema, handleValidationError: true });
    await fc.assert(
      fc.asyncProperty(fc.anything({ withNullPrototype: true, withBigInt: true }), async (args) => {
        const answer = await made.invoke({ type: "tool_call", name: "t", id: "1", args } as never);
        expect(answer).toBeInstanceOf(ToolMessage);
        expect(typeof answer.content === "string" || Array.isArray(answer.content)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
