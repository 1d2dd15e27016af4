import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { BaseCallbackHandler } from "../../src/callbacks/base-callback-handler.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { type ConfigureHook, registerConfigureHook } from "../../src/callbacks/configure-hooks.ts";
import { configureSlot } from "../../src/callbacks/configure-slot.ts";
import { setContextVariable } from "../../src/callbacks/context-variables.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { settle } from "../helpers/timing.ts";

let storage: AsyncLocalStorage<unknown>;
let unregister: (() => void)[];

beforeEach(() => {
  storage = new AsyncLocalStorage();
  unregister = [];
  installAsyncContext(new StorageContext(storage));
});

afterEach(() => {
  for (const take of unregister) take();
  installAsyncContext(undefined);
  storage.disable();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

function register(hook: ConfigureHook): void {
  unregister.push(registerConfigureHook(hook));
}

const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
const outer = RunnableLambda.from((text: string, config) => inner.invoke(text, config), { name: "outer" });
const TREE = ["start outer", "start inner", "end inner", "end outer"];

/** Calls in a task of its own, so that what is set there ends with it. */
const apart = <Result>(call: () => Result): Promise<Awaited<Result>> => Promise.resolve().then(call) as never;

describe("a hook of a context variable", () => {
  it.each([true, undefined, false])(
    "tells its handler of every run started there (inheritable: %s)",
    async (inheritable) => {
      register({ contextVar: "tracer", inheritable });
      const log = new RunLog();
      await apart(async () => {
        setContextVariable("tracer", log.handler);
        await outer.invoke("a");
        for await (const _ of await outer.stream("a"));
        await outer.batch(["a"]);
      });
      expect(log.lines).toEqual([...TREE, ...TREE, ...TREE]);
      expect(faultsOf(log)).toEqual([]);
    },
  );

  it("says whether those below, whom the variable does not reach, are told of", () => {
    const handler: CallbackHandler = { name: "h" };
    const handlersBelow = (inheritable: boolean): unknown => {
      const take = registerConfigureHook({ contextVar: "tracer", inheritable });
      const manager = storage.run(undefined, () => {
        setContextVariable("tracer", handler);
        return CallbackManager.configure();
      });
      take();
      return manager?.inheritableHandlers;
    };
    expect(handlersBelow(true)).toEqual([handler]);
    expect(handlersBelow(false)).toEqual([]);
  });

  it("adds to the handlers of a config, and tells one that is there already once", async () => {
    register({ contextVar: "tracer" });
    register({ contextVar: "tracer" });
    const log = new RunLog();
    const own = new RunLog();
    await apart(async () => {
      setContextVariable("tracer", log.handler);
      await outer.invoke("a", { callbacks: [own.handler, log.handler] });
      await outer.invoke("a", { callbacks: [own.handler] });
    });
    expect(log.lines).toEqual([...TREE, ...TREE]);
    expect(own.lines).toEqual([...TREE, ...TREE]);
  });

  it("takes a list of handlers, and nothing for none", async () => {
    register({ contextVar: "tracer" });
    const logs = [new RunLog(), new RunLog()];
    await apart(async () => {
      setContextVariable("tracer", [...logs.map(({ handler }) => handler), undefined]);
      await inner.invoke("a");
      setContextVariable("tracer", undefined);
      await inner.invoke("a");
    });
    for (const log of logs) expect(log.lines).toEqual(["start inner", "end inner"]);
  });

  it("makes no run where the variable is not set", () => {
    register({ contextVar: "tracer" });
    expect(CallbackManager.configure()).toBeUndefined();
    const manager = CallbackManager.fromHandlers({});
    expect(CallbackManager.configure(manager)).toBe(manager);
  });

  it("refuses what is no handler", async () => {
    register({ contextVar: "tracer" });
    await apart(async () => {
      setContextVariable("tracer", "me");
      await expect(inner.invoke("a")).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    });
  });

  it("keeps 50 calls at once apart, in generators too", async () => {
    register({ contextVar: "tracer" });
    const generator = RunnableLambda.from(
      async function* (text: string) {
        await settle(1);
        yield await inner.invoke(text);
        yield await inner.invoke(text);
      },
      { name: "outer" },
    );
    const logs = Array.from({ length: 50 }, () => new RunLog());
    await Promise.all(
      logs.map(async (log) => {
        setContextVariable("tracer", log.handler);
        for await (const _ of await generator.stream("a"));
      }),
    );
    const expected = ["start outer", "start inner", "end inner", "start inner", "end inner", "end outer"];
    for (const log of logs) expect([log.lines, faultsOf(log)]).toEqual([expected, []]);
  });

  it("is not told of the runs that handlers start themselves, nor of those below", async () => {
    register({ contextVar: "tracer" });
    const lines: string[] = [];
    const handler: CallbackHandler = {
      handleChainStart: async (_serialized, _inputs, _id, _parent, _tags, _metadata, _type, name) => {
        lines.push(String(name));
        await outer.invoke("from a handler");
        await settle(1);
        await outer.invoke("from a handler");
      },
    };
    await apart(async () => {
      setContextVariable("tracer", handler);
      await outer.invoke("a");
    });
    expect(lines).toEqual(["outer", "inner"]);
  });
});

describe("a hook of the environment", () => {
  let made: RunLog[];
  class Hooked extends BaseCallbackHandler {
    name = "hooked";
    constructor() {
      super();
      const log = new RunLog();
      made.push(log);
      Object.assign(this, log.handler, { name: "hooked" });
    }
  }
  const hook = { envVar: "LINNET_TEST_HOOK", handlerClass: Hooked };

  beforeEach(() => {
    made = [];
  });

  it("tells one handler of all runs while the variable is true", async () => {
    register(hook);
    await outer.invoke("a");
    for (const value of ["", "false", "1"]) {
      vi.stubEnv(hook.envVar, value);
      await outer.invoke("a");
    }
    expect(made).toEqual([]);
    vi.stubEnv(hook.envVar, "true");
    await outer.invoke("a");
    installAsyncContext(undefined);
    await outer.invoke("a");
    vi.stubEnv(hook.envVar, "");
    await outer.invoke("a");
    expect(made.map(({ lines }) => lines)).toEqual([[...TREE, ...TREE]]);
  });

  it.each<[string, unknown]>([
    ["no process", undefined],
    ["no environment", {}],
    [
      "one that may not be read",
      {
        get env() {
          throw new Error("needs --allow-env");
        },
      },
    ],
  ])("is off with %s", (_name, process) => {
    register(hook);
    vi.stubGlobal("process", process);
    expect(CallbackManager.configure()).toBeUndefined();
  });

  it("may stand beside a context variable", async () => {
    register({ ...hook, contextVar: "tracer" });
    vi.stubEnv(hook.envVar, "true");
    const log = new RunLog();
    await apart(async () => {
      setContextVariable("tracer", log.handler);
      await outer.invoke("a");
    });
    expect([log.lines, ...made.map(({ lines }) => lines)]).toEqual([TREE, TREE]);
  });
});

describe("registerConfigureHook", () => {
  it("gives what takes the hook away, and leaves nothing behind", async () => {
    const log = new RunLog();
    const first = registerConfigureHook({ contextVar: "tracer" });
    const second = registerConfigureHook({ contextVar: "tracer" });
    await apart(async () => {
      setContextVariable("tracer", log.handler);
      first();
      first();
      await inner.invoke("a");
      second();
      await inner.invoke("a");
    });
    expect(log.lines).toEqual(["start inner", "end inner"]);
    expect(configureSlot.hooks).toBeUndefined();
  });

  it("leaves a run that is under way its handlers", async () => {
    const log = new RunLog();
    const take = registerConfigureHook({ contextVar: "tracer" });
    const leaving = RunnableLambda.from(
      async (text: string, config: RunnableConfig) => {
        take();
        return inner.invoke(text, config);
      },
      { name: "outer" },
    );
    await apart(async () => {
      setContextVariable("tracer", log.handler);
      await leaving.invoke("a");
    });
    expect(log.lines).toEqual(TREE);
  });

  it.each<[string, object, RegExp]>([
    ["nothing to look for", {}, /got neither/],
    ["a variable of the environment without a class", { envVar: "A" }, /envVar "A" without a class/],
    ["the same, beside a context variable", { envVar: "A", contextVar: "b" }, /envVar "A" without a class/],
    ["a class alone", { handlerClass: class {} }, /got neither/],
  ])("refuses %s", (_name, hook, message) => {
    expect(() => registerConfigureHook(hook)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringMatching(message) }),
    );
  });
});
