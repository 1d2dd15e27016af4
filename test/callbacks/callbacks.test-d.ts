import { describe, expectTypeOf, it } from "vitest";
import { BaseCallbackHandler } from "../../src/callbacks/base-callback-handler.ts";
import type { BaseCallbackConfig } from "../../src/callbacks/callback-config.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { dispatchCustomEvent } from "../../src/callbacks/dispatch.ts";
import { type FlushReport, flushCallbacks } from "../../src/callbacks/flush.ts";
import type { CallbackHandler, HandleLLMNewTokenCallbackFields, NewTokenFields } from "../../src/callbacks/handler.ts";
import type { Redact, RedactPlace } from "../../src/callbacks/redact.ts";
import { redactText } from "../../src/callbacks/redact-text.ts";
import { type RunRecord, runListeners } from "../../src/callbacks/run-listeners.ts";
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
