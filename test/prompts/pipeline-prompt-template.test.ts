import { describe, expect, it } from "vitest";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { MessagesPlaceholder } from "../../src/prompts/messages-placeholder.ts";
import { PipelinePromptTemplate } from "../../src/prompts/pipeline-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";

const named = (name: string, template: string) => ({
  name,
  prompt: PromptTemplate.fromTemplate(template),
});
const finalPrompt = PromptTemplate.fromTemplate("{a}|{b}|{z}");
const pipelinePrompts = [named("a", "A{x}"), named("b", "B{a}{y}")];

describe("a pipeline of prompts", () => {
  it("fills each with those before it, and the last with all", async () => {
    const prompt = new PipelinePromptTemplate({ pipelinePrompts, finalPrompt });
    expect(prompt.inputVariables).toEqual(["x", "y", "z"]);
    expect(await prompt.format({ x: 1, y: 2, z: 3 })).toBe("A1|BA12|3");
    expect((await prompt.invoke({ x: 1, y: 2, z: "{x}" })).toString()).toBe("A1|BA12|{x}");
    expect(prompt.getName()).toBe("PipelinePromptTemplate");
  });

  it("gives the messages of a chat prompt on as messages", async () => {
    const chat = ChatPromptTemplate.fromMessages([["system", "{x}"]]);
    const last = ChatPromptTemplate.fromMessages([new MessagesPlaceholder("a"), ["human", "{x}"]]);
    const prompt = new PipelinePromptTemplate({ pipelinePrompts: [{ name: "a", prompt: chat }], finalPrompt: last });
    expect(await prompt.format({ x: 1 })).toBe("System: 1\nHuman: 1");
  });

  it("holds values in a copy of its name", async () => {
    const prompt = new PipelinePromptTemplate({ pipelinePrompts, finalPrompt, partialVariables: { z: "Z" } });
    prompt.name = "pipe";
    const held = prompt.partial({ x: async () => "X" });
    expect(held.inputVariables).toEqual(["y"]);
    expect(held.getName()).toBe("pipe");
    expect(await held.format({ y: 2 })).toBe("AX|BAX2|Z");
  });

  it("takes names of any kind, and writes to nothing", async () => {
    const prompts = [named("__proto__", "P{x}"), named("constructor", "C{x}")];
    const last = PromptTemplate.fromTemplate("{__proto__}{constructor}");
    const prompt = new PipelinePromptTemplate({ pipelinePrompts: prompts, finalPrompt: last });
    const values = Object.freeze({ x: 1 });
    expect(prompt.inputVariables).toEqual(["x"]);
    expect(await prompt.format(values)).toBe("P1C1");
  });

  it("names what is missing", async () => {
    const prompt = new PipelinePromptTemplate({ pipelinePrompts, finalPrompt });
    await expect(prompt.format({ x: 1, z: "sk-1" })).rejects.toMatchObject({ data: { variable: "y" } });
  });
});
