import { describe, expect, it } from "vitest";
import { EventLines } from "../../src/cli/event-lines.ts";
import { LiveTree } from "../../src/cli/live-tree.ts";
import { makePaint } from "../../src/cli/paint.ts";
import { RunTree } from "../../src/cli/run-tree.ts";
import type { StreamEvent } from "../../src/events/stream-event.ts";
import { screenOf } from "./fake-host.ts";

const plain = makePaint(false);

/** `name: moment chunk`, its place by the runs around. */
function event(type: string, runId: string, data: unknown = {}, parentIds?: string[]): StreamEvent {
  const told = { event: type, name: `Run ${runId}`, run_id: runId, tags: [], metadata: {}, data };
  return (parentIds === undefined ? told : { ...told, parent_ids: parentIds }) as StreamEvent;
}

const story: readonly StreamEvent[] = [
  event("on_chain_start", "1", { input: "ab" }, []),
  event("on_prompt_start", "2", {}, ["1"]),
  event("on_prompt_end", "2", {}, ["1"]),
  event("on_chain_start", "3", {}, ["1"]),
  event("on_chat_model_start", "4", {}, ["1", "3"]),
  event("on_custom_event", "4", "noted", ["1", "3"]),
  event("on_chat_model_stream", "4", { chunk: { text: "a\n" } }, ["1", "3"]),
  event("on_chain_stream", "1", { chunk: "a" }, []),
  event("on_chain_stream", "3", { chunk: { key: 1 } }, ["1"]),
  event("on_chat_model_error", "4", { error: new Error("no\nmore") }, ["1", "3"]),
  event("on_chain_error", "3", { error: "plain" }, ["1"]),
  event("on_chain_end", "1", { output: "a" }, []),
];

describe("the events line by line", () => {
  it("are indented by the runs around, with times, tokens, sums and errors", () => {
    const lines = new EventLines(plain);
    const shown = story.map((told, index) => lines.take(told, 10 + index)).join("");
    expect(shown).toBe(
      [
        "   0.0 ms  ▸ Run 1 chain",
        "   1.0 ms  │ ▸ Run 2 prompt",
        "   2.0 ms  │ ■ Run 2 took 1.0 ms",
        "   3.0 ms  │ ▸ Run 3 chain",
        "   4.0 ms  │ │ ▸ Run 4 chat model",
        '   6.0 ms  │ │ · Run 4 "a\\n"',
        '   7.0 ms  · Run 1 "a"',
        '   8.0 ms  │ · Run 3 "{"key":1}"',
        "   9.0 ms  │ │ ✗ Run 4 no\\nmore",
        "  10.0 ms  │ ✗ Run 3 plain",
        '  11.0 ms  ■ Run 1 took 11.0 ms "a"',
        "",
      ].join("\n"),
    );
  });

  it("hang every run below the first where the events do not say", () => {
    const lines = new EventLines(plain);
    const shown = [event("on_chain_start", "1"), event("on_llm_start", "2")].map((told) => lines.take(told, 0));
    expect(shown[1]).toBe("   0.0 ms  │ ▸ Run 2 llm\n");
  });

  it("hang a run below the first where the one around it was filtered out", () => {
    const lines = new EventLines(plain);
    lines.take(event("on_chain_start", "1", {}, []), 0);
    expect(lines.take(event("on_llm_start", "3", {}, ["1", "unknown"]), 0)).toBe("   0.0 ms  │ ▸ Run 3 llm\n");
  });
});

describe("the live tree", () => {
  function screenAfter(count: number, columns = 80): string[] {
    const tree = new LiveTree(plain, columns);
    return screenOf(
      story
        .slice(0, count)
        .map((told, index) => tree.take(told, 10 + index))
        .join(""),
    );
  }

  it("has one row for each run, which grows in place", () => {
    expect(screenAfter(4)).toEqual([
      "Run 1     chain         3.0 ms  ",
      "├─ Run 2  prompt        1.0 ms  ",
      "└─ Run 3  chain         0.0 ms  ",
      "",
    ]);
    expect(screenAfter(7)).toEqual([
      "Run 1        chain         6.0 ms  ",
      "├─ Run 2     prompt        1.0 ms  ",
      "└─ Run 3     chain         3.0 ms  ",
      "│  └─ Run 4  chat model    2.0 ms  a\\n|",
      "",
    ]);
  });

  it("ends with times, tokens and errors", () => {
    expect(screenAfter(story.length)).toEqual([
      "Run 1        chain        11.0 ms  a|",
      "├─ Run 2     prompt        1.0 ms  ",
      "└─ Run 3     chain         7.0 ms  plain",
      "│  └─ Run 4  chat model    5.0 ms  no\\nmore",
      "",
    ]);
  });

  it("shows the latest tokens where a row is too narrow for all", () => {
    const tree = new LiveTree(plain, 40);
    tree.take(event("on_chain_start", "1", {}, []), 0);
    const pieces = [..."abcdefgh"].map((chunk) => tree.take(event("on_chain_stream", "1", { chunk }, []), 0));
    const [row] = screenOf((pieces.at(-1) as string).slice("\u001b[1A".length)) as [string];
    expect(row).toBe("Run 1  chain         0.0 ms  …|e|f|g|h|");
    expect(row.length).toBeLessThan(40);
  });

  it("draws nothing for what belongs to no run's life", () => {
    expect(new LiveTree(plain, 80).take(event("on_custom_event", "1"), 0)).toBe("");
  });
});

describe("a tree of runs", () => {
  it("is empty before its first event", () => {
    const tree = new RunTree();
    expect([tree.startedAt, [...tree.rows()]]).toEqual([0, []]);
  });
});
