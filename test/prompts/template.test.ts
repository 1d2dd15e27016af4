import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_MAX_LENGTH, Template, type TemplateOptions } from "../../src/prompts/template.ts";
import { Secret } from "../../src/secrets/secret.ts";

function render(template: string, values: Record<string, unknown>, options?: TemplateOptions): string {
  return new Template(template, options).render(values);
}

it("has each variable once, in the order in which they first come", () => {
  expect(new Template("{b}{a}{b}{c}{a}").variables).toEqual(["b", "a", "c"]);
});

describe("values as text", () => {
  class Point {
    readonly x = 1;
    toJSON(): unknown {
      return { point: this.x };
    }
  }

  it.each<[what: string, value: unknown, text: string]>([
    ["a string", "text", "text"],
    ["an empty string", "", ""],
    ["a number", 1.5, "1.5"],
    ["NaN", Number.NaN, "NaN"],
    ["minus zero", -0, "0"],
    ["a boolean", false, "false"],
    ["null", null, "null"],
    ["a bigint", 12n, "12"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an array", [1, "a", { b: null }], '[1,"a",{"b":null}]'],
    ["an object", { a: { b: 1 } }, '{"a":{"b":1}}'],
    ["a date", new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ["an object with toJSON", new Point(), '{"point":1}'],
    ["a secret", new Secret("sk-123"), '"**********"'],
  ])("%s is put in as text", (_what, value, text) => {
    expect(render("<{v}>", { v: value })).toBe(`<${text}>`);
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;

  it.each<[what: string, value: unknown, message: string]>([
    ["a function", () => "x", "got a function; call it"],
    ["a class", Point, "got a function"],
    ["a promise that nobody waited for", Promise.resolve("x"), "got a promise; await it"],
    ["a circle", circular, "Expected a value that JSON can hold"],
    ["a bigint in an object", { n: 1n }, "Expected a value that JSON can hold"],
    ["an object whose toJSON gives nothing", { toJSON: () => undefined }, "Expected a value that JSON can hold"],
    [
      "an object whose toJSON throws",
      {
        toJSON: () => {
          throw new TypeError("hostile");
        },
      },
      "Expected a value that JSON can hold",
    ],
  ])("%s is refused, and its variable named", (_what, value, message) => {
    const fill = (): string => render("{v}", { v: value });
    expect(fill).toThrow(expect.objectContaining({ code: "INVALID_PROMPT_INPUT", data: { variable: "v" } }));
    expect(fill).toThrow(message);
    expect(fill).toThrow('the variable "v"');
  });

  it("keeps the error of a failed conversion as the cause", () => {
    expect(() => render("{v}", { v: { n: 1n } })).toThrow(expect.objectContaining({ cause: expect.any(TypeError) }));
  });

  it.each(["{a}", "{{", "{b}", "}}", '{"x": {y}}', "{{#each}}", "$&"])("the value %j is not read again", (value) => {
    expect(render("{a}|{b}", { a: value, b: "B" })).toBe(`${value}|B`);
  });

  it("any string is put in as it is", () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom("{", "}", "a", "$", "\\"), fc.string()) });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(render("{a}-{b}-{a}", { a, b })).toBe(`${a}-${b}-${a}`);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("missing values", () => {
  it("names the variable and the names that came, and no value", () => {
    const fill = (): string => render("{name}", { token: "sk-very-secret", other: 1 });
    expect(fill).toThrow('the variable "name" of a prompt, got none (given: "token", "other")');
    expect(fill).toThrow(
      expect.objectContaining({
        code: "INVALID_PROMPT_INPUT",
        data: { variable: "name", given: ["token", "other"] },
        message: expect.not.stringContaining("sk-very-secret"),
      }),
    );
  });

  it("counts undefined as missing", () => {
    expect(() => render("{a}", { a: undefined })).toThrow(expect.objectContaining({ code: "INVALID_PROMPT_INPUT" }));
  });

  it("says that nothing came", () => {
    expect(() => render("{a}", {})).toThrow("(the input has no values)");
  });

  it("lists at most 20 names, each cut at 40 characters", () => {
    const values = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`${index}-${"k".repeat(100)}`, 1]));
    let message = "";
    try {
      render("{a}", values);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(", …)");
    expect(message.match(/k…/g)).toHaveLength(20);
    expect(message).toContain(`"0-${"k".repeat(38)}…"`);
    expect(message.length).toBeLessThan(1_400);
  });

  it.each(["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"])(
    "what every object inherits does not stand for {%s}",
    (name) => {
      expect(() => render(`{${name}}`, {})).toThrow(expect.objectContaining({ code: "INVALID_PROMPT_INPUT" }));
      const own = JSON.parse(`{"${name}": "own"}`) as Record<string, unknown>;
      expect(render(`{${name}}`, own)).toBe("own");
    },
  );

  it("takes no value from a class or a prototype", () => {
    class Values {
      get a(): string {
        return "of the class";
      }
    }
    const inherited = Object.create({ a: "inherited" }) as Record<string, unknown>;
    expect(() => render("{a}", new Values() as unknown as Record<string, unknown>)).toThrow('"a"');
    expect(() => render("{a}", inherited)).toThrow('"a"');
  });

  it("reads values of an object without a prototype", () => {
    const values = Object.assign(Object.create(null), { a: 1 }) as Record<string, unknown>;
    expect(render("{a}", values)).toBe("1");
  });
});

describe("the limit of length", () => {
  it.each([
    [10, "{a}", 9],
    [10, "{a}", 10],
    [10, "12{a}345", 4],
    [10, "12{a}345", 5],
    [0, "{a}", 0],
  ])("%d characters hold %j with a value of %d", (maxLength, template, length) => {
    const text = render(template, { a: "x".repeat(length) }, { maxLength });
    expect(text).toBe(template.replace("{a}", "x".repeat(length)));
  });

  it.each([
    [10, "{a}", 11, { maxLength: 10, variable: "a" }],
    [10, "12{a}345", 6, { maxLength: 10 }],
    [10, "12345678{a}", 3, { maxLength: 10, variable: "a" }],
    [0, "{a}", 1, { maxLength: 0, variable: "a" }],
  ])("%d characters do not hold %j with a value of %d", (maxLength, template, length, data) => {
    const fill = (): string => render(template, { a: "x".repeat(length) }, { maxLength });
    expect(fill).toThrow(expect.objectContaining({ code: "INVALID_PROMPT_INPUT", data }));
    expect(fill).toThrow(`at most ${maxLength} characters`);
  });

  it("is 8 Mi characters by default", () => {
    expect(DEFAULT_MAX_LENGTH).toBe(8_388_608);
    expect(render("{a}", { a: "x".repeat(DEFAULT_MAX_LENGTH - 1) }).length).toBe(DEFAULT_MAX_LENGTH - 1);
    expect(render("{a}", { a: "x".repeat(DEFAULT_MAX_LENGTH) }).length).toBe(DEFAULT_MAX_LENGTH);
    expect(() => render("{a}", { a: "x".repeat(DEFAULT_MAX_LENGTH + 1) })).toThrow("at most 8388608 characters");
  });

  it("stops a value that is put in very often, before the text is made", () => {
    const template = new Template("{a}".repeat(2_000));
    expect(() => template.render({ a: "x".repeat(1_000_000) })).toThrow("at most 8388608 characters");
  });

  it("may be taken away", () => {
    const text = "x".repeat(DEFAULT_MAX_LENGTH + 1);
    expect(render("{a}", { a: text }, { maxLength: Number.POSITIVE_INFINITY })).toBe(text);
  });

  it.each([-1, Number.NaN, "many"])("%j is refused", (maxLength) => {
    expect(() => new Template("", { maxLength: maxLength as number })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG" }),
    );
  });
});

describe("what is no template", () => {
  it.each([undefined, null, 5, {}, ["{a}"]])("%j is refused", (template) => {
    expect(() => new Template(template as string)).toThrow(expect.objectContaining({ code: "INVALID_TEMPLATE" }));
  });

  it("a format that is not known is refused", () => {
    expect(() => new Template("{{a}}", { templateFormat: "jinja2" as "f-string" })).toThrow(
      'Expected "f-string" as the templateFormat, or "mustache" where "linnet" is imported, got a string "jinja2".',
    );
  });

  it("a lone brace is refused when strict", () => {
    expect(() => new Template('{"a": 1}', { strict: true })).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE" }),
    );
  });
});
