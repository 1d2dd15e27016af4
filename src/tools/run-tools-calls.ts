import { isRaised } from "../callbacks/raised-errors.ts";
import { AbortError } from "../errors/abort-error.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { toPlainError } from "../errors/plain-error.ts";
import type { MessageContent } from "../messages/content.ts";
import { ToolMessage } from "../messages/tool.ts";
import type { InvalidToolCall, ToolCall } from "../messages/tool-call.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { attachLimit, sharedLimit } from "../runnables/limited-config.ts";
import { RunContext } from "../runnables/run-context.ts";
import { callStep, coerceLike, type Runnable } from "../runnables/runnable.ts";
import { scopeOf } from "../runnables/scoped-config.ts";
import { CancelScope } from "../streams/cancel-scope.ts";
import { MapSource } from "../streams/map-source.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { PoolSource } from "../streams/pool.ts";
import { ReaderLeft } from "../streams/reader-left.ts";
import type { Source } from "../streams/source.ts";
import { toAnswer, toText } from "./tool-answer.ts";
import type { StructuredToolInterface } from "./tool-types.ts";

/** What a model asked for, also where it cannot be read. */
export type AskedCall = ToolCall | InvalidToolCall;

/** What becomes of a failed call: told to the model by its message, thrown, or told in the words that are made of it. */
export type ToolErrorPolicy =
  | "message"
  | "throw"
  | ((error: unknown, call: ToolCall | InvalidToolCall) => MaybePromise<MessageContent>);

/**
 * Has the calls of a turn answered, side by side: the first that fails ends the others. Gives each answer as soon as it is
 * there, and puts it into the list, in the calls' order.
 */
export function answerCalls(
  calls: readonly AskedCall[],
  answers: ToolMessage[],
  { config: given, scope: parent, run }: RunContext,
  tag: string,
  answer: (call: AskedCall, config: RunnableConfig) => Promise<ToolMessage>,
): Source<ToolMessage> {
  const scope = new CancelScope({ parent });
  const config = new RunContext(given, scope, run).ownConfig(tag);
  const shared = sharedLimit(config);
  attachLimit(config, shared);
  const pool = new PoolSource(calls, (call) => answer(call, config), {
    shared,
    onFailure: (cause) => scope.cancel(new AbortError({ message: "Another call of the turn failed.", cause })),
    onDone: () => scope.dispose(),
  });
  const ended: Source<[number, ToolMessage | Error]> = {
    pull: (sink) => pool.pull(sink),
    close: (cause) => {
      const closing = pool.close();
      scope.cancel(cause ?? new ReaderLeft());
      return closing;
    },
  };
  return new MapSource(ended, ([place, answer]) => {
    const message = answer as ToolMessage; // The pool keeps no errors.
    answers[place] = message;
    return message;
  });
}

/** Answers one call, if only with what went wrong. */
export async function answerCall(
  call: AskedCall,
  tools: ReadonlyMap<string, StructuredToolInterface>,
  config: RunnableConfig,
  policy: ToolErrorPolicy,
): Promise<ToolMessage> {
  const asked = { args: undefined, call: undefined, id: call.id ?? "" };
  const answered = (output: unknown, status: "success" | "error"): unknown =>
    toAnswer(call.name ?? "", asked, output, { status, metadata: undefined });
  try {
    const output = await callStep(toolOf(call, tools), { ...call, type: "tool_call" } as never, config);
    const answer = answered(output, "success");
    // What claims to be a whole answer need not be a message, and models are only given those.
    return (ToolMessage.isInstance(answer) ? answer : answered(toText(output), "success")) as ToolMessage;
  } catch (error) {
    if (scopeOf(config)?.cancelled || policy === "throw" || isRaised(error)) throw error;
    const told = policy === "message" ? toPlainError(error).message || "The tool failed." : policy(error, call);
    return answered(await told, "error") as ToolMessage;
  }
}

function toolOf(call: AskedCall, tools: ReadonlyMap<string, StructuredToolInterface>): Runnable<never, unknown> {
  const tool = tools.get(call.name ?? "");
  if (tool !== undefined && Object.hasOwn(call, "args") && typeof call.args === "object") return coerceLike(tool);
  const problem =
    tool === undefined
      ? `There is no tool "${call.name ?? ""}". There are: ${[...tools.keys()].join(", ") || "none"}.`
      : `The arguments cannot be read: ${(call as InvalidToolCall).error ?? "expected a JSON object."}`;
  throw new LinnetError(problem, { code: "INVALID_INPUT", data: { tool: call.name } });
}
