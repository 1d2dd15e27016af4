import { LinnetError } from "../errors/linnet-error.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { RunnableBinding } from "../runnables/binding.ts";
import { RunnableBranch } from "../runnables/branch.ts";
// Types alone: what is wired apart is not to be loaded with tools.
import type { RunnableConfigurableAlternatives } from "../runnables/configurable/configurable-alternatives.ts";
import type { RunnableConfigurableFields } from "../runnables/configurable/configurable-fields.ts";
import { RunnableWithFallbacks } from "../runnables/fallbacks.ts";
import { RunnableRetry } from "../runnables/retry.ts";
import { Runnable } from "../runnables/runnable.ts";
import type { RunnableInterface } from "../runnables/runnable-like.ts";
import { RunnableSequence } from "../runnables/sequence.ts";
import type { StructuredToolInterface } from "./tool-types.ts";

/** A model as the loop needs it: messages in, the model's message out. */
export interface ToolCallingModel extends RunnableInterface<BaseMessage[], BaseMessage> {
  /** Gives the model with these tools. */
  bindTools?(tools: StructuredToolInterface[]): RunnableInterface<never, BaseMessage>;
}

/** By the names of call options, what tells a provider of tools. */
const TOOL_OPTIONS = ["tools", "functions"] as const;

type Tools = StructuredToolInterface[];
type Step = Runnable<never, unknown>;

/**
 * The model, told of the tools: itself, or inside of what is wrapped around it (`withRetry`, `withConfig`, `bind`,
 * `withListeners`, `withFallbacks`, `configurableFields`), and as the last model of a sequence. What was told of tools before
 * stays as it is, and so does what no model can be seen in, such as a function.
 *
 * @throws LinnetError `NOT_SUPPORTED` for a chat model without `bindTools`, and where a model can be seen but not be told: it
 *   would never call a tool, without a word.
 */
export function withTools(model: ToolCallingModel, tools: Tools): RunnableInterface<never, BaseMessage> {
  if (tools.length === 0) return model;
  return (told(model as unknown as Step, tools) ?? model) as RunnableInterface<never, BaseMessage>;
}

/** The runnable with a model that knows of tools; undefined where no model can be seen in it. */
function told(given: Step, tools: Tools): Step | undefined {
  const { bindTools } = (given ?? {}) as Partial<ToolCallingModel>;
  if (typeof bindTools === "function") return bindTools.call(given, tools) as Step;
  if (typeof (given as { _llmType?: unknown } | undefined)?._llmType === "function") {
    throw unsupported(
      `Expected a model with bindTools, and ${given.getName()} has none. Give one that has, or a runnable that knows of the tools.`,
    );
  }
  if (knowsTools(given)) return given;
  return Runnable.isRunnable(given) ? rebuilt(given as Step, tools) : undefined;
}

/** Whether call options that were bound tell of tools. */
function knowsTools(given: unknown): boolean {
  const { kwargs, config } = (given ?? {}) as { kwargs?: unknown; config?: unknown };
  return [kwargs, config].some((options) =>
    TOOL_OPTIONS.some((name) => (options as Record<string, unknown> | undefined)?.[name] !== undefined),
  );
}

/** The same around what is inside, told. Classes of others are not known to be made of their parts alone. */
function rebuilt(given: Step, tools: Tools): Step | undefined {
  switch (given.constructor) {
    case RunnableBinding: {
      const { bound, kwargs, config, configFactories, listeners } = given as RunnableBinding;
      const inner = told(bound as Step, tools) as Runnable | undefined;
      return inner && (new RunnableBinding({ bound: inner, kwargs, config, configFactories, listeners }) as Step);
    }
    case RunnableRetry: {
      const { bound, kwargs, config, maxAttemptNumber } = given as RunnableRetry;
      const { options } = given as unknown as OptionsPart;
      const inner = told(bound as Step, tools) as Runnable | undefined;
      return inner && (new RunnableRetry({ ...options, bound: inner, kwargs, config, maxAttemptNumber }) as Step);
    }
    case RunnableWithFallbacks: {
      const { options } = given as unknown as OptionsPart;
      const [first, ...others] = [...(given as RunnableWithFallbacks).runnables()].map(
        (one) => told(one, tools) ?? one,
      ) as Runnable[];
      return new RunnableWithFallbacks({ ...options, runnable: first as Runnable, fallbacks: others }) as Step;
    }
    case RunnableSequence:
      return rebuiltSequence(given as RunnableSequence, tools);
    default:
      return isDynamic(given) && "fields" in given ? configurable(given, tools) : opaque(given, tools);
  }
}

/** What is private in the types alone. */
interface OptionsPart {
  readonly options: object;
}

/** The last model is the one whose answer the loop gets. */
function rebuiltSequence({ steps, omitSequenceTags, name }: RunnableSequence, tools: Tools): Step | undefined {
  for (let place = steps.length - 1; place >= 0; place -= 1) {
    const inner = told(steps[place] as Step, tools) as Runnable | undefined;
    if (inner === undefined) continue;
    const parts = steps.map((step, other) => (other === place ? inner : step)) as [Runnable, ...Runnable[]];
    const [first, middle, last] = [parts[0], parts.slice(1, -1), parts[parts.length - 1] as Runnable];
    return new RunnableSequence({
      first: first as Runnable<never>,
      middle: middle as Runnable<never>[],
      last,
      name,
      omitSequenceTags,
    }) as Step;
  }
  return undefined;
}

/** Its model is made anew for a call, so that the tools have to be options of the call. */
function configurable(given: RunnableConfigurableFields, tools: Tools): Step | undefined {
  const inner = told(given.default as Step, tools);
  if (inner instanceof RunnableBinding && inner.bound === given.default) {
    return given.bind(inner.kwargs).withConfig(inner.config) as Step;
  }
  return inner && opaque(given as Step, tools);
}

/** What is not known to be made anew, if no model can be seen in it that was not told. */
function opaque(given: Step, tools: Tools): Step | undefined {
  const parts = partsOf(given);
  const inner = parts.map((part) => told(part, tools));
  if (inner.every((one) => one === undefined)) return undefined;
  if (inner.every((one, place) => one === undefined || one === parts[place])) return given;
  const name = given.getName();
  throw unsupported(
    `Expected the model inside of ${name} to know of the tools, and it cannot be told of them there. Bind them before it is wrapped: model.bindTools(tools).`,
  );
}

/** What may be run in the place of a runnable, where that can be seen. */
function partsOf(given: Step): Step[] {
  if (given instanceof RunnableBranch) return [...given.branches.map(([, branch]) => branch), given.default] as Step[];
  if (isDynamic(given)) {
    const alternatives = "alternatives" in given ? given.alternatives : {};
    return [given.default, ...Object.values(alternatives)].filter(Runnable.isRunnable) as unknown as Step[];
  }
  const { bound, kwargs } = given as { bound?: unknown; kwargs?: unknown };
  return kwargs !== undefined && Runnable.isRunnable(bound) ? [bound as Step] : [];
}

/** Whether a runnable stands for another one, chosen call by call. */
function isDynamic(given: Step): given is (RunnableConfigurableFields | RunnableConfigurableAlternatives) & Step {
  return "~chosen" in given;
}

function unsupported(message: string): LinnetError {
  return new LinnetError(message, { code: "NOT_SUPPORTED" });
}
