import type { RunnableReplacement } from "../runnable-like.ts";

/** Names what `config.configurable` chooses. */
export interface ConfigurableField {
  /** The key in `config.configurable`. */
  id: string;
  /** A name for people. Default: none. */
  name?: string | undefined;
  /** What it does, for people. Default: none. */
  description?: string | undefined;
}

/** What `configurableAlternatives` chooses from. */
export interface ConfigurableAlternatives<Input, Output> {
  /** By name: a runnable, or a function without parameters that makes one when it is first chosen. */
  alternatives: Readonly<
    Record<string, RunnableReplacement<Input, Output> | (() => RunnableReplacement<Input, Output>)>
  >;
  /** The name by which the runnable itself is chosen; it is what runs where nothing is. Default: `default`. */
  defaultKey?: string | undefined;
}
