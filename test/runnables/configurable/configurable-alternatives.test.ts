import { describe, expect, it, vi } from "vitest";
import "../../../src/runnables/configurable/wiring.ts";
import "../../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableConfigurableAlternatives } from "../../../src/runnables/configurable/configurable-alternatives.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import type { Runnable } from "../../../src/runnables/runnable.ts";
import { type Call, recordingHandler } from "../../helpers/handlers.ts";
import { assertNoPoisoning } from "../../helpers/poisoning.ts";
import { Upper } from "../../helpers/runnables.ts";
import { collect } from "../../helpers/steps.ts";

const hello = RunnableLambda.from((name: string) => `hello ${name}`, { name: "hello" });
const pick = (language: unknown): RunnableConfig => ({ configurable: { language } });
const greet = hello.configurableAlternatives(
  { id: "language" },
  {
    alternatives: {
      french: (name: string) => `bonjour ${name}`,
      loud: new Upper(),
      late: () => RunnableLambda.from((name: string) => `at last ${name}`),
    },
  },
);

describe("configurableAlternatives", () => {
  it.each<[string, RunnableConfig | undefined, string]>([
    ["itself without a config", undefined, "hello ada"],
    ["itself without configurable", {}, "hello ada"],
    ["itself where nothing is chosen", pick(undefined), "hello ada"],
    ["itself by the default's name", pick("default"), "hello ada"],
    ["a function", pick("french"), "bonjour ada"],
    ["another runnable", pick("loud"), "ADA"],
    ["what a function without parameters makes", pick("late"), "at last ada"],
  ])("runs %s", async (_name, config, expected) => {
    expect(await greet.invoke("ada", config)).toBe(expected);
    expect((await collect(await greet.stream("ada", config))).join("")).toBe(expected);
    expect((await collect(greet.transform(["a", "da"], config))).join("")).toBe(expected);
    expect(await greet.batch(["ada"], config)).toEqual([expected]);
  });

  it("chooses for each item of a batch by its own config", async () => {
    const outputs = await greet.batch(["a", "b", "c"], [pick("french"), {}, pick("loud")], { maxConcurrency: 1 });
    expect(outputs).toEqual(["bonjour a", "hello b", "C"]);
  });

  it("streams chunk by chunk through what can", async () => {
    expect(await collect(greet.transform(["a", "b"], pick("loud")))).toEqual(["A", "B"]);
  });

  it("refuses alternatives that are not under their key, with the form", () => {
    const make = (): unknown =>
      RunnableLambda.from((text: string) => text).configurableAlternatives({ id: "which" }, {
        other: RunnableLambda.from((text: string) => text),
      } as never);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
    expect(make).toThrow("{ alternatives: { name: runnable } }");
  });

  it("goes by another name of the default, and is not chosen by the usual one then", async () => {
    const named = hello.configurableAlternatives({ id: "l" }, { alternatives: {}, defaultKey: "english" });
    expect(await named.invoke("ada", { configurable: { l: "english" } })).toBe("hello ada");
    await expect(named.invoke("ada", { configurable: { l: "default" } })).rejects.toMatchObject({
      data: { id: "l", known: ["english"] },
    });
  });

  it.each<[string, unknown, string]>([
    ["an unknown name", "german", '"german"'],
    ["an inherited name", "constructor", '"constructor"'],
    ["__proto__", "__proto__", '"__proto__"'],
    ["a number", 5, "a number 5"],
  ])("refuses %s, and names those it has", async (_name, chosen, shown) => {
    const failure = { code: "INVALID_CONFIG", data: { id: "language", known: ["default", "french", "loud", "late"] } };
    await expect(greet.invoke("ada", pick(chosen))).rejects.toMatchObject(failure);
    await expect(greet.invoke("ada", pick(chosen))).rejects.toThrow(
      `Expected configurable.language to be one of default, french, loud, late; got ${shown}.`,
    );
    await expect(greet.stream("ada", pick(chosen))).rejects.toMatchObject(failure);
    await expect(greet.pipe((text) => text).stream("ada", pick(chosen))).rejects.toMatchObject(failure);
    await expect(greet.transform(["ada"], pick(chosen)).next()).rejects.toMatchObject(failure);
    assertNoPoisoning();
  });

  it("takes __proto__ as a name like any other", async () => {
    const alternatives = JSON.parse('{"__proto__": 1}');
    Object.defineProperty(alternatives, "__proto__", { value: (name: string) => `odd ${name}`, enumerable: true });
    const odd = hello.configurableAlternatives({ id: "__proto__" }, { alternatives });
    expect(await odd.invoke("ada", { configurable: JSON.parse('{"__proto__": "__proto__"}') })).toBe("odd ada");
    expect(await odd.invoke("ada", { configurable: {} })).toBe("hello ada");
  });

  it("makes a late alternative once, and again where it failed", async () => {
    const make = vi.fn(() => RunnableLambda.from((name: string) => name));
    const once = hello.configurableAlternatives({ id: "l" }, { alternatives: { made: () => make() } });
    expect(make).not.toHaveBeenCalled();
    for (const name of ["a", "b"]) expect(await once.invoke(name, { configurable: { l: "made" } })).toBe(name);
    expect(make).toHaveBeenCalledTimes(1);
    make.mockImplementationOnce(() => {
      throw new Error("not yet");
    });
    const again = hello.configurableAlternatives({ id: "l" }, { alternatives: { made: () => make() } });
    await expect(again.invoke("a", { configurable: { l: "made" } })).rejects.toThrow("not yet");
    expect(await again.invoke("a", { configurable: { l: "made" } })).toBe("a");
  });

  it("refuses what is no runnable, when it is chosen", async () => {
    const wrong = hello.configurableAlternatives({ id: "l" }, { alternatives: { wrong: () => "text" as never } });
    expect(await wrong.invoke("ada")).toBe("hello ada");
    await expect(wrong.invoke("ada", { configurable: { l: "wrong" } })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("refuses an alternative by the name of the default", () => {
    const alternatives = { default: (name: string) => name };
    expect(() => hello.configurableAlternatives({ id: "l" }, { alternatives })).toThrow(
      'Expected no alternative by the name of the default, "default". Give the default another defaultKey.',
    );
    expect(() => hello.configurableAlternatives({ id: "l" }, { alternatives, defaultKey: "x" })).not.toThrow();
  });

  it("has no run of its own; the chosen one's takes the name and the tags of the call", async () => {
    const calls: Call[] = [];
    const config = { ...pick("late"), callbacks: [recordingHandler(calls)], tags: ["t"], runName: "mine" };
    await greet.invoke("ada", config);
    await greet.pipe((text) => text).invoke("ada", { ...config, ...pick("loud"), runName: undefined });
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((call) => [call[8], call[5]])).toEqual([
      ["mine", ["t"]],
      ["RunnableSequence", ["t"]],
      ["Upper", ["seq:step:1", "t"]],
      ["RunnableLambda", ["seq:step:2", "t"]],
    ]);
    expect([greet.getName(), RunnableConfigurableAlternatives.lc_name()]).toEqual([
      "hello",
      "RunnableConfigurableAlternatives",
    ]);
  });

  it("works in maps, lists, retries and fallbacks, and within alternatives", async () => {
    const map = RunnableMap.from({
      plain: greet,
      each: RunnableLambda.from((name: string) => [name]).pipe(greet.map()),
    });
    expect(await map.invoke("ada", pick("french"))).toEqual({ plain: "bonjour ada", each: ["bonjour ada"] });
    expect(await greet.withRetry().invoke("ada", pick("french"))).toBe("bonjour ada");
    expect(await greet.withFallbacks([hello]).invoke("ada", pick("none"))).toBe("hello ada");
    const outer: Runnable<string, string> = hello.configurableAlternatives(
      { id: "outer" },
      { alternatives: { inner: greet } },
    );
    expect(await outer.invoke("ada", { configurable: { outer: "inner", language: "loud" } })).toBe("ADA");
  });
});
