import { describe, expect, it } from "vitest";
import {
  BaseCallbackHandler,
  type BaseCallbackHandlerInput,
  callbackHandlerPrefersStreaming,
  ensureHandler,
  isBaseCallbackHandler,
} from "../../src/callbacks/base-callback-handler.ts";

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

  it.each<[BaseCallbackHandlerInput, boolean]>([
    [{}, true],
    [{ awaitHandlers: true }, true],
    [{ awaitHandlers: false }, false],
    [{ _awaitHandler: true }, true],
    [{ _awaitHandler: false }, false],
    [{ awaitHandlers: false, _awaitHandler: true }, false],
    [{ _awaitHandler: false, raiseError: true }, true],
    [{ awaitHandlers: false, raiseError: true }, false],
  ])("made with %j is awaited: %s", (flags, awaited) => {
    expect(new Quiet(flags).awaitHandlers).toBe(awaited);
  });

  it("is copied with its class, its flags and its methods", () => {
    class Named extends BaseCallbackHandler {
      name = "named";
      told = 0;
      override handleText(): void {
        this.told += 1;
      }
    }
    const handler = new Named({ ignoreLLM: true, awaitHandlers: false });
    handler.handleText();
    const copy = handler.copy() as Named;
    expect(copy).toBeInstanceOf(Named);
    expect(copy).not.toBe(handler);
    expect([copy.ignoreLLM, copy.awaitHandlers, copy.ignoreChain, copy.told]).toEqual([true, false, false, 0]);
    const handleText = (): void => {};
    const made = BaseCallbackHandler.fromMethods({ handleText, ignoreChain: true }).copy();
    expect([made.handleText, made.ignoreChain]).toEqual([handleText, true]);
  });

  it("shows its name in JSON and nothing that it holds", () => {
    const handler = Object.assign(new Quiet(), { key: "sk-live" });
    expect(JSON.parse(JSON.stringify({ handler }))).toEqual({
      handler: { lc: 1, type: "not_implemented", id: ["langchain_core", "callbacks", "quiet"] },
    });
  });
});

describe("ensureHandler", () => {
  it("makes a handler of a class of a plain one, and leaves others as they are", () => {
    const handler = new Quiet();
    expect(ensureHandler(handler)).toBe(handler);
    const handleText = (): void => {};
    const made = ensureHandler({ name: "plain", handleText, awaitHandlers: false });
    expect(made).toBeInstanceOf(BaseCallbackHandler);
    expect([made.name, made.handleText, made.awaitHandlers]).toEqual(["plain", handleText, false]);
  });
});

describe("what is known of a handler", () => {
  it("is whether it is of a class", () => {
    expect(isBaseCallbackHandler(new Quiet())).toBe(true);
    expect(isBaseCallbackHandler({ name: "plain" })).toBe(false);
    expect(isBaseCallbackHandler(undefined)).toBe(false);
  });

  it("is whether it wants models to stream", () => {
    expect(callbackHandlerPrefersStreaming(Object.assign(new Quiet(), { lc_prefer_streaming: true }))).toBe(true);
    expect(callbackHandlerPrefersStreaming({ lc_prefer_streaming: false })).toBe(false);
    expect(callbackHandlerPrefersStreaming(new Quiet())).toBe(false);
  });
});
