import { expect, test } from "vitest";
import { HookedChatModel, result } from "./models.ts";

/** Nothing here may import the wiring, nor a cache, a rate limiter or what they need. */
test("a model that needs a part nobody imported says which import is missing", async () => {
  const _generate = () => result("ok");
  await expect(new HookedChatModel({ cache: true, _generate }).invoke("x")).rejects.toMatchObject({
    code: "NOT_WIRED",
  });
  await expect(new HookedChatModel({ maxConcurrency: 1, _generate }).invoke("x")).rejects.toThrow('Import "linnet"');
  await expect(new HookedChatModel({ _generate }).generate([["x"]])).rejects.toThrow("generate is not wired");
});
