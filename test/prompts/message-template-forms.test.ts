import "../../src/runnables/wiring.ts";
import { describe, expect, it } from "vitest";
import { type ImageContent, ImagePromptValue } from "../../src/outputs/image-prompt-value.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { DictPromptTemplate } from "../../src/prompts/dict-prompt-template.ts";
import { FewShotPromptTemplate } from "../../src/prompts/few-shot-prompt-template.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import {
  AIMessagePromptTemplate,
  ChatMessagePromptTemplate,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "../../src/prompts/role-prompt-templates.ts";

const text = PromptTemplate.fromTemplate("hi {a}");
const image = new ImagePromptTemplate({ template: { url: "{u}", detail: "low" } });
const data = new DictPromptTemplate({ template: { type: "x", v: "{a}" } });
const values = { a: 1, u: "U" };

describe("a message template's constructor", () => {
  it.each([
    ["templates as a field", { prompt: [text, image, data] }],
    ["templates alone", [text, image, data]],
  ])("takes a list of %s", async (_what, prompt) => {
    const template = new HumanMessagePromptTemplate(prompt);
    expect(template.inputVariables).toEqual(["a", "u"]);
    expect((await template.format(values)).content).toEqual([
      { type: "text", text: "hi 1" },
      { type: "image_url", image_url: { url: "U", detail: "low" } },
      { type: "x", v: "1" },
    ]);
  });

  it.each([
    ["a template", text, "hi 1"],
    ["a template as a field", { prompt: text }, "hi 1"],
    ["an f-string", "hi {a}", "hi 1"],
    ["an f-string as a field", { prompt: "hi {a}" }, "hi 1"],
    [
      "blocks as they are written",
      ["hi {a}", { type: "x", n: "{a}" }],
      [
        { type: "text", text: "hi 1" },
        { type: "x", n: "1" },
      ],
    ],
    ["no blocks", [], []],
  ])("takes %s", async (_what, prompt, content) => {
    for (const Kind of [HumanMessagePromptTemplate, SystemMessagePromptTemplate, AIMessagePromptTemplate]) {
      expect((await new Kind(prompt).format(values)).content).toEqual(content);
    }
    const fields = typeof prompt === "object" && "prompt" in prompt ? prompt : { prompt };
    const generic = [
      new ChatMessagePromptTemplate({ ...fields, role: "judge" }),
      new ChatMessagePromptTemplate(fields.prompt, "judge"),
    ];
    for (const template of generic) expect(await template.format(values)).toMatchObject({ role: "judge", content });
  });

  it.each([
    ["nothing", undefined],
    ["a number", 5],
    ["fields without a prompt", {}],
    ["a block that is none", { prompt: [5] }],
    ["fields with a number", { prompt: 5 }],
  ])("refuses %s", (_what, prompt) => {
    expect(() => new HumanMessagePromptTemplate(prompt as never)).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE" }),
    );
  });
});

describe("templates among blocks", () => {
  it("may stand beside blocks as they are written, and may be waited for", async () => {
    const slow = text.partial({ a: async () => "later" });
    const prompt = ChatPromptTemplate.fromMessages([["human", [slow, "{b}", image]]]);
    expect(prompt.inputVariables).toEqual(["b", "u"]);
    const [message] = await prompt.formatMessages({ b: 2, u: "U" });
    expect(message?.content).toEqual([
      { type: "text", text: "hi later" },
      { type: "text", text: "2" },
      { type: "image_url", image_url: { url: "U", detail: "low" } },
    ]);
  });

  it("leave no rejection behind when a later one fails", async () => {
    const slow = text.partial({ a: () => Promise.reject(new Error("slow")) });
    const template = new HumanMessagePromptTemplate([slow, "{missing}"]);
    await expect(template.format({})).rejects.toThrow("slow");
  });

  it("are filled by the public methods of their classes", async () => {
    class Loud extends PromptTemplate {
      override async format(given: Record<string, unknown>): Promise<string> {
        return (await super.format(given)).toUpperCase();
      }
    }
    class Small extends ImagePromptTemplate {
      override async format(given: Record<string, unknown>): Promise<ImageContent> {
        return { ...(await super.format(given)), detail: "auto" };
      }
    }
    class Dated extends DictPromptTemplate {
      override async format(given: Record<string, unknown>): Promise<Record<string, unknown>> {
        return { ...(await super.format(given)), at: "noon" };
      }
    }
    const small = new Small({ template: { url: "{u}" } });
    const parts = [new Loud({ template: "hi {a}" }), small, new Dated({ template: { type: "x" } })];
    expect((await new HumanMessagePromptTemplate(parts).format(values)).content).toEqual([
      { type: "text", text: "HI 1" },
      { type: "image_url", image_url: { url: "U", detail: "auto" } },
      { type: "x", at: "noon" },
    ]);
    expect(await small.invoke(values)).toEqual(new ImagePromptValue({ url: "U", detail: "auto" }));
    expect(await parts[2]?.invoke(values)).toEqual({ type: "x", at: "noon" });
  });

  it("give the data of a block anew each time", async () => {
    const template = new HumanMessagePromptTemplate([
      new DictPromptTemplate({ template: { type: "x", list: [{ n: 1 }] } }),
    ]);
    const [first, second] = [await template.format({}), await template.format({})];
    expect(first.content[0]).toEqual(second.content[0]);
    expect((first.content[0] as { list?: unknown }).list).not.toBe((second.content[0] as { list?: unknown }).list);
  });
});

describe("a template with a role", () => {
  const shots = new FewShotPromptTemplate({ examples: [{ a: 1 }], examplePrompt: text, prefix: "{p}" });

  it.each([
    ["[role, template]", ["system", shots]],
    ["{ role, content }", { role: "system", content: shots }],
  ])("stands in a chat prompt as %s", async (_what, item) => {
    const prompt = ChatPromptTemplate.fromMessages([item as ["system", typeof shots]]);
    expect(prompt.inputVariables).toEqual(["p"]);
    expect(await prompt.format({ p: "P" })).toBe("System: P\n\nhi 1\n\n");
  });

  it("that has no template of its own makes the message that the role stands for", async () => {
    const [message] = await ChatPromptTemplate.fromMessages([["developer", text]]).formatMessages({ a: 1 });
    expect(message).toMatchObject({
      type: "system",
      content: "hi 1",
      additional_kwargs: { __openai_role__: "developer" },
    });
    expect(() => ChatPromptTemplate.fromMessages([["judge", text]])).toThrow(
      expect.objectContaining({ code: "MESSAGE_COERCION_FAILURE" }),
    );
  });
});
