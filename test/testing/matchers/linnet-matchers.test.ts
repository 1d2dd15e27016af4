import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { SystemMessage } from "../../../src/messages/system.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";
import "../../../src/models/stream/wiring.ts";
import "../../../src/runnables/wiring.ts";
import { fakeModel } from "../../../src/testing/fake-model.ts";
import { type LinnetMatchers, linnetMatchers } from "../../../src/testing/matchers/linnet-matchers.ts";
import type { MatcherResult } from "../../../src/testing/matchers/matcher.ts";

expect.extend(linnetMatchers);

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the parameters have to be those of vitest.
  interface Matchers<T = any> extends LinnetMatchers<T> {}
}

type Name = keyof typeof linnetMatchers;
const matchers = linnetMatchers as unknown as Record<Name, (...given: unknown[]) => MatcherResult>;

const call = (name: string, args: Record<string, unknown>, id: string) => ({ name, args, id });
const asks = new AIMessage({
  content: "",
  tool_calls: [call("find", { q: "a" }, "1"), call("find", { q: "b" }, "2"), call("sing", {}, "3")],
});
const answered = [
  new HumanMessage("q"),
  asks,
  new ToolMessage({ content: "A", tool_call_id: "1", name: "find" }),
  new ToolMessage({ content: "B", tool_call_id: "2", status: "error" }),
];
const PATTERN = { __proto__: null, toString: () => "p" };

/** A matcher, what it is given, and whether it passes. */
const CASES: [Name, unknown, unknown, boolean][] = [
  ["toBeAIMessage", new AIMessage("a"), undefined, true],
  ["toBeAIMessage", new AIMessageChunk("a"), "a", true],
  ["toBeAIMessage", new AIMessage({ content: [{ type: "text", text: "a" }] }), "a", true],
  ["toBeAIMessage", new AIMessage("a"), "b", false],
  ["toBeAIMessage", new AIMessage("a"), "", false],
  ["toBeAIMessage", new AIMessage({ content: "a", name: "n" }), { content: "a", name: "n" }, true],
  ["toBeAIMessage", new AIMessage({ content: "a", name: "n" }), { content: "a", name: "m" }, false],
  ["toBeAIMessage", new AIMessage("a"), { toString: 1 }, false],
  ["toBeAIMessage", new HumanMessage("a"), undefined, false],
  ["toBeAIMessage", { content: "a" }, "a", false],
  ["toBeAIMessage", undefined, undefined, false],
  ["toBeHumanMessage", new HumanMessage("a"), "a", true],
  ["toBeHumanMessage", new AIMessage("a"), "a", false],
  ["toBeSystemMessage", new SystemMessage("a"), { content: "a" }, true],
  ["toBeSystemMessage", new HumanMessage("a"), undefined, false],
  ["toBeToolMessage", answered[2], { tool_call_id: "1", name: "find" }, true],
  ["toBeToolMessage", answered[3], { status: "success" }, false],
  ["toHaveToolCalls", asks, [{ name: "find" }, { name: "find" }, { name: "sing" }], true],
  ["toHaveToolCalls", asks, [{ name: "sing" }, { id: "2" }, { args: { q: "a" } }], true],
  // Whoever takes the first that fits finds none for the second.
  ["toHaveToolCalls", asks, [{ name: "find" }, { args: { q: "a" } }, { name: "sing" }], true],
  ["toHaveToolCalls", asks, [{ name: "find" }, { name: "sing" }, { args: { q: "a" } }], true],
  ["toHaveToolCalls", asks, [{ name: "sing" }, { name: "sing" }, { name: "find" }], false],
  ["toHaveToolCalls", asks, [{ name: "find" }], false],
  ["toHaveToolCalls", asks, [{ name: "find", args: { q: "a", more: 1 } }, { id: "2" }, { id: "3" }], false],
  ["toHaveToolCalls", new AIMessage("a"), [], true],
  ["toHaveToolCallCount", asks, 3, true],
  ["toHaveToolCallCount", asks, 2, false],
  ["toContainToolCall", asks, { name: "sing", args: {} }, true],
  ["toContainToolCall", asks, { name: "sing", id: "1" }, false],
  ["toHaveToolMessages", answered, [{ content: "A", tool_call_id: "1" }, { status: "error" }], true],
  ["toHaveToolMessages", answered, [{ content: "B" }, { content: "A" }], false],
  ["toHaveToolMessages", answered, [{ content: "A" }], false],
  ["toHaveToolMessages", [], [], true],
  ["toHaveStructuredResponse", { structuredResponse: { a: 1, b: 2 } }, { a: 1 }, true],
  ["toHaveStructuredResponse", { structuredResponse: { a: 1 } }, undefined, true],
  ["toHaveStructuredResponse", { structuredResponse: { a: 1 } }, { a: 2 }, false],
  ["toHaveStructuredResponse", { structuredResponse: null }, { a: 2 }, false],
  ["toHaveStructuredResponse", { a: 1 }, undefined, false],
  ["toHaveStructuredResponse", null, undefined, false],
];

describe("a matcher", () => {
  test.each(CASES)("%s finds by itself: %#", (name, received, expected, passes) => {
    const { pass, message } = matchers[name](received, expected);
    expect(pass).toBe(passes);
    expect(message()).toMatch(/^Expected .+, got .+\.$/s);
  });

  test.each(CASES)("%s finds the same by expect, and the contrary with not: %#", (name, received, expected, passes) => {
    const say = (isNot: boolean) => {
      const assertion = expect(received) as unknown as { not: Record<Name, (expected: unknown) => void> };
      return () => (isNot ? assertion.not : (assertion as never as typeof assertion.not))[name](expected);
    };
    expect(say(!passes)).not.toThrow();
    expect(say(passes)).toThrow(passes ? /^Expected not / : /^Expected /);
  });

  test("takes the runner's patterns", () => {
    expect(asks).toContainToolCall({ args: expect.objectContaining({ q: expect.any(String) }) });
    expect(asks).not.toContainToolCall({ args: { q: expect.any(Number) } });
    expect(new AIMessage("abc")).toBeAIMessage({ content: expect.stringContaining("b") });
  });

  test.each([
    ["toHaveToolCalls", []],
    ["toHaveToolCallCount", 0],
    ["toContainToolCall", {}],
  ] as const)("%s fails with and without not for what has no tool calls", (name, expected) => {
    const asserted = () => (expect(new HumanMessage("a")) as never as LinnetMatchers)[name](expected as never);
    const denied = () => (expect(new HumanMessage("a")).not as never as LinnetMatchers)[name](expected as never);
    for (const say of [asserted, denied]) expect(say).toThrow("Expected an AIMessage, which has tool calls, got ");
    expect(() => expect(asks).not.toHaveToolMessages([])).toThrow("Expected a list of messages, got ");
  });

  test.each([
    ["toBeAIMessage", new HumanMessage("a"), undefined, 'Expected AIMessage, got "HumanMessage: a".'],
    ["toBeAIMessage", new AIMessage("a"), "b", 'Expected AIMessage with the text "b", got "a".'],
    ["toBeAIMessage", new AIMessage("a"), { name: "n" }, 'Expected AIMessage with {"name":"n"}, got {}.'],
    ["toHaveToolCallCount", asks, 1, "Expected as many tool calls as 1, got 3."],
    [
      "toHaveToolCalls",
      new AIMessage({ content: "", tool_calls: [call("a", { n: 1n }, "1")] }),
      [],
      "Expected the tool calls [], got an array of 1.",
    ],
  ] as const)("%s says what it found (%#)", (name, received, expected, message) => {
    expect(matchers[name](received, expected).message()).toBe(message);
  });

  test("gives what it compared, for the runner's diff", () => {
    expect(linnetMatchers.toBeAIMessage(new AIMessage("a"), "b")).toMatchObject({ actual: "a", expected: "b" });
  });

  test("has no need of more than a runner's equals", () => {
    const runner = { equals: (_came: unknown, expected: unknown) => expected === PATTERN };
    expect(linnetMatchers.toContainToolCall.call(runner, asks, { name: PATTERN }).pass).toBe(true);
    expect(linnetMatchers.toContainToolCall.call(runner, asks, { name: "find" }).message()).toContain('"find"');
  });
});

describe("a matcher of streams", () => {
  const usage_metadata = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  const stream = () =>
    fakeModel()
      .respond(
        new AIMessage({
          content: [
            { type: "reasoning", reasoning: "hm" },
            { type: "text", text: "Hello" },
          ],
          id: "m1",
          tool_calls: [call("find", { q: "a" }, "1"), call("sing", {}, "2")],
          usage_metadata,
          response_metadata: { k: 1 },
        }),
      )
      .streamEvents("x");

  test.each([
    ["toHaveStreamText", "Hello", true],
    ["toHaveStreamText", "Hello!", false],
    ["toHaveStreamReasoning", "hm", true],
    ["toHaveStreamReasoning", "", false],
    ["toHaveStreamToolCalls", [{ name: "find", args: { q: "a" } }, { name: "sing" }], true],
    ["toHaveStreamToolCalls", [{ name: "sing" }, { name: "find" }], false],
    ["toHaveStreamToolCalls", [{ name: "find" }], false],
    ["toHaveStreamUsage", { output_tokens: 2 }, true],
    ["toHaveStreamUsage", usage_metadata, true],
    ["toHaveStreamUsage", { output_tokens: 3 }, false],
    ["toHaveStreamOutput", {}, true],
    ["toHaveStreamOutput", { id: "m1", text: "Hello", usage: { input_tokens: 1 }, responseMetadata: { k: 1 } }, true],
    ["toHaveStreamOutput", { toolCalls: [{ name: "find" }, { id: "2" }] }, true],
    ["toHaveStreamOutput", { toolCalls: [{ name: "find" }] }, false],
    ["toHaveStreamOutput", { text: "Hello", responseMetadata: { k: 2 } }, false],
    ["toHaveStreamOutput", { id: "m2" }, false],
    ["toHaveStreamOutput", { usage: { total_tokens: 4 } }, false],
  ] as const)("%s of %j: %s", async (name, expected, passes) => {
    const { pass, message } = await matchers[name](stream(), expected);
    expect(pass).toBe(passes);
    expect(message()).toContain("Expected a stream with the ");
    const assertion = expect(stream()) as never as LinnetMatchers & { not: LinnetMatchers };
    await (passes ? assertion : assertion.not)[name](expected as never);
    const contrary = expect(stream()) as never as LinnetMatchers & { not: LinnetMatchers };
    await expect((passes ? contrary.not : contrary)[name](expected as never)).rejects.toThrow("Expected ");
  });

  test("finds that a stream without usage has none", async () => {
    const plain = () => fakeModel().respond("a").streamEvents("x");
    await expect(plain()).not.toHaveStreamUsage({ input_tokens: 0 });
    await expect(plain()).toHaveStreamText(expect.stringMatching(/^a$/));
    await expect(plain()).not.toHaveStreamOutput({ usage: { input_tokens: 0 } });
  });

  test("fails as the model does", async () => {
    const failing = fakeModel().respond(new RangeError("down")).streamEvents("x");
    await expect(linnetMatchers.toHaveStreamText(failing, "a")).rejects.toThrow(RangeError);
  });

  test.each([7, null, {}, new AIMessage("a")])(
    "fails with and without not for %j, which is no such stream",
    async (received) => {
      const message = /^Expected what model\.streamEvents\(input\) gives without a version, got /;
      await expect(expect(received).toHaveStreamText("a")).rejects.toThrow(message);
      await expect(expect(received).not.toHaveStreamText("a")).rejects.toThrow(message);
    },
  );
});
