import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { toPlainError } from "../errors/plain-error.ts";
import type { BaseChatModel } from "../models/base-chat-model.ts";
import type { BaseLanguageModel } from "../models/base-language-model.ts";
import type { BaseLLM } from "../models/base-llm.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { oneLine } from "../terminal/line-text.ts";
import type { ModelCapabilities } from "../testing/conformance/capabilities.ts";
import { type ConformanceRule, chatModelConformance, llmConformance } from "../testing/conformance/conformance.ts";
import type { Command } from "./arguments.ts";
import { type CliHost, print } from "./host.ts";
import { loadModule } from "./load-module.ts";
import { makePaint, type Paint } from "./paint.ts";

type Model = BaseLanguageModel;
type MakeModel = () => Model | Promise<Model>;

/** What became of a rule. */
type Outcome = "kept" | "broken" | "skipped";

const MARKS: Readonly<Record<Outcome, string>> = { kept: "✓", broken: "✗", skipped: "–" };

/** `check`: tries the model of a file against the rules. @returns the exit code: 1 where it breaks one. */
export async function check({ file }: Command & { name: "check" }, host: CliHost): Promise<number> {
  const { makeModel, capabilities: claimed } = await readModule(file);
  const model = await makeModel();
  const isLLM = kindOf(model, file) === "llms";
  const capabilities = { streaming: hasStreamHook(model), ...claimed };
  const rules = isLLM
    ? llmConformance(makeModel as () => BaseLLM, capabilities)
    : chatModelConformance(makeModel as () => BaseChatModel, capabilities);
  const paint = makePaint(host.colours);
  const title = `${oneLine(model.getName())}, ${isLLM ? "an LLM" : "a chat model"}: ${rules.length} rules`;
  await print(host.stdout, `${paint.heading(title)}\n\n`);
  const counts: Record<Outcome, number> = { kept: 0, broken: 0, skipped: 0 };
  const width = Math.max(...rules.map(({ name }) => name.length));
  for (const rule of rules) {
    const { outcome, note } = await tryRule(rule);
    counts[outcome] += 1;
    await print(host.stdout, `${row(outcome, rule.name.padEnd(width), note, paint)}\n`);
  }
  const { kept, broken, skipped } = counts;
  await print(host.stdout, `\n${kept} kept, ${broken} broken, ${skipped} skipped\n`);
  return broken === 0 ? 0 : 1;
}

async function tryRule({ name, skip, run }: ConformanceRule): Promise<{ outcome: Outcome; note: string }> {
  if (skip !== undefined) return { outcome: "skipped", note: skip };
  try {
    await run();
    return { outcome: "kept", note: "" };
  } catch (error) {
    // The name stands in the row already.
    return { outcome: "broken", note: toPlainError(error).message.replace(`${name}: `, "") };
  }
}

function row(outcome: Outcome, name: string, note: string, paint: Paint): string {
  const line = note === "" ? name.trimEnd() : `${name}  ${oneLine(note)}`;
  const marked = `  ${MARKS[outcome]} ${line}`;
  if (outcome === "broken") return paint.wrong(marked);
  return outcome === "kept" ? paint.said(marked) : paint.dim(marked);
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
    return await loadModule(file);
  } catch (error) {
    throw new LinnetError(`Expected ${file} to be a module that can be loaded: ${toPlainError(error).message}`, {
      code: "INVALID_INPUT",
      cause: error,
    });
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

function wrong(file: string, expected: string, came: unknown): LinnetError {
  return new LinnetError(`Expected ${file} to export ${expected}, got ${describeValue(came)}.`, {
    code: "INVALID_INPUT",
  });
}
