import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { INSPECT, inspectorOf } from "../../src/messages/inspect.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { Secret } from "../../src/secrets/secret.ts";

type Inspector = (depth?: unknown, options?: unknown, inspect?: unknown) => string;

/** What an object says of itself where the runtime hands over less than Node does. */
function shownBy(value: object, ...given: Parameters<Inspector>): string {
  return (value as unknown as Record<symbol, Inspector>)[INSPECT]?.(...given) as string;
}

describe("a message as util.inspect shows it", () => {
  test.each([
    [new AIMessageChunk("Hello World!"), "AIMessageChunk { content: 'Hello World!' }"],
    [new HumanMessage(""), "HumanMessage { content: '' }"],
    [
      new AIMessage({ content: "Meo", response_metadata: { time_in_seconds: 3 }, id: "run-1-0" }),
      "AIMessage {\n  content: 'Meo',\n  response_metadata: { time_in_seconds: 3 },\n  id: 'run-1-0'\n}",
    ],
    [new ChatMessage("hi", "robot"), "ChatMessage { content: 'hi', role: 'robot' }"],
  ])("tells its fields, empty ones left out: %#", (message, line) => {
    expect(inspect(message)).toBe(line);
  });

  test("keeps fields that are not empty, whatever they are", () => {
    const artifact = new Map();
    const message = new ToolMessage({ content: [], tool_call_id: "1", artifact, additional_kwargs: { n: null } });
    expect(inspect(message)).toBe(
      "ToolMessage {\n  content: [],\n  additional_kwargs: { n: null },\n  tool_call_id: '1',\n  artifact: Map(0) {}\n}",
    );
    expect(inspect(new ToolMessage({ content: "", tool_call_id: "1", artifact: 0 }))).toContain("artifact: 0");
    expect(inspect(new ToolMessage({ content: "", tool_call_id: "1", artifact: null }))).not.toContain("artifact");
  });

  test("tells long ones line by line, in one order, four levels deep", () => {
    const message = new AIMessage({
      content: [{ type: "text", text: "a" }],
      name: "polly",
      id: "m1",
      additional_kwargs: { "not-an-identifier": true },
      tool_calls: [{ name: "weather", args: { city: { name: "Seoul" } }, id: "c1" }],
      usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    });
    expect(inspect([message])).toMatchInlineSnapshot(`
      "[
        AIMessage {
          content: [ { type: 'text', text: 'a' } ],
          additional_kwargs: { 'not-an-identifier': true },
          id: 'm1',
          name: 'polly',
          tool_calls: [
            { name: 'weather', args: { city: { name: 'Seoul' } }, id: 'c1' }
          ],
          usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 }
        }
      ]"
    `);
  });

  test("is as deep as is asked for, from four levels on", () => {
    const message = new HumanMessage({ content: "", additional_kwargs: { a: { b: { c: { d: { e: { f: 1 } } } } } } });
    expect(inspect(message)).toContain("d: [Object]");
    expect(inspect(message, { depth: 0 })).toContain("d: [Object]");
    expect(inspect(message, { depth: 5 })).toContain("e: [Object]");
    expect(inspect(message, { depth: null })).toContain("f: 1");
    expect(inspect(message, { depth: Number.POSITIVE_INFINITY })).toContain("f: 1");
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
    expect(shownBy(message)).not.toContain("sk-live");
  });

  test("shows messages within messages", () => {
    const message = new ToolMessage({ content: "c", tool_call_id: "1", artifact: new HumanMessage("inner") });
    expect(inspect(message)).toContain("artifact: HumanMessage { content: 'inner' }");
  });

  test("shows a message that holds itself, as deep as may be and no deeper", () => {
    const message = new HumanMessage({ content: "c", additional_kwargs: {} });
    message.additional_kwargs.self = message;
    expect(inspect(message).match(/HumanMessage/g)).toHaveLength(3);
    expect(inspect(message)).toContain("additional_kwargs: [Object]");
    expect(inspect(message, { depth: null }).match(/HumanMessage/g)?.length).toBeLessThan(40);
    // Where the runtime hands over no way to show things, and where that fails.
    expect(shownBy(message)).toBe("[HumanMessage]");
    const failing = () => {
      throw new RangeError("too deep");
    };
    expect(shownBy(message, 2, {}, failing)).toBe("[HumanMessage]");
  });

  test("runs no getter, and bears what cannot be shown", () => {
    let ran = 0;
    const odd = Object.defineProperty({}, "a", { enumerable: true, get: () => (ran += 1) });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(inspect(new HumanMessage({ content: "", additional_kwargs: { odd } }))).toContain("a: [Getter]");
    expect(ran).toBe(0);
    expect(inspect(new HumanMessage({ content: "", additional_kwargs: { proxy: revoked.proxy } }))).toContain("proxy");
    expect(inspect(new HumanMessage({ content: "", additional_kwargs: revoked.proxy }))).toBe("[HumanMessage]");
  });

  test("is shown as JSON where the runtime hands over no way to show things", () => {
    expect(shownBy(new HumanMessage("hi"))).toBe('HumanMessage {"content":"hi"}');
  });
});

describe("inspectorOf", () => {
  test("shows a field that is asked for even if it is empty", () => {
    const fields = { a: [], b: {}, c: null, d: undefined, e: [] };
    const value = { [INSPECT]: inspectorOf(() => ["X", fields, "a"]) };
    expect(inspect(value)).toBe("X { a: [] }");
  });
});
