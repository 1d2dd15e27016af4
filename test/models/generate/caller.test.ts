import { inspect } from "node:util";
import { expect, test } from "vitest";
import { AsyncCaller } from "../../../src/models/calls/async-caller.ts";
import { HookedChatModel, result } from "../models.ts";
import "../../../src/models/generate/wiring.ts";

test("the caller of a model has no retries and no limit beside the model's own", async () => {
  let tries = 0;
  const model = new HookedChatModel({
    maxRetries: 2,
    maxConcurrency: 1,
    _generate(this: HookedChatModel) {
      return this.caller.call(async () => {
        tries += 1;
        throw Object.assign(new Error("busy"), { headers: { "retry-after": "0" } });
      });
    },
  });
  await expect(model.invoke("x")).rejects.toThrow("busy");
  expect(tries).toBe(3);
  expect(model.caller).toBe(model.caller);
  expect(new HookedChatModel().caller).not.toBe(model.caller);
});

test("the caller of a model may be replaced by its author, and is not shown", async () => {
  const caller = new AsyncCaller({ maxRetries: 0 });
  class Ported extends HookedChatModel {
    constructor() {
      super({ _generate: () => result("ok") });
      this.caller = caller;
    }
  }
  const model = new Ported();
  expect(model.caller).toBe(caller);
  expect(inspect(model)).not.toContain("caller");
});
