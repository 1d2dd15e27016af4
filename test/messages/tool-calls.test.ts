import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { MAX_ARGUMENTS } from "../../src/messages/tool-arguments.ts";
import { type ToolCallChunk, toolCallsFromOpenAI, toolCallsOfChunks } from "../../src/messages/tool-call.ts";
import { foldPiece, goesOnWith, isPlainPiece } from "../../src/messages/tool-call-fold.ts";
import { ToolCallLog } from "../../src/messages/tool-call-log.ts";
import { plainPiece as piece } from "../laws/messages/arbitraries/tool-calls.ts";

const folded = (pieces: ToolCallChunk[]): ToolCallChunk[] => ToolCallLog.of(pieces).folded;

describe("pieces of tool calls", () => {
  test.each<[string, ToolCallChunk[], ToolCallChunk[]]>([
    [
      "one call in pieces",
      [
        { name: "f", args: "", id: "a", index: 0, type: "tool_call_chunk" },
        { args: '{"x"', index: 0 },
        { args: ":1}", index: 0 },
      ],
      [{ name: "f", args: '{"x":1}', id: "a", index: 0, type: "tool_call_chunk" }],
    ],
    [
      "two calls in turns",
      [
        { name: "f", args: "", id: "a", index: 0 },
        { name: "g", args: "", id: "b", index: 1 },
        { args: "1", index: 0 },
        { args: "2", index: 1 },
        { args: "3", index: 0 },
      ],
      [
        { name: "f", args: "13", id: "a", index: 0 },
        { name: "g", args: "2", id: "b", index: 1 },
      ],
    ],
    [
      "an index as a number and as a string",
      [
        { name: "f", args: "", id: "a", index: "0" },
        { args: "1", index: 0 },
      ],
      [{ name: "f", args: "1", id: "a", index: "0" }],
    ],
    [
      "an index that is no number",
      [
        { args: "1", index: "x" },
        { args: "2", index: "x" },
        { args: "3", index: "01" },
        { args: "4", index: 1 },
      ],
      [
        { args: "12", index: "x" },
        { args: "3", index: "01" },
        { args: "4", index: 1 },
      ],
    ],
    [
      "the same index with another id",
      [
        { name: "f", args: "1", id: "a", index: 0 },
        { name: "g", args: "2", id: "b", index: 0 },
        { args: "3", index: 0 },
      ],
      [
        { name: "f", args: "1", id: "a", index: 0 },
        { name: "g", args: "23", id: "b", index: 0 },
      ],
    ],
    [
      "ids and names sent again, and placeholders for ids",
      [
        { name: "f", args: "1", id: "a", index: 0 },
        { name: "f", args: "2", id: "a", index: 0 },
        { name: "", args: "3", id: "", index: 0 },
        { args: "4", id: "null", index: 0 },
      ],
      [{ name: "f", args: "1234", id: "a", index: 0 }],
    ],
    [
      "neither index nor id",
      [{ name: "f", args: "1", id: "a" }, { args: "2" }, { name: "g", args: "3", id: "b" }, { args: "4" }],
      [
        { name: "f", args: "12", id: "a" },
        { name: "g", args: "34", id: "b" },
      ],
    ],
    [
      "an id that comes late",
      [
        { name: "f", args: "1", index: 0 },
        { args: "2", id: "a", index: 0 },
      ],
      [{ name: "f", args: "12", id: "a", index: 0 }],
    ],
    [
      "an index that comes late",
      [
        { name: "f", args: "1", id: "a" },
        { args: "2", index: 0 },
        { args: "3", index: 0 },
      ],
      [{ name: "f", args: "123", id: "a", index: 0 }],
    ],
    [
      "a name that opens a call with a new index",
      [
        { name: "f", args: "1", id: "a" },
        { name: "g", args: "2", index: 0 },
      ],
      [
        { name: "f", args: "1", id: "a" },
        { name: "g", args: "2", index: 0 },
      ],
    ],
    [
      "an index that no call has, after one with an index",
      [
        { args: "1", index: 0 },
        { args: "2", index: 1 },
      ],
      [
        { args: "1", index: 0 },
        { args: "2", index: 1 },
      ],
    ],
    [
      "an id that an earlier call has, by that id",
      [
        { name: "f", args: "1", id: "a", index: 0 },
        { name: "g", args: "2", id: "b", index: 0 },
        { args: "3", id: "a", index: 0 },
        { args: "4" },
      ],
      [
        { name: "f", args: "134", id: "a", index: 0 },
        { name: "g", args: "2", id: "b", index: 0 },
      ],
    ],
    [
      "the same id with other indexes",
      [
        { args: "1", id: "a", index: 0 },
        { args: "2", id: "a", index: 1 },
        { args: "3", id: "a" },
      ],
      [
        { args: "1", id: "a", index: 0 },
        { args: "23", id: "a", index: 1 },
      ],
    ],
    ["a first piece that names nothing", [{ args: "1" }, { args: "2" }], [{ args: "12" }]],
    [
      "arguments that come late",
      [
        { name: "f", id: "a", index: 0 },
        { args: "1", index: 0 },
      ],
      [{ name: "f", args: "1", id: "a", index: 0 }],
    ],
    ["a name that comes late", [{ args: "1", id: "a" }, { name: "f" }], [{ name: "f", args: "1", id: "a" }]],
    [
      "fields of a provider's own",
      [
        { args: "1", index: 0, extra: { text: "x" }, at: 1 },
        { index: 0, extra: { text: "y" }, at: 2, none: null },
      ],
      [{ args: "1", index: 0, extra: { text: "xy" }, at: 3, none: null }],
    ],
  ])("fold to one piece per call: %s", (_shape, pieces, calls) => {
    const before = structuredClone(pieces);
    expect(folded(pieces)).toEqual(calls);
    expect(pieces).toEqual(before);
  });

  test("fold alike whether the places of the calls are kept or found out anew", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const keeping = { folded: [] as ToolCallChunk[], last: -1, places: undefined };
        const searching = { folded: [] as ToolCallChunk[], last: -1, places: undefined };
        for (const next of pieces) {
          const isPlain = isPlainPiece(next);
          foldPiece(keeping, next, isPlain);
          foldPiece(searching, next, isPlain);
          searching.places = undefined;
          expect(searching.last).toBe(keeping.last);
        }
        expect(searching.folded).toEqual(keeping.folded);
      }),
      { numRuns: 2_000 },
    );
  });

  test("kept as a run go where they would have gone one by one", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), piece, piece, (before, first, second) => {
        fc.pre(goesOnWith(first, second));
        const run = { ...first, args: (first.args as string) + second.args };
        expect(folded([...before, run])).toEqual(folded([...before, first, second]));
      }),
      { numRuns: 2_000, maxSkipsPerRun: 1_000 },
    );
  });

  test("are told to another message by a copy", () => {
    const log = ToolCallLog.of([{ name: "f", args: "1", id: "a" }, { args: "2" }]);
    const copy = log.copy();
    expect(copy.folded).toEqual(log.folded);
    expect(copy.folded[0]).not.toBe(log.folded[0]);
    expect(copy.pieces()).toEqual(log.pieces());
    expect(copy.isOf(copy.folded)).toBe(true);
    expect(copy.isOf([...copy.folded])).toBe(false);
    copy.folded.push({});
    expect(copy.isOf(copy.folded)).toBe(false);
  });
});

describe("two sums that go on from one", () => {
  test("have the calls that each was told of, wherever their pieces stand", () => {
    const of = (...tool_call_chunks: ToolCallChunk[]) => new AIMessageChunk({ content: "", tool_call_chunks });
    const start = of({ args: "0", id: "a", index: 0 }, { args: "1", id: "b", index: 1 }, { args: "2", index: 0 });
    const one = start.concat(of({ args: "3", id: "c", index: 2 })).concat(of({ args: "4", index: 1 }));
    const other = start.concat(of({ args: "5", id: "d", index: 1 })).concat(of({ args: "6", index: 1 }));
    const argsOf = (sum: AIMessageChunk) => sum.tool_call_chunks.map(({ args }) => args);
    expect(argsOf(start)).toEqual(["02", "1"]);
    expect(argsOf(one)).toEqual(["02", "14", "3"]);
    expect(argsOf(other)).toEqual(["02", "1", "56"]);
    expect(argsOf(start.concat(of({ args: "7", index: 1 })))).toEqual(["02", "17"]);
  });
});

describe("sums that share what came before", () => {
  /** Which sum goes on (the last of those there are, or any), and with what. */
  const step = fc.record({ on: fc.option(fc.nat(20), { freq: 2 }), pieces: fc.array(piece, { maxLength: 3 }) });

  test("have the calls of their own pieces alone, in whatever order they go on, and tell them to others", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const logs = [ToolCallLog.of([])];
        const told: ToolCallChunk[][] = [[]];
        for (const { on, pieces } of steps) {
          const place = on === null ? logs.length - 1 : on % logs.length;
          const log = (logs[place] as ToolCallLog).copy();
          log.add(pieces);
          logs.push(log);
          told.push([...(told[place] as ToolCallChunk[]), ...pieces]);
        }
        for (const [place, log] of logs.entries()) {
          const alone = ToolCallLog.of(told[place] as ToolCallChunk[]);
          expect(log.folded).toEqual(alone.folded);
          expect(ToolCallLog.of(log.pieces()).folded).toEqual(alone.folded);
        }
        // Then each by itself: what one has taken along, the others find out anew.
        for (const [place, log] of logs.entries()) {
          const more: ToolCallChunk[] = [
            { args: "x", index: 1 },
            { args: "y", id: "b" },
            { args: "z", index: 0 },
          ];
          log.add(more);
          expect(log.folded).toEqual(folded([...(told[place] as ToolCallChunk[]), ...more]));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the calls of folded pieces", () => {
  test.each([
    ["an object", '{"a":1}', { a: 1 }],
    ["nothing", "", {}],
    ["blanks", "  \n", {}],
    ["a beginning", '{"a":[1,{"b":"x', { a: [1, { b: "x" }] }],
  ])("have %s for arguments", (_what, args, parsed) => {
    expect(toolCallsOfChunks([{ name: "f", args, id: "a" }])).toEqual({
      tool_calls: [{ name: "f", args: parsed, id: "a", type: "tool_call" }],
      invalid_tool_calls: [],
    });
  });

  test.each([
    ["a list", { name: "f", args: "[1]", id: "a" }],
    ["a word", { name: "f", args: "true", id: "a" }],
    ["no JSON", { name: "f", args: "{a:1}", id: "a" }],
    ["no id", { name: "f", args: "{}" }],
    ["an empty id", { name: "f", args: "{}", id: "" }],
  ] satisfies [string, ToolCallChunk][])("cannot be carried out with %s", (_what, call: ToolCallChunk) => {
    expect(toolCallsOfChunks([call])).toEqual({
      tool_calls: [],
      invalid_tool_calls: [
        { name: call.name, args: call.args, id: call.id, error: "Malformed args.", type: "invalid_tool_call" },
      ],
    });
  });

  test("have an empty name where none was said, and no arguments where none came", () => {
    expect(toolCallsOfChunks([{ id: "a" }]).tool_calls).toEqual([{ name: "", args: {}, id: "a", type: "tool_call" }]);
  });

  test("keep hostile names as data", () => {
    const [call] = toolCallsOfChunks([
      { name: "__proto__", args: '{"__proto__":{"x":1}}', id: "constructor" },
    ]).tool_calls;
    expect(JSON.stringify(call)).toBe(
      '{"name":"__proto__","args":{"__proto__":{"x":1}},"id":"constructor","type":"tool_call"}',
    );
    expect(Object.getPrototypeOf(call?.args)).toBe(Object.prototype);
  });
});

describe("a call of a tool that takes text of any form", () => {
  test("has that text for its input, in pieces too", () => {
    const piece = { name: "run", id: "c", index: 0, isCustomTool: true };
    const sum = ToolCallLog.of([
      { ...piece, args: "print(" },
      { args: "1)", index: 0 },
    ]).folded;
    expect(toolCallsOfChunks(sum).tool_calls).toEqual([
      { name: "run", args: { input: "print(1)" }, id: "c", type: "tool_call" },
    ]);
    expect(toolCallsOfChunks([{ isCustomTool: true }]).tool_calls).toEqual([
      { name: "", args: { input: "" }, id: undefined, type: "tool_call" },
    ]);
    expect(toolCallsOfChunks([{ ...piece, isCustomTool: false, args: "x" }]).invalid_tool_calls).toHaveLength(1);
  });
});

describe("calls in the shape of OpenAI's API", () => {
  test.each<[string, unknown, unknown]>([
    ["an object that is no text", { toString: null }, { toString: null }],
    ["a list of such", [{ toString: null }], [{ toString: null }]],
    ["numbers", 5, 5],
    ["what JSON cannot say", 5n, 5n],
    ["nothing", undefined, null],
  ])("are read, and never throw, whatever they hold: %s", (_what, name, args) => {
    const { tool_calls, invalid_tool_calls } = toolCallsFromOpenAI([{ id: "c", function: { name, arguments: args } }]);
    expect(tool_calls.length + invalid_tool_calls.length).toBe(1);
    for (const call of [...tool_calls, ...invalid_tool_calls]) expect(call.name).toEqual(expect.any(String));
  });

  test.each<[string, Record<string, unknown> | undefined]>([
    ['{"a":1}', { a: 1 }],
    [' {"a":1}\n', { a: 1 }],
    ['{"a":"\n"}', { a: "\n" }],
    ['{"a":1', undefined],
    ['{"a":"}', undefined],
    ['{"a":{"b":1}', undefined],
    ['{"a":1,', undefined],
    ['{"a":1},', undefined],
    ["[]", undefined],
    [`{"a":"${"x".repeat(2 ** 20)}"}`, undefined],
    [`${'{"a":'.repeat(300)}1${"}".repeat(300)}`, undefined],
  ])("are whole, so that a beginning of arguments is none: %#", (json, args) => {
    const { tool_calls, invalid_tool_calls } = toolCallsFromOpenAI([
      { id: "c", function: { name: "f", arguments: json } },
    ]);
    expect(tool_calls[0]?.args).toEqual(args);
    expect(invalid_tool_calls[0]?.args).toBe(args === undefined ? json : undefined);
  });

  test.each([
    ["arguments as JSON", '{"a":1}', { a: 1 }],
    ["arguments as an object", { a: 1 }, { a: 1 }],
    ["empty arguments", "", {}],
    ["no arguments", undefined, {}],
    ["null for arguments", null, {}],
  ])("are read with %s", (_what, given, args) => {
    const raw = { id: "c", type: "function", function: { name: "f", arguments: given } };
    expect(toolCallsFromOpenAI([raw])).toEqual({
      tool_calls: [{ name: "f", args, id: "c", type: "tool_call" }],
      invalid_tool_calls: [],
    });
  });

  test.each(["{a", "[1]", '{"a":', "3"])("cannot be carried out with arguments %j", (given) => {
    const raw = { id: 7, function: { arguments: given } };
    expect(toolCallsFromOpenAI([raw])).toEqual({
      tool_calls: [],
      invalid_tool_calls: [{ name: "", args: given, id: "7", error: "Malformed args.", type: "invalid_tool_call" }],
    });
  });

  test("say that their arguments are too long", () => {
    const args = `{"a":"${"x".repeat(MAX_ARGUMENTS)}"}`;
    const error = "Args of more than 1048576 characters.";
    expect(toolCallsFromOpenAI([{ function: { name: "f", arguments: args } }]).invalid_tool_calls[0]?.error).toBe(
      error,
    );
    expect(toolCallsOfChunks([{ name: "f", id: "c", args }]).invalid_tool_calls[0]?.error).toBe(error);
  });

  test("are left out where they are none", () => {
    expect(toolCallsFromOpenAI([null, 3, {}, { function: "f" }])).toEqual({ tool_calls: [], invalid_tool_calls: [] });
  });
});
