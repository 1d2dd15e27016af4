import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import type { RunnableConfig } from "../config.ts";
import { coerceLike, type Runnable } from "../runnable.ts";
import type { RunnableLike } from "../runnable-like.ts";
import type { ConfigurableAlternatives, ConfigurableField } from "./configurable-options.ts";
import { type Configurable, DynamicRunnable } from "./dynamic-runnable.ts";

/** What `RunnableConfigurableAlternatives` is made of. */
export interface RunnableConfigurableAlternativesParts<RunInput, RunOutput, CallOptions extends RunnableConfig>
  extends ConfigurableAlternatives<RunInput, RunOutput> {
  /** What chooses. */
  which: ConfigurableField;
  /** What runs where nothing is chosen. */
  default: Runnable<RunInput, RunOutput, CallOptions>;
}

/**
 * A runnable in whose place `config.configurable` can choose another one for a call. An alternative that is a function
 * without parameters makes the runnable when it is first chosen; write `RunnableLambda.from` around a function that is to
 * be the alternative itself and takes nothing.
 *
 * @example
 * ```ts
 * import { RunnableLambda } from "linnet";
 *
 * const greet = RunnableLambda.from((name: string) => `Hello ${name}`).configurableAlternatives(
 *   { id: "language" },
 *   { alternatives: { french: (name: string) => `Bonjour ${name}` }, defaultKey: "english" },
 * );
 * console.log(await greet.invoke("Ada", { configurable: { language: "french" } })); // Bonjour Ada
 * ```
 */
export class RunnableConfigurableAlternatives<
  RunInput = unknown,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends DynamicRunnable<RunInput, RunOutput, CallOptions> {
  declare readonly which: ConfigurableField;
  declare readonly alternatives: ConfigurableAlternatives<RunInput, RunOutput>["alternatives"];
  declare readonly defaultKey: string;
  readonly #made: Map<string, Runnable<RunInput, RunOutput, CallOptions>>;

  /** @throws LinnetError `INVALID_CONFIG` without alternatives, or where one of them has the name of the default. */
  constructor(parts: RunnableConfigurableAlternativesParts<RunInput, RunOutput, CallOptions>) {
    super();
    if (typeof parts.alternatives !== "object" || parts.alternatives === null) {
      throw new LinnetError(
        `Expected alternatives by name, got ${describeValue(parts.alternatives)}. Write configurableAlternatives({ id }, { alternatives: { name: runnable } }).`,
        { code: "INVALID_CONFIG" },
      );
    }
    this.which = parts.which;
    this.default = parts.default;
    this.alternatives = parts.alternatives;
    this.defaultKey = parts.defaultKey ?? "default";
    this.#made = new Map([[this.defaultKey, this.default]]);
    if (!Object.hasOwn(this.alternatives, this.defaultKey)) return;
    throw new LinnetError(
      `Expected no alternative by the name of the default, ${JSON.stringify(this.defaultKey)}. Give the default another defaultKey.`,
      { code: "INVALID_CONFIG", data: { defaultKey: this.defaultKey } },
    );
  }

  static override lc_name(): string {
    return "RunnableConfigurableAlternatives";
  }

  override "~chosen"(configurable: Configurable): Runnable<RunInput, RunOutput, CallOptions> {
    const { id } = this.which;
    const key = (Object.hasOwn(configurable, id) ? configurable[id] : undefined) ?? this.defaultKey;
    if (typeof key !== "string" || !(key === this.defaultKey || Object.hasOwn(this.alternatives, key))) {
      throw this.#unknown(key);
    }
    const made = this.#made.get(key) ?? this.#make(key);
    this.#made.set(key, made);
    return made;
  }

  #make(key: string): Runnable<RunInput, RunOutput, CallOptions> {
    const alternative = this.alternatives[key] as RunnableLike<RunInput, RunOutput>;
    const isFactory = typeof alternative === "function" && alternative.length === 0;
    const like = isFactory ? (alternative as () => RunnableLike<RunInput, RunOutput>)() : alternative;
    return coerceLike(like) as Runnable<RunInput, RunOutput, CallOptions>;
  }

  #unknown(key: unknown): LinnetError {
    const known = [this.defaultKey, ...Object.keys(this.alternatives)];
    return new LinnetError(
      `Expected configurable.${this.which.id} to be one of ${known.join(", ")}; got ${typeof key === "string" ? JSON.stringify(key) : describeValue(key)}.`,
      { code: "INVALID_CONFIG", data: { id: this.which.id, known } },
    );
  }
}
