import { describe, expectTypeOf, it } from "vitest";
import type { MessageLike } from "../../src/messages/coerce.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import type { BasePromptValueInterface, ChatPromptValue, StringPromptValue } from "../../src/outputs/prompt-value.ts";
import { StringOutputParser } from "../../src/parsers/string-output-parser.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import type { BaseMessagePromptTemplateLike } from "../../src/prompts/chat-types.ts";
import { DictPromptTemplate } from "../../src/prompts/dict-prompt-template.ts";
import { FewShotChatMessagePromptTemplate } from "../../src/prompts/few-shot-chat-prompt-template.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";
import { MessagesPlaceholder } from "../../src/prompts/messages-placeholder.ts";
import type { InputValues } from "../../src/prompts/prompt-input.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { promptText } from "../../src/prompts/prompt-text.ts";
import { HumanMessagePromptTemplate } from "../../src/prompts/role-prompt-templates.ts";
import { StructuredPrompt } from "../../src/prompts/structured-prompt.ts";
import type { TemplateOptions } from "../../src/prompts/template.ts";
import type {
  ExtractedFStringParams,
  ParamsFromFString,
  TemplateVariables,
  TypedPromptInputValues,
} from "../../src/prompts/template-types.ts";

/** What a prompt is filled with. */
type Input<Prompt extends { invoke(input: never): unknown }> = Parameters<Prompt["invoke"]>[0];

describe("TemplateVariables", () => {
  it("finds the variables of a known template", () => {
    expectTypeOf<TemplateVariables<"">>().toEqualTypeOf<never>();
    expectTypeOf<TemplateVariables<"plain">>().toEqualTypeOf<never>();
    expectTypeOf<TemplateVariables<"{a} {b}{a}">>().toEqualTypeOf<"a" | "b">();
    expectTypeOf<TemplateVariables<"{_a1} {$b} {größe}">>().toEqualTypeOf<"_a1" | "$b" | "größe">();
    expectTypeOf<TemplateVariables<"{{a}} {{{b}}}">>().toEqualTypeOf<"b">();
    expectTypeOf<TemplateVariables<'{"a": {"b": {c}}} {d}'>>().toEqualTypeOf<"c" | "d">();
    expectTypeOf<TemplateVariables<"{ a } {0} {} {a.b} {a b} {c">>().toEqualTypeOf<never>();
    expectTypeOf<TemplateVariables<string>>().toEqualTypeOf<string>();
  });
});

describe("PromptTemplate", () => {
  it("wants the variables of its template", () => {
    const prompt = PromptTemplate.fromTemplate("{a} {b}");
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ a: unknown; b: unknown }>();
    expectTypeOf(prompt.invoke({ a: 1, b: 2 })).toEqualTypeOf<Promise<StringPromptValue>>();
    // @ts-expect-error A variable is missing.
    void prompt.invoke({ a: 1 });
    // @ts-expect-error A variable is not in the template.
    void prompt.format({ a: 1, b: 2, c: 3 });
  });

  it("wants no more what it holds itself", () => {
    const prompt = PromptTemplate.fromTemplate("{a} {b} {c}", { partialVariables: { c: 1 } }).partial({ a: () => "x" });
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ b: unknown }>();
  });

  it("takes any values for a template that is not known", () => {
    const prompt = PromptTemplate.fromTemplate("{a}" as string).partial({ b: 1 });
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<Record<string, unknown>>();
  });

  it("may be told what it wants", () => {
    const prompt = PromptTemplate.fromTemplate<{ a: string }>("{a}");
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ a: string }>();
  });
});

describe("ChatPromptTemplate", () => {
  it("wants the variables of its parts", () => {
    const prompt = ChatPromptTemplate.fromMessages([
      ["system", "{a}"],
      "{b}",
      new HumanMessage("{not}"),
      { role: "user", content: "{c}" },
      HumanMessagePromptTemplate.fromTemplate("{d}"),
      PromptTemplate.fromTemplate("{e}"),
      ChatPromptTemplate.fromMessages([["ai", "{f}"]]),
      ["placeholder", "{history}"],
      new MessagesPlaceholder("turns"),
      new MessagesPlaceholder({ variableName: "maybe", optional: true }),
    ]);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{
      a: unknown;
      b: unknown;
      c: unknown;
      d: unknown;
      e: unknown;
      f: unknown;
      history?: readonly MessageLike[] | undefined;
      turns: readonly MessageLike[];
      maybe?: readonly MessageLike[] | undefined;
    }>();
    expectTypeOf(prompt.invoke).returns.toEqualTypeOf<Promise<ChatPromptValue>>();
  });

  it("wants the variables of blocks", () => {
    const prompt = ChatPromptTemplate.fromMessages([
      [
        "human",
        [{ type: "text", text: "{a}" }, { type: "image_url", image_url: { url: "{b}", detail: "low" } }, "{c}"],
      ],
      { role: "user", content: [{ type: "x", list: ["{d}", 1, null] }] },
      HumanMessagePromptTemplate.fromTemplate([{ image_url: "{e}" }]),
    ]);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<Record<"a" | "b" | "c" | "d" | "e", unknown>>();
  });

  it("takes any values for mustache", () => {
    const prompt = ChatPromptTemplate.fromMessages([["human", "{{a}}"]], { templateFormat: "mustache" });
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<Record<string, unknown>>();
    const text = PromptTemplate.fromTemplate("{{a}}", { templateFormat: "mustache" });
    expectTypeOf<Input<typeof text>>().toEqualTypeOf<Record<string, unknown>>();
    const options: TemplateOptions = { strict: true };
    const unknown = HumanMessagePromptTemplate.fromTemplate("{{a}}", options);
    expectTypeOf<Input<typeof unknown>>().toEqualTypeOf<Record<string, unknown>>();
    const plain = PromptTemplate.fromTemplate("{a}", { strict: true });
    expectTypeOf<Input<typeof plain>>().toEqualTypeOf<{ a: unknown }>();
  });

  it("wants what its few shots want", () => {
    const examplePrompt = ChatPromptTemplate.fromMessages([["human", "{q}"]]);
    const shots = new FewShotChatMessagePromptTemplate({ examples: [{ q: 1 }], examplePrompt });
    const chosen = new FewShotChatMessagePromptTemplate<{ topic: string }>({ examples: [], examplePrompt });
    const prompt = ChatPromptTemplate.fromMessages([shots, chosen, "{a}"]);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ topic: string; a: unknown }>();
  });

  it("wants nothing where its parts want nothing", () => {
    const prompt = ChatPromptTemplate.fromMessages([["human", "hi"]]);
    expectTypeOf<keyof Input<typeof prompt>>().toEqualTypeOf<never>();
    void prompt.invoke({});
  });

  it("wants no more what it holds itself", () => {
    const prompt = ChatPromptTemplate.fromMessages(["{a} {b} {c}"], { partialVariables: { c: 1 } }).partial({ a: 1 });
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ b: unknown }>();
  });

  it("takes any values for parts that are not known", () => {
    const parts: [string, string][] = [["human", "{a}"]];
    const prompt = ChatPromptTemplate.fromMessages(parts);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<Record<string, unknown>>();
    void prompt.invoke({ anything: 1 });
  });

  it("may be told what it wants", () => {
    const prompt = ChatPromptTemplate.fromMessages<{ a: string }>([["human", "{a}"]]);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ a: string }>();
  });

  it("pipes into what takes messages, and parsers give text", () => {
    const chain = ChatPromptTemplate.fromTemplate("{a}")
      .pipe((value) => value.toString())
      .pipe(new StringOutputParser());
    expectTypeOf<Input<typeof chain>>().toEqualTypeOf<{ a: unknown }>();
    expectTypeOf(chain.invoke).returns.toEqualTypeOf<Promise<string>>();
  });

  it("may be kept as a chat prompt of any values", () => {
    expectTypeOf(ChatPromptTemplate.fromMessages([["human", "{a}"]])).toExtend<ChatPromptTemplate>();
  });

  it("refuses what is no part", () => {
    // @ts-expect-error A tuple needs a template.
    ChatPromptTemplate.fromMessages([["human"]]);
    // @ts-expect-error A block is a string or an object.
    ChatPromptTemplate.fromMessages([["human", [5]]]);
    // @ts-expect-error A function makes no messages.
    ChatPromptTemplate.fromMessages([() => "x"]);
  });
});

describe("templates in a chat prompt", () => {
  it("have their variables wanted, with a role or among blocks", () => {
    const image = new ImagePromptTemplate<{ url: string }>({ template: { url: "{url}" } });
    const prompt = ChatPromptTemplate.fromMessages([
      ["system", promptText`{${"a"}} {not}`],
      { role: "user", content: PromptTemplate.fromTemplate("{b}") },
      ["human", ["{c}", PromptTemplate.fromTemplate("{d}"), image]],
    ]);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<Record<"a" | "b" | "c" | "d" | "url", unknown>>();
  });

  it("may be any where they are not known", () => {
    const parts: BaseMessagePromptTemplateLike[] = ["{a}", new HumanMessage("x"), ["system", "{b}"]];
    const prompt = ChatPromptTemplate.fromMessages(parts);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<InputValues>();
  });

  it("are made of templates, f-strings and blocks", () => {
    const text = PromptTemplate.fromTemplate("{a}");
    expectTypeOf(new HumanMessagePromptTemplate(text).invoke).parameter(0).toEqualTypeOf<{ a: unknown }>();
    expectTypeOf(new HumanMessagePromptTemplate({ prompt: [text, "{b}"] }).invoke)
      .parameter(0)
      .toEqualTypeOf<InputValues>();
    expectTypeOf(new HumanMessagePromptTemplate<{ a: string }>({ prompt: [text] }).invoke)
      .parameter(0)
      .toEqualTypeOf<{ a: string }>();
    // @ts-expect-error A message is made of a template.
    new HumanMessagePromptTemplate(5);
  });

  it("of a placeholder may be written with doubled braces", () => {
    const prompt = ChatPromptTemplate.fromMessages([["placeholder", "{{history}}"], "{a}"]);
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{
      a: unknown;
      history?: readonly MessageLike[] | undefined;
    }>();
  });
});

describe("promptText", () => {
  it("wants the names between its texts", () => {
    const prompt = promptText`{${"a"}} {b} ${"c"}`;
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ a: unknown; c: unknown }>();
    // @ts-expect-error A name is a text.
    promptText`${5}`;
  });
});

describe("the peer's names", () => {
  it("say the same", () => {
    expectTypeOf<ParamsFromFString<"{a}{b}">>().toEqualTypeOf<{ a: unknown; b: unknown }>();
    expectTypeOf<ExtractedFStringParams<"{a}">>().toEqualTypeOf<{ a: unknown }>();
    expectTypeOf<ExtractedFStringParams<"{a}", { c: string }>>().toEqualTypeOf<{ c: string }>();
    expectTypeOf<{ a: 1; more: 2 }>().toExtend<TypedPromptInputValues<{ a: string }>>();
    expectTypeOf<StringPromptValue>().toExtend<BasePromptValueInterface>();
  });

  it("take a second type parameter, as in the peer", () => {
    const chat: ChatPromptTemplate<InputValues, string> = ChatPromptTemplate.fromMessages([["human", "{a}"]]);
    const text: PromptTemplate<InputValues, "held"> = PromptTemplate.fromTemplate("{a}");
    expectTypeOf(chat.invoke).returns.toEqualTypeOf<Promise<ChatPromptValue>>();
    expectTypeOf(text.invoke).returns.toEqualTypeOf<Promise<StringPromptValue>>();
  });
});

describe("DictPromptTemplate", () => {
  it("wants the variables of its strings", () => {
    const prompt = new DictPromptTemplate({ template: { a: "{x}", list: [{ b: "{y}" }, 1] } });
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ x: unknown; y: unknown }>();
    const mustache = new DictPromptTemplate({ template: { a: "{{x}}" }, templateFormat: "mustache" });
    expectTypeOf<Input<typeof mustache>>().toEqualTypeOf<Record<string, unknown>>();
  });
});

describe("StructuredPrompt", () => {
  it("wants the variables of its parts", () => {
    const prompt = StructuredPrompt.fromMessagesAndSchema([["human", "{a}{b}"]], {}).partial({ b: 1 });
    expectTypeOf<Input<typeof prompt>>().toEqualTypeOf<{ a: unknown }>();
  });
});
