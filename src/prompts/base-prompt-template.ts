import type { BasePromptValue } from "../outputs/prompt-value.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { callWithRun, isBare } from "../runnables/run-call.ts";
import { Runnable } from "../runnables/runnable.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { toPromise } from "../streams/maybe-promise.ts";
import { fillPartials, mergePartials, namesWithoutValue, type PartialVariables } from "./partial-variables.ts";
import { invalidTemplate } from "./prompt-errors.ts";
import { type InputValues, toInputValues } from "./prompt-input.ts";

/** What every prompt may be told. */
export interface PromptOptions<Partials extends PartialVariables = PartialVariables> {
  /** Values that the prompt holds itself. Default: none. */
  partialVariables?: Partials | undefined;
  /** What reads the answer to the prompt; kept, for whoever asks for it. Default: none. */
  outputParser?: Runnable<never, unknown> | undefined;
}

/** What every prompt is made of. */
export interface BasePromptTemplateInput extends PromptOptions {
  /** The names of the values that it is filled with. */
  inputVariables: readonly string[];
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
  /** What reads the answer to it; nothing is done with it here. */
  declare readonly outputParser: Runnable<never, unknown> | undefined;

  readonly #fields: BasePromptTemplateInput;

  constructor(fields: BasePromptTemplateInput) {
    super();
    this.#fields = fields;
    this.outputParser = fields.outputParser;
    this.partialVariables = mergePartials(fields.partialVariables);
    this.inputVariables = namesWithoutValue(fields.inputVariables, this.partialVariables);
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts"];
  }

  /** What kind of prompt it is, in a word. */
  _getPromptType(): string {
    return "prompt";
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
    return isBare(config)
      ? this["~promptValue"](input)
      : callWithRun(this, input, config, () => this["~promptValue"](input));
  }

  /** @internal The same as `formatPromptValue`, without a promise where nothing has to be waited for. */
  "~promptValue"(values: Values): MaybePromise<PromptValue> {
    return this.formatPromptValue(values);
  }

  /** @internal A copy, by what it was made of, that holds more of its values itself; it keeps the name. */
  "~holding"<Copy extends Runnable<never, unknown>>(Kind: new (fields: never) => Copy, values: PartialVariables): Copy {
    const partialVariables = mergePartials(this.partialVariables, values);
    // What it was made of is what its class takes.
    const copy = new Kind({ ...this.#fields, partialVariables } as never);
    if (this.name !== undefined) copy.name = this.name;
    return copy;
  }

  /** @internal */
  "~values"(values: Values): MaybePromise<InputValues> {
    return fillPartials(toInputValues(values, this.inputVariables), this.partialVariables);
  }
}

/** What {@link declaredVariables} is told. */
export interface DeclaredVariables {
  /** The names that the prompt's maker says it has. */
  readonly inputVariables?: readonly string[] | undefined;
  /** Values that the prompt holds itself. */
  readonly partialVariables?: PartialVariables | undefined;
  /** How the prompt is written. */
  readonly templateFormat?: string | undefined;
  /** Whether the names are checked against those found. Default: true; false for mustache, where a value may be missing. */
  readonly validateTemplate?: boolean | undefined;
}

/**
 * The names of a prompt's variables: those that its maker says it has, else those found in it.
 *
 * @throws LinnetError `INVALID_TEMPLATE` where the maker left one out.
 */
export function declaredVariables(found: readonly string[], fields: DeclaredVariables): readonly string[] {
  const { inputVariables, partialVariables = {}, validateTemplate = fields.templateFormat !== "mustache" } = fields;
  if (inputVariables === undefined) return found;
  const left = namesWithoutValue(found, partialVariables).find((name) => !inputVariables.includes(name));
  if (left === undefined || !validateTemplate) return inputVariables;
  throw invalidTemplate(
    `Expected ${JSON.stringify(left)}, a variable of the template, in inputVariables, got none. Add it, or leave them out.`,
    { variable: left },
  );
}
