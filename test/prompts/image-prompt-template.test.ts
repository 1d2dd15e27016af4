import { describe, expect, it } from "vitest";
import { ImagePromptValue } from "../../src/outputs/image-prompt-value.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";

describe("an image prompt", () => {
  const template = { url: "https://x.y/{bird}.jpg", detail: "{detail}", more: "{bird}" };

  it("fills its URL and its detail", async () => {
    const prompt = new ImagePromptTemplate({ template });
    expect(prompt.inputVariables).toEqual(["bird", "detail"]);
    expect(prompt.template).toBe(template);
    expect(await prompt.format({ bird: "wren", detail: "low" })).toEqual({
      url: "https://x.y/wren.jpg",
      detail: "low",
    });
    expect(prompt.getName()).toBe("ImagePromptTemplate");
  });

  it("gives a prompt value by every verb", async () => {
    const prompt = new ImagePromptTemplate({ template: { url: "{u}" } });
    for (const value of [await prompt.invoke({ u: "U" }), await prompt.formatPromptValue({ u: "U" })]) {
      expect(value).toBeInstanceOf(ImagePromptValue);
      expect(value.imageUrl).toEqual({ url: "U" });
    }
  });

  it("uses a format that a subclass replaces", async () => {
    class Local extends ImagePromptTemplate {
      override async format(): Promise<{ url: string }> {
        return { url: "local" };
      }
    }
    const prompt = new Local({ template: { url: "{u}" } });
    expect((await prompt.invoke({})).value).toBe("local");
  });

  it("holds values, sync and async, in a copy of its name", async () => {
    const prompt = new ImagePromptTemplate({ template, partialVariables: { detail: "high" } });
    prompt.name = "photo";
    const held = prompt.partial({ bird: async () => "owl" });
    expect(held.inputVariables).toEqual([]);
    expect(held.getName()).toBe("photo");
    expect(await held.format({})).toEqual({ url: "https://x.y/owl.jpg", detail: "high" });
    expect(prompt.inputVariables).toEqual(["bird"]);
  });

  it("is not told its URL by what it is filled with", async () => {
    const prompt = new ImagePromptTemplate({ template: { url: "ours" } });
    expect(await prompt.format({ url: "theirs", path: "/etc/passwd" })).toEqual({ url: "ours" });
  });

  it.each<[what: string, template: Record<string, unknown>]>([
    ["none", { detail: "low" }],
    ["an empty one", { url: "{u}" }],
    ["a number", { url: 5 }],
    ["one that is inherited", Object.create({ url: "x" })],
  ])("rejects where its URL is %s", async (_what, given) => {
    const prompt = new ImagePromptTemplate({ template: { ...given } });
    await expect(prompt.format({ u: "" })).rejects.toMatchObject({ code: "INVALID_PROMPT_INPUT" });
  });

  it("checks the variables that it is told", () => {
    expect(() => new ImagePromptTemplate({ template, inputVariables: ["bird"] })).toThrow(
      'Expected "detail", a variable of the template, in inputVariables',
    );
    const unchecked = new ImagePromptTemplate({ template, inputVariables: [], validateTemplate: false });
    expect(unchecked.inputVariables).toEqual([]);
  });

  it("names a missing variable without showing other values", async () => {
    const prompt = new ImagePromptTemplate({ template: { url: "{u}?key={key}" } });
    const error = (await prompt.format({ key: "sk-1" }).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ data: { variable: "u", given: ["key"] } });
    expect(error.message).not.toContain("sk-1");
  });
});
