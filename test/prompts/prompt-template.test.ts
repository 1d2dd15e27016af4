import { describe, expect, it, vi } from "vitest";
import { StringPromptValue } from "../../src/outputs/prompt-value.ts";
import { BasePromptTemplate } from "../../src/prompts/base-prompt-template.ts";
import { BaseStringPromptTemplate } from "../../src/prompts/base-string-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import "../../src/runnables/wiring.ts";

describe("PromptTemplate", () => {
  it("formats to a string", async () => {
    expect(await PromptTemplate.fromTemplate("Tell me of {animal}.").format({ animal: "linnets" })).toBe(
      "Tell me of linnets.",
    );
  });

  it("invokes to a prompt value", async () => {
    const prompt = PromptTemplate.fromTemplate("{a} {b}");
    const value = await prompt.invoke({ a: 1, b: 2 });
    expect(value).toBeInstanceOf(StringPromptValue);
    expect(value.toString()).toBe("1 2");
    expect(value).toEqual(await prompt.formatPromptValue({ a: 1, b: 2 }));
  });

  it("needs no promise inside where nothing is async", () => {
    const prompt = PromptTemplate.fromTemplate("{a}").partial({ b: () => "B" });
    expect(prompt["~call"]({ a: 1 }, undefined)).toBeInstanceOf(StringPromptValue);
  });

  it("knows its template and variables", () => {
    const prompt = PromptTemplate.fromTemplate("{b} {a} {b}");
    expect(prompt.template).toBe("{b} {a} {b}");
    expect(prompt.templateFormat).toBe("f-string");
    expect(prompt.inputVariables).toEqual(["b", "a"]);
    expect(prompt.partialVariables).toEqual({});
  });

  it("leaves JSON in a template alone", async () => {
    const prompt = PromptTemplate.fromTemplate('Answer {q} as {"answer": {"text": "..."}}.');
    expect(await prompt.format({ q: "why" })).toBe('Answer why as {"answer": {"text": "..."}}.');
  });

  it("refuses lone braces when strict", () => {
    expect(() => PromptTemplate.fromTemplate('{"a": 1}', { strict: true })).toThrow("a lone { at character 1");
  });

  it("has the limit that it is given", async () => {
    await expect(PromptTemplate.fromTemplate("{a}", { maxLength: 2 }).format({ a: "abc" })).rejects.toThrow(
      "at most 2 characters",
    );
  });

  it("rejects for a missing variable, from every verb", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}");
    const input = {} as { a: unknown };
    const missing = expect.objectContaining({ code: "INVALID_PROMPT_INPUT" });
    await expect(prompt.format(input)).rejects.toEqual(missing);
    await expect(prompt.formatPromptValue(input)).rejects.toEqual(missing);
    await expect(prompt.invoke(input)).rejects.toEqual(missing);
    await expect(prompt.stream(input)).rejects.toEqual(missing);
    expect(await prompt.batch([input, { a: 1 }], undefined, { returnExceptions: true })).toEqual([
      missing,
      new StringPromptValue("1"),
    ]);
  });

  it.each([
    ["hello", 'the variable "length" of a prompt, got none (the input is a string, not an object)'],
    [5, "the input is a number, not an object"],
    [undefined, "the input has no values"],
    [null, "the input has no values"],
    [["a"], 'given: "0"'],
  ])("says what came instead of an object of values: %j", async (input, message) => {
    const values = input as unknown as { length: unknown };
    const prompt = PromptTemplate.fromTemplate("{length}");
    if (Array.isArray(input)) await expect(prompt.invoke(values)).resolves.toEqual(new StringPromptValue("1"));
    else await expect(prompt.invoke(values)).rejects.toThrow(message);
  });

  it("gives programs the variable's name and the names that came", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}");
    await expect(prompt.invoke("text" as never)).rejects.toMatchObject({ data: { variable: "a", given: [] } });
    await expect(prompt.invoke({ b: 1 } as never)).rejects.toMatchObject({ data: { variable: "a", given: ["b"] } });
  });

  it.each([undefined, null, "anything", {}])("without variables takes %j", async (input) => {
    expect((await PromptTemplate.fromTemplate("hi").invoke(input as object)).toString()).toBe("hi");
  });

  it("pipes into a function", async () => {
    const chain = PromptTemplate.fromTemplate("{a}").pipe((value) => value.toString().length);
    expect(await chain.invoke({ a: "four" })).toBe(4);
  });

  it("is streamed as one value", async () => {
    const values: string[] = [];
    for await (const value of await PromptTemplate.fromTemplate("{a}").stream({ a: 1 })) values.push(value.toString());
    expect(values).toEqual(["1"]);
  });

  it("has the peer's name and place", () => {
    const prompt = PromptTemplate.fromTemplate("");
    expect(PromptTemplate.lc_name()).toBe("PromptTemplate");
    expect(prompt.getName()).toBe("PromptTemplate");
    expect(prompt["~serialized"]()).toEqual({
      lc: 1,
      type: "not_implemented",
      id: ["langchain_core", "prompts", "prompt", "PromptTemplate"],
    });
  });
});

describe("the constructor", () => {
  it("finds the variables itself", () => {
    expect(new PromptTemplate({ template: "{a}{b}", partialVariables: { b: 1 } }).inputVariables).toEqual(["a"]);
  });

  it("takes variables that cover the template", () => {
    const fields = { template: "{a}{b}", inputVariables: ["a", "more"], partialVariables: { b: 1 } };
    expect(new PromptTemplate(fields).inputVariables).toEqual(["a", "more"]);
  });

  it("refuses variables that leave one out", () => {
    expect(() => new PromptTemplate({ template: "{a}{b}", inputVariables: ["b"] })).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE", data: { variable: "a" } }),
    );
  });

  it("takes them unchecked where it is told to", () => {
    const fields = { template: "{a}", inputVariables: ["b"], validateTemplate: false };
    expect(new PromptTemplate(fields).inputVariables).toEqual(["b"]);
    expect(new PromptTemplate({ template: "{a}", validateTemplate: false }).inputVariables).toEqual(["a"]);
  });

  it("keeps nothing of the caller's objects", async () => {
    const partialVariables: Record<string, unknown> = { a: 1 };
    const fields = { template: "{a}", partialVariables };
    const prompt = new PromptTemplate(fields);
    partialVariables.a = 2;
    fields.template = "changed";
    expect(await prompt.format({})).toBe("1");
    expect(await prompt.partial({}).format({})).toBe("1");
  });
});

describe("partial", () => {
  it("holds values, and leaves the prompt as it was", async () => {
    const prompt = PromptTemplate.fromTemplate("{a} {b}");
    const half = prompt.partial({ a: "A" });
    expect(half.inputVariables).toEqual(["b"]);
    expect(await half.format({ b: "B" })).toBe("A B");
    expect(prompt.inputVariables).toEqual(["a", "b"]);
    await expect(prompt.format({ b: "B" } as never)).rejects.toThrow('"a"');
  });

  it("may be awaited, as in the peer", async () => {
    const half = await PromptTemplate.fromTemplate("{a}").partial({ a: 1 });
    expect(await half.format({})).toBe("1");
  });

  it("adds up, and the later value wins", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}{b}").partial({ a: 1, b: 1 }).partial({ b: 2 });
    expect(await prompt.format({})).toBe("12");
    expect(prompt.partialVariables).toEqual({ a: 1, b: 2 });
  });

  it("keeps what it holds where undefined is given", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}").partial({ a: 1 }).partial({ a: undefined });
    expect(await prompt.format({})).toBe("1");
  });

  it("yields to a value of the caller's, but not to undefined", async () => {
    const held = vi.fn(() => "held");
    const prompt = PromptTemplate.fromTemplate("{a}").partial({ a: held });
    expect(await prompt.format({ a: "given" } as object)).toBe("given");
    expect(held).not.toHaveBeenCalled();
    expect(await prompt.format({ a: undefined } as object)).toBe("held");
  });

  it("calls functions each time, sync and async ones", async () => {
    let count = 0;
    const prompt = PromptTemplate.fromTemplate("{a} {b}").partial({
      a: () => ++count,
      b: async () => `later ${count}`,
    });
    expect(await prompt.format({})).toBe("1 later 1");
    expect(await prompt.format({})).toBe("2 later 2");
  });

  it("starts async functions side by side", async () => {
    const order: string[] = [];
    const slow = (name: string) => async (): Promise<string> => {
      order.push(`${name} starts`);
      await Promise.resolve();
      order.push(`${name} ends`);
      return name;
    };
    await PromptTemplate.fromTemplate("{a}{b}")
      .partial({ a: slow("a"), b: slow("b") })
      .format({});
    expect(order).toEqual(["a starts", "b starts", "a ends", "b ends"]);
  });

  it("names a function that gives nothing as a missing variable", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}").partial({ a: () => undefined });
    await expect(prompt.format({})).rejects.toThrow('"a"');
  });

  it.each<[what: string, partials: Record<string, () => unknown>]>([
    ["throws", { a: fails }],
    ["rejects", { a: async () => fails() }],
    ["throws after another began", { first: async () => 1, a: fails }],
    ["throws after another began that rejects too", { first: async () => fails("first"), a: fails }],
  ])("rejects where a function %s, and leaves no rejection behind", async (_what, partials) => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    await expect(PromptTemplate.fromTemplate("{a}").partial(partials).format({})).rejects.toThrow("failed");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("takes outside names as data", async () => {
    const partials = JSON.parse('{"__proto__": "P", "constructor": "C"}') as Record<string, unknown>;
    const prompt = PromptTemplate.fromTemplate("{__proto__} {constructor} {x}").partial(partials);
    expect(prompt.inputVariables).toEqual(["x"]);
    expect(await prompt.format({ x: 1 } as never)).toBe("P C 1");
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it("keeps options and name", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}{b}", { maxLength: 3 });
    prompt.name = "mine";
    const half = prompt.partial({ a: "AA" });
    expect(half.getName()).toBe("mine");
    await expect(half.format({ b: "BB" })).rejects.toThrow("at most 3");
  });

  it("may be given with the template", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}{b}", { partialVariables: { a: "A" } });
    expect(prompt.inputVariables).toEqual(["b"]);
    expect(await prompt.format({ b: "B" })).toBe("AB");
  });

  it("is seen by subclasses through mergePartialAndUserVariables", async () => {
    const prompt = PromptTemplate.fromTemplate("{a}{b}").partial({ a: async () => "A" });
    expect(await prompt.mergePartialAndUserVariables({ b: "B" })).toEqual({ a: "A", b: "B" });
  });

  it("never writes to the caller's values", async () => {
    const values = Object.freeze({ b: "B" });
    expect(await PromptTemplate.fromTemplate("{a}{b}").partial({ a: "A" }).format(values)).toBe("AB");
    expect(values).toEqual({ b: "B" });
  });
});

function fails(what: string = "a"): never {
  throw new TypeError(`${what} failed`);
}

describe("subclasses", () => {
  class Shouting extends PromptTemplate<{ a: string }> {
    override async format(values: { a: string }): Promise<string> {
      return (await super.format(values)).toUpperCase();
    }
  }

  class Wrapped extends PromptTemplate<{ a: string }> {
    override async formatPromptValue(values: { a: string }): Promise<StringPromptValue> {
      return new StringPromptValue(`<${(await super.formatPromptValue(values)).value}>`);
    }
  }

  class Counting extends BaseStringPromptTemplate<{ words: string[] }> {
    override partial(): Counting {
      return this;
    }

    async format(values: { words: string[] }): Promise<string> {
      return `${values.words.length} words`;
    }
  }

  it("that replace format are used by every verb", async () => {
    const prompt = new Shouting({ template: "{a}!" });
    expect((await prompt.invoke({ a: "x" })).value).toBe("X!");
    expect((await prompt.formatPromptValue({ a: "x" })).value).toBe("X!");
  });

  it("that replace formatPromptValue are used by invoke", async () => {
    expect((await new Wrapped({ template: "{a}" }).invoke({ a: "x" })).value).toBe("<x>");
  });

  it("that implement formatPromptValue alone are whole prompts", async () => {
    class Doubled extends BasePromptTemplate<{ a: string }, StringPromptValue> {
      override partial(): Doubled {
        return this;
      }

      async formatPromptValue(values: { a: string }): Promise<StringPromptValue> {
        return new StringPromptValue(values.a + values.a);
      }
    }
    expect((await new Doubled({ inputVariables: ["a"] }).invoke({ a: "x" })).value).toBe("xx");
  });

  it("that implement format alone are whole prompts", async () => {
    const prompt = new Counting({ inputVariables: ["words"] });
    expect((await prompt.invoke({ words: ["a", "b"] })).value).toBe("2 words");
    expect(prompt.inputVariables).toEqual(["words"]);
    expect(prompt["~serialized"]().id).toEqual(["langchain_core", "prompts", "Counting"]);
  });
});

describe("a prompt of examples", () => {
  it("has them between prefix and suffix", async () => {
    const prompt = PromptTemplate.fromExamples(["1 {x}", "2"], "S {y}", ["x", "y"], "|", "P");
    expect(prompt.template).toBe("P|1 {x}|2|S {y}");
    expect(prompt.inputVariables).toEqual(["x", "y"]);
    expect(await prompt.format({ x: "a", y: "b" })).toBe("P|1 a|2|S b");
  });

  it("has empty lines between them, and no prefix", () => {
    expect(PromptTemplate.fromExamples(["1"], "S", []).template).toBe("\n\n1\n\nS");
  });

  it("has the variables that it is told", () => {
    expect(() => PromptTemplate.fromExamples(["{x}"], "", [])).toThrow(
      'Expected "x", a variable of the template, in inputVariables',
    );
  });
});
