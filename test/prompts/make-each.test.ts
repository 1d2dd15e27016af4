import { describe, expect, it } from "vitest";
import { makeEach, variablesOf } from "../../src/prompts/make-each.ts";

describe("makeEach", () => {
  it("needs no promise where none is given", () => {
    expect(makeEach([1, 2, 3], (one) => one * 2)).toEqual([2, 4, 6]);
    expect(makeEach([], () => 1)).toEqual([]);
  });

  it("begins with an item when those before it are made, and keeps their order", async () => {
    const log: string[] = [];
    const made = makeEach(["a", "b", "c", "d"], (item) => {
      log.push(`begin ${item}`);
      const end = (): string => {
        log.push(`end ${item}`);
        return item;
      };
      return item === "b" || item === "d" ? Promise.resolve().then(end) : item;
    });
    expect(log).toEqual(["begin a", "begin b"]);
    expect(await made).toEqual(["a", "b", "c", "d"]);
    expect(log).toEqual(["begin a", "begin b", "end b", "begin c", "begin d", "end d"]);
  });

  it("begins nothing more after a failure, so that no rejection is left behind", async () => {
    const begun: number[] = [];
    const make = (item: number): Promise<number> => {
      begun.push(item);
      return item === 2 ? Promise.reject(new Error("two")) : Promise.resolve(item);
    };
    await expect(makeEach([1, 2, 3], make)).rejects.toThrow("two");
    expect(begun).toEqual([1, 2]);
  });

  it("takes thousands that are waited for", async () => {
    const items = Array.from({ length: 5_000 }, (_, index) => index);
    expect(await makeEach(items, async (item) => item)).toEqual(items);
  });
});

it("variablesOf has each variable once, and none of parts without variables", () => {
  expect(variablesOf([{ inputVariables: ["b", "a"] }, {}, { inputVariables: ["a", "c"] }])).toEqual(["b", "a", "c"]);
});
