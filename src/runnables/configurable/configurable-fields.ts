import { LinnetError } from "../../errors/linnet-error.ts";
import { setOwn } from "../../secrets/plain-record.ts";
import type { RunnableConfig } from "../config.ts";
import type { Runnable } from "../runnable.ts";
import type { ConfigurableField } from "./configurable-options.ts";
import { type Configurable, DynamicRunnable } from "./dynamic-runnable.ts";

type Fields = Readonly<Record<string, unknown>>;
type Any = Runnable<never, unknown>;

/** What `RunnableConfigurableFields` is made of. */
export interface RunnableConfigurableFieldsParts<RunInput, RunOutput, CallOptions extends RunnableConfig> {
  /** What is made anew. */
  default: Runnable<RunInput, RunOutput, CallOptions>;
  /** By the name of a constructor's field, what it is called in `configurable`. */
  fields: Readonly<Record<string, ConfigurableField>>;
}

/**
 * A runnable of which `config.configurable` sets fields for a call. For a call that sets some, it is made anew by its class's
 * constructor, of its `lc_kwargs` where it has them and otherwise of its own properties, with those fields replaced; so the
 * class has to take one object of fields, and to keep each of them as a property or in `lc_kwargs`. The last one that was
 * made is kept for the next call with the same values.
 *
 * @example
 * ```ts
 * import { ChatParrotLink } from "linnet";
 *
 * const parrot = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
 * const model = parrot.configurableFields({ parrotBufferLength: { id: "length" } });
 * console.log((await model.invoke("hello")).text); // hel
 * console.log((await model.invoke("hello", { configurable: { length: 4 } })).text); // hell
 * ```
 */
export class RunnableConfigurableFields<
  RunInput = unknown,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends DynamicRunnable<RunInput, RunOutput, CallOptions> {
  declare readonly fields: Readonly<Record<string, ConfigurableField>>;
  #last: { readonly values: Fields; readonly made: Runnable<RunInput, RunOutput, CallOptions> } | undefined;

  constructor(parts: RunnableConfigurableFieldsParts<RunInput, RunOutput, CallOptions>) {
    super();
    this.default = parts.default;
    this.fields = parts.fields;
    this.#last = undefined;
  }

  static override lc_name(): string {
    return "RunnableConfigurableFields";
  }

  /** More fields of the same runnable. */
  override configurableFields(
    fields: Readonly<Record<string, ConfigurableField>>,
  ): RunnableConfigurableFields<RunInput, RunOutput, CallOptions> {
    return new RunnableConfigurableFields({ default: this.default, fields: { ...this.fields, ...fields } });
  }

  override "~chosen"(configurable: Configurable): Runnable<RunInput, RunOutput, CallOptions> {
    const values: Record<string, unknown> = {};
    for (const [name, { id }] of Object.entries(this.fields)) {
      const value = Object.hasOwn(configurable, id) ? configurable[id] : undefined;
      if (value !== undefined) setOwn(values, name, value);
    }
    if (Object.keys(values).length === 0) return this.default;
    if (this.#last === undefined || !areSame(this.#last.values, values)) {
      const made = makeAnew(this.default as Any, values) as typeof this.default;
      this.#last = { values, made };
    }
    return this.#last.made;
  }
}

function areSame(some: Fields, others: Fields): boolean {
  const names = Object.keys(others);
  const has = (name: string): boolean => Object.hasOwn(some, name) && Object.is(some[name], others[name]);
  return names.length === Object.keys(some).length && names.every(has);
}

function makeAnew(original: Any, values: Fields): Any {
  const fields: Record<string, unknown> = {};
  const own = original as unknown as Fields;
  for (const source of [original.lc_kwargs ?? own, values]) {
    for (const key of Object.keys(source)) setOwn(fields, key, source[key]);
  }
  let made: Any;
  try {
    made = new (original.constructor as new (fields: Fields) => Any)(fields);
  } catch (cause) {
    throw notMade(original, values, `its constructor threw: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
  const lost = lostField(own, made as unknown as Fields, values);
  if (lost === undefined) return made;
  throw notMade(original, values, `${lost} was lost. Its class has to take one object of fields, or to have lc_kwargs`);
}

/** A field that the constructor did not take, or that it needs under another name. */
function lostField(original: Fields, made: Fields, values: Fields): string | undefined {
  return Object.keys({ ...original, ...values }).find((name) => {
    const [before, after] = [original[name], made[name]];
    if (!Object.hasOwn(values, name)) return isLost(before, after);
    // It may be kept out of sight; but one that could be seen has to have changed.
    return before !== undefined && (Object.is(after, before) || after === undefined) && !Object.is(after, values[name]);
  });
}

function isLost(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before)) return before !== undefined && after === undefined;
  return !Array.isArray(after) || after.some((item, index) => item === undefined && before[index] !== undefined);
}

function notMade(original: Any, values: Fields, why: string, cause?: unknown): LinnetError {
  const names = Object.keys(values);
  return new LinnetError(`Expected ${original.getName()} to be made anew with other ${names.join(", ")}, and ${why}.`, {
    code: "INVALID_CONFIG",
    data: { fields: names },
    cause,
  });
}
