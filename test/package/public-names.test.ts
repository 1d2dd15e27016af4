import { describe, expect, it } from "vitest";

/** What the package's doors give: a name that comes or goes is a decision. */
const doors = {
  ".": () => import("../../src/entries/index.ts"),
  "./errors": () => import("../../src/entries/errors.ts"),
  "./messages": () => import("../../src/entries/messages.ts"),
  "./outputs": () => import("../../src/entries/outputs.ts"),
  "./callbacks": () => import("../../src/entries/callbacks.ts"),
  "./runnables": () => import("../../src/entries/runnables.ts"),
  "./prompts": () => import("../../src/entries/prompts.ts"),
  "./parsers": () => import("../../src/entries/parsers.ts"),
  "./models": () => import("../../src/entries/models.ts"),
};

describe("the public names", () => {
  it.each(Object.entries(doors))("of %s are these", async (_door, open) => {
    expect(Object.keys(await open()).sort()).toMatchSnapshot();
  });

  it("of the root are those of all other doors", async () => {
    const root = new Set(Object.keys(await doors["."]()));
    for (const open of Object.values(doors)) {
      for (const name of Object.keys(await open())) expect(root).toContain(name);
    }
  });
});
