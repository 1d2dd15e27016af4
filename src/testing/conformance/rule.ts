import type { ModelCapabilities } from "./capabilities.ts";
import type { ModelKind, Trial } from "./trial.ts";

/** A claim of a model's that a rule may need. */
export type Claim = "deterministic" | "streaming" | "stop" | "usage" | "toolCalling" | "structuredOutput";

/** One thing that a model must do. */
export interface Rule {
  /** What is so, in a few words. */
  readonly name: string;
  /** Why it matters. */
  readonly why: string;
  /** Whose rule it is. Default: everyone's. */
  readonly kind?: ModelKind;
  /** Without which claims it is skipped. */
  readonly needs?: readonly Claim[];
  check(trial: Trial): Promise<void>;
}

/** What a model is taken to claim where it says nothing. */
const CLAIMED: Readonly<Record<Claim, boolean>> = {
  deterministic: true,
  streaming: true,
  stop: true,
  usage: true,
  toolCalling: false,
  structuredOutput: false,
};

/** Why a rule is skipped; undefined where it is not. */
export function skipReason({ needs = [] }: Rule, capabilities: ModelCapabilities): string | undefined {
  const missing = needs.find((claim) => !(capabilities[claim] ?? CLAIMED[claim]));
  return missing && `${missing} is ${capabilities[missing] === undefined ? "not claimed" : "false"}`;
}
