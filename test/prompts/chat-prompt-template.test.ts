import { describe, expect, it, vi } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { ChatPromptValue } from "../../src/outputs/prompt-value.ts";
import { BaseChatPromptTemplate } from "../../src/prompts/base-chat-prompt-template.ts";
import { BaseMessagePromptTemplate } from "../../src/prompts/base-message-prompt-template.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import type { ChatPromptItem } from "../../src/prompts/chat-types.ts";
import { MessagesPlaceholder } from "../../src/prompts/messages-placeholder.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import {
  AIMessagePromptTemplate,
  ChatMessagePromptTemplate,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "../../src/prompts/role-prompt-templates.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";

/** Messages as `type: content`. */
function shown(messages: readonly BaseMessage[]): string[] {
  return messages.map((message) => `${message.type}: ${message.text}`);
}

describe("what may stand in the list", () => {
  const filled = "<x>";
  const cases: [what: string, item: ChatPromptItem, messages: string[], variables: string[]][] = [
    ["a string", "{v}", [`human: ${filled}`], ["v"]],
    ["a system tuple", ["system", "{v}"], [`system: ${filled}`], ["v"]],
    ["a human tuple", ["human", "{v}"], [`human: ${filled}`], ["v"]],
    ["a user tuple", ["user", "{v}"], [`human: ${filled}`], ["v"]],
    ["an ai tuple", ["ai", "{v}"], [`ai: ${filled}`], ["v"]],
    ["an assistant tuple", ["assistant", "{v}"], [`ai: ${filled}`], ["v"]],
    ["a developer tuple", ["developer", "{v}"], [`system: ${filled}`], ["v"]],
    ["a plain object with a role", { role: "user", content: "{v}" }, [`human: ${filled}`], ["v"]],
    ["a plain object with a type", { type: "ai", content: "{v}" }, [`ai: ${filled}`], ["v"]],
    ["a tool's plain object", { role: "tool", content: "{v}", tool_call_id: "1" }, [`tool: ${filled}`], ["v"]],
    ["a message", new HumanMessage("{v}"), ["human: {v}"], []],
    ["a message template", AIMessagePromptTemplate.fromTemplate("{v}"), [`ai: ${filled}`], ["v"]],
    [
      "a template of another role",
      ChatMessagePromptTemplate.fromTemplate("{v}", "judge"),
      [`generic: ${filled}`],
      ["v"],
    ],
    ["a string prompt", PromptTemplate.fromTemplate("{v}"), [`human: ${filled}`], ["v"]],
    [
      "a chat prompt",
      ChatPromptTemplate.fromMessages([["system", "s"], "{v}"]),
      ["system: s", `human: ${filled}`],
      ["v"],
    ],
    ["a placeholder tuple", ["placeholder", "{history}"], ["human: one", "ai: two"], ["history"]],
    ["a placeholder", new MessagesPlaceholder("history"), ["human: one", "ai: two"], ["history"]],
  ];

  it.each(cases)("%s", async (_what, item, messages, variables) => {
    const prompt: ChatPromptTemplate = ChatPromptTemplate.fromMessages([item] as ChatPromptItem[]);
    const values = { v: filled, history: ["one", ["ai", "two"]] };
    expect(prompt.inputVariables).toEqual(variables);
    expect(shown(await prompt.formatMessages(values))).toEqual(messages);
    expect(shown((await prompt.invoke(values)).messages)).toEqual(messages);
  });

  it.each<[what: string, item: unknown, code: string]>([
    ["undefined", undefined, "INVALID_TEMPLATE"],
    ["null", null, "INVALID_TEMPLATE"],
    ["a number", 5, "INVALID_TEMPLATE"],
    ["a tuple of one", ["human"], "INVALID_TEMPLATE"],
    ["a tuple of three", ["human", "a", "b"], "INVALID_TEMPLATE"],
    ["a block that is a number", ["human", [5]], "INVALID_TEMPLATE"],
    ["a block that is a list", ["human", [["a"]]], "INVALID_TEMPLATE"],
    ["a block of a class", ["human", [new Date(0)]], "INVALID_TEMPLATE"],
    ["a placeholder of blocks", ["placeholder", [{ type: "text", text: "{v}" }]], "INVALID_TEMPLATE"],
    ["an object without a role", { content: "x" }, "MESSAGE_COERCION_FAILURE"],
    ["an object without text", { role: "user", content: 5 }, "INVALID_TEMPLATE"],
    ["an object that inherits its content", Object.create({ role: "user", content: "x" }), "INVALID_TEMPLATE"],
    ["a role that is not known", ["pirate", "x"], "MESSAGE_COERCION_FAILURE"],
    ["a tool message without its call", ["tool", "x"], "MESSAGE_COERCION_FAILURE"],
    ["a placeholder without braces", ["placeholder", "history"], "INVALID_TEMPLATE"],
    ["a placeholder with text", ["placeholder", "{history} "], "INVALID_TEMPLATE"],
    ["an empty placeholder", ["placeholder", ""], "INVALID_TEMPLATE"],
    ["a placeholder of no name", ["placeholder", "{a b}"], "INVALID_TEMPLATE"],
    ["a function", () => "x", "INVALID_TEMPLATE"],
    ["a runnable that makes no messages", RunnableLambda.from(() => "x"), "INVALID_TEMPLATE"],
  ])("%s is refused", (_what, item, code) => {
    expect(() => ChatPromptTemplate.fromMessages([item as string])).toThrow(expect.objectContaining({ code }));
  });

  it("a tuple that is not known is named", () => {
    expect(() => ChatPromptTemplate.fromMessages([["human"] as never])).toThrow("got an array of 1");
  });
});

describe("messages", () => {
  it("that are no templates are passed through untouched", async () => {
    const messages = [
      new SystemMessage("{not} a {{template}}"),
      Object.freeze(new HumanMessage({ content: [{ type: "image_url", image_url: "{url}" }] })),
      new ToolMessage({ content: "{x}", tool_call_id: "1" }),
    ];
    const before = JSON.stringify(messages);
    const prompt = ChatPromptTemplate.fromMessages(messages);
    for (const url of ["first", "second"]) {
      const made = await prompt.formatMessages({ url });
      expect(made).toHaveLength(3);
      for (const [index, message] of made.entries()) expect(message).toBe(messages[index]);
    }
    expect(JSON.stringify(messages)).toBe(before);
  });

  it("given as plain objects keep their other fields", async () => {
    const call = { id: "1", name: "look", args: {}, type: "tool_call" };
    const item = { role: "assistant", content: "{v}", name: "bob", tool_calls: [call] };
    const before = JSON.stringify(item);
    const prompt = ChatPromptTemplate.fromMessages([item]);
    const [message] = await prompt.formatMessages({ v: "x" });
    expect((prompt.promptMessages[0] as HumanMessagePromptTemplate).getName()).toBe("MessageLikePromptTemplate");
    expect(message).toBeInstanceOf(AIMessage);
    expect(message).toMatchObject({ content: "x", name: "bob", tool_calls: [{ id: "1", name: "look" }] });
    expect(JSON.stringify(item)).toBe(before);
  });

  it("given as plain objects are not written to through what is made of them", async () => {
    let deep: Record<string, unknown> = { end: true };
    for (let depth = 0; depth < 100; depth += 1) deep = { deep };
    const date = new Date(0);
    const item = { role: "ai", content: "{v}", additional_kwargs: { list: [{ a: 1 }], deep, date } };
    const prompt = ChatPromptTemplate.fromMessages([item]);
    const before = JSON.stringify(item);
    const [first] = (await prompt.formatMessages({ v: 1 })) as [AIMessage];
    expect(first.additional_kwargs).toEqual(item.additional_kwargs);
    expect(first.additional_kwargs.date).toBe(date);
    first.additional_kwargs.more = true;
    (first.additional_kwargs.list as { a: number }[])[0] = { a: 2 };
    item.additional_kwargs.list.push({ a: 3 });
    const [second] = (await prompt.formatMessages({ v: 1 })) as [AIMessage];
    expect(JSON.stringify(second.additional_kwargs)).toBe(JSON.stringify(JSON.parse(before).additional_kwargs));
  });

  it("have values that are not read again", async () => {
    const prompt = ChatPromptTemplate.fromMessages([["human", "{v}"], new MessagesPlaceholder("history"), "{v}"]);
    const messages = await prompt.formatMessages({ v: "{secret} {{x}}", history: ["{v}"] });
    expect(shown(messages)).toEqual(["human: {secret} {{x}}", "human: {v}", "human: {secret} {{x}}"]);
  });
});

describe("ChatPromptTemplate", () => {
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "Speak {language}."],
    ["human", "{question}"],
  ]);
  const values = { language: "French", question: "Why?" };

  it("invokes to a chat prompt value", async () => {
    const value = await prompt.invoke(values);
    expect(value).toBeInstanceOf(ChatPromptValue);
    expect(value).toEqual(new ChatPromptValue([new SystemMessage("Speak French."), new HumanMessage("Why?")]));
    expect(value).toEqual(await prompt.formatPromptValue(values));
  });

  it("needs no promise inside where nothing is async", () => {
    expect(prompt["~call"](values, undefined)).toBeInstanceOf(ChatPromptValue);
  });

  it("formats to the text of a conversation", async () => {
    expect(await prompt.format(values)).toBe("System: Speak French.\nHuman: Why?");
  });

  it("gives a new list each time", async () => {
    const first = await prompt.formatMessages(values);
    first.push(new HumanMessage("more"));
    expect(await prompt.formatMessages(values)).toHaveLength(2);
    expect(prompt.promptMessages).toHaveLength(2);
  });

  it("has each variable once, in the order of its parts", () => {
    const several = ChatPromptTemplate.fromMessages(["{b}{a}", ["placeholder", "{h}"], new AIMessage("{z}"), "{a}{c}"]);
    expect(several.inputVariables).toEqual(["b", "a", "h", "c"]);
  });

  it("names a missing variable, and shows no value", async () => {
    const input = { language: "sk-secret" } as typeof values;
    await expect(prompt.invoke(input)).rejects.toThrow(
      'the variable "question" of a prompt, got none (given: "language")',
    );
    await expect(prompt.invoke(input)).rejects.not.toThrow("sk-secret");
    await expect(prompt.formatMessages(input)).rejects.toEqual(
      expect.objectContaining({ code: "INVALID_PROMPT_INPUT" }),
    );
  });

  it.each(["text", 5, true])("says that %j is no object of values", async (input) => {
    await expect(prompt.invoke(input as never)).rejects.toThrow(`the input is a ${typeof input}, not an object`);
  });

  it("without parts gives no messages", async () => {
    expect(await ChatPromptTemplate.fromMessages([]).formatMessages({})).toEqual([]);
  });

  it("is made of one template", async () => {
    const one = ChatPromptTemplate.fromTemplate("{a} {b}", { partialVariables: { b: "B" } });
    expect(await one.formatMessages({ a: "A" })).toEqual([new HumanMessage("A B")]);
  });

  it("hands its options to the templates", async () => {
    expect(() => ChatPromptTemplate.fromMessages([["human", '{"a": 1}']], { strict: true })).toThrow("a lone {");
    expect(() => ChatPromptTemplate.fromMessages([{ role: "user", content: "{" }], { strict: true })).toThrow(
      "a lone {",
    );
    const short = ChatPromptTemplate.fromMessages(["{a}"], { maxLength: 1 });
    await expect(short.invoke({ a: "ab" })).rejects.toThrow("at most 1 characters");
  });

  it("pipes, streams and batches", async () => {
    const chain = prompt.pipe((value) => value.messages.length);
    expect(await chain.invoke(values)).toBe(2);
    const streamed: unknown[] = [];
    for await (const value of await prompt.stream(values)) streamed.push(value);
    expect(streamed).toEqual([await prompt.invoke(values)]);
    const batch = await prompt.batch([values, { language: "Dutch", question: "?" }]);
    expect(batch.map((value) => shown(value.messages)[0])).toEqual(["system: Speak French.", "system: Speak Dutch."]);
  });

  it("has the peer's name and place", () => {
    expect(prompt.getName()).toBe("ChatPromptTemplate");
    expect(prompt["~serialized"]()).toEqual({
      lc: 1,
      type: "not_implemented",
      id: ["langchain_core", "prompts", "chat", "ChatPromptTemplate"],
    });
  });

  it.each([
    [undefined, true, ["v"]],
    [["v", "w"], true, ["v", "w"]],
    [["w"], false, ["w"]],
    [undefined, false, ["v"]],
  ])("made with the variables %j (checked: %j) has %j", (inputVariables, validateTemplate, variables) => {
    const promptMessages = [HumanMessagePromptTemplate.fromTemplate("{v}")];
    expect(new ChatPromptTemplate({ promptMessages, inputVariables, validateTemplate }).inputVariables).toEqual(
      variables,
    );
  });

  it("refuses variables that leave one out", () => {
    const promptMessages = [HumanMessagePromptTemplate.fromTemplate("{v}")];
    expect(() => new ChatPromptTemplate({ promptMessages, inputVariables: ["w"] })).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE", data: { variable: "v" } }),
    );
  });
});

describe("partial", () => {
  it("holds values for any part", async () => {
    const prompt = ChatPromptTemplate.fromMessages([["placeholder", "{history}"], "{a} {b}"]).partial({
      history: [["ai", "before"]],
      a: async () => "A",
    });
    expect(prompt.inputVariables).toEqual(["b"]);
    expect(shown(await prompt.formatMessages({ b: "B" }))).toEqual(["ai: before", "human: A B"]);
  });

  it("takes variables unchecked where the prompt took them so", () => {
    const promptMessages = [HumanMessagePromptTemplate.fromTemplate("{v}")];
    const prompt = new ChatPromptTemplate({ promptMessages, inputVariables: ["w"], validateTemplate: false });
    expect(prompt.partial({ x: 1 }).inputVariables).toEqual(["w"]);
  });

  it("leaves the prompt as it was, and keeps its name", async () => {
    const prompt = ChatPromptTemplate.fromMessages(["{a}"]);
    prompt.name = "mine";
    const held = prompt.partial({ a: 1 });
    expect(held.getName()).toBe("mine");
    expect(await held.format({})).toBe("Human: 1");
    expect(prompt.inputVariables).toEqual(["a"]);
    expect(prompt.partial({}).getName()).toBe("mine");
  });

  it("of a prompt inside another is taken over, and the outer one wins", async () => {
    const inner = ChatPromptTemplate.fromMessages(["{x} {y} {z}"]).partial({ x: () => "inner", z: "inner" });
    const outer = ChatPromptTemplate.fromMessages([inner, ["ai", "{x}"]], { partialVariables: { z: "outer" } });
    expect(outer.inputVariables).toEqual(["y"]);
    const messages = await outer.formatMessages({ y: 1 } as never);
    expect(shown(messages)).toEqual(["human: inner 1 outer", "ai: inner"]);
  });

  it("of a part's own prompt stays with that part, and the order is kept while it is waited for", async () => {
    const prompt = PromptTemplate.fromTemplate("{x} {y}").partial({ x: async () => "own" });
    const chat = ChatPromptTemplate.fromMessages([
      "first",
      new HumanMessagePromptTemplate(prompt),
      "{y}",
      prompt,
      "last",
    ]);
    expect(chat.inputVariables).toEqual(["y"]);
    const messages = await chat.formatMessages({ y: 1 });
    expect(shown(messages).map((text) => text.slice(7))).toEqual(["first", "own 1", "1", "own 1", "last"]);
  });
});

describe("MessagesPlaceholder", () => {
  const message = new AIMessage("kept");

  it.each<[what: string, value: unknown, messages: string[]]>([
    ["messages", [message, new HumanMessage("b")], ["ai: kept", "human: b"]],
    [
      "what stands for messages",
      ["a", ["system", "b"], { role: "assistant", content: "c" }],
      ["human: a", "system: b", "ai: c"],
    ],
    ["one message", message, ["ai: kept"]],
    ["one string", "a", ["human: a"]],
    ["an empty list", [], []],
  ])("takes %s", async (_what, value, messages) => {
    const history = value as never;
    expect(shown(await new MessagesPlaceholder("history").formatMessages({ history }))).toEqual(messages);
    const optional = new MessagesPlaceholder({ variableName: "history", optional: true });
    expect(shown(await optional.invoke({ history }))).toEqual(messages);
  });

  it("gives messages on as they are", async () => {
    const [given] = await new MessagesPlaceholder("history").formatMessages({ history: [message] });
    expect(given).toBe(message);
  });

  it.each([{}, { history: undefined }, { history: null }, undefined])("may be optional: %j", async (values) => {
    const optional = new MessagesPlaceholder({ variableName: "history", optional: true });
    expect(await optional.formatMessages(values as object)).toEqual([]);
    await expect(new MessagesPlaceholder("history").formatMessages(values as never)).rejects.toThrow(
      expect.objectContaining({
        code: "INVALID_PROMPT_INPUT",
        data: expect.objectContaining({ variable: "history" }),
        message: expect.stringContaining("got none"),
      }),
    );
  });

  it.each([5, true, {}, [5], [{ lc: 1, type: "constructor", id: ["x"], kwargs: {} }], ["a", null]])(
    "refuses %j, which is no message, and keeps the reason as the cause",
    async (value) => {
      const filling = new MessagesPlaceholder("history").formatMessages({ history: value as never });
      await expect(filling).rejects.toEqual(
        expect.objectContaining({
          code: "INVALID_PROMPT_INPUT",
          data: { variable: "history" },
          cause: expect.objectContaining({ code: "MESSAGE_COERCION_FAILURE" }),
        }),
      );
    },
  );

  it("does not show the value that it refuses", async () => {
    const history = [{ password: "sk-secret" }] as never;
    await expect(new MessagesPlaceholder("history").formatMessages({ history })).rejects.toThrow(
      'Expected messages, or what stands for them, for the variable "history" of a prompt, got an object.',
    );
  });

  it("says of an array that it is one", async () => {
    const filling = new MessagesPlaceholder("history").formatMessages({ history: [[5]] as never });
    await expect(filling).rejects.toThrow("got an array.");
  });

  it("takes nothing that is inherited", async () => {
    const placeholder = new MessagesPlaceholder({ variableName: "constructor", optional: true });
    expect(await placeholder.formatMessages({})).toEqual([]);
  });

  it.each<[nMessages: number | undefined, contents: string[]]>([
    [undefined, ["a", "b", "c"]],
    [0, []],
    [1, ["c"]],
    [2, ["b", "c"]],
    [3, ["a", "b", "c"]],
    [4, ["a", "b", "c"]],
    [9, ["a", "b", "c"]],
  ])("takes the last %s messages", async (nMessages, contents) => {
    const placeholder = new MessagesPlaceholder({ variableName: "history", nMessages });
    const history = ["a", "b", "c"];
    expect(placeholder.nMessages).toBe(nMessages);
    expect((await placeholder.formatMessages({ history })).map(({ content }) => content)).toEqual(contents);
    expect(history).toHaveLength(3);
  });

  it("does not look at messages that it does not take", async () => {
    const placeholder = new MessagesPlaceholder({ variableName: "history", optional: true, nMessages: 1 });
    expect(await placeholder.formatMessages({ history: [5 as never, "b"] })).toHaveLength(1);
    expect(await placeholder.formatMessages({})).toEqual([]);
  });

  it("is a runnable of its own", async () => {
    const placeholder = new MessagesPlaceholder("history");
    expect(placeholder.optional).toBe(false);
    expect(new MessagesPlaceholder({ variableName: "history" }).optional).toBe(false);
    expect(placeholder.getName()).toBe("MessagesPlaceholder");
    expect(await placeholder.pipe((messages) => messages.length).invoke({ history: ["a", "b"] })).toBe(2);
  });
});

describe("message templates", () => {
  it.each([
    [SystemMessagePromptTemplate.fromTemplate("{v}"), "SystemMessagePromptTemplate", new SystemMessage("x")],
    [HumanMessagePromptTemplate.fromTemplate("{v}"), "HumanMessagePromptTemplate", new HumanMessage("x")],
    [AIMessagePromptTemplate.fromTemplate("{v}"), "AIMessagePromptTemplate", new AIMessage("x")],
  ])("%# make their message", async (template, name, message) => {
    expect(template.getName()).toBe(name);
    expect(template.inputVariables).toEqual(["v"]);
    expect(await template.format({ v: "x" })).toEqual(message);
    expect(await template.formatMessages({ v: "x" })).toEqual([message]);
    expect(await template.invoke({ v: "x" })).toEqual([message]);
    expect(template["~serialized"]().id).toEqual(["langchain_core", "prompts", "chat", name]);
  });

  it("of any role are made from a prompt or fields", async () => {
    const prompt = PromptTemplate.fromTemplate("{v}");
    const made = [
      new ChatMessagePromptTemplate(prompt, "judge"),
      new ChatMessagePromptTemplate({ prompt, role: "judge" }),
      ChatMessagePromptTemplate.fromTemplate("{v}", "judge"),
    ];
    for (const template of made) {
      expect(template.role).toBe("judge");
      expect(template.getName()).toBe("ChatMessagePromptTemplate");
      expect(await template.format({ v: "x" })).toMatchObject({ type: "generic", role: "judge", content: "x" });
    }
  });

  it("are made from a prompt or from fields", async () => {
    const prompt = PromptTemplate.fromTemplate("{v}");
    expect(new HumanMessagePromptTemplate(prompt).prompt).toBe(prompt);
    expect(new HumanMessagePromptTemplate({ prompt }).prompt).toBe(prompt);
  });

  it("take the options of their template", () => {
    expect(() => SystemMessagePromptTemplate.fromTemplate("{", { strict: true })).toThrow("a lone {");
    expect(() => HumanMessagePromptTemplate.fromTemplate("{", { strict: true })).toThrow("a lone {");
    expect(() => AIMessagePromptTemplate.fromTemplate("{", { strict: true })).toThrow("a lone {");
    expect(() => ChatMessagePromptTemplate.fromTemplate("{", "judge", { strict: true })).toThrow("a lone {");
  });

  it("reject for a missing variable", async () => {
    const template = HumanMessagePromptTemplate.fromTemplate("{v}");
    const missing = expect.objectContaining({ code: "INVALID_PROMPT_INPUT" });
    await expect(template.format({} as never)).rejects.toEqual(missing);
    await expect(template.invoke(undefined as never)).rejects.toEqual(missing);
    await expect(template.formatMessages("text" as never)).rejects.toEqual(missing);
  });
});

describe("subclasses", () => {
  class Loud extends HumanMessagePromptTemplate {
    override async format(values: Record<string, unknown>): Promise<BaseMessage> {
      return new HumanMessage((await super.format(values)).text.toUpperCase());
    }
  }

  class Twice extends HumanMessagePromptTemplate {
    override async formatMessages(values: Record<string, unknown>): Promise<BaseMessage[]> {
      const made = await super.formatMessages(values);
      return [...made, ...made];
    }
  }

  class Recent extends MessagesPlaceholder<"history"> {
    override async formatMessages(values: { history: string[] }): Promise<BaseMessage[]> {
      return (await super.formatMessages(values)).slice(-1);
    }
  }

  class Clock extends BaseMessagePromptTemplate {
    readonly inputVariables = ["zone"];

    async formatMessages(values: Record<string, unknown>): Promise<BaseMessage[]> {
      return [new SystemMessage(`noon in ${values.zone}`)];
    }
  }

  class Fixed extends BaseChatPromptTemplate {
    override partial(): Fixed {
      return this;
    }

    async formatMessages(): Promise<BaseMessage[]> {
      return [new HumanMessage("fixed")];
    }
  }

  class Marked extends ChatPromptTemplate<{ v: string }> {
    override async formatMessages(values: { v: string }): Promise<BaseMessage[]> {
      return [...(await super.formatMessages(values)), new HumanMessage("marked")];
    }
  }

  class Sealed extends ChatPromptTemplate<{ v: string }> {
    override async formatPromptValue(values: { v: string }): Promise<ChatPromptValue> {
      return new ChatPromptValue((await super.formatPromptValue(values)).messages.slice(1));
    }
  }

  const parts = { promptMessages: ["{v}", "second"].map((text) => HumanMessagePromptTemplate.fromTemplate(text)) };

  it.each([
    ["format", new Loud(PromptTemplate.fromTemplate("{v}")), { v: "x" }, ["human: X"]],
    ["formatMessages", new Twice(PromptTemplate.fromTemplate("{v}")), { v: "x" }, ["human: x", "human: x"]],
    ["a placeholder's formatMessages", new Recent("history"), { history: ["a", "b"] }, ["human: b"]],
    ["formatMessages alone", new Clock(), { zone: "UTC" }, ["system: noon in UTC"]],
  ])("of message templates that define %s are used by every verb", async (_what, template, values, messages) => {
    expect(shown(await ChatPromptTemplate.fromMessages([template as Clock]).formatMessages(values))).toEqual(messages);
    expect(shown(await (template as Clock).invoke(values))).toEqual(messages);
  });

  it("of chat prompts are used by every verb", async () => {
    expect(shown((await new Fixed({ inputVariables: [] }).invoke({})).messages)).toEqual(["human: fixed"]);
    expect(await new Fixed({ inputVariables: [] }).format({})).toBe("Human: fixed");
    expect(shown((await new Marked(parts).invoke({ v: "x" })).messages)).toEqual([
      "human: x",
      "human: second",
      "human: marked",
    ]);
    expect(shown((await new Sealed(parts).invoke({ v: "x" })).messages)).toEqual(["human: second"]);
  });

  it("of chat prompts may be part of another", async () => {
    const fixed = new Fixed({ inputVariables: ["f"] });
    const prompt: ChatPromptTemplate = ChatPromptTemplate.fromMessages([fixed as never, "{v}"] as ChatPromptItem[]);
    expect(prompt.inputVariables).toEqual(["f", "v"]);
    expect(shown(await prompt.formatMessages({ f: 1, v: 2 }))).toEqual(["human: fixed", "human: 2"]);
  });

  it("replaced on one object are used too", async () => {
    const prompt = ChatPromptTemplate.fromMessages(["{v}"]);
    const spy = vi.spyOn(prompt, "formatMessages").mockResolvedValue([new HumanMessage("spied")]);
    expect(shown((await prompt.invoke({ v: 1 })).messages)).toEqual(["human: spied"]);
    expect(spy).toHaveBeenCalledOnce();
  });
});
