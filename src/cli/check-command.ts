import { describeValue } from "../errors/describe-value.ts";
import { toPlainError } from "../errors/plain-error.ts";
import type { BaseChatModel } from "../models/base-chat-model.ts";
import type { BaseLanguageModel } from "../models/base-language-model.ts";
import type { BaseLLM } from "../models/base-llm.ts";
import "../models/structured/wiring.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { oneLine } from "../terminal/line-text.ts";
import type { ModelCapabilities } from "../testing/conformance/capabilities.ts";
import { type ConformanceRule, chatModelConformance, llmConformance } from "../testing/conformance/conformance.ts";
import { within } from "../testing/conformance/trial.ts";
import type { Command } from "./arguments.ts";
import { type CliHost, print } from "./host.ts";
import { loadModule } from "./load-module.ts";
import { makePaint, type Paint } from "./paint.ts";
import { UsageError } from "./usage-error.ts";

type Model = BaseLanguageModel;
type MakeModel = () => Model | Promise<Model>;

/** How long a file may take to give a model. Milliseconds. */
const LOAD_TIMEOUT_MS = 30_000;

/** What became of a rule. */
type Outcome = "kept" | "broken" | "skipped";

const MARKS: Readonly<Record<Outcome, string>> = { kept: "✓", broken: "✗", skipped: "–" };

/** A rule, and what became of it. */
interface Tried {
  readonly name: string;
  readonly why: string;
  readonly outcome: Outcome;
  /** What is wrong, or why it was skipped. */
  readonly note: string;
}

/** `check`: tries the model of a file against the rules. @returns the exit code: 1 where it breaks one. */
export async function check({ file, json }: Command & { name: "check" }, host: CliHost): Promise<number> {
  const { makeModel, capabilities: claimed } = await readModule(file);
  const model = await firstModel(makeModel, file);
  const isLLM = kindOf(model, file) === "llms";
  const rules = rulesOf(isLLM, makeModel, { streaming: hasStreamHook(model), ...claimed }, file);
  const paint = makePaint(host.colours);
  const name = model.getName();
  if (!json) {
    const title = `${oneLine(name)}, ${isLLM ? "an LLM" : "a chat model"}: ${rules.length} rules`;
    await print(host.stdout, `${paint.heading(title)}\n\n`);
  }
  const all: Tried[] = [];
  const width = Math.max(...rules.map((rule) => rule.name.length));
  for await (const tried of tryAll(rules, host)) {
    all.push(tried);
    if (!json) await print(host.stdout, `${row(tried, width, paint)}\n`);
  }
  const [kept, broken, skipped] = (["kept", "broken", "skipped"] as const).map(
    (outcome) => all.filter((tried) => tried.outcome === outcome).length,
  );
  const kind = isLLM ? "llm" : "chat_model";
  const told = json
    ? JSON.stringify({ model: name, kind, kept, broken, skipped, rules: all }, undefined, 2)
    : `\n${kept} kept, ${broken} broken, ${skipped} skipped`;
  await print(host.stdout, `${told}\n`);
  return broken === 0 ? 0 : 1;
}

/** Tries one rule after the other. An error that a model leaves behind counts against the rule under way. */
async function* tryAll(rules: readonly ConformanceRule[], host: CliHost): AsyncGenerator<Tried> {
  const stray: unknown[] = [];
  const stop = host.onStrayError((error) => stray.push(error ?? new Error(String(error))));
  try {
    for (const { name, why, skip, run } of rules) {
      const fault = skip === undefined ? await faultOf(name, run) : "";
      // Rejections are known to be unhandled a turn later.
      await host.pause(0);
      const [left] = stray.splice(0);
      const note = fault || (left === undefined ? "" : strayNote(left));
      const outcome = note !== "" ? "broken" : skip === undefined ? "kept" : "skipped";
      yield { name, why, outcome, note: note || (skip ?? "") };
    }
  } finally {
    stop();
  }
}

/** What is wrong with the model by a rule; nothing where it keeps it. */
async function faultOf(name: string, run: ConformanceRule["run"]): Promise<string> {
  try {
    await run();
    return "";
  } catch (error) {
    // The name stands in the row already.
    return toPlainError(error).message.replace(`${name}: `, "");
  }
}

function strayNote(error: unknown): string {
  const { name, message } = toPlainError(error);
  return `Expected no error to be left unhandled, got ${name}: ${message}. Wait for all that a hook starts, or handle its errors.`;
}

function row({ name, outcome, note }: Tried, width: number, paint: Paint): string {
  const line = note === "" ? name : `${name.padEnd(width)}  ${oneLine(note)}`;
  const marked = `  ${MARKS[outcome]} ${line}`;
  if (outcome === "broken") return paint.wrong(marked);
  return outcome === "kept" ? paint.said(marked) : paint.dim(marked);
}

function rulesOf(
  isLLM: boolean,
  makeModel: MakeModel,
  capabilities: ModelCapabilities,
  file: string,
): ConformanceRule[] {
  try {
    return isLLM
      ? llmConformance(makeModel as () => BaseLLM, capabilities)
      : chatModelConformance(makeModel as () => BaseChatModel, capabilities);
  } catch (error) {
    throw new UsageError(`the capabilities of ${file}: ${toPlainError(error).message}`);
  }
}

async function readModule(file: string): Promise<{ makeModel: MakeModel; capabilities: ModelCapabilities }> {
  const { default: given, capabilities = {} } = await load(file);
  if (!isPlainRecord(capabilities)) {
    throw wrong(file, `capabilities to be an object such as { stop: false }`, capabilities);
  }
  return { makeModel: makerOf(given, file), capabilities };
}

async function load(file: string): Promise<{ default?: unknown; capabilities?: unknown }> {
  try {
    return await within(loadModule(file), LOAD_TIMEOUT_MS, "the module to be loaded");
  } catch (error) {
    throw new UsageError(`Expected ${file} to be a module that can be loaded: ${toPlainError(error).message}`);
  }
}

/** The model that says which rules there are. */
async function firstModel(makeModel: MakeModel, file: string): Promise<Model> {
  try {
    const made = Promise.resolve(makeModel());
    return await within(made, LOAD_TIMEOUT_MS, "the model to be made");
  } catch (error) {
    const { name, message } = toPlainError(error);
    throw new UsageError(
      `Expected the default export of ${file} to make a model without arguments, and it failed with ${name}: ${message} Try export default () => new MyModel({ ... }).`,
    );
  }
}

/** What makes models, of what a module exports: a class, a function, or one model for all rules. */
function makerOf(given: unknown, file: string): MakeModel {
  if (typeof given === "function") {
    const isClass = typeof given.prototype?.invoke === "function";
    return isClass ? () => new (given as new () => Model)() : (given as MakeModel);
  }
  if (isModel(given)) return () => given;
  throw wrong(file, "a model as its default: a class, a function that makes one, or an instance", given);
}

function isModel(given: unknown): given is Model {
  return typeof (given as Partial<Model> | null | undefined)?.invoke === "function";
}

/** Which kind of model it is, as its class says. */
function kindOf(model: unknown, file: string): string {
  const kind = isModel(model) ? (model["~namespace"] as string[] | undefined)?.[1] : undefined;
  if (kind === "llms" || kind === "chat_models") return kind;
  throw wrong(file, "a chat model or an LLM", model);
}

function hasStreamHook(model: Model): boolean {
  return (model as Model & Partial<BaseLLM>)["~streamHook"]?.() !== undefined;
}

function wrong(file: string, expected: string, came: unknown): UsageError {
  return new UsageError(`Expected ${file} to export ${expected}, got ${describeValue(came)}.`);
}
