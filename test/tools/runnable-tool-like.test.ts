import { describe, expect, expectTypeOf, it, test, vi } from "vitest";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import type { ToolMessage } from "../../src/messages/tool.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";
import { gather } from "../../src/streams/gather.ts";
import { RunnableToolLike, type RunnableToolLikeFields } from "../../src/tools/runnable-tool-like.ts";
import { collectReports } from "../helpers/reports.ts";
import { settle } from "../helpers/timing.ts";
import { callOf, LATER, NUMBERS, noting } from "./tools.ts";

const reports = collectReports();
const work = { finals: 0 };
const words = RunnableLambda.from(
  async function* ({ a, b }: { a: number; b: number }) {
    try {
      yield `${a}`;
      yield `${b}`;
    } finally {
      work.finals += 1;
    }
  },
  { name: "words" },
);

function likeOf(fields: Partial<RunnableToolLikeFields<typeof NUMBERS, string>> = {}) {
  return new RunnableToolLike({ bound: words, name: "like", schema: NUMBERS, ...fields });
}

async function read<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("the stream of a runnable that was made a tool", () => {
  it("has the chunks of the runnable, with the arguments as the schema leaves them", async () => {
    const stream = await likeOf().stream({ a: 1 });
    expectTypeOf(stream).toExtend<AsyncIterable<string | ToolMessage>>();
    expect(await read(stream)).toEqual(["1", "3"]);
    expect(await likeOf().invoke({ a: 1 })).toBe("13");
  });

  it("has them where others are before it", async () => {
    const chain = RunnableLambda.from((a: number) => ({ a })).pipe(likeOf());
    expect(await read(await chain.stream(1))).toEqual(["1", "3"]);
  });

  it("is there where it has no config at all", async () => {
    expect(await gather(likeOf()["~open"]({ a: 1 }, undefined))).toBe("13");
  });

  it("is told of as the tool's run, with the runnable's below", async () => {
    const lines: string[] = [];
    const callbacks = [noting(lines)];
    await read(await likeOf({ metadata: { m: 1 } }).stream({ a: 1 }, { callbacks }));
    expect(lines).toEqual([
      'start tool like {"a":1}',
      'start chain words {"a":1,"b":3}',
      'chunk words "1"',
      'chunk like "1"',
      'chunk words "3"',
      'chunk like "3"',
      'end words "13"',
      'end like "13"',
    ]);
  });

  it("has the events of each", async () => {
    const events = await read(likeOf().streamEvents({ a: 1 }, { version: "v2" }));
    const told = events.map(({ event, name, data }) => [event, name, (data as { chunk?: unknown }).chunk]);
    expect(told.filter(([, name]) => name === "like")).toEqual([
      ["on_tool_start", "like", undefined],
      ["on_tool_stream", "like", "1"],
      ["on_tool_stream", "like", "3"],
      ["on_tool_end", "like", undefined],
    ]);
    expect(events.at(-1)?.data).toMatchObject({ output: "13" });
  });

  test.each<[what: string, fields: Partial<RunnableToolLikeFields<typeof NUMBERS, string>>]>([
    ["errors are handled", { handleToolError: true }],
    ["misfits are handled", { handleValidationError: "" }],
  ])("has one answer where %s", async (_what, fields) => {
    expect(await read(await likeOf(fields).stream({ a: 1 }))).toEqual(["13"]);
  });

  it("has one message for a model's call, and one content where there is an artifact", async () => {
    expect(await read(await likeOf().stream(callOf("like", { a: 1 })))).toMatchObject([
      { content: "13", status: "success" },
    ]);
    expect(await read(await likeOf().stream({ a: 1 }, { toolCall: callOf("like") }))).toMatchObject([
      { content: "13" },
    ]);
    const pair = RunnableLambda.from(() => ["c", 1]);
    const like = new RunnableToolLike({ bound: pair, schema: NUMBERS, responseFormat: "content_and_artifact" });
    expect(await read(await like.stream({ a: 1 }))).toEqual(["c"]);
  });

  it("is that of a subclass, where that answers in its own way", async () => {
    class Own extends RunnableToolLike<typeof NUMBERS, string> {
      override _call(): string {
        return "own";
      }
    }
    class Invoked extends RunnableToolLike<typeof NUMBERS, string> {}
    Invoked.prototype.invoke = (async () => "invoked") as never;
    const fields = { bound: words, name: "like", schema: NUMBERS };
    expect(await read(await new Own(fields).stream({ a: 1 }))).toEqual(["own"]);
    expect(await read(await new Invoked(fields).stream({ a: 1 }))).toEqual(["invoked"]);
  });

  it("fails before anything where the arguments do not fit", async () => {
    const lines: string[] = [];
    await expect(likeOf().stream({ a: "x" } as never, { callbacks: [noting(lines)] })).rejects.toThrow(
      /a: expected a number/,
    );
    expect(lines.map((line) => line.split("\n")[0])).toEqual([
      'start tool like {"a":"x"}',
      "error like Expected the input of the tool like to fit its schema, and it does not:",
    ]);
  });

  it("has the tool's own config, its injected arguments and the facts of the call", async () => {
    const seen = vi.fn();
    const bound = RunnableLambda.from((args: object, config: object) => {
      seen({ ...args }, Object.keys(config).includes("writer"), (config as { tags?: string[] }).tags);
      return "x";
    });
    const like = new RunnableToolLike({
      bound,
      schema: { type: "object" },
      defaultConfig: { configurable: { user: 7 } },
      injectedArgs: { user: ({ configurable }) => configurable?.user },
    });
    expect(await read(await like.stream({}))).toEqual(["x"]);
    expect(seen).toHaveBeenCalledWith({ user: 7 }, false, undefined);
  });

  it("leaves the runnable where its reader leaves", async () => {
    const before = work.finals;
    for await (const _ of await likeOf().stream({ a: 1 }, { callbacks: [noting([])] })) break;
    expect(work.finals).toBe(before + 1);
  });

  it("starts nothing where the abort came while the arguments were looked at", async () => {
    const controller = new AbortController();
    const bound = vi.fn(() => "x");
    const like = new RunnableToolLike({ bound, name: "like", schema: LATER });
    const stream = like.stream({}, { signal: controller.signal });
    const failed = expect(stream).rejects.toThrow("no");
    controller.abort(new Error("no"));
    await failed;
    await settle();
    expect(bound).not.toHaveBeenCalled();
  });

  it("ends at its time limit", async () => {
    const hanging = RunnableLambda.from(() => new Promise<string>(() => {}));
    const like = new RunnableToolLike({ bound: hanging, name: "like", schema: NUMBERS });
    await expect(like.stream({ a: 1 }, { timeout: 5 })).rejects.toThrow(TimeoutError);
    const limited = new RunnableToolLike({
      bound: hanging,
      name: "like",
      schema: NUMBERS,
      defaultConfig: { timeout: 5 },
    });
    await expect(limited.stream({ a: 1 })).rejects.toThrow(TimeoutError);
    const lines: string[] = [];
    await expect(limited.stream({ a: 1 }, { callbacks: [noting(lines)] })).rejects.toThrow(TimeoutError);
    expect(lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "start tool like",
      "start chain RunnableLambda",
      "error RunnableLambda The",
      "error like The",
    ]);
    expect(reports).toEqual([]);
  });
});
