import { afterEach, describe, expect, it, test, vi } from "vitest";
import { atLeast, terminalFormat } from "../../../src/callbacks/tracers/console-terminal.ts";

afterEach(() => vi.unstubAllGlobals());

describe("terminalFormat", () => {
  test.each<[what: string, isTTY: boolean | undefined, env: Record<string, string> | undefined, colors: boolean]>([
    ["on a terminal", true, {}, true],
    ["not in a pipe", undefined, {}, false],
    ["not in a file", false, {}, false],
    ["on a terminal without an environment", true, undefined, true],
    ["not with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["with an empty NO_COLOR", true, { NO_COLOR: "" }, true],
    ["not on a dumb terminal", true, { TERM: "dumb" }, false],
    ["with FORCE_COLOR in a pipe", false, { FORCE_COLOR: "1" }, true],
    ["with an empty FORCE_COLOR", false, { FORCE_COLOR: "" }, true],
    ["with FORCE_COLOR in spite of NO_COLOR", false, { FORCE_COLOR: "3", NO_COLOR: "1" }, true],
    ["not with FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, false],
    ["not with FORCE_COLOR=false", true, { FORCE_COLOR: "false" }, false],
  ])("has colours %s", (_what, isTTY, env, colors) => {
    vi.stubGlobal("process", { env, stdout: { isTTY } });
    expect(terminalFormat().colors).toBe(colors);
  });

  test.each<[what: string, process: unknown]>([
    ["without a process", undefined],
    ["where a bundler fills in a process", { env: { FORCE_COLOR: "1" } }],
  ])("has no colours %s", (_what, process) => {
    vi.stubGlobal("process", process);
    expect(terminalFormat()).toEqual({ columns: 100, colors: false });
  });

  it("goes by the terminal where the environment may not be read", () => {
    const env = new Proxy(
      {},
      {
        get: () => {
          throw new Error("not allowed");
        },
      },
    );
    vi.stubGlobal("process", { env, stdout: { isTTY: true, columns: 120 } });
    expect(terminalFormat()).toEqual({ columns: 120, colors: true });
  });
});

describe("atLeast", () => {
  test.each([
    [undefined, 100],
    [0, 100],
    [Number.NaN, 100],
    [1, 40],
    [80, 80],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("%s columns are %d", (asked, columns) => {
    expect(atLeast(asked)).toBe(columns);
  });
});
