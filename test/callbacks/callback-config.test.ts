import { describe, expect, it } from "vitest";
import { parseCallbackConfigArg } from "../../src/callbacks/callback-config.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";

describe("parseCallbackConfigArg", () => {
  const handlers = [{ name: "one" }];
  const manager = CallbackManager.fromHandlers({});
  const config = { tags: ["a"], callbacks: handlers };

  it.each<[string, Parameters<typeof parseCallbackConfigArg>[0], object]>([
    ["nothing", undefined, {}],
    ["null", null as never, {}],
    ["a list of handlers", handlers, { callbacks: handlers }],
    ["a manager", manager, { callbacks: manager }],
    ["a config", config, config],
  ])("takes %s", (_name, given, expected) => {
    expect(parseCallbackConfigArg(given)).toEqual(expected);
  });

  it("gives a config as it is", () => {
    expect(parseCallbackConfigArg(config)).toBe(config);
  });
});
