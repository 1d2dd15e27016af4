import { describe, expect, it, vi } from "vitest";
import { type AbortControllerLike, createAbortController } from "../../src/streams/abort-controller.ts";
import { withoutGlobals } from "../helpers/runtime.ts";

async function ownController(): Promise<AbortControllerLike> {
  let made: AbortControllerLike | undefined;
  await withoutGlobals(["AbortController"], () => {
    made = createAbortController();
  });
  return made as AbortControllerLike;
}

describe("createAbortController", () => {
  it("is the runtime's own where there is one", () => {
    const controller = createAbortController();
    expect(controller).toBeInstanceOf(AbortController);
    expect(controller.signal).toBeInstanceOf(AbortSignal);
  });

  it("makes a signal of its own where there is none", async () => {
    const { signal } = await ownController();
    expect(signal).not.toBeInstanceOf(AbortSignal);
    expect(signal.aborted).toBe(false);
    expect(signal.reason).toBeUndefined();
    expect(signal.onabort).toBeNull();
    expect(() => signal.throwIfAborted()).not.toThrow();
  });
});

describe("the signal for runtimes that have none", () => {
  it("aborts once, with its reason", async () => {
    const { signal, abort } = await ownController();
    const heard = vi.fn();
    signal.addEventListener("abort", heard);
    const reason = new Error("over");
    abort(reason);
    abort(new Error("again"));
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(reason);
    expect(heard.mock.calls).toEqual([[{ type: "abort" }]]);
    expect(() => signal.throwIfAborted()).toThrow(reason);
  });

  it("tells onabort first, then listeners in order, each once, functions and objects alike", async () => {
    const { signal, abort } = await ownController();
    const order: string[] = [];
    const first = (): void => {
      order.push(signal.aborted ? "first, aborted" : "first");
    };
    const object = { handleEvent: (event: { type: string }) => order.push(`object, ${event.type}`) };
    signal.addEventListener("abort", first);
    signal.addEventListener("abort", first);
    signal.addEventListener("abort", object as unknown as EventListenerObject);
    signal.onabort = () => order.push("onabort");
    abort(undefined);
    expect(order).toEqual(["onabort", "first, aborted", "object, abort"]);
  });

  it("does not tell a listener that was removed, and lets go of all when it aborted", async () => {
    const { signal, abort } = await ownController();
    const removed = vi.fn();
    signal.addEventListener("abort", removed);
    signal.removeEventListener("abort", removed);
    abort("over");
    const late = vi.fn();
    signal.addEventListener("abort", late);
    expect(removed).not.toHaveBeenCalled();
    expect(late).not.toHaveBeenCalled();
  });
});
