import type { BaseMessage } from "../messages/base-message.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { callWithRun } from "../runnables/run-call.ts";
import { Runnable } from "../runnables/runnable.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import type { InputValues } from "./prompt-input.ts";

/** What makes some of the messages of a chat prompt. Subclasses implement `formatMessages`. */
export abstract class BaseMessagePromptTemplate<Values extends object = InputValues> extends Runnable<
  Values,
  BaseMessage[]
> {
  /** The names of the values that it is filled with. */
  abstract readonly inputVariables: readonly string[];

  /** Fills it. */
  abstract formatMessages(values: Values): Promise<BaseMessage[]>;

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "chat"];
  }

  override get "~runType"(): string {
    return "prompt";
  }

  override "~call"(input: Values, config: RunnableConfig | undefined): MaybePromise<BaseMessage[]> {
    return callWithRun(this, input, config, () => collectMessages((messages) => this["~addMessages"](input, messages)));
  }

  /** @internal Adds its messages to a list, without a promise where nothing has to be waited for. */
  "~addMessages"(values: Values, messages: BaseMessage[]): MaybePromise<void> {
    return this.formatMessages(values).then((made) => {
      for (const message of made) messages.push(message);
    });
  }
}

/** What adds messages to a list, as the list. */
export function collectMessages(add: (messages: BaseMessage[]) => MaybePromise<void>): MaybePromise<BaseMessage[]> {
  const messages: BaseMessage[] = [];
  return andThen(add(messages), () => messages);
}

/** Whether a value makes messages, also one of another copy of the package. */
export function isMessagePromptTemplate(value: unknown): value is BaseMessagePromptTemplate {
  return Runnable.isRunnable(value) && "formatMessages" in value && "~addMessages" in value;
}
