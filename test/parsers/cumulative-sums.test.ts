import { describe, expect, it } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { JsonOutputParser } from "../../src/parsers/json-output-parser.ts";
import { JsonOutputToolsParser } from "../../src/parsers/openai/json-output-tools-parsers.ts";
import { XMLOutputParser } from "../../src/parsers/xml-output-parser.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { RunnablePick } from "../../src/runnables/pick.ts";
import { accumulate } from "../../src/streams/accumulator.ts";
import { concat } from "../../src/streams/concat.ts";
import { isSnapshot, markSnapshot } from "../../src/streams/snapshots.ts";
import "../../src/runnables/wiring.ts";

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const pieces = ['{"a":"x', 'y","b":[1', ",2]}"];
const whole = { a: "xy", b: [1, 2] };

describe("the values of a cumulative parser", () => {
  it("are summed to the last, for a step that waits for all", async () => {
    const told: unknown[] = [];
    const seen = RunnableLambda.from((value: unknown) => {
      told.push(value);
      return value;
    });
    expect(await listOf(new JsonOutputParser().pipe(seen).transform(pieces))).toEqual([whole]);
    expect(told).toEqual([whole]);
    const map = RunnableMap.from({ parsed: new JsonOutputParser() }).pipe(seen as never);
    expect(await listOf(map.transform(pieces))).toEqual([{ parsed: whole }]);
  });

  it("are summed to the last, for the end of the run", async () => {
    const ends: unknown[] = [];
    const config: RunnableConfig = {
      callbacks: [{ name: "test", handleChainEnd: (outputs: unknown) => void ends.push(outputs) }],
    };
    await listOf(new JsonOutputParser().transform(pieces, config));
    await listOf(new XMLOutputParser().transform(["<a>x", "y</a>"], config));
    const call = (args: string) =>
      new AIMessageChunk({ content: "", tool_call_chunks: [{ name: "f", args, id: "1", index: 0 }] });
    await listOf(new JsonOutputToolsParser().transform([call('{"x":"y'), new AIMessageChunk("")], config));
    expect(ends).toEqual(
      [whole, { a: "xy" }, [{ type: "f", args: { x: "y" } }]].map((output) =>
        expect.toSatisfy((end) => JSON.stringify(end).includes(JSON.stringify(output))),
      ),
    );
  });

  it("are summed to the last also where objects and lists are picked of them", async () => {
    const seen = RunnableLambda.from((value: unknown) => value);
    const parts = ['{"a":{"b":"x', 'y"},"c":[1', ",2]}"];
    for (const [keys, last] of [
      ["a", { b: "xy" }],
      ["c", [1, 2]],
      [["a", "c"], { a: { b: "xy" }, c: [1, 2] }],
    ] as const) {
      const ends: unknown[] = [];
      const handler = { name: "test", handleChainEnd: (outputs: unknown) => void ends.push(outputs) };
      const picked = new JsonOutputParser().pipe(new RunnablePick(keys as string)).pipe(seen);
      expect(await listOf(picked.transform(parts, { callbacks: [handler] }))).toEqual([last]);
      expect(JSON.stringify(ends[1])).toContain(JSON.stringify(last));
    }
  });

  it("are patches that follow each other with diff", async () => {
    const seen = RunnableLambda.from((value: unknown) => value);
    const [patch] = await listOf(new JsonOutputParser({ diff: true }).pipe(seen).transform(pieces));
    expect(patch).toHaveLength(4);
  });
});

describe("a snapshot", () => {
  it("takes the place of what was before it in a sum", () => {
    const [one, two] = [{ a: "x" }, { a: "xy" }];
    markSnapshot(two);
    markSnapshot("text");
    markSnapshot(null);
    expect([one, two, "text", null].map(isSnapshot)).toEqual([false, true, false, false]);
    expect(concat(one, two)).toBe(two);
    expect(concat({ at: one }, { at: two })).toEqual({ at: two });
    const sum = accumulate(one);
    sum.add({ a: "z" });
    sum.add(two);
    expect(sum.value()).toBe(two);
    sum.add({ a: "!" });
    expect(sum.value()).toEqual({ a: "xy!" });
  });
});
