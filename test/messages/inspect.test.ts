import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { formatFields } from "../../src/messages/format.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { Secret } from "../../src/secrets/secret.ts";

const shown = (value: unknown): string => formatFields("X", { value }, "").slice("X { value: ".length, -" }".length);

describe("a message as util.inspect shows it", () => {
  test.each([
    [new AIMessageChunk("Hello World!"), 'AIMessageChunk { content: "Hello World!" }'],
    [new HumanMessage(""), 'HumanMessage { content: "" }'],
    [
      new AIMessage({ content: "Meo", response_metadata: { time_in_seconds: 3 }, id: "run-1-0" }),
      'AIMessage {\n  content: "Meo",\n  response_metadata: { time_in_seconds: 3 },\n  id: "run-1-0",\n}',
    ],
    [new ChatMessage("hi", "robot"), 'ChatMessage { content: "hi", role: "robot" }'],
  ])("tells its fields, empty ones left out: %#", (message, line) => {
    expect(inspect(message)).toBe(line);
  });

  test("tells long ones line by line, in one order", () => {
    const message = new AIMessage({
      content: [{ type: "text", text: "a" }],
      name: "polly",
      id: "m1",
      additional_kwargs: { "not-an-identifier": true },
      tool_calls: [{ name: "weather", args: { city: "Seoul" }, id: "c1" }],
      usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    });
    expect(inspect([message])).toMatchInlineSnapshot(`
      "[
        AIMessage {
          content: [{ type: "text", text: "a" }],
          additional_kwargs: { "not-an-identifier": true },
          id: "m1",
          name: "polly",
          tool_calls: [{ name: "weather", args: { city: "Seoul" }, id: "c1" }],
          usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
        }
      ]"
    `);
  });

  test("hides secrets, wherever they are", () => {
    const message = new ToolMessage({
      content: "c",
      tool_call_id: "1",
      artifact: { key: new Secret("sk-live"), list: [new Secret("sk-live")] },
      additional_kwargs: { key: new Secret("sk-live") },
    });
    expect(inspect(message)).toContain("key: **********");
    expect(inspect(message, { depth: 99, showHidden: true })).not.toContain("sk-live");
  });

  test("shows messages within messages", () => {
    const message = new ToolMessage({ content: "c", tool_call_id: "1", artifact: new HumanMessage("inner") });
    expect(inspect(message)).toContain('artifact: HumanMessage { content: "inner" }');
  });
});

describe("formatFields", () => {
  class Bird {
    name = "polly";
  }
  class Empty {}
  class Named {
    static lc_name(): string {
      return "PublicName";
    }
    a = 1;
  }
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each<[unknown, string]>([
    [1, "1"],
    [true, "true"],
    [10n, "10n"],
    ["a\nb", '"a\\nb"'],
    [() => 1, "[Function]"],
    [Symbol("s"), "Symbol(s)"],
    [[undefined, null], "[undefined, null]"],
    [{ a: null, b: undefined }, "{ a: null, b: undefined }"],
    [[[], {}], "[[], {}]"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "[Object]"],
    [new RangeError("boom"), "[RangeError: boom]"],
    [new Bird(), 'Bird { name: "polly" }'],
    [new Empty(), "[Empty]"],
    [new Named(), "PublicName { a: 1 }"],
    [new Map([[1, 2]]), "[Map]"],
    [new Uint8Array(3), "[Uint8Array]"],
    [{ "a-b": 1, $c_1: 2 }, '{ "a-b": 1, $c_1: 2 }'],
  ])("shows %o", (value, text) => {
    expect(shown(value)).toBe(text);
  });

  test("shows objects that are odd", () => {
    expect(shown(cyclic)).toBe("{ self: [Circular] }");
    expect(shown(revoked.proxy)).toBe("[Object]");
    expect(shown(Object.assign(Object.create(Object.create(null)), { a: 1 }))).toBe("{ a: 1 }");
    expect(shown(Object.assign(Object.create({ constructor: undefined }), { a: 1 }))).toBe("Object { a: 1 }");
    class Base {}
    const nameless = Object.assign(
      Object.create(Object.create(Base.prototype, { constructor: { value: undefined } })),
      { a: 1 },
    );
    expect(shown(nameless)).toBe("Object { a: 1 }");
  });

  test("runs no getter of a field", () => {
    let ran = 0;
    const value = Object.defineProperty({}, "a", { enumerable: true, get: () => (ran += 1) });
    expect(shown(value)).toBe("{ a: [Getter] }");
    expect(ran).toBe(0);
  });

  test("is bounded in depth, width and length", () => {
    let deep: unknown = "bottom";
    for (let level = 0; level < 100_000; level += 1) deep = level % 2 ? { deep } : [deep];
    expect(shown(deep)).toBe("{ deep: [{ deep: [{ deep: [Array of 1] }] }] }");
    let boxes: unknown = new Bird();
    for (let level = 0; level < 5; level += 1) boxes = { boxes };
    expect(shown(boxes)).toContain("boxes: [Bird]");
    let records: unknown = { bottom: 1 };
    for (let level = 0; level < 5; level += 1) records = { records };
    expect(shown(records)).toContain("records: [Object]");
    expect(shown(Array.from({ length: 150 }, () => 0))).toContain("… 50 more items");
    expect(shown(Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`k${at}`, 0])))).toContain(
      "… 50 more fields",
    );
    expect(shown("x".repeat(10_050))).toContain("… 50 more characters");
    expect(shown("x".repeat(10_000))).not.toContain("more characters");
  });

  test("shows a field that is asked for even if it is empty", () => {
    expect(formatFields("X", { a: [], b: {}, c: null, d: undefined, e: [] }, "a")).toBe("X { a: [] }");
    expect(formatFields("X", {}, "a")).toBe("X {}");
  });

  test("breaks lines where one is longer than 76 characters", () => {
    const fits = "x".repeat(76 - 'X { a: "" }'.length);
    expect(formatFields("X", { a: fits }, "a")).toBe(`X { a: "${fits}" }`);
    expect(formatFields("X", { a: `${fits}x` }, "a")).toBe(`X {\n  a: "${fits}x",\n}`);
  });
});
