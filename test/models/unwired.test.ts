import { expect, test } from "vitest";
import { HookedChatModel, HookedLLM, result } from "./models.ts";

const _generate = () => result("ok");

/** Nothing here may import the wiring, nor a cache, a rate limiter or what they need. */
test.each<[string, () => unknown, string]>([
  ["cache: true", () => new HookedChatModel({ cache: true, _generate }).invoke("x"), "cache or limit"],
  ["cache: true, streamed", () => new HookedChatModel({ cache: true, _generate }).stream("x"), "cache or limit"],
  [
    "a cache of one's own",
    () => new HookedChatModel({ cache: { lookup: () => null, update() {} }, _generate }).invoke("x"),
    "cache or limit",
  ],
  ["maxConcurrency", () => new HookedChatModel({ maxConcurrency: 1, _generate }).invoke("x"), "cache or limit"],
  [
    "a rate limiter of one's own",
    () => new HookedLLM({ rateLimiter: { acquire: () => true }, _call: () => "x" }).invoke("x"),
    "cache or limit",
  ],
  ["generate", () => new HookedChatModel({ _generate }).generate([["x"]]), "generate"],
  ["generatePrompt", () => new HookedChatModel({ _generate }).generatePrompt([]), "generate"],
  ["generate of an LLM", () => new HookedLLM({ _call: () => "x" }).generate(["x"]), "generate"],
  ["outputVersion", () => new HookedChatModel({ outputVersion: "v1", _generate }).invoke("x"), "outputVersion"],
  ["caller", async () => new HookedChatModel({ _generate }).caller, "caller"],
])("a model that needs a part nobody imported says which import is missing: %s", async (_what, call, part) => {
  await expect(call()).rejects.toMatchObject({
    code: "NOT_WIRED",
    message: `A model's ${part} is not wired. Import "linnet" once.`,
  });
});

test("a caller of an author's own needs no import", () => {
  const caller = { call: () => 1 };
  const model = new HookedChatModel({ _generate });
  model.caller = caller as never;
  expect(model.caller).toBe(caller);
});
