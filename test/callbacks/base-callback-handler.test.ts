import { describe, expect, it } from "vitest";
import { BaseCallbackHandler } from "../../src/callbacks/handler.ts";

class Quiet extends BaseCallbackHandler {
  name = "quiet";
}

const FLAGS = [
  "ignoreLLM",
  "ignoreChain",
  "ignoreAgent",
  "ignoreRetriever",
  "ignoreCustomEvent",
  "raiseError",
] as const;

describe("BaseCallbackHandler", () => {
  it.each(FLAGS)("has %s off unless told otherwise", (flag) => {
    expect(new Quiet()[flag]).toBe(false);
    const others = FLAGS.filter((other) => other !== flag);
    const told = new Quiet({ [flag]: true });
    expect(told[flag]).toBe(true);
    for (const other of others) expect(told[other]).toBe(false);
  });

  it("is made of a plain object of methods and flags, with this in place", () => {
    const methods = {
      ignoreChain: true,
      seen: "",
      handleText(text: string): void {
        this.seen = text;
      },
    };
    const handler = BaseCallbackHandler.fromMethods(methods);
    expect(handler).toBeInstanceOf(BaseCallbackHandler);
    expect(handler.name).toBe("handler_from_methods");
    expect(handler.ignoreChain).toBe(true);
    expect(handler.raiseError).toBe(false);
    handler.handleText?.("hello", "id");
    expect((handler as unknown as typeof methods).seen).toBe("hello");
    expect(methods.seen).toBe("");
  });
});
