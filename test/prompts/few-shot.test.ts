import { describe, expect, it, vi } from "vitest";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { FewShotChatMessagePromptTemplate } from "../../src/prompts/few-shot-chat-prompt-template.ts";
import { FewShotPromptTemplate } from "../../src/prompts/few-shot-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { HumanMessagePromptTemplate } from "../../src/prompts/role-prompt-templates.ts";

const examples = [
  { q: "1+1", a: "2" },
  { q: "2+2", a: "4" },
];
const examplePrompt = PromptTemplate.fromTemplate("{q}={a}");
const exampleMessages = ChatPromptTemplate.fromMessages([
  ["human", "{q}"],
  ["ai", "{a}"],
]);

describe("few shots", () => {
  it("stand between prefix and suffix", async () => {
    const fields = { examples, examplePrompt, prefix: "{p}", suffix: "{s}{p}", exampleSeparator: "\n" };
    const prompt = new FewShotPromptTemplate(fields);
    expect(prompt.inputVariables).toEqual(["p", "s"]);
    expect(prompt.getName()).toBe("FewShotPromptTemplate");
    const values = { p: "P", s: "S" };
    expect(await prompt.format(values)).toBe("P\n1+1=2\n2+2=4\nSP");
    expect((await prompt.invoke(values)).toString()).toBe("P\n1+1=2\n2+2=4\nSP");
  });

  it("are values: braces in them are text", async () => {
    const hostile = [{ q: "{s} {{", a: "}{secret}" }];
    const prompt = new FewShotPromptTemplate({ examples: hostile, examplePrompt, prefix: "{{}}", suffix: "{s}" });
    expect(await prompt.format({ s: "{q}" })).toBe("{}\n\n{s} {{=}{secret}\n\n{q}");
  });

  it("see nothing of what the prompt is filled with", async () => {
    const prompt = new FewShotPromptTemplate({ examples: [{ q: "1" }], examplePrompt, suffix: "{a}" });
    await expect(prompt.format({ a: "sk-1" })).rejects.toMatchObject({
      code: "INVALID_PROMPT_INPUT",
      data: { variable: "a", given: ["q"] },
    });
  });

  it("are chosen by what the prompt is filled with, its own values too", async () => {
    const selectExamples = vi.fn(async () => examples.slice(1));
    const prompt = new FewShotPromptTemplate({
      exampleSelector: { selectExamples },
      examplePrompt,
      suffix: "{x}",
      partialVariables: { held: () => "H" },
    });
    expect(await prompt.format({ x: 1, more: 2 })).toBe("\n\n2+2=4\n\n1");
    expect(selectExamples).toHaveBeenCalledWith({ x: 1, more: 2, held: "H" });
  });

  it("reject with the error of what chooses them", async () => {
    const exampleSelector = { selectExamples: () => Promise.reject(new Error("no examples")) };
    const prompt = new FewShotPromptTemplate({ exampleSelector, examplePrompt });
    await expect(prompt.invoke({})).rejects.toThrow("no examples");
  });

  it("may be made by a prompt that takes its time, one after the other", async () => {
    const order: unknown[] = [];
    const slow = examplePrompt.partial({
      a: async () => {
        order.push("a");
        return "?";
      },
    });
    const prompt = new FewShotPromptTemplate({
      examples: [{ q: "1" }, { q: "2", a: "!" }, { q: "3" }],
      examplePrompt: slow,
    });
    expect(await prompt.format({})).toBe("\n\n1=?\n\n2=!\n\n3=?\n\n");
    expect(order).toEqual(["a", "a"]);
  });

  it("hold values in a copy of their name", async () => {
    const prompt = new FewShotPromptTemplate({ examples, examplePrompt, suffix: "{x}{y}" });
    prompt.name = "sums";
    const held = prompt.partial({ x: "X" });
    expect(held.inputVariables).toEqual(["y"]);
    expect(held.getName()).toBe("sums");
    expect(await held.format({ y: "Y" })).toBe("\n\n1+1=2\n\n2+2=4\n\nXY");
  });

  it("are limited in length together", async () => {
    const fields = { examples, examplePrompt, exampleSeparator: "--", suffix: "abc" };
    expect(await new FewShotPromptTemplate({ ...fields, maxLength: 19 }).format({})).toBe("--1+1=2--2+2=4--abc");
    await expect(new FewShotPromptTemplate({ ...fields, maxLength: 18 }).format({})).rejects.toMatchObject({
      code: "INVALID_PROMPT_INPUT",
      data: { maxLength: 18 },
    });
  });

  it("use a format that a subclass replaces", async () => {
    class Loud extends FewShotPromptTemplate {
      override async format(values: Record<string, unknown>): Promise<string> {
        return `${await super.format(values)}!`;
      }
    }
    expect((await new Loud({ examples: [], examplePrompt, suffix: "x" }).invoke({})).toString()).toBe("\n\nx!");
  });

  it.each([
    ["neither", {}],
    ["both", { examples, exampleSelector: { selectExamples: async () => [] } }],
  ])("refuse %s of examples and a selector", (came, source) => {
    const error = expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringContaining(`got ${came}`) });
    expect(() => new FewShotPromptTemplate({ examplePrompt, ...source })).toThrow(error);
    expect(() => new FewShotChatMessagePromptTemplate({ examplePrompt: exampleMessages, ...source })).toThrow(error);
  });

  it("check the variables that they are told", () => {
    const fields = { examples, examplePrompt, suffix: "{x}", inputVariables: [] };
    expect(() => new FewShotPromptTemplate(fields)).toThrow(
      'Expected "x", a variable of the template, in inputVariables',
    );
    expect(new FewShotPromptTemplate({ ...fields, validateTemplate: false }).inputVariables).toEqual([]);
  });
});

describe("few shots as messages", () => {
  const shown = (messages: readonly { type: string; text: string }[]): string[] =>
    messages.map(({ type, text }) => `${type}: ${text}`);
  const all = ["human: 1+1", "ai: 2", "human: 2+2", "ai: 4"];

  it("are the messages of each example", async () => {
    const shots = new FewShotChatMessagePromptTemplate({ examples, examplePrompt: exampleMessages });
    expect(shown(await shots.formatMessages({}))).toEqual(all);
    expect(shown((await shots.invoke({})).toChatMessages())).toEqual(all);
    expect(await shots.format({})).toBe("Human: 1+1\nAI: 2\nHuman: 2+2\nAI: 4");
    expect(shots.getName()).toBe("FewShotChatMessagePromptTemplate");
  });

  it("are part of a chat prompt", async () => {
    const shots = new FewShotChatMessagePromptTemplate({ examples, examplePrompt: exampleMessages });
    const prompt = ChatPromptTemplate.fromMessages([["system", "s"], shots, ["human", "{z}"]]);
    expect(prompt.inputVariables).toEqual(["z"]);
    expect(shown(await prompt.formatMessages({ z: 1 }))).toEqual(["system: s", ...all, "human: 1"]);
  });

  it("are chosen by what the whole chat is filled with", async () => {
    const selectExamples = vi.fn(async () => examples.slice(0, 1));
    const shots = new FewShotChatMessagePromptTemplate<{ topic: string }>({
      exampleSelector: { selectExamples },
      examplePrompt: HumanMessagePromptTemplate.fromTemplate("{q}"),
      inputVariables: ["topic"],
      partialVariables: { held: 1 },
    });
    const prompt = ChatPromptTemplate.fromMessages([shots, "{z}"]);
    expect(prompt.inputVariables).toEqual(["topic", "z"]);
    expect(shown(await prompt.formatMessages({ topic: "sums", z: 2 }))).toEqual(["human: 1+1", "human: 2"]);
    expect(selectExamples).toHaveBeenCalledWith({ topic: "sums", z: 2, held: 1 });
  });

  it("hold values in a copy of their name", async () => {
    const selectExamples = vi.fn(async () => []);
    const shots = new FewShotChatMessagePromptTemplate({
      exampleSelector: { selectExamples },
      examplePrompt: exampleMessages,
      inputVariables: ["topic"],
    });
    shots.name = "shots";
    const held = shots.partial({ topic: "sums" });
    expect(held.inputVariables).toEqual([]);
    expect(held.getName()).toBe("shots");
    expect(await held.formatMessages({})).toEqual([]);
    expect(selectExamples).toHaveBeenCalledWith({ topic: "sums" });
  });

  it("use a formatMessages that a subclass replaces", async () => {
    class None extends FewShotChatMessagePromptTemplate {
      override async formatMessages(): Promise<never[]> {
        return [];
      }
    }
    const none = new None({ examples, examplePrompt: exampleMessages });
    expect((await none.invoke({})).messages).toEqual([]);
    expect(await ChatPromptTemplate.fromMessages([none]).formatMessages({})).toEqual([]);
  });
});
