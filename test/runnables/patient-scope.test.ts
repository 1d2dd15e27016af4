import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { SimpleChatModel } from "../../src/models/simple-chat-model.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { outcomeOf, settle } from "../helpers/timing.ts";

/** Waits for its signal, and says when it came. */
function listening(heard: unknown[]): Runnable<string, string> {
  return RunnableLambda.from((_: string, { signal }: RunnableConfig) => {
    return new Promise<string>((_resolve, reject) => {
      signal?.addEventListener("abort", () => {
        heard.push(signal.reason);
        reject(signal.reason);
      });
    });
  });
}

describe("what works beside a branch or an item that fails", () => {
  const failing = RunnableLambda.from(async (_: string): Promise<string> => {
    await null;
    throw new Error("no");
  });

  it.each([
    ["with a signal", { signal: new AbortController().signal }],
    ["without one", {}],
  ])("hears of it by its signal, in a call %s", async (_name, config) => {
    const heard: unknown[] = [];
    const ended = expect.objectContaining({ name: "AbortError", cause: new Error("no") });
    const map = RunnableMap.from({ left: failing, right: listening(heard) });
    await expect(map.invoke("", config)).rejects.toThrow("no");
    const item = RunnableLambda.from((text: string) => (text === "x" ? failing : listening(heard)));
    await expect(item.batch(["x", ""], config)).rejects.toThrow("no");
    await expect(item.map().invoke(["x", ""], config)).rejects.toThrow("no");
    expect(heard).toEqual([ended, ended, ended]);
  });

  it("starts no further step", async () => {
    const steps: string[] = [];
    const slow = RunnableLambda.from(async (text: string) => {
      await settle(3);
      return text;
    }).pipe((text: string) => {
      steps.push(text);
      return text;
    });
    await expect(RunnableMap.from({ left: failing, right: slow }).invoke("a")).rejects.toThrow("no");
    const item = RunnableLambda.from((text: string): Runnable<string, string> => (text === "x" ? failing : slow));
    await expect(item.batch(["x", "b"])).rejects.toThrow("no");
    await settle(8);
    expect(steps).toEqual([]);
  });

  it("is tried no more", async () => {
    let tries = 0;
    const flaky = RunnableLambda.from(async (_: string): Promise<string> => {
      tries += 1;
      throw new Error("busy");
    }).withRetry({ stopAfterAttempt: 5, initialDelayMs: 5 });
    await expect(RunnableMap.from({ left: failing, right: flaky }).invoke("a")).rejects.toThrow("no");
    expect(tries).toBe(1);
  });
});

class Hanging extends SimpleChatModel {
  override _llmType(): string {
    return "hanging";
  }

  override _call(): Promise<string> {
    return new Promise(() => undefined);
  }
}

class HangingStream extends Hanging {
  override async *_streamResponseChunks(): AsyncGenerator<never> {
    await new Promise(() => undefined);
  }
}

describe("a run that is observed inside of what is not", () => {
  const letters = RunnableLambda.from(async function* (text: string) {
    yield text;
    await new Promise(() => undefined);
  });
  const deaf: [string, Runnable<string, unknown>][] = [
    ["a generate hook", new Hanging({}) as unknown as Runnable<string, unknown>],
    ["a stream hook", new HangingStream({}) as unknown as Runnable<string, unknown>],
    ["a generator", letters],
    ["a function", RunnableLambda.from(() => new Promise<string>(() => undefined))],
  ];

  it.each(deaf)("is closed when the whole is aborted, also where it hangs (%s)", async (_name, model) => {
    const log = new RunLog();
    const watched = model.withConfig({ callbacks: [log.handler] });
    const map = RunnableMap.from({ left: (text: string) => text, right: watched });
    const controller = new AbortController();
    const outcome = outcomeOf(map.invoke("x", { signal: controller.signal }));
    await settle();
    controller.abort(new Error("over"));
    await outcome;
    await settle(4);
    expect(log.lines.map((line) => line.split(" ")[0])).toEqual(["start", "error"]);
    expect(faultsOf(log)).toEqual([]);
  });
});
