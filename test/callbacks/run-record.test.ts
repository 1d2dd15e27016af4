import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  addEvent,
  chainRecord,
  chatModelRecord,
  endRecord,
  failRecord,
  llmRecord,
  type RunRecord,
  retrieverRecord,
  toolRecord,
} from "../../src/callbacks/run-record.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const TAGS = ["tag"];
const METADATA = { m: 1 };
const PARAMS = { options: {}, metadata: "of the parameters" };

beforeEach(() => {
  vi.useFakeTimers({ now: 5, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a record", () => {
  const common = {
    id: "id",
    name: "name",
    parent_run_id: "parent",
    tags: TAGS,
    serialized: SERIALIZED,
    start_time: 5,
    events: [{ name: "start", time: "1970-01-01T00:00:00.005Z" }],
    child_runs: [],
    execution_order: 1,
    child_execution_order: 1,
  };

  it.each<[string, RunRecord, object]>([
    [
      "chain",
      chainRecordOf(undefined),
      { run_type: "chain", inputs: { a: 1 }, extra: { lc_defers_inputs: true, metadata: METADATA } },
    ],
    [
      "parser",
      chainRecordOf("parser"),
      { run_type: "parser", inputs: { a: 1 }, extra: { lc_defers_inputs: true, metadata: METADATA } },
    ],
    [
      "llm",
      at5(() => llmRecord(SERIALIZED, ["hi"], "id", "parent", PARAMS, TAGS, METADATA, "name")),
      { run_type: "llm", inputs: { prompts: ["hi"] }, extra: { options: {}, metadata: METADATA } },
    ],
    [
      "chat model",
      at5(() => chatModelRecord(SERIALIZED, [[]], "id", "parent", PARAMS, TAGS, METADATA, "name")),
      { run_type: "llm", inputs: { messages: [[]] }, extra: { options: {}, metadata: METADATA } },
    ],
    [
      "tool",
      at5(() => toolRecord(SERIALIZED, "in", "id", "parent", TAGS, METADATA, "name", "call")),
      { run_type: "tool", inputs: { input: "in" }, extra: { metadata: METADATA } },
    ],
    ...(
      [
        ['{"a":1,"__proto__":2}', JSON.parse('{"a":1,"__proto__":2}')],
        ["{}", {}],
        ["{oops", { input: "{oops" }],
        ["[1]", { input: "[1]" }],
        ["", { input: "" }],
      ] as const
    ).map(([text, inputs]): [string, RunRecord, object] => [
      `tool of ${text}`,
      at5(() => toolRecord(SERIALIZED, text, "id", "parent", TAGS, METADATA, "name", "call")),
      { run_type: "tool", inputs, extra: { metadata: METADATA } },
    ]),
    [
      "retriever",
      at5(() => retrieverRecord(SERIALIZED, "why", "id", "parent", TAGS, METADATA, "name")),
      { run_type: "retriever", inputs: { query: "why" }, extra: { metadata: METADATA } },
    ],
  ])("is made of the start of a %s", (_kind, record, expected) => {
    expect(record).toStrictEqual({ ...common, ...expected });
  });

  it("notes an end", () => {
    const record = chainRecord(SERIALIZED, {}, "id");
    vi.setSystemTime(9);
    endRecord(record, { b: 2 }, { inputs: "read", cancelled: true, cached: true });
    expect(record).toMatchObject({
      inputs: { input: "read" },
      outputs: { b: 2 },
      cancelled: true,
      cached: true,
      end_time: 9,
    });
    expect(record.events.at(-1)).toEqual({ name: "end", time: "1970-01-01T00:00:00.009Z" });
    expect(record).not.toHaveProperty("partial");
  });

  it("notes a failure", () => {
    const record = chainRecord(SERIALIZED, { a: 1 }, "id");
    failRecord(record, "wrong", { partial: "so far" });
    expect(record).toMatchObject({ inputs: { a: 1 }, error: "wrong", failure: "wrong", partial: "so far" });
    expect(record.events.at(-1)?.name).toBe("error");
    for (const field of ["outputs", "cancelled", "cached"]) expect(record).not.toHaveProperty(field);
  });

  it("notes what happens in between", () => {
    const record = chainRecord(SERIALIZED, {}, "id");
    addEvent(record, "bare", 7);
    addEvent(record, "full", 7, { a: 1 });
    expect(record.events.slice(1)).toStrictEqual([
      { name: "bare", time: "1970-01-01T00:00:00.007Z" },
      { name: "full", time: "1970-01-01T00:00:00.007Z", kwargs: { a: 1 } },
    ]);
  });
});

function chainRecordOf(type: string | undefined): RunRecord {
  const extra = { lc_defers_inputs: true } as const;
  return at5(() => chainRecord(SERIALIZED, { a: 1 }, "id", "parent", TAGS, METADATA, type, "name", extra));
}

/** Tables are made before the clock is set. */
function at5(make: () => RunRecord): RunRecord {
  vi.useFakeTimers({ now: 5, toFake: ["Date"] });
  try {
    return make();
  } finally {
    vi.useRealTimers();
  }
}
