import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expectTypeOf, it } from "vitest";
import { AsyncLocalStorageProviderSingleton as provider } from "../../src/callbacks/async-local-storage-provider.ts";
import { BaseCallbackHandler } from "../../src/callbacks/base-callback-handler.ts";
import type { BaseCallbackConfig } from "../../src/callbacks/callback-config.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { registerConfigureHook } from "../../src/callbacks/configure-hooks.ts";
import { getContextVariable } from "../../src/callbacks/context-variables.ts";
import { dispatchCustomEvent } from "../../src/callbacks/dispatch.ts";
import { type FlushReport, flushCallbacks } from "../../src/callbacks/flush.ts";
import type { CallbackHandler, HandleLLMNewTokenCallbackFields, NewTokenFields } from "../../src/callbacks/handler.ts";
import type { Redact, RedactPlace } from "../../src/callbacks/redact.ts";
import { redactText } from "../../src/callbacks/redact-text.ts";
import { runListeners } from "../../src/callbacks/run-listeners.ts";
import type { RunRecord } from "../../src/callbacks/run-record.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";

class Printer extends BaseCallbackHandler {
  name = "printer";
  override awaitHandlers = false;
}

describe("handlers", () => {
  it("take the peer's names of flags and fields", () => {
    new Printer({ _awaitHandler: false, ignoreLLM: true, raiseError: true });
    expectTypeOf<HandleLLMNewTokenCallbackFields>().toEqualTypeOf<NewTokenFields>();
    expectTypeOf(new Printer().copy()).toEqualTypeOf<Printer>();
    expectTypeOf(new Printer().flush(5)).toEqualTypeOf<Promise<FlushReport>>();
    expectTypeOf(new Printer()).toExtend<CallbackHandler>();
  });

  it("are told of the arguments of their moment", () => {
    expectTypeOf<Parameters<NonNullable<CallbackHandler["handleChatModelStreamEvent"]>>>().toEqualTypeOf<
      [event: unknown, runId: string, parentRunId?: string | undefined, tags?: string[] | undefined]
    >();
    // The order in which it is called: the run's kind comes after its place.
    expectTypeOf<Parameters<NonNullable<CallbackHandler["handleChainStart"]>>[3]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Parameters<NonNullable<CallbackHandler["handleChainStart"]>>[4]>().toEqualTypeOf<
      string[] | undefined
    >();
    // @ts-expect-error: no such flag.
    expectTypeOf({ ignoreEverything: true } satisfies CallbackHandler);
  });
});

describe("configs of callbacks", () => {
  it("are a part of the config of a call", () => {
    expectTypeOf<RunnableConfig>().toExtend<BaseCallbackConfig>();
    expectTypeOf(dispatchCustomEvent).toBeCallableWith("name", { any: 1 }, {} as RunnableConfig);
    expectTypeOf(dispatchCustomEvent).toBeCallableWith("name", 5);
  });
});

describe("redaction", () => {
  it("is a function of a value and its place", () => {
    expectTypeOf(redactText((text) => text.toUpperCase())).toEqualTypeOf<Redact>();
    expectTypeOf<Parameters<Redact>>().toEqualTypeOf<[value: unknown, place: RedactPlace]>();
    expectTypeOf(new CallbackManager(undefined, { redact: (value) => value }).redact).toEqualTypeOf<
      Redact | undefined
    >();
  });
});

describe("runListeners", () => {
  it("tell of the record and of the config that they are given", () => {
    const handler = runListeners(
      [
        {
          onStart: (run, config) => {
            expectTypeOf(run).toEqualTypeOf<RunRecord>();
            expectTypeOf(config).toEqualTypeOf<{ a: number } | undefined>();
          },
          onEnd: async () => {},
        },
      ],
      { a: 1 },
    );
    expectTypeOf(handler).toEqualTypeOf<CallbackHandler>();
  });
});

describe("flushCallbacks", () => {
  it("reports what was lost", () => {
    expectTypeOf(flushCallbacks(5, [new Printer()])).resolves.toEqualTypeOf<FlushReport>();
    expectTypeOf<FlushReport["lost"]>().toEqualTypeOf<number>();
  });
});

describe("the async context", () => {
  it("takes any AsyncLocalStorage", () => {
    expectTypeOf(provider.initializeGlobalInstance).toBeCallableWith(new AsyncLocalStorage());
    expectTypeOf(provider.initializeGlobalInstance).toBeCallableWith(new AsyncLocalStorage<{ mine: string }>());
    expectTypeOf(provider.runWithConfig({}, () => 1)).toEqualTypeOf<number>();
    expectTypeOf(provider.getRunnableConfig<RunnableConfig>()).toEqualTypeOf<RunnableConfig | undefined>();
    expectTypeOf(provider.getRunnableConfig()).toExtend<Partial<RunnableConfig> | undefined>();
  });

  it("has variables of unknown type, or of the one that is named", () => {
    expectTypeOf(getContextVariable("name")).toEqualTypeOf<unknown>();
    expectTypeOf(getContextVariable<string>(Symbol("name"))).toEqualTypeOf<string | undefined>();
  });

  it("is looked into by hooks", () => {
    expectTypeOf(registerConfigureHook({ contextVar: "a", inheritable: false })).toEqualTypeOf<() => void>();
    expectTypeOf(registerConfigureHook).toBeCallableWith({ envVar: "A", handlerClass: Printer });
    // @ts-expect-error: a class of something else.
    registerConfigureHook({ envVar: "A", handlerClass: Date });
  });
});

describe("managers", () => {
  it("take verbose last", () => {
    type Options = Parameters<typeof CallbackManager.configure>[6];
    expectTypeOf<{ verbose: true; tracing: false }>().toExtend<Options>();
  });

  it("may be given other handlers", () => {
    const manager = new CallbackManager();
    manager.handlers = [new Printer(), { handleText: () => {} }];
    expectTypeOf(manager.handlers).toEqualTypeOf(manager.inheritableHandlers);
  });
});
