import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { configureSlot } from "../../src/callbacks/configure-slot.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import { StringOutputParser } from "../../src/parsers/string-output-parser.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";

const storage = new AsyncLocalStorage<unknown>();

afterEach(() => {
  configureSlot.hooks = undefined;
  installAsyncContext(undefined);
  storage.disable();
});

const same = RunnableLambda.from((input: unknown) => input);

// These ask at once whether anybody could observe them, and then make no bookkeeping at all.
describe.each<[string, Runnable<never, unknown>, unknown]>([
  ["RunnableSequence", same.pipe(same) as Runnable<never, unknown>, 1],
  ["PromptTemplate", PromptTemplate.fromTemplate("{name}") as Runnable<never, unknown>, { name: "Ada" }],
  ["StrOutputParser", new StringOutputParser() as Runnable<never, unknown>, "Ada"],
])("a call of a %s without a config", (name, runnable, input) => {
  /** The names of the runs that a handler hears of. */
  function listener(): { heard: unknown[]; handleChainStart: (...told: unknown[]) => void } {
    const heard: unknown[] = [];
    return { heard, handleChainStart: (...told) => void heard.push(told[7]) };
  }

  it("is told to the handlers of hooks", async () => {
    const handler = listener();
    configureSlot.hooks = () => [[handler, true]];
    await runnable.invoke(input as never);
    expect(handler.heard).toContain(name);
  });

  it("is told to the handlers of the run around it, where a context is installed", async () => {
    installAsyncContext(new StorageContext(storage));
    const handler = listener();
    const around = RunnableLambda.from(() => runnable.invoke(input as never), { name: "around" });
    await around.invoke(0, { callbacks: [handler] });
    expect(handler.heard).toEqual(expect.arrayContaining(["around", name]));
  });
});
