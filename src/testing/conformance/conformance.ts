import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { toPlainError } from "../../errors/plain-error.ts";
import type { BaseChatModel } from "../../models/base-chat-model.ts";
import type { BaseLLM } from "../../models/base-llm.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { answerRules } from "./answer-rules.ts";
import type { ModelCapabilities } from "./capabilities.ts";
import { checkCapabilities } from "./check-capabilities.ts";
import { ConformanceError } from "./conformance-error.ts";
import { endingRules } from "./ending-rules.ts";
import { inputRules } from "./input-rules.ts";
import { limitRules } from "./limit-rules.ts";
import { type Rule, skipReason } from "./rule.ts";
import { toolRules } from "./tool-rules.ts";
import { type ModelKind, type TestedModel, Trial, within } from "./trial.ts";
import { watchingRules } from "./watching-rules.ts";

/** One rule, ready to be run by any test runner, or by none. */
export interface ConformanceRule {
  /** What is so, in a few words. */
  readonly name: string;
  /** Why it matters. */
  readonly why: string;
  /** Why it is not run; undefined where it is. */
  readonly skip: string | undefined;
  /**
   * Tries it. A rule that is skipped does nothing.
   *
   * @throws ConformanceError where the model breaks it.
   */
  readonly run: () => Promise<void>;
}

const RULES: readonly (readonly Rule[])[] = [
  answerRules,
  watchingRules,
  limitRules,
  endingRules,
  inputRules,
  toolRules,
];
const RULE_TIMEOUT_MS = 30_000;

/**
 * The rules that a chat model for others must keep, each of which can be run: the checklist of the guides, and what goes
 * wrong most often.
 *
 * @param makeModel makes a model as if nobody had called it; called several times by a rule. A class that needs no fields will do.
 * @param capabilities what the model claims to do. Rules for what it does not claim are skipped.
 * @throws LinnetError `INVALID_INPUT` for what makes no model; `INVALID_CONFIG` for a claim that is not known, or of another kind.
 *
 * @example
 * ```ts
 * import { ChatParrotLink } from "linnet/models";
 * import { chatModelConformance } from "linnet/testing";
 *
 * const makeModel = () => new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 100 });
 * for (const { name, skip, run } of chatModelConformance(makeModel)) {
 *   if (skip === undefined) await run(); // Or, with a test runner: test(name, run)
 *   console.log(name, skip ?? "kept");
 * }
 * ```
 */
export function chatModelConformance(
  makeModel: (() => MaybePromise<BaseChatModel>) | (new () => BaseChatModel),
  capabilities: ModelCapabilities = {},
): ConformanceRule[] {
  return rulesFor("chat_model", makeModel, capabilities);
}

/**
 * The same for models that take a text and give a text.
 *
 * @param makeModel makes a model as if nobody had called it; called several times by a rule. A class that needs no fields will do.
 * @param capabilities what the model claims to do. Rules for what it does not claim are skipped.
 * @throws LinnetError `INVALID_CONFIG` for a claim that is not known, or of another kind.
 *
 * @example
 * ```ts
 * import { FakeLLM, llmConformance } from "linnet/testing";
 *
 * for (const { run } of llmConformance(() => new FakeLLM(), { streaming: false })) await run();
 * ```
 */
export function llmConformance(
  makeModel: (() => MaybePromise<BaseLLM>) | (new () => BaseLLM),
  capabilities: ModelCapabilities = {},
): ConformanceRule[] {
  return rulesFor("llm", makeModel, capabilities);
}

function rulesFor(kind: ModelKind, makeModel: unknown, capabilities: ModelCapabilities): ConformanceRule[] {
  checkCapabilities(capabilities);
  const make = makerOf(makeModel);
  return RULES.flat()
    .filter((rule) => rule.kind === undefined || rule.kind === kind)
    .map((rule) => {
      const { name, why } = rule;
      const skip = skipReason(rule, capabilities);
      const run = async (): Promise<void> => {
        if (skip === undefined) await runRule(rule, kind, make, capabilities);
      };
      return { name, why, skip, run };
    });
}

async function runRule(
  rule: Rule,
  kind: ModelKind,
  makeModel: () => MaybePromise<TestedModel>,
  capabilities: ModelCapabilities,
): Promise<void> {
  let trial: Trial | undefined;
  try {
    trial = new Trial(checkedModel(await makeModel()), kind, capabilities, makeModel);
    await within(rule.check(trial), capabilities.ruleTimeout ?? RULE_TIMEOUT_MS, "the model to be done");
  } catch (error) {
    throw blamed(rule, error);
  } finally {
    trial?.end();
  }
}

/** Makes models; a class is taken for what `new` makes of it, as on the command line. */
function makerOf(given: unknown): () => MaybePromise<TestedModel> {
  if (typeof given !== "function") {
    throw new LinnetError(
      `Expected a function that makes a model, got ${describeValue(given)}. Try () => new MyModel(...).`,
      { code: "INVALID_INPUT" },
    );
  }
  const Model = given as (new () => TestedModel) & (() => MaybePromise<TestedModel>);
  const isClass = typeof (Model.prototype as Partial<TestedModel> | undefined)?.invoke === "function";
  return isClass ? () => new Model() : () => Model();
}

function checkedModel(model: TestedModel): TestedModel {
  if (typeof (model as Partial<TestedModel> | undefined)?.invoke === "function") return model;
  throw new ConformanceError(`Expected a model to test, got ${describeValue(model)}. Return one from makeModel.`);
}

/** The error that a rule fails with, whatever was thrown. */
function blamed({ name: rule, needs }: Rule, error: unknown): ConformanceError {
  const { name, message } = toPlainError(error);
  if (error instanceof ConformanceError) return new ConformanceError(message, rule);
  const fix = needs === undefined ? "Mend it" : `Mend it, or claim { ${needs[0]}: false }`;
  const text = `Expected the model to answer, and it failed with ${name}: ${message} ${fix}.`;
  return new ConformanceError(text, rule, error);
}
