import { fitStart, oneLine } from "../../terminal/line-text.ts";
import type { RunRecord } from "../run-record.ts";
import type { RunLine, Span } from "./console-line.ts";
import { previewOf, previewOfRecord } from "./console-preview.ts";
import { addTokens, countTokens, type TokenCount } from "./console-tokens.ts";

/** How many columns a name, of a run or a tag, may take. */
const NAME_COLUMNS = 40;
/** How many tags are shown. */
const SHOWN_TAGS = 3;
/** Tags that linnet itself gives to runs; those of steps say what is seen anyway, those of keys stand before the name. */
const STEP_TAG = /^seq:step:\d+$/;
const KEY_TAG = /^map:key:(.+)$/s;
const ATTEMPT_TAG = /^retry:attempt:(\d+)$/;
const BRANCH_TAG = /^(?:condition|branch):(?:\d+|default)$/;

/** When a run is shown: as it goes on, as it ends after lines of its own, or all at once. */
export type LineMoment = "opened" | "closed" | "whole";

/** What has a line in the tree, or two. */
export interface ConsoleEntry {
  readonly depth: number;
  lineAt(moment: LineMoment): Omit<RunLine, "isAside">;
}

/** What the console shows of a run: short texts, so that no value of a run is kept for being shown later. */
export class ConsoleRun implements ConsoleEntry {
  readonly depth: number;
  readonly #above: ConsoleRun | undefined;
  readonly #head: readonly Span[];
  readonly #startedAt: number;
  readonly #limit: number;
  readonly #tokens: TokenCount = { models: 0, input: 0, output: 0 };
  #input: string | undefined;
  #isInputNew: boolean;
  #took: number | undefined = undefined;
  #outcome: RunLine["values"] = [["■", "not closed", "left"]];
  #note = "";
  /** What the run below that closed last gave, or failed with. */
  #lastOutput: string | undefined = undefined;

  /** @param limit about how many characters of a value are looked at. */
  constructor(
    run: RunRecord,
    parent: RunRecord | undefined,
    above: ConsoleRun | undefined,
    now: number,
    limit: number,
  ) {
    this.depth = above === undefined ? 0 : above.depth + 1;
    this.#above = above;
    this.#head = headOf(run, parent);
    this.#startedAt = now;
    this.#limit = limit;
    this.#input = inputOf(run, limit);
    this.#isInputNew = this.#isNew(this.#input);
  }

  /** Takes how the run has closed. */
  close(run: RunRecord, now: number): void {
    if (this.#input === undefined) {
      this.#input = inputOf(run, this.#limit);
      this.#isInputNew = this.#isNew(this.#input);
    }
    this.#took = now - this.#startedAt;
    this.#outcome = outcomeOf(run, this.#limit, this.#above && this.#lastOutput);
    const isModel = run.run_type === "llm";
    if (isModel && !run.cached) addTokens(this.#tokens, countTokens(run));
    this.#note = run.cached ? "from cache" : tokensText(this.#tokens, isModel);
    const above = this.#above;
    if (above === undefined) return;
    above.#lastOutput = (this.#outcome.find(([sign]) => sign !== "■") ?? this.#outcome[0])?.[1];
    addTokens(above.#tokens, this.#tokens);
  }

  lineAt(moment: LineMoment): Omit<RunLine, "isAside"> {
    const isTold = moment === "opened" || (moment === "whole" && this.#isInputNew);
    const input: RunLine["values"] = isTold && this.#input !== undefined ? [["←", this.#input, "dim"]] : [];
    return {
      depth: this.depth,
      isEnd: moment === "closed",
      head: moment === "closed" ? [] : this.#head,
      took: moment === "opened" ? undefined : this.#took,
      values: moment === "opened" ? input : [...this.#outcome, ...input],
      tail: moment === "opened" ? "" : this.#note,
    };
  }

  /** Whether a value does not stand right above already, as what the run above was given or the one before gave. */
  #isNew(value: string | undefined): boolean {
    const above = this.#above;
    if (value === undefined || value === "undefined") return false;
    return above === undefined || (value !== above.#input && value !== above.#lastOutput);
  }
}

/** What the console shows of an event within a run. */
export class ConsoleNote implements ConsoleEntry {
  readonly depth: number;
  readonly #name: string;
  readonly #value: string;

  constructor(name: string, value: unknown, above: ConsoleEntry, limit: number) {
    this.depth = above.depth + 1;
    this.#name = nameOf(name);
    this.#value = previewOf(value, limit);
  }

  lineAt(): Omit<RunLine, "isAside"> {
    const { depth } = this;
    const head: Span[] = [[`• ${this.#name}`, "dim"]];
    return { depth, isEnd: false, head, took: undefined, values: [["·", this.#value, "plain"]], tail: "" };
  }
}

function headOf(run: RunRecord, parent: RunRecord | undefined): Span[] {
  const { run_type: type } = run;
  const kind = type === "llm" && Object.hasOwn(run.inputs, "messages") ? "chat model" : type;
  const facts: string[] = kind === "chain" ? [] : [kind];
  const tags: string[] = [];
  let key = "";
  for (const tag of run.tags) {
    const attempt = ATTEMPT_TAG.exec(tag)?.[1];
    const ownKey = KEY_TAG.exec(tag)?.[1];
    if (ownKey !== undefined) key = `${nameOf(ownKey)}: `;
    else if (attempt !== undefined) facts.push(`attempt ${attempt}`);
    else if (BRANCH_TAG.test(tag)) facts.push(tag.replace(":", " "));
    else if (!STEP_TAG.test(tag) && !parent?.tags.includes(tag)) tags.push(`#${nameOf(tag)}`);
  }
  const rest = [facts.join(", "), ...tags.slice(0, SHOWN_TAGS)].filter((fact) => fact !== "").join(" ");
  return [
    [key, "plain"],
    [nameOf(run.name), isKind(type) ? type : "chain"],
    [rest === "" ? "" : `  ${rest}`, "dim"],
  ];
}

function isKind(type: string): type is "prompt" | "llm" | "parser" | "tool" | "retriever" {
  return ["prompt", "llm", "parser", "tool", "retriever"].includes(type);
}

function nameOf(name: string): string {
  return fitStart(oneLine(String(name).slice(0, 2 * NAME_COLUMNS)), NAME_COLUMNS);
}

/** What a run was given; undefined as long as it is not known. */
function inputOf({ inputs, extra }: RunRecord, limit: number): string | undefined {
  return extra.lc_defers_inputs === true && inputs.input === "" ? undefined : previewOfRecord(inputs, limit);
}

/** @param below what the run below that closed last gave: what comes from there is told again in a low voice. */
function outcomeOf(run: RunRecord, limit: number, below: string | undefined): RunLine["values"] {
  const { failure, cancelled, outputs, partial } = run;
  if (run.error === undefined) {
    const output = previewOfRecord(outputs, limit);
    const style = output === below ? "dim" : "plain";
    return cancelled ? [["■", "cancelled", "left"], ...after(output)] : [["→", output, style]];
  }
  const given = partial === undefined ? [] : after(previewOfRecord(partial, limit));
  if ((failure as { name?: unknown } | undefined)?.name === "AbortError") return [["■", "aborted", "left"], ...given];
  const message = previewOf(failure, limit);
  return [["✗", message, message === below ? "dim" : "wrong"], ...given];
}

function after(given: string): RunLine["values"] {
  return given === "{}" || given === "[]" ? [] : [["after", given, "dim"]];
}

function tokensText({ models, input, output }: TokenCount, isModel: boolean): string {
  return models > (isModel ? 0 : 1) ? `${input} + ${output} tokens` : "";
}
