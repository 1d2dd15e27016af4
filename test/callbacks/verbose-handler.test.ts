import { afterEach, describe, expect, it, vi } from "vitest";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { ConsoleCallbackHandler } from "../../src/callbacks/tracers/console.ts";
import { setVerboseHandler } from "../../src/callbacks/verbose-handler.ts";

afterEach(() => setVerboseHandler(undefined));

const configure = (verbose: boolean | undefined, inheritable?: CallbackManager | CallbackHandler[]) =>
  CallbackManager.configure(inheritable, undefined, undefined, undefined, undefined, undefined, { verbose });

const console: CallbackHandler = { name: "console_callback_handler" };

describe("CallbackManager.configure with verbose", () => {
  it("adds one console handler, which children inherit", () => {
    setVerboseHandler(() => console);
    const manager = configure(true);
    expect(manager?.handlers).toEqual([console]);
    expect(manager?.inheritableHandlers[0]).toBe(console);
    expect(configure(true, manager)?.handlers).toEqual([console]);
  });

  it("adds it to the others", () => {
    setVerboseHandler(() => console);
    const other: CallbackHandler = {};
    expect(configure(true, [other])?.handlers).toEqual([other, console]);
    const manager = CallbackManager.fromHandlers(other);
    expect(configure(true, manager)?.handlers).toEqual([other, console]);
    expect(manager.handlers).toEqual([other]);
  });

  it("adds none to the console handler that the application gave", () => {
    setVerboseHandler(() => console);
    const own: CallbackHandler = { name: "console_callback_handler" };
    const handlers = configure(true, [own])?.handlers;
    expect(handlers).toHaveLength(1);
    expect(handlers?.[0]).toBe(own);
  });

  it("makes the handler when it is first needed, one for all runs", () => {
    const make = vi.fn(() => ({ ...console }));
    setVerboseHandler(make);
    expect(make).not.toHaveBeenCalled();
    const handlers = [configure(true), configure(true)].map((manager) => manager?.handlers[0]);
    expect(handlers[0]).toBe(handlers[1]);
    expect(make).toHaveBeenCalledTimes(1);
    setVerboseHandler(() => console);
    expect(configure(true)?.handlers[0]).toBe(console);
  });

  it.each([false, undefined])("adds none for %s", (verbose) => {
    setVerboseHandler(() => console);
    expect(configure(verbose)).toBeUndefined();
    const manager = CallbackManager.fromHandlers({});
    expect(configure(verbose, manager)).toBe(manager);
  });

  it("names the import where no console handler was imported", () => {
    expect(() => configure(true)).toThrow(
      expect.objectContaining({ code: "NOT_WIRED", message: expect.stringContaining('Import "linnet"') }),
    );
  });

  it("takes `tracing`, which says nothing here", () => {
    const options = { tracing: true };
    expect(
      CallbackManager.configure(undefined, undefined, undefined, undefined, undefined, undefined, options),
    ).toBeUndefined();
  });
});

describe("the wiring of the console", () => {
  it("makes it a ConsoleCallbackHandler", async () => {
    await import("../../src/callbacks/tracers/wiring.ts");
    const manager = configure(true);
    expect(manager?.handlers).toEqual([expect.any(ConsoleCallbackHandler)]);
    expect(configure(true, [new ConsoleCallbackHandler()])?.handlers).toHaveLength(1);
  });
});
