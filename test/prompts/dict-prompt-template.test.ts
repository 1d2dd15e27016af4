import { describe, expect, it, vi } from "vitest";
import { DictPromptTemplate } from "../../src/prompts/dict-prompt-template.ts";

describe("a prompt of plain data", () => {
  const template = { a: "{x}", list: ["{y}", 1, null, { deep: "{x}{z}" }], on: true };

  it("fills every string in it", async () => {
    const prompt = new DictPromptTemplate({ template });
    const filled = { a: "1", list: ["2", 1, null, { deep: "13" }], on: true };
    expect(prompt.inputVariables).toEqual(["x", "y", "z"]);
    expect(prompt.templateFormat).toBe("f-string");
    expect(prompt.template).toBe(template);
    expect(await prompt.format({ x: 1, y: 2, z: 3 })).toEqual(filled);
    expect(await prompt.invoke({ x: 1, y: 2, z: 3 })).toEqual(filled);
    expect(template.a).toBe("{x}");
  });

  it("runs as a prompt of its name", async () => {
    const handleChainStart = vi.fn();
    const prompt = new DictPromptTemplate({ template: { a: "{x}" } });
    await prompt.invoke({ x: 1 }, { callbacks: [{ handleChainStart }] });
    expect(handleChainStart.mock.calls[0]?.[1]).toEqual({ x: 1 });
    expect(handleChainStart.mock.calls[0]?.[6]).toBe("prompt");
    expect(handleChainStart.mock.calls[0]?.[7]).toBe("DictPromptTemplate");
  });

  it("uses a format that a subclass replaces", async () => {
    class Empty extends DictPromptTemplate {
      override async format(): Promise<Record<string, unknown>> {
        return {};
      }
    }
    expect(await new Empty({ template: { a: "x" } }).invoke({})).toEqual({});
  });

  it("names what is missing", async () => {
    const prompt = new DictPromptTemplate({ template: { a: "{x}", b: "{y}" } });
    await expect(prompt.format({ x: "sk-1" } as never)).rejects.toMatchObject({
      code: "INVALID_PROMPT_INPUT",
      data: { variable: "y", given: ["x"] },
    });
    await expect(prompt.invoke(undefined as never)).rejects.toMatchObject({ code: "INVALID_PROMPT_INPUT" });
  });

  it("refuses a template that cannot be read", () => {
    expect(() => new DictPromptTemplate({ template: { a: "{ x }" }, strict: true })).toThrow("lone {");
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(() => new DictPromptTemplate({ template: circle })).toThrow("at most 1000 levels");
  });
});
