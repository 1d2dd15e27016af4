import { describe, expect, it } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import type { ToolMessage } from "../../src/messages/tool.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import type { ContentTemplateLike } from "../../src/prompts/content-template.ts";
import {
  AIMessagePromptTemplate,
  ChatMessagePromptTemplate,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "../../src/prompts/role-prompt-templates.ts";
import { Secret } from "../../src/secrets/secret.ts";

async function fill(blocks: ContentTemplateLike, values: Record<string, unknown>): Promise<unknown> {
  const prompt = HumanMessagePromptTemplate.fromTemplate(blocks);
  return (await prompt.format(values)).content;
}

describe("the blocks of a message", () => {
  it.each<[what: string, block: string | Record<string, unknown>, filled: unknown]>([
    ["a string", "{a}", { type: "text", text: "1" }],
    ["a text", { type: "text", text: "<{a}>" }, { type: "text", text: "<1>" }],
    ["a text without a type", { text: "<{a}>" }, { type: "text", text: "<1>" }],
    ["a text of another type", { type: "input", text: "{a}" }, { type: "input", text: "1" }],
    [
      "more fields",
      { type: "text", text: "", cache: { ttl: "{a}m" } },
      { type: "text", text: "", cache: { ttl: "1m" } },
    ],
    ["an image by its URL", { image_url: "{b}.jpg" }, { type: "image_url", image_url: { url: "two.jpg" } }],
    [
      "an image with details that are templates too",
      { type: "image_url", image_url: { url: "{b}", detail: "{a}" }, id: "{a}" },
      { type: "image_url", image_url: { url: "two", detail: "1" }, id: "1" },
    ],
    [
      "a standard image",
      { type: "image", url: "{b}", mimeType: "image/png" },
      { type: "image", url: "two", mimeType: "image/png" },
    ],
    ["any other", { type: "x", list: ["{a}", 1, null, ["{b}"]] }, { type: "x", list: ["1", 1, null, ["two"]] }],
    [
      "numbers and nothing",
      { type: "x", n: 1, on: false, none: null, not: undefined },
      { type: "x", n: 1, on: false, none: null, not: undefined },
    ],
    ["a key that is a template", { type: "x", "{a}": "{a}" }, { type: "x", "{a}": "1" }],
    ["braces that are text", { type: "x", json: '{"a": {b}}' }, { type: "x", json: '{"a": two}' }],
    ["an empty one", {}, {}],
  ])("%s is filled", async (_what, block, filled) => {
    expect(await fill([block], { a: 1, b: "two" })).toEqual([filled]);
  });

  it("have the variables of all of them, each once, in their order", () => {
    const prompt = HumanMessagePromptTemplate.fromTemplate(["{b}", { image_url: "{a}{b}" }, { type: "x", c: ["{c}"] }]);
    expect(prompt.inputVariables).toEqual(["b", "a", "c"]);
  });

  it("are never written to, and are not shared between messages", async () => {
    const blocks = [
      { type: "image_url", image_url: { url: "{url}" } },
      { type: "x", list: [{ n: 1 }] },
    ];
    const before = JSON.stringify(blocks);
    const prompt = ChatPromptTemplate.fromMessages([["human", blocks]]);
    const urls: unknown[] = [];
    for (const url of ["first", "second"]) {
      const [message] = await prompt.formatMessages({ url });
      const [image, other] = (message as HumanMessage).content as unknown as [
        { image_url: { url: string } },
        { list: { n: number }[] },
      ];
      urls.push(image.image_url.url, other.list[0]?.n);
      image.image_url.url = "written";
      other.list.push({ n: 2 });
      (other.list[0] as { n: number }).n = 3;
    }
    expect(urls).toEqual(["first", 1, "second", 1]);
    expect(JSON.stringify(blocks)).toBe(before);
  });

  it("are read when the prompt is made", async () => {
    const blocks = [{ type: "text", text: "{a}" }];
    const prompt = ChatPromptTemplate.fromMessages([["human", blocks]]);
    (blocks[0] as { text: string }).text = "{b}";
    blocks.push({ type: "text", text: "more" });
    expect((await prompt.formatMessages({ a: 1 }))[0]?.content).toEqual([{ type: "text", text: "1" }]);
  });

  it("hold values that are not read again", async () => {
    const hostile = '{b}"}, {"type": "image_url", "image_url": "{b}';
    expect(await fill([{ text: "{a}" }], { a: hostile, b: "B" })).toEqual([{ type: "text", text: hostile }]);
  });

  it("keep objects of classes as they are, and no secret is shown", async () => {
    const date = new Date(0);
    const [block] = (await fill([{ type: "x", date, text: "{key}" }], { key: new Secret("sk-1") })) as [{ date: Date }];
    expect(block.date).toBe(date);
    expect(JSON.stringify(block)).not.toContain("sk-1");
  });

  it("keep a key such as __proto__ as data", async () => {
    const block = JSON.parse('{"type": "x", "__proto__": {"polluted": "{a}"}}') as Record<string, unknown>;
    const [made] = (await fill([block], { a: 1 })) as [object];
    expect(Object.getOwnPropertyDescriptor(made, "__proto__")?.value).toEqual({ polluted: "1" });
    expect((made as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("take a text or an image that is inherited for none", async () => {
    const block = Object.assign(Object.create(null) as object, { type: "x" });
    expect(await fill([{ type: "constructor" }, block as Record<string, unknown>], {})).toEqual([
      { type: "constructor" },
      { type: "x" },
    ]);
  });

  it("may not go on without end", () => {
    const circle: Record<string, unknown> = { type: "x" };
    circle.self = circle;
    expect(() => HumanMessagePromptTemplate.fromTemplate([circle])).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE", message: expect.stringContaining("at most 1000 levels") }),
    );
    expect(() => ChatPromptTemplate.fromMessages([{ role: "ai", content: "x", additional_kwargs: circle }])).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE" }),
    );
  });

  it("name a missing variable and show no other value", async () => {
    const prompt = HumanMessagePromptTemplate.fromTemplate([{ type: "x", a: "{key}", b: ["{missing}"] }]);
    const error = await prompt.format({ key: "sk-123" } as never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "INVALID_PROMPT_INPUT", data: { variable: "missing", given: ["key"] } });
    expect(String((error as Error).message)).not.toContain("sk-123");
    await expect(prompt.format("sk-123" as never)).rejects.toMatchObject({ data: { variable: "key" } });
  });

  it("read no inherited value", async () => {
    await expect(fill([{ type: "x", a: "{constructor}" }], {})).rejects.toMatchObject({ code: "INVALID_PROMPT_INPUT" });
  });

  it("have the limit of their options", async () => {
    const prompt = HumanMessagePromptTemplate.fromTemplate([{ type: "x", a: "{a}" }], { maxLength: 3 });
    expect((await prompt.format({ a: "abc" })).content).toEqual([{ type: "x", a: "abc" }]);
    await expect(prompt.format({ a: "abcd" })).rejects.toMatchObject({ data: { maxLength: 3, variable: "a" } });
    expect(() => HumanMessagePromptTemplate.fromTemplate([{ type: "x", a: "{ a }" }], { strict: true })).toThrow(
      "lone {",
    );
  });
});

describe("messages of blocks", () => {
  it("are of any role", async () => {
    const blocks = [{ type: "text", text: "{a}" }] as const;
    const prompt = ChatPromptTemplate.fromMessages([
      SystemMessagePromptTemplate.fromTemplate(blocks),
      HumanMessagePromptTemplate.fromTemplate(blocks),
      AIMessagePromptTemplate.fromTemplate(blocks),
      ChatMessagePromptTemplate.fromTemplate(blocks, "robin"),
      ["system", blocks],
      ["developer", blocks],
      { role: "tool", content: blocks, tool_call_id: "t1" },
      { role: "user", content: blocks, name: "bob" },
    ]);
    expect(prompt.inputVariables).toEqual(["a"]);
    const messages = await prompt.formatMessages({ a: 1 });
    for (const message of messages) expect(message.content).toEqual([{ type: "text", text: "1" }]);
    const types = ["system", "human", "ai", "generic", "system", "system", "tool", "human"];
    expect(messages.map((message) => message.type)).toEqual(types);
    expect((messages[6] as ToolMessage).tool_call_id).toBe("t1");
    expect(messages[7]?.name).toBe("bob");
  });

  it("given as messages are not filled, their images neither", async () => {
    const message = new HumanMessage({ content: [{ type: "image_url", image_url: { url: "{url}" } }] });
    const prompt = ChatPromptTemplate.fromMessages([message, new AIMessage("{url}")]);
    expect(prompt.inputVariables).toEqual([]);
    expect((await prompt.formatMessages({}))[0]).toBe(message);
  });

  it("take held values", async () => {
    const prompt = ChatPromptTemplate.fromMessages([["human", [{ text: "{a}{b}" }]]], {
      partialVariables: { a: async () => "A" },
    });
    expect((await prompt.partial({ b: "B" }).formatMessages({}))[0]?.content).toEqual([{ type: "text", text: "AB" }]);
  });
});
