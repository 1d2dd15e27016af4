import { describe, expect, it } from "vitest";
import { LengthBasedExampleSelector } from "../../src/prompts/length-based-example-selector.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";

const examplePrompt = PromptTemplate.fromTemplate("{q}");
const examples = [{ q: "a b" }, { q: "c" }, { q: "d\ne f" }, { q: "g" }];

describe("examples by length", () => {
  it.each<[maxLength: number, input: string, chosen: number]>([
    [0, "", 0],
    [2, "", 0],
    [3, "", 1],
    [3, "x y", 0],
    [4, "x y", 1],
    [5, "x y", 2],
    [7, "x y", 2],
    [8, "x y", 3],
    [9, "x y", 4],
    [9, "x\ny z", 3],
  ])("with room for %d and the input %j are %d", async (maxLength, input, chosen) => {
    const selector = await LengthBasedExampleSelector.fromExamples(examples, { examplePrompt, maxLength });
    expect(await selector.selectExamples({ input })).toEqual(examples.slice(0, chosen));
  });

  it("count all values of the input", async () => {
    const selector = await LengthBasedExampleSelector.fromExamples(examples, { examplePrompt, maxLength: 4 });
    expect(await selector.selectExamples({ a: "x", b: "y" })).toHaveLength(1);
    expect(await selector.selectExamples({ a: "x", b: "y", c: "z" })).toHaveLength(0);
  });

  it("may be measured otherwise", async () => {
    const fields = { examplePrompt, maxLength: 5, getTextLength: (text: string) => text.length };
    const selector = await LengthBasedExampleSelector.fromExamples(examples, fields);
    expect(selector.exampleTextLengths).toEqual([3, 1, 5, 1]);
    expect(await selector.selectExamples({ input: "xy" })).toEqual([{ q: "a b" }]);
  });

  it("that cannot be measured are left out", async () => {
    const selector = await LengthBasedExampleSelector.fromExamples(examples, {
      examplePrompt,
      getTextLength: () => Number.NaN,
    });
    expect(await selector.selectExamples({})).toEqual([]);
  });

  it("may be added, two at a time too", async () => {
    const selector = new LengthBasedExampleSelector({ examplePrompt });
    expect(selector.maxLength).toBe(2048);
    await Promise.all([selector.addExample({ q: "a b" }), selector.addExample({ q: "c" })]);
    expect(selector.exampleTextLengths).toEqual([2, 1]);
    const chosen = await selector.selectExamples({ input: "x" });
    expect(chosen).toEqual([{ q: "a b" }, { q: "c" }]);
    chosen.pop();
    expect(await selector.selectExamples({ input: "x" })).toHaveLength(2);
  });

  it("without a value for their prompt are not kept", async () => {
    const selector = new LengthBasedExampleSelector({ examplePrompt });
    await expect(selector.addExample({})).rejects.toMatchObject({ code: "INVALID_PROMPT_INPUT" });
    expect(await selector.selectExamples({})).toEqual([]);
  });
});
