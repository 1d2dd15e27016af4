import "../../src/prompts/wiring.ts";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { HumanMessage } from "../../src/messages/human.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { Template, type TemplateOptions } from "../../src/prompts/template.ts";
import { Secret } from "../../src/secrets/secret.ts";

function render(template: string, values: Record<string, unknown>, options?: TemplateOptions): string {
  return new Template(template, { ...options, templateFormat: "mustache" }).render(values);
}

describe("a mustache template", () => {
  it("puts values in as f-strings do, but nothing for null and undefined", () => {
    const values = { s: "<&>", n: 0, o: { a: [1] }, l: [1, "a"], d: new Date(0), none: null, not: undefined, f: false };
    expect(render("{{s}}|{{n}}|{{o}}|{{l}}|{{d}}|{{none}}|{{not}}|{{f}}", values)).toBe(
      '<&>|0|{"a":[1]}|[1,"a"]|"1970-01-01T00:00:00.000Z"|||false',
    );
  });

  it("has the first part of each name as a variable", () => {
    const template = new Template("{{a.b}}{{#c}}{{.}}{{d}}{{/c}}{{^e.f}}{{a}}{{/e.f}}{{! g }}{{{h}}}{{&i}}", {
      templateFormat: "mustache",
    });
    expect(template.variables).toEqual(["a", "c", "d", "e", "h", "i"]);
  });

  it("finds the context of an inverted section outside of it", () => {
    expect(render("{{#list}}{{^no}}{{.}}{{a}}{{/no}}{{/list}}", { list: ["x", "y"], a: "!" })).toBe("x!y!");
  });

  it("finds a name in the innermost context that has it", () => {
    const values = { a: 0, outer: [{ a: 1, b: "b", inner: [{ a: 2 }, {}] }], a2: 3 };
    expect(render("{{#outer}}{{#inner}}{{a}}{{b}}{{a2}} {{/inner}}{{a}}{{/outer}}{{a}}", values)).toBe("2b3 1b3 10");
  });

  it("shows all that it is filled with for a dot outside of sections", () => {
    expect(render("{{.}}", { a: 1 })).toBe('{"a":1}');
  });

  it("fills a section once for an object of a class, of which it sees nothing", () => {
    expect(render("{{#d}}[{{getTime}}{{a}}]{{/d}}", { d: new Date(0), a: "outer" })).toBe("[outer]");
  });

  it("never reads a value again", () => {
    const piece = fc.constantFrom("{{", "}}", "{{{", "}}}", "{{#a}}", "{{/a}}", "{{a}}", "x", "\n", "{{!", "$&");
    const text = fc.array(piece).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(render("<{{a}}|{{{b}}}|{{#l}}{{.}}{{/l}}>", { a, b, l: [a, b] })).toBe(`<${a}|${b}|${a}${b}>`);
      }),
    );
  });

  it("gives text without tags as it is", () => {
    const text = fc
      .string({ unit: fc.constantFrom("a", "{", "}", "\n", " ", "\r") })
      .filter((all) => !all.includes("{{"));
    fc.assert(fc.property(text, (all) => void expect(render(all, {})).toBe(all)));
  });

  it("fills again after it failed", () => {
    const template = new Template("{{#l}}{{f}}{{/l}}", { templateFormat: "mustache" });
    expect(() => template.render({ l: [1], f: () => "x" })).toThrow();
    expect(template.render({ l: [1, 2], f: "x" })).toBe("xx");
  });

  it("refuses what has no value when strict, with its name", () => {
    expect(render("{{a}}{{#b}}x{{/b}}", { a: null }, { strict: true })).toBe("");
    expect(() => render("{{a.b}}", { a: {}, key: "sk-1" }, { strict: true })).toThrow(
      expect.objectContaining({ code: "INVALID_PROMPT_INPUT", data: { variable: "a.b", given: ["a", "key"] } }),
    );
    expect(() => render("{{x}}", { key: "sk-1" }, { strict: true })).not.toThrow("sk-1");
  });
});

describe("what cannot be read as mustache", () => {
  it.each<[what: string, template: string, message: string, index: number]>([
    ["an open tag", "ab{{c", 'Expected "}}" at the end of a tag in a mustache template, got none at character 3', 2],
    ["an open tag of three", "{{{c}}", 'Expected "}}}" at the end of a tag', 0],
    ["an open section", "{{#a}}x", "Expected {{/a}} for the section in a mustache template, got none", 7],
    ["an end alone", "x{{/a}}", "Expected an open section before a section ends in a mustache template, got {{/a}}", 1],
    ["crossed sections", "{{#a}}{{#b}}{{/a}}{{/b}}", "Expected {{/b}} before a section ends", 12],
    ["no name", "{{}}", "got a tag without a name", 0],
    ["a section without a name", "a{{# }}", "got a tag without a name", 1],
    ["a partial", "{{> p}}", "Expected a variable, a section or a comment in a mustache template, got {{>", 0],
    ["other delimiters", "{{=<% %>=}}", "got {{=", 0],
    ["deep sections", "{{#a}}".repeat(101) + "{{/a}}".repeat(101), "Expected at most 100 sections in one another", 600],
  ])("%s is refused", (_what, template, message, index) => {
    const read = (): string => render(template, {});
    expect(read).toThrow(expect.objectContaining({ code: "INVALID_TEMPLATE", data: { index } }));
    expect(read).toThrow(message);
  });

  it("takes sections that are as deep as may be", () => {
    expect(render(`${"{{#a}}".repeat(100)}x${"{{/a}}".repeat(100)}`, { a: true })).toBe("x");
  });
});

describe("hostile values in mustache", () => {
  class Client {
    apiKey = "sk-123";
    drop = vi.fn(() => "dropped");
    get secret(): string {
      return this.apiKey;
    }
  }
  const client = new Client();
  const message = new HumanMessage("hi");
  const getter = vi.fn(() => "got");
  const values = {
    client,
    message,
    a: { b: 1, call: client.drop, ...Object.create({ inherited: "x" }) },
    plain: Object.defineProperty({}, "own", { get: getter, enumerable: true }),
    text: "abc",
    list: [1],
    secret: new Secret("sk-456"),
  };

  it.each([
    "{{a.constructor.name}}",
    "{{a.__proto__}}",
    "{{constructor}}",
    "{{toString}}",
    "{{__proto__.constructor}}",
    "{{a.inherited}}",
    "{{client.apiKey}}",
    "{{client.secret}}",
    "{{client.drop}}",
    "{{message.lc_kwargs.content}}",
    "{{message.content}}",
    "{{plain.own}}",
    "{{text.length}}",
    "{{list.map}}",
    "{{list.constructor}}",
    "{{#client}}{{apiKey}}{{drop}}{{constructor}}{{/client}}",
    "{{#list}}{{constructor}}{{/list}}",
    "{{#message}}{{content}}{{/message}}",
  ])("%s is empty", (template) => {
    expect(render(template, values)).toBe("");
    expect(client.drop).not.toHaveBeenCalled();
    expect(getter).not.toHaveBeenCalled();
  });

  it.each(["{{a.call}}", "{{#a.call}}x{{/a.call}}", "{{^a.call}}x{{/a.call}}"])(
    "%s is refused, not called",
    (template) => {
      const name = "a.call";
      expect(() => render(template, values)).toThrow(
        expect.objectContaining({ code: "INVALID_PROMPT_INPUT", data: { variable: name } }),
      );
      expect(client.drop).not.toHaveBeenCalled();
    },
  );

  it("keeps secrets", () => {
    expect(render("{{secret}}{{#secret}}{{.}}{{/secret}}", values)).toBe('"**********""**********"');
  });

  it("sees own data of a list, also its length", () => {
    expect(render("{{list.0}}{{list.length}}", values)).toBe("11");
  });

  it("writes to nothing", () => {
    const frozen = Object.freeze({ l: Object.freeze([Object.freeze({ a: 1 })]) });
    expect(render("{{#l}}{{a}}{{/l}}", frozen)).toBe("1");
  });
});

describe("sections that multiply", () => {
  const nested = (text: string, depth: number): string => `${"{{#l}}".repeat(depth)}${text}${"{{/l}}".repeat(depth)}`;
  const l = Array.from({ length: 10 }, () => ({}));

  it("are limited by the length of what they give", () => {
    expect(() => render(nested("x".repeat(100), 8), { l })).toThrow(
      expect.objectContaining({ code: "INVALID_PROMPT_INPUT", data: { maxLength: 8_388_608 } }),
    );
    expect(() => render(nested("x", 2), { l }, { maxLength: 99 })).toThrow("at most 99 characters");
    expect(render(nested("x", 2), { l }, { maxLength: 100 })).toHaveLength(100);
  });

  it("are limited also where they give nothing", () => {
    expect(() => render(nested("", 20), { l })).toThrow("Expected sections of at most 8388608 steps in all");
  });
});

describe("long mustache templates", () => {
  it.each(["{{a}}", "{{#a}}x{{/a}}", "{ ", "{{! c }}\n", "{{a.b.c}}", "\n"])(
    "%j by the hundred thousand are read and filled",
    (unit) => {
      expect(() => render(unit.repeat(100_000), { a: "1" })).not.toThrow();
    },
  );

  it("open braces by the hundred thousand are refused", () => {
    expect(() => render("{{".repeat(100_000), {})).toThrow(expect.objectContaining({ code: "INVALID_TEMPLATE" }));
  });
});

describe("prompts of mustache", () => {
  it("are filled without all their values", async () => {
    const prompt = PromptTemplate.fromTemplate("{{a}}{{b}}", { templateFormat: "mustache" });
    expect(prompt.templateFormat).toBe("mustache");
    expect(await prompt.format({ a: 1 })).toBe("1");
    expect(await prompt.partial({ b: 2 }).format({ a: 1 })).toBe("12");
  });

  it("are checked against their variables only where that is asked for", () => {
    const fields = { template: "{{#l}}{{a}}{{/l}}", templateFormat: "mustache", inputVariables: ["l"] } as const;
    expect(new PromptTemplate(fields).inputVariables).toEqual(["l"]);
    expect(() => new PromptTemplate({ ...fields, validateTemplate: true })).toThrow(
      'Expected "a", a variable of the template, in inputVariables',
    );
  });

  it("may be a part of a chat, beside placeholders of both kinds", async () => {
    const prompt = ChatPromptTemplate.fromMessages(
      [
        ["system", "{{a}} {a}"],
        ["placeholder", "{h}"],
        ["placeholder", "{{i}}"],
        ["human", [{ image_url: "{{u}}" }]],
      ],
      { templateFormat: "mustache" },
    );
    expect(prompt.inputVariables).toEqual(["a", "h", "i", "u"]);
    const messages = await prompt.formatMessages({ a: 1, i: ["x"], u: "U" });
    expect(messages.map(({ content }) => content)).toEqual([
      "1 {a}",
      "x",
      [{ type: "image_url", image_url: { url: "U" } }],
    ]);
  });
});
