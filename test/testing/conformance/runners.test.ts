import { describe, expect, test, vi } from "vitest";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import "../../../src/runnables/wiring.ts";
import { chatModelConformance } from "../../../src/testing/conformance/conformance.ts";

describe("the rules run in", () => {
  const rules = chatModelConformance(() => new ChatParrotLink({ model: "m", parrotBufferLength: 100 }));

  describe("vitest", () => {
    for (const { name, skip, run: check } of rules) test.skipIf(skip)(name, check);
  });

  test.each(rules)("vitest, as rows: $name", ({ run: check }) => check());
});

test("a rule leaves no timer, kept or broken", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  class Stuck extends ChatParrotLink {
    override invoke(): Promise<never> {
      return new Promise(() => {});
    }
  }
  for (const Model of [ChatParrotLink, Stuck]) {
    const rules = chatModelConformance(() => new Model({ model: "m", parrotBufferLength: 100 }));
    for (const { run: check } of rules) {
      const done = check().catch(() => {});
      let isOver = false;
      void done.then(() => {
        isOver = true;
      });
      while (!isOver) await vi.advanceTimersByTimeAsync(1000);
      expect(vi.getTimerCount()).toBe(0);
    }
  }
  vi.useRealTimers();
});
