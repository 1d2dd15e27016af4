import { describe, expect, it } from "vitest";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { MessagesPlaceholder } from "../../src/prompts/messages-placeholder.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import "../../src/runnables/wiring.ts";

type Call = [moment: string, ...facts: unknown[]];

/** A handler that writes down what it is told. */
function recorder(): { calls: Call[]; handler: object } {
  const calls: Call[] = [];
  const handler = {
    handleChainStart: (...args: unknown[]) => void calls.push(["start", args[1], args[6], args[7]]),
    handleChainEnd: (output: unknown) => void calls.push(["end", output]),
    handleChainError: (error: { code?: string }) => void calls.push(["error", error.code]),
  };
  return { calls, handler };
}

describe("a prompt's run", () => {
  const prompts: [name: string, prompt: Runnable<never>][] = [
    ["PromptTemplate", PromptTemplate.fromTemplate("{a}") as Runnable<never>],
    ["ChatPromptTemplate", ChatPromptTemplate.fromMessages(["{a}"]) as Runnable<never>],
    ["MessagesPlaceholder", new MessagesPlaceholder("a") as Runnable<never>],
  ];

  it.each(prompts)("of %s is told of as a prompt", async (name, prompt) => {
    const { calls, handler } = recorder();
    const input = { a: "x" };
    const output = await (prompt as unknown as Runnable).invoke(input, { callbacks: [handler] });
    expect(calls[0]).toEqual(["start", input, "prompt", name]);
    expect(calls).toHaveLength(2);
    const [moment, told] = calls[1] as Call;
    expect(moment).toBe("end");
    // A list is an output of its own; what it is told of as depends on the callbacks.
    expect(JSON.stringify(told)).toContain(JSON.stringify(output));
  });

  it.each(prompts)("of %s that fails is told of once", async (_name, prompt) => {
    const { calls, handler } = recorder();
    await expect((prompt as unknown as Runnable).invoke({}, { callbacks: [handler] })).rejects.toThrow('"a"');
    expect(calls.map(([moment]) => moment)).toEqual(["start", "error"]);
    expect(calls[1]).toEqual(["error", "INVALID_PROMPT_INPUT"]);
  });

  it("has no stream event", async () => {
    const events: string[] = [];
    const prompt = ChatPromptTemplate.fromMessages(["{a}"]);
    for await (const event of prompt.streamEvents({ a: 1 }, { version: "v2" })) events.push(event.event);
    expect(events).toEqual(["on_prompt_start", "on_prompt_end"]);
  });

  it("does not start with a signal that is aborted", async () => {
    let called = 0;
    const prompt = PromptTemplate.fromTemplate("{a}").partial({ a: () => ++called });
    await expect(prompt.invoke({}, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(called).toBe(0);
  });

  it("ends with the abort while a partial variable is waited for", async () => {
    const controller = new AbortController();
    const prompt = PromptTemplate.fromTemplate("{a}").partial({ a: () => new Promise(() => {}) });
    const running = prompt.invoke({}, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toThrow();
  });
});
