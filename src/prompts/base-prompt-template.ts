import { LinnetError } from "../errors/linnet-error.ts";
import type { BasePromptValue } from "../outputs/prompt-value.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { callWithRun } from "../runnables/run-call.ts";
import { Runnable } from "../runnables/runnable.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { toPromise } from "../streams/maybe-promise.ts";
import { fillPartials, mergePartials, type PartialVariables, withoutPartials } from "./partial-variables.ts";
import { type InputValues, toInputValues } from "./prompt-input.ts";

/** What every prompt is made of. */
export interface BasePromptTemplateFields {
  /** The names of the values that it is filled with. */
  inputVariables: readonly string[];
  /** Values that it holds itself. Default: none. */
  partialVariables?: PartialVariables | undefined;
}

/**
 * What turns values into a prompt value: the first step of most chains.
 *
 * @typeParam Values what it is filled with.
 * @typeParam PromptValue what it makes of them.
 */
export abstract class BasePromptTemplate<
  Values extends object = InputValues,
  PromptValue extends BasePromptValue = BasePromptValue,
> extends Runnable<Values, PromptValue> {
  /** The names of the values that it has to be given: not those that it holds itself. */
  declare readonly inputVariables: readonly string[];
  /** The values that it holds itself. */
  declare readonly partialVariables: PartialVariables;

  constructor(fields: BasePromptTemplateFields) {
    super();
    this.partialVariables = mergePartials(fields.partialVariables);
    this.inputVariables = withoutPartials(fields.inputVariables, this.partialVariables);
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts"];
  }

  /** A copy that holds more of its values itself: each a value, or a function that gives it, sync or async. */
  abstract partial(values: PartialVariables): BasePromptTemplate<never, PromptValue>;

  /** Fills it. */
  abstract formatPromptValue(values: Values): Promise<PromptValue>;

  /** The values that it is filled with: the caller's, then its own. */
  mergePartialAndUserVariables(values: Values): Promise<InputValues> {
    return toPromise(() => this["~values"](values));
  }

  override get "~runType"(): string {
    return "prompt";
  }

  override "~call"(input: Values, config: RunnableConfig | undefined): MaybePromise<PromptValue> {
    return callWithRun(this, input, config, () => this["~promptValue"](input));
  }

  /** @internal The same as `formatPromptValue`, without a promise where nothing has to be waited for. */
  "~promptValue"(values: Values): MaybePromise<PromptValue> {
    return this.formatPromptValue(values);
  }

  /** @internal */
  "~values"(values: Values): MaybePromise<InputValues> {
    return fillPartials(toInputValues(values, this.inputVariables), this.partialVariables);
  }
}

/**
 * Checks the names that a prompt's maker says it has against those it has.
 *
 * @returns the names that the maker gave, or else those found.
 * @throws LinnetError `INVALID_TEMPLATE` where one is left out.
 */
export function declaredVariables(
  declared: readonly string[] | undefined,
  found: readonly string[],
  partials: PartialVariables | undefined,
): readonly string[] {
  if (declared === undefined) return found;
  const left = withoutPartials(found, partials ?? {}).find((name) => !declared.includes(name));
  if (left === undefined) return declared;
  throw new LinnetError(
    `Expected inputVariables to have every variable of the template, and ${JSON.stringify(left)} is not there. Add it, or leave inputVariables out.`,
    { code: "INVALID_TEMPLATE", data: { variable: left } },
  );
}
