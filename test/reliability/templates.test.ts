import "../../src/prompts/wiring.ts";
import "../../src/runnables/wiring.ts";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { DictPromptTemplate } from "../../src/prompts/dict-prompt-template.ts";
import { FewShotChatMessagePromptTemplate } from "../../src/prompts/few-shot-chat-prompt-template.ts";
import { FewShotPromptTemplate } from "../../src/prompts/few-shot-prompt-template.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";
import { MessagesPlaceholder } from "../../src/prompts/messages-placeholder.ts";
import { PipelinePromptTemplate } from "../../src/prompts/pipeline-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { HumanMessagePromptTemplate } from "../../src/prompts/role-prompt-templates.ts";
import type { TemplateFormat, TemplateOptions } from "../../src/prompts/template.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { outcomeOf } from "../helpers/timing.ts";

afterEach(assertNoPoisoning);

type Values = Record<string, unknown>;
/** Fills a template in some place of a prompt; gives what stands there. */
type Place = (template: string, values: Values, options?: TemplateOptions) => Promise<unknown>;

const contentOf = async (content: unknown, values: Values, options?: TemplateOptions): Promise<unknown> => {
  const prompt = ChatPromptTemplate.fromMessages([["human", content as string]], options) as ChatPromptTemplate;
  return (await prompt.invoke(values)).messages[0]?.content;
};

/** Every place where a template may stand. */
const places: Record<string, Place> = {
  "a text": async (template, values, options) =>
    String(await PromptTemplate.fromTemplate(template, options).invoke(values)),
  "a chat prompt's text": contentOf,
  "a block of text": async (text, values, options) => {
    const [block] = (await contentOf([{ type: "text", text }], values, options)) as [{ text: string }];
    return block.text;
  },
  "an image's URL in a block": async (url, values, options) => {
    const [block] = (await contentOf([{ image_url: { url } }], values, options)) as [{ image_url: { url: string } }];
    return block.image_url.url;
  },
  "a field of any block, however deep": async (template, values, options) => {
    const [block] = (await contentOf([{ type: "x", list: [{ of: template }] }], values, options)) as [
      { list: [{ of: string }] },
    ];
    return block.list[0].of;
  },
  "a message template": async (template, values, options) =>
    (await HumanMessagePromptTemplate.fromTemplate(template, options).format(values as never)).content,
  "plain data": async (template, values, options) =>
    (await new DictPromptTemplate({ template: { a: [template] }, ...options }).invoke(values)).a?.toString(),
  "an image": async (url, values, options) =>
    (await new ImagePromptTemplate({ template: { url }, ...options }).format(values)).url,
  "the prefix of few shots": async (prefix, values, options) =>
    new FewShotPromptTemplate({
      examples: [],
      examplePrompt: PromptTemplate.fromTemplate(""),
      exampleSeparator: "",
      prefix,
      ...options,
    }).format(values),
  "an example": async (template, values, options) =>
    new FewShotPromptTemplate({
      examples: [values],
      examplePrompt: PromptTemplate.fromTemplate(template, options) as PromptTemplate,
      exampleSeparator: "",
    }).format({}),
  "an example as messages": async (template, values, options) => {
    const examplePrompt = ChatPromptTemplate.fromMessages([template], options) as ChatPromptTemplate;
    const [message] = await new FewShotChatMessagePromptTemplate({ examples: [values], examplePrompt }).formatMessages(
      {},
    );
    return message?.content;
  },
  "a pipeline": async (template, values, options) => {
    const prompt = PromptTemplate.fromTemplate(template, options);
    return new PipelinePromptTemplate({
      pipelinePrompts: [{ name: "made", prompt }],
      finalPrompt: PromptTemplate.fromTemplate("{made}"),
    }).format(values);
  },
};

const everywhere = Object.entries(places);
const mustache = { templateFormat: "mustache" } as const;
const missing = expect.objectContaining({ code: "INVALID_PROMPT_INPUT" });

class Client {
  readonly apiKey = "sk-secret";
  readonly drop = vi.fn(() => "dropped");
  get token(): string {
    throw new Error("a getter ran");
  }
}

describe.each(everywhere)("T02 and T07: %s", (_place, fill) => {
  it.each([
    "{{a.constructor.name}}",
    "{{a.__proto__.polluted}}",
    "{{constructor.prototype}}",
    "{{__proto__}}",
    "{{toString}}",
    "{{a.hasOwnProperty}}",
    "{{message.lc_kwargs.content}}",
    "{{message.content}}",
    "{{client.apiKey}}",
    "{{client.drop}}",
    "{{client.token}}",
    "{{#client}}{{apiKey}}{{/client}}",
    "{{text.length}}",
    "{{list.length.constructor}}",
    "{{#list}}{{constructor.name}}{{/list}}",
  ])("shows and calls nothing for %s", async (template) => {
    const client = new Client();
    const values = { a: {}, message: new HumanMessage("sk-secret"), client, text: "sk-secret", list: [1] };
    const outcome = await outcomeOf(fill(`<${template}>`, values, mustache));
    expect(outcome).toEqual({ value: "<>" });
    expect(client.drop).not.toHaveBeenCalled();
  });

  it("refuses a function of the input, and does not call it", async () => {
    const run = vi.fn(() => "called");
    for (const [template, format] of [
      ["{run}", "f-string"],
      ["{{run}}", "mustache"],
      ["{{#run}}x{{/run}}", "mustache"],
      ["{{^run}}x{{/run}}", "mustache"],
    ] as [string, TemplateFormat][]) {
      await expect(fill(template, { run }, { templateFormat: format })).rejects.toEqual(missing);
    }
    expect(run).not.toHaveBeenCalled();
  });

  it.each(["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__"])(
    "names {%s} as missing, and takes an own value of that name",
    async (name) => {
      await expect(fill(`{${name}}`, {})).rejects.toMatchObject({
        code: "INVALID_PROMPT_INPUT",
        data: { variable: name },
      });
      expect(await fill(`{${name}}`, JSON.parse(`{ "${name}": "own" }`))).toBe("own");
    },
  );

  it("refuses a template with partials and other delimiters", async () => {
    for (const template of ["{{>file}}", "{{=<% %>=}}", "{{#a}}", "{{a"]) {
      await expect(fill(template, { a: 1 }, mustache)).rejects.toMatchObject({ code: "INVALID_TEMPLATE" });
    }
  });
});

describe.each(everywhere)("T03: %s", (_place, fill) => {
  const hostile = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "{b}",
      "{{b}}",
      "{{{b}}}",
      "{{#b}}x{{/b}}",
      "{",
      "}",
      "$&",
      "$1",
      "{__proto__}",
      "{{b.c}}",
      "\u2028",
    ),
  );

  it("puts any text in as it is", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (a, b) => {
        const values = { a: `-${a}`, b };
        expect(await fill("{a}|{b}", values)).toBe(`-${a}|${b}`);
        expect(await fill("{{a}}|{{{b}}}", values, mustache)).toBe(`-${a}|${b}`);
      }),
      { numRuns: 30 },
    );
  });

  it("puts data in as JSON, and reads nothing in it", async () => {
    const values = { a: { "{b}": ["{{b}}"] }, b: "B" };
    expect(await fill("{a}", values)).toBe('{"{b}":["{{b}}"]}');
    expect(await fill("{{a}}", values, mustache)).toBe('{"{b}":["{{b}}"]}');
  });
});

describe.each(everywhere)("T05: %s", (_place, fill) => {
  it.each<[format: TemplateFormat, template: string]>([
    ["f-string", "{question}{api_key}"],
    ["mustache", "{{question}}{{api_key}}"],
  ])("names a variable without a value, and shows no other value (%s)", async (templateFormat, template) => {
    const values = { api_key: "sk-secret", other: { token: "sk-secret" } };
    const error = await fill(template, values, { templateFormat, strict: true }).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(LinnetError);
    expect(error).toMatchObject({ code: "INVALID_PROMPT_INPUT", data: { variable: "question" } });
    expect(inspect(error, { depth: 10 })).not.toContain("sk-secret");
  });
});

it("T05: a placeholder shows nothing of the messages that it refuses, nor of other values", async () => {
  const prompt = ChatPromptTemplate.fromMessages([new MessagesPlaceholder("history"), "{question}"]);
  for (const history of [
    undefined,
    "sk-secret",
    [{ token: "sk-secret" }],
    [["tool", "sk-secret"]],
    [["human", "x"], 5],
  ]) {
    const error = await prompt.invoke({ history, api_key: "sk-secret" } as never).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: "INVALID_PROMPT_INPUT" });
    expect(inspect(error, { depth: 10 })).not.toContain("sk-secret");
  }
});

describe.each(everywhere)("T06: %s", (_place, fill) => {
  const ten = Array.from({ length: 10 }, (_, index) => index);
  const nested = (text: string, depth: number): string => `${"{{#l}}".repeat(depth)}${text}${"{{/l}}".repeat(depth)}`;
  const limited = expect.objectContaining({
    code: "INVALID_PROMPT_INPUT",
    message: expect.stringContaining("at most"),
  });

  it("ends eight sections of ten items in one another at the limit of its text", async () => {
    const started = performance.now();
    await expect(fill(nested("x".repeat(100), 8), { l: ten }, mustache)).rejects.toEqual(limited);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("has a limit that its author sets", async () => {
    const options = { maxLength: 1_000 };
    expect(await fill("{a}", { a: "x".repeat(1_000) }, options)).toHaveLength(1_000);
    await expect(fill("{a}", { a: "x".repeat(1_001) }, options)).rejects.toEqual(limited);
    expect(await fill(nested("x", 3), { l: ten }, { ...options, ...mustache })).toHaveLength(1_000);
    await expect(fill(nested("x", 4), { l: ten }, { ...options, ...mustache })).rejects.toEqual(limited);
  });
});

it("T06: sections that give no text are ended too", async () => {
  const l = Array.from({ length: 10 }, () => 0);
  const template = `${"{{#l}}".repeat(8)}${"{{/l}}".repeat(8)}`;
  await expect(PromptTemplate.fromTemplate(template, mustache).format({ l })).rejects.toEqual(
    expect.objectContaining({ message: expect.stringContaining("steps in all") }),
  );
});

describe("T07: names of placeholders", () => {
  it.each(["{a.b}", "{constructor.name}", "{a}{b}", "{{a.b}}", "a", "{}", "{ a }"])("%s is none", (name) => {
    expect(() => ChatPromptTemplate.fromMessages([["placeholder", name]])).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE" }),
    );
  });

  it("take nothing that is inherited", async () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      await expect(ChatPromptTemplate.fromMessages([new MessagesPlaceholder(name)]).invoke({})).rejects.toEqual(
        missing,
      );
      expect(await ChatPromptTemplate.fromMessages([["placeholder", `{${name}}`]]).format({})).toBe("");
    }
  });
});

describe("T07: data", () => {
  it("with __proto__ in it stays data", async () => {
    const template = JSON.parse('{ "__proto__": { "polluted": "{a}" }, "constructor": "{a}" }') as Record<
      string,
      unknown
    >;
    const made = await new DictPromptTemplate({ template }).invoke({ a: 1 });
    expect(Object.keys(made)).toEqual(["__proto__", "constructor"]);
    expect(Object.hasOwn({}, "polluted")).toBe(false);
    expect((made as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("without end is refused, and does not take the stack", () => {
    const loop: Record<string, unknown> = {};
    loop.loop = [loop];
    let deep: unknown = "{a}";
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    for (const template of [loop, { deep }]) {
      expect(() => new DictPromptTemplate({ template })).toThrow(expect.objectContaining({ code: "INVALID_TEMPLATE" }));
      expect(() => ChatPromptTemplate.fromMessages([["human", [template]]])).toThrow(
        expect.objectContaining({ code: "INVALID_TEMPLATE" }),
      );
    }
  });
});
