import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import { messageChunkToMessage } from "../messages/convert-to-chunk.ts";
import type { ToolMessage } from "../messages/tool.ts";
import type { BasePromptValue } from "../outputs/prompt-value.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { callWithRun } from "../runnables/run-call.ts";
import type { RunContext } from "../runnables/run-context.ts";
import { streamWithRun } from "../runnables/run-source.ts";
import { callStep, coerceLike, openStep, Runnable } from "../runnables/runnable.ts";
import { type Accumulator, accumulate } from "../streams/accumulator.ts";
import { gatherWithin } from "../streams/gather.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { MapSource, SKIP } from "../streams/map-source.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import { type ToolCallingModel, withTools } from "./bind-tools.ts";
import { type AskedCall, answerCall, answerCalls, type ToolErrorPolicy } from "./run-tools-calls.ts";
import { RunToolsOutput, type RunToolsStep, type RunToolsStopReason } from "./run-tools-output.ts";
import { SuccessiveSource } from "./run-tools-source.ts";
import { isStructuredTool } from "./tool-guards.ts";
import type { StructuredToolInterface } from "./tool-types.ts";

/** What a loop starts from: a person's text, messages, or what a prompt made. */
export type RunToolsInput = string | BasePromptValue | MessageLike | readonly MessageLike[];

/** How {@link runTools} goes about it. */
export interface RunToolsOptions {
  /**
   * How many turns may be taken, at least 1. The calls of the last one are still answered, so that the messages can be gone on
   * from. Default: 10.
   */
  maxSteps?: number | undefined;
  /** Asked after each turn in which tools were called: whether to stop there. Default: never. */
  stopWhen?: ((step: RunToolsStep) => MaybePromise<boolean>) | undefined;
  /**
   * What becomes of an error of a tool, of arguments that do not fit, and of a call of no tool or without readable arguments. An
   * abort of the loop, and what a handler with `raiseError` throws, are always thrown. Default: `message`.
   */
  onToolError?: ToolErrorPolicy | undefined;
  /** The name in traces. Default: `runTools`. */
  name?: string | undefined;
}

/**
 * A model that is asked, has the tools that it wants called, hears their answers and is asked again, until it wants none.
 * What comes out is a runnable: `invoke` gives the whole, `stream` its pieces (tokens, tools' answers as they come, messages,
 * turns), and leaving the stream
 * or an abort ends whatever is under way. The calls of a turn run side by side, within the config's `maxConcurrency`; the
 * config's callbacks, tags and signal reach every call.
 *
 * A tool with `returnDirect` that did not fail ends the loop with its answer.
 *
 * @param model one with `bindTools`, also inside of `withRetry`, `withConfig`, `bind`, `withListeners`, `withFallbacks`,
 *   `configurableFields` or as the last model of a sequence; what was given tools before keeps those. A runnable in which no
 *   model can be seen, such as a function, is taken to know of the tools.
 * @throws LinnetError `INVALID_INPUT` for what is no tool, and for two tools of one name; `INVALID_CONFIG` for a `maxSteps`
 *   below 1; `NOT_SUPPORTED` for a chat model without `bindTools`, and for one that cannot be told of the tools where it is.
 *
 * @example
 * ```ts
 * import { runTools, tool } from "linnet";
 * import { fakeModel } from "linnet/testing";
 *
 * const model = fakeModel()
 *   .respondWithTools([{ name: "weather", args: { city: "Bern" } }])
 *   .respond("Sunny.");
 * const weather = tool(({ city }: { city: string }) => `${city}: 21 degrees`, {
 *   name: "weather",
 *   description: "Tells the weather.",
 *   schema: { type: "object", properties: { city: { type: "string" } } },
 * });
 *
 * const agent = runTools(model, [weather], { maxSteps: 5 });
 * for await (const { token, messages } of agent.astream("How is Bern?")) {
 *   if (token !== undefined) console.log(token.text);
 *   for (const message of messages) console.log(message.type); // ai, tool, ai
 * }
 * ```
 */
export function runTools(
  model: ToolCallingModel,
  tools: readonly StructuredToolInterface[],
  options: RunToolsOptions = {},
): RunTools {
  return new RunTools(model, tools, options);
}

/** What {@link runTools} makes. */
export class RunTools extends Runnable<RunToolsInput, RunToolsOutput> {
  readonly #model: Runnable<BaseMessage[], BaseMessage>;
  readonly #tools: ReadonlyMap<string, StructuredToolInterface>;
  readonly #maxSteps: number;
  readonly #stopWhen: RunToolsOptions["stopWhen"];
  readonly #onToolError: ToolErrorPolicy;

  constructor(model: ToolCallingModel, tools: readonly StructuredToolInterface[], options: RunToolsOptions = {}) {
    super();
    const { maxSteps = 10, onToolError = "message", stopWhen, name = "runTools" } = options;
    if (!(maxSteps >= 1)) {
      throw new LinnetError(`Expected maxSteps to be a number of at least 1, got ${describeValue(maxSteps)}.`, {
        code: "INVALID_CONFIG",
      });
    }
    this.name = name;
    this.#tools = toolsByName(tools);
    this.#model = coerceLike(withTools(model, [...this.#tools.values()])) as Runnable<BaseMessage[], BaseMessage>;
    this.#maxSteps = maxSteps;
    this.#stopWhen = stopWhen;
    this.#onToolError = onToolError;
  }

  static override lc_name(): string {
    return "RunTools";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["linnet", "tools"];
  }

  /** @internal */
  override "~call"(input: RunToolsInput, config: RunnableConfig | undefined): MaybePromise<RunToolsOutput> {
    return callWithRun(this, input, config, (context) =>
      gatherWithin(this.#open(input, context, false), context.scope),
    ) as MaybePromise<RunToolsOutput>;
  }

  /** @internal */
  override "~open"(input: RunToolsInput, config: RunnableConfig | undefined): Source<RunToolsOutput> {
    return streamWithRun(this, input, config, (context) => this.#open(input, context, true));
  }

  #open(input: RunToolsInput, context: RunContext, isStream: boolean): Source<RunToolsOutput> {
    return new SuccessiveSource(this.#steps(toMessages(input), context, isStream));
  }

  /** The parts of the loop, each over before the next one is made. */
  *#steps(messages: BaseMessage[], context: RunContext, isStream: boolean): Generator<Source<RunToolsOutput>> {
    for (let number = 1; ; number += 1) {
      const said = new Said();
      yield this.#ask([...messages], context.childConfig(`step:${number}`), isStream, said);
      const message = said.message();
      const calls = [...message.tool_calls, ...message.invalid_tool_calls.filter(({ id }) => id)];
      if (calls.length === 0) {
        const steps = [{ number, message, toolMessages: [] }];
        yield new SingleSource(new RunToolsOutput({ messages: [message], steps, stopReason: "answer", message }));
        return;
      }
      yield new SingleSource(new RunToolsOutput({ messages: [message] }));
      const toolMessages: ToolMessage[] = [];
      const answers = answerCalls(calls, toolMessages, context, `step:${number}`, (call, config) =>
        answerCall(call, this.#tools, config, this.#onToolError),
      );
      yield new MapSource(answers, (toolMessage) => (isStream ? new RunToolsOutput({ toolMessage }) : SKIP));
      messages.push(message, ...toolMessages);
      let isOver = false;
      yield new LazySource(() =>
        andThen(this.#endOf({ number, message, toolMessages }, calls), (piece) => {
          isOver = piece.stopReason !== undefined;
          return new SingleSource(piece);
        }),
      );
      if (isOver) return;
    }
  }

  #ask(
    messages: BaseMessage[],
    config: RunnableConfig | undefined,
    isStream: boolean,
    said: Said,
  ): Source<RunToolsOutput> {
    const source = isStream
      ? openStep(this.#model, messages, config)
      : new LazySource(() => andThen(callStep(this.#model, messages, config), (message) => new SingleSource(message)));
    return new MapSource<BaseMessage, RunToolsOutput>(source, (chunk) => {
      said.add(chunk);
      return isStream && AIMessageChunk.isInstance(chunk) ? new RunToolsOutput({ token: chunk }) : SKIP;
    });
  }

  #endOf(step: RunToolsStep, calls: readonly AskedCall[]): MaybePromise<RunToolsOutput> {
    const direct = step.toolMessages.filter(
      ({ status }, place) => status !== "error" && this.#tools.get(calls[place]?.name ?? "")?.returnDirect === true,
    );
    const end = (stopReason: RunToolsStopReason | undefined): RunToolsOutput => {
      const message = stopReason && (direct[direct.length - 1] ?? step.message);
      return new RunToolsOutput({ messages: step.toolMessages, steps: [step], stopReason, message });
    };
    if (direct.length > 0) return end("returnDirect");
    return andThen(this.#stopWhen?.(step) ?? false, (stops) =>
      end(stops ? "stopWhen" : step.number >= this.#maxSteps ? "maxSteps" : undefined),
    );
  }
}

/** What a model says in a turn: whole, or chunk by chunk. */
class Said {
  #sum: Accumulator<BaseMessage> | undefined = undefined;

  add(given: BaseMessage): void {
    if (this.#sum === undefined) this.#sum = accumulate(given);
    else this.#sum.add(given);
  }

  message(): AIMessage {
    const given: unknown = this.#sum?.value();
    if (AIMessage.isInstance(given)) return messageChunkToMessage(given) as AIMessage;
    throw new LinnetError(
      `Expected the model to answer with an AI message, got ${describeValue(given)}. Leave parsers out of what runTools is given.`,
      { code: "INVALID_INPUT" },
    );
  }
}

function toMessages(input: RunToolsInput): BaseMessage[] {
  const value = input as Partial<BasePromptValue>;
  if (typeof value?.toChatMessages === "function") return [...value.toChatMessages()];
  return (Array.isArray(input) ? input : [input]).map(coerceMessageLikeToMessage);
}

function toolsByName(tools: readonly StructuredToolInterface[]): Map<string, StructuredToolInterface> {
  const byName = new Map<string, StructuredToolInterface>();
  if (!Array.isArray(tools)) {
    throw new LinnetError(`Expected a list of tools, got ${describeValue(tools)}. Give [] for none.`, {
      code: "INVALID_INPUT",
    });
  }
  for (const tool of tools) {
    if (!isStructuredTool(tool)) {
      throw new LinnetError(`Expected tools such as tool() makes, got ${describeValue(tool)}.`, {
        code: "INVALID_INPUT",
      });
    }
    if (byName.has(tool.name)) {
      throw new LinnetError(`Expected tools of different names, got two called "${tool.name}".`, {
        code: "INVALID_INPUT",
        data: { tool: tool.name },
      });
    }
    byName.set(tool.name, tool);
  }
  return byName;
}
