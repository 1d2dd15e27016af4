import "../../src/runnables/log/wiring.ts";
import { describe, expect, it, vi } from "vitest";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { StructuredPrompt } from "../../src/prompts/structured-prompt.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";

const schema = { title: "bird" };

function model() {
  const withStructuredOutput = vi.fn(() => RunnableLambda.from((value) => ({ said: String(value) })));
  return Object.assign(
    RunnableLambda.from((value: unknown) => String(value)),
    { withStructuredOutput },
  );
}

describe("a structured prompt", () => {
  it("is a chat prompt", async () => {
    const prompt = StructuredPrompt.fromMessagesAndSchema(
      [["system", "{a}"], ChatPromptTemplate.fromMessages(["{b}"], { partialVariables: { b: "B" } })],
      schema,
      "jsonMode",
    );
    expect(prompt).toBeInstanceOf(ChatPromptTemplate);
    expect(prompt.inputVariables).toEqual(["a"]);
    expect(prompt.schema).toBe(schema);
    expect(prompt.method).toBe("jsonMode");
    expect(prompt.getName()).toBe("StructuredPrompt");
    expect(await prompt.format({ a: 1 } as never)).toBe("System: 1\nHuman: B");
  });

  it("makes the model that it is piped into give structured output", async () => {
    const prompt = StructuredPrompt.fromMessagesAndSchema(["{a}"], schema);
    const parrot = model();
    expect(await prompt.pipe(parrot).invoke({ a: 1 })).toEqual({ said: "Human: 1" });
    expect(parrot.withStructuredOutput).toHaveBeenCalledWith(schema, undefined);
  });

  it("tells the model its method", () => {
    const parrot = model();
    StructuredPrompt.fromMessagesAndSchema(["{a}"], schema, "jsonSchema").pipe(parrot);
    expect(parrot.withStructuredOutput).toHaveBeenCalledWith(schema, { method: "jsonSchema" });
  });

  it("keeps the options and the config of a bound model", async () => {
    const parrot = model();
    const seen: unknown[] = [];
    parrot.withStructuredOutput.mockImplementation(() =>
      RunnableLambda.from((value, config) => {
        seen.push(config.tags);
        return { said: String(value) };
      }),
    );
    const onEnd = vi.fn();
    const bound = parrot.withConfig({ tags: ["t"] }).withListeners({ onEnd });
    const chain = StructuredPrompt.fromMessagesAndSchema(["{a}"], schema).pipe(bound);
    expect(await chain.invoke({ a: 1 })).toEqual({ said: "Human: 1" });
    expect(seen).toEqual([["t"]]);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it("refuses a retry, which it would lose, and says where it goes", async () => {
    const prompt = StructuredPrompt.fromMessagesAndSchema(["{a}"], schema);
    const parrot = model();
    let calls = 0;
    parrot.withStructuredOutput.mockImplementation(() =>
      RunnableLambda.from((value) => {
        calls += 1;
        if (calls === 1) throw new Error("busy");
        return { said: String(value) };
      }),
    );
    expect(() => prompt.pipe(parrot.withRetry({ initialDelayMs: 0 }))).toThrow(
      expect.objectContaining({
        code: "NOT_SUPPORTED",
        message: expect.stringContaining("call withRetry() and the like on the chain"),
      }),
    );
    const chain = prompt.pipe(parrot).withRetry({ initialDelayMs: 0 });
    expect(await chain.invoke({ a: 1 })).toEqual({ said: "Human: 1" });
  });

  it("stays one when it holds values", async () => {
    const prompt = StructuredPrompt.fromMessagesAndSchema(["{a}{b}"], schema, "jsonMode");
    prompt.name = "asks";
    const held = prompt.partial({ a: 1 });
    const parrot = model();
    expect(held).toBeInstanceOf(StructuredPrompt);
    expect(held.getName()).toBe("asks");
    expect(held.inputVariables).toEqual(["b"]);
    expect(await held.pipe(parrot).invoke({ b: 2 })).toEqual({ said: "Human: 12" });
    expect(parrot.withStructuredOutput).toHaveBeenCalledWith(schema, { method: "jsonMode" });
  });

  it.each<[what: string, next: unknown]>([
    ["a function", () => 1],
    ["a runnable that is no model", RunnableLambda.from(() => 1)],
    ["a bound runnable that is no model", RunnableLambda.from(() => 1).withConfig({ tags: ["t"] })],
    ["nothing", undefined],
    ["null", null],
  ])("refuses %s as the next step", (_what, next) => {
    const prompt = StructuredPrompt.fromMessagesAndSchema(["{a}"], schema);
    expect(() => prompt.pipe(next as () => number)).toThrow(
      expect.objectContaining({
        code: "NOT_SUPPORTED",
        message: expect.stringContaining("Expected a model that has withStructuredOutput()"),
      }),
    );
  });
});
