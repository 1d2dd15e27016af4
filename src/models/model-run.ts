import { asyncContext } from "../callbacks/async-context.ts";
import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import { newRunId } from "../callbacks/run-id.ts";
import type { GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { contextIterable } from "../runnables/context-iterable.ts";
import { RetryPolicy } from "../runnables/retry-policy.ts";
import { callWithRun } from "../runnables/run-call.ts";
import { RunContext } from "../runnables/run-context.ts";
import { streamWithRunAs, type ToldStream } from "../runnables/run-source.ts";
import { type Accumulator, accumulate } from "../streams/accumulator.ts";
import { AnswerSource } from "../streams/answer-source.ts";
import { AttemptSource, callAttempts } from "../streams/attempts.ts";
import { CancelScope } from "../streams/cancel-scope.ts";
import { IteratorSource, nextOf } from "../streams/iterator-source.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { MapSource } from "../streams/map-source.ts";
import { andThen, fromAuthor, isPromiseLike, type MaybePromise, whenSettled } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { TimedSource } from "../streams/timed-source.ts";
import { type BaseLanguageModelCallOptions, toCallOptions } from "./call-options.ts";
import type { AnyHookedModel, Hook, HookedModel, StreamHookResult } from "./hooked-model.ts";

/** What a call's run ends with: the result of a generate hook, or the sum of a stream hook. */
type Answer<Chunk> = LLMResult | Chunk;

/** Calls a model: its generate hook, or its stream hook summed where it has no other, or a listener wants tokens. */
export function callModel<Input, Chunk extends GenerationChunk, Output>(
  model: HookedModel<Input, Chunk, Output>,
  input: Input,
  config: RunnableConfig | undefined,
): MaybePromise<Output> {
  return new ModelRun(model, input).call(config, {
    finish: (answer, runId) => (isResult(answer) ? model["~outputOf"](answer) : model["~outputOfSum"](answer, runId)),
    finishGiven: (given, runId) => model["~toOutput"](given, runId),
  });
}

/** The same with all that the model said. @param finish what the caller gets of it. */
export function answerModel<Input, Chunk extends GenerationChunk, Output, Finished>(
  model: HookedModel<Input, Chunk, Output>,
  input: Input,
  config: RunnableConfig | undefined,
  finish: (answer: Answer<Chunk>, runId: string) => Finished,
): MaybePromise<Finished> {
  return new ModelRun(model, input).call(config, { finish });
}

/** Streams a model: its stream hook, or the answer of its generate hook as one chunk. */
export function streamModel<Input, Chunk extends GenerationChunk, Output>(
  model: HookedModel<Input, Chunk, Output>,
  input: Input,
  config: RunnableConfig | undefined,
): Source<Output> {
  const run = new ModelRun(model, input);
  return model["~streamHook"]() !== undefined && mayStream(model, config)
    ? run.stream(config)
    : run.streamAnswer(config);
}

/** How an answer becomes what the caller gets. */
interface Finishing<Chunk, Finished> {
  finish(answer: Answer<Chunk>, runId: string): Finished;
  /** The same at once from what a generate hook gave, where no run has to be told of the result. Default: by the result. */
  finishGiven?(given: unknown, runId: string): Finished;
}

class ModelRun<Input, Chunk extends GenerationChunk, Output> implements ToldStream<Chunk, Output> {
  readonly #model: HookedModel<Input, Chunk, Output>;
  readonly #input: Input;

  constructor(model: HookedModel<Input, Chunk, Output>, input: Input) {
    this.#model = model;
    this.#input = input;
  }

  call<Finished>(
    config: RunnableConfig | undefined,
    { finish, finishGiven }: Finishing<Chunk, Finished>,
  ): MaybePromise<Finished> {
    const model = this.#model;
    let runId = "";
    let isFinished = false;
    const answer = callWithRun<Answer<Chunk> | Finished>(model, this.#input, model["~limited"](config), (context) => {
      runId = runIdOf(context);
      const hook = this.#hookOf(context);
      if (hook === undefined) return this.#sum(context, runId);
      if (context.run !== undefined || finishGiven === undefined) {
        return this.#ask(hook, context, (given) => model["~toResult"](given, runId));
      }
      isFinished = true;
      return this.#ask(hook, context, (given) => finishGiven(given, runId));
    });
    if (isFinished) return answer as MaybePromise<Finished>;
    return andThen(answer as MaybePromise<Answer<Chunk>>, (given) => finish(given, runId));
  }

  streamAnswer(config: RunnableConfig | undefined): Source<Output> {
    const model = this.#model;
    return new AnswerSource(() =>
      this.call(config, {
        finish: (answer, runId) =>
          isResult(answer) ? model["~streamedResult"](answer, runId) : model["~streamedChunk"](answer),
      }),
    );
  }

  stream(config: RunnableConfig | undefined): Source<Output> {
    return streamWithRunAs(this.#model, this.#input, config, this);
  }

  unobserved(context: RunContext): Source<Output> {
    const model = this.#model;
    const id = streamId(runIdOf(context));
    return this.#chunks(context, (given) => model["~toStreamed"](given, id));
  }

  observed(context: RunContext): Source<Chunk> {
    return this.#toldChunks(context, llmRunOf(context) as CallbackManagerForLLMRun);
  }

  handOn(chunk: Chunk): Output {
    return this.#model["~streamedChunk"](chunk);
  }

  /** The generate hook; undefined where the stream hook is summed in its place. */
  #hookOf(context: RunContext): Hook<Input, unknown> | undefined {
    const model = this.#model;
    const hook = model["~generateHook"]();
    const streams = model["~streamHook"]() !== undefined;
    const prefers = context.run?.prefersStreaming && mayStream(model, context.config);
    if (streams && (hook === undefined || prefers)) return undefined;
    if (hook === undefined) throw model["~missingHook"]();
    return hook;
  }

  /** Asks the generate hook, by the model's path and as often as its retries say. */
  #ask<Read>(hook: Hook<Input, unknown>, context: RunContext, read: (given: unknown) => Read): MaybePromise<Read> {
    const model = this.#model;
    const path = model["~path"]();
    const policy = this.#retries(context);
    if (path === undefined && policy === undefined) return andThen(this.#enter(hook, context), read);
    const enter = (): MaybePromise<unknown> => this.#enter(hook, context);
    const attempt = (): MaybePromise<Read> =>
      andThen(path === undefined ? enter() : path.answer({ model, input: this.#input, context }, enter), read);
    return policy === undefined ? attempt() : callAttempts(attempt, policy);
  }

  /** Reads the stream hook to its end, telling of its chunks where somebody observes. */
  async #sum(context: RunContext, runId: string): Promise<Chunk> {
    const run = llmRunOf(context);
    const model = this.#model;
    const source =
      run === undefined
        ? this.#chunks(context, (given) => model["~toChunk"](given, streamId(runId)))
        : this.#toldChunks(context, run);
    // Once its scope ends the hook must be left; a source that is closed answers no more.
    let leave: (cause: Error) => void = () => undefined;
    const next = (): Promise<IteratorResult<Chunk, undefined>> =>
      new Promise((resolve, reject) => {
        leave = reject;
        nextOf(source).then(resolve, reject);
      });
    const release = context.scope?.onCancel((cause) => whenSettled(source.close(cause), () => leave(cause)));
    let sum: Accumulator<Chunk> | undefined;
    try {
      for (let result = await next(); !result.done; result = await next()) {
        await run?.chunk(result.value);
        if (sum === undefined) sum = accumulate(result.value);
        else sum.add(result.value);
      }
    } catch (error) {
      void source.close();
      throw error;
    } finally {
      release?.();
    }
    if (sum === undefined) throw model["~missingOutput"]();
    return sum.value();
  }

  #toldChunks(context: RunContext, run: CallbackManagerForLLMRun): Source<Chunk> {
    const model = this.#model;
    const id = streamId(run.runId);
    run["~expectChunks"]();
    return this.#chunks(context, (given) => {
      run["~given"](given);
      return model["~toChunk"](given, id);
    });
  }

  /** What the stream hook gives, within the model's own time limit, opened again while it fails before its first chunk. */
  #chunks<Item>(context: RunContext, map: (given: unknown) => Item): Source<Item> {
    const { timeout } = this.#model;
    const open = (opened: RunContext): Source<Item> => {
      const attempt = (): Source<Item> => new MapSource(this.#hookSource(opened), map);
      const policy = this.#retries(opened);
      return policy === undefined ? attempt() : new AttemptSource(attempt, policy);
    };
    if (timeout === undefined) return open(context);
    return new TimedSource(
      () => new CancelScope({ parent: context.scope, timeout }),
      (scope) => open(new RunContext(context.config, scope, context.run)),
    );
  }

  /** The one budget of a call: its own, or its model's. */
  #retries({ config, scope }: RunContext): RetryPolicy | undefined {
    const { maxRetries, onFailedAttempt } = this.#model;
    const retries = (config as BaseLanguageModelCallOptions | undefined)?.maxRetries ?? maxRetries;
    return retries > 0 ? new RetryPolicy({ stopAfterAttempt: retries + 1, onFailedAttempt }, { scope }) : undefined;
  }

  #hookSource(context: RunContext): Source<unknown> {
    const model = this.#model;
    const path = model["~path"]();
    const open = (): Source<unknown> => this.#opened(context);
    return path === undefined ? open() : path.stream({ model, input: this.#input, context }, open);
  }

  #opened(context: RunContext): Source<unknown> {
    // Only called for models that have one.
    const hook = this.#model["~streamHook"]() as Hook<Input, StreamHookResult<unknown>>;
    const given = fromAuthor(this.#enter(hook, context));
    if (!isPromiseLike(given)) return this.#iterate(given, context);
    return new LazySource(() => given.then((iterable) => this.#iterate(iterable, context)));
  }

  #iterate(iterable: Awaited<StreamHookResult<unknown>>, context: RunContext): Source<unknown> {
    const isPlain = asyncContext() === undefined;
    return new IteratorSource(isPlain ? iterable : contextIterable(iterable, context.ownConfig()));
  }

  #enter<Given>(hook: Hook<Input, Given>, context: RunContext): Given {
    const options = toCallOptions(context.config, context.scope) as never;
    if (asyncContext() === undefined) return hook.call(this.#model, this.#input, options, llmRunOf(context));
    return context.enter(context.ownConfig(), () => hook.call(this.#model, this.#input, options, llmRunOf(context)));
  }
}

/** Whether a model's stream hook may be used for a call. */
function mayStream({ disableStreaming }: AnyHookedModel, config: RunnableConfig | undefined): boolean {
  if (disableStreaming !== "tool_calling") return !disableStreaming;
  return !(config as { tools?: unknown[] } | undefined)?.tools?.length;
}

/** The id of a run: also where nobody observes it, since its messages are named after it. */
function runIdOf(context: RunContext): string {
  return context.run?.runId ?? context.config?.runId ?? newRunId();
}

/** The id of all chunks of a run, and of their sum. */
function streamId(runId: string): string {
  return `run-${runId}`;
}

/** Models begin runs of this kind, and no other. */
function llmRunOf(context: RunContext): CallbackManagerForLLMRun | undefined {
  return context.run as CallbackManagerForLLMRun | undefined;
}

function isResult<Chunk>(answer: Answer<Chunk>): answer is LLMResult {
  return Array.isArray((answer as Partial<LLMResult>).generations);
}
