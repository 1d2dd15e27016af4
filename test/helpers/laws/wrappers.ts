import fc from "fast-check";
import "../../../src/runnables/log/wiring.ts";
import { PromptTemplate } from "../../../src/prompts/prompt-template.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { Runnable } from "../../../src/runnables/runnable.ts";
import { type Program, type StepKind, stepKind } from "./kind.ts";
import { textOf } from "./leaves.ts";
import { toWord } from "./models.ts";
import { planned, type TextStep, type World } from "./world.ts";

/** The first of the letters that mark which attempt a chunk comes from. No program makes them otherwise. */
const FIRST_MARK = 0xe000;

function markOf(attempt: number): string {
  return String.fromCharCode(FIRST_MARK + (attempt % 0x1000));
}

/** Marks each chunk with the attempt that it comes from: each call and each stream is one. */
class Marked extends Runnable<string, string> {
  readonly world: World;
  readonly inner: TextStep;

  constructor(world: World, inner: TextStep) {
    super();
    this.world = world;
    this.inner = inner;
  }

  override async invoke(input: string, options?: RunnableConfig): Promise<string> {
    const mark = markOf(this.world.newAttempt());
    return mark + textOf(await this.inner.invoke(input, options));
  }

  override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    const mark = markOf(this.world.newAttempt());
    for await (const chunk of this.inner.transform(input, options)) yield mark + textOf(chunk);
  }
}

/** Takes the marks off, and notes a text that comes from more than one attempt. */
class Judge extends Runnable<string, string> {
  readonly world: World;

  constructor(world: World) {
    super();
    this.world = world;
  }

  override async invoke(input: string): Promise<string> {
    return this.#unmarked(textOf(input), new Set());
  }

  override async *transform(input: AsyncGenerator<string>): AsyncGenerator<string> {
    const seen = new Set<string>();
    for await (const chunk of input) yield this.#unmarked(textOf(chunk), seen);
  }

  #unmarked(text: string, seen: Set<string>): string {
    let rest = "";
    for (const letter of text) {
      if (letter.charCodeAt(0) >= FIRST_MARK && letter.charCodeAt(0) < FIRST_MARK + 0x1000) seen.add(letter);
      else rest += letter;
    }
    if (seen.size > 1) this.world.faults.push(`one text of ${seen.size} attempts`);
    return rest;
  }
}

/** Puts a judge behind something that makes attempts. */
function judged(world: World, step: TextStep): TextStep {
  return step.pipe(new Judge(world)) as TextStep;
}

/** Fails for each input so many times, before it gives anything. */
class Flaky extends Runnable<string, string> {
  readonly failures: number;
  readonly counts: Map<string, number> = new Map();

  constructor(failures: number) {
    super();
    this.failures = failures;
  }

  override async invoke(input: string): Promise<string> {
    const count = this.counts.get(input) ?? 0;
    if (count < this.failures) {
      this.counts.set(input, count + 1);
      throw planned(`flaky ${count}`);
    }
    return textOf(input);
  }
}

/** A retry, made by whatever way. */
export function retryBy(make: (tried: TextStep, attempts: number) => TextStep): StepKind {
  return stepKind<{ of: Program; failures: number; attempts: number }>({
    name: "retry",
    gives: "text",
    traits: ["recovers"],
    draw: ({ text }) => ({ of: text, failures: fc.nat({ max: 2 }), attempts: fc.integer({ min: 1, max: 4 }) }),
    build: ({ of, failures, attempts }, { world, text }) => {
      const tried = new Flaky(failures).pipe(text(of)) as TextStep;
      // Whether it succeeds must not depend on how many ask for the same at once.
      return judged(world, make(new Marked(world, tried), failures === 0 ? attempts : failures + 1));
    },
  });
}

const retry = retryBy(
  (tried, stopAfterAttempt) =>
    tried.withRetry({ stopAfterAttempt, initialDelayMs: 0, shouldRetry: () => true }) as TextStep,
);

const fallbacks = stepKind<{ of: Program; first: Program; second: Program | undefined }>({
  name: "fallbacks",
  gives: "text",
  traits: ["recovers"],
  draw: ({ text }) => ({ of: text, first: text, second: fc.option(text, { nil: undefined, freq: 2 }) }),
  build: ({ of, first, second }, { world, text }) => {
    const [tried, ...others] = [of, first, ...(second === undefined ? [] : [second])].map(
      (program) => new Marked(world, text(program)),
    ) as [Marked, ...Marked[]];
    return judged(world, tried.withFallbacks(others) as TextStep);
  },
});

const bound = stepKind<{ of: Program; named: boolean; twice: boolean }>({
  name: "bound",
  gives: "text",
  traits: ["chunkwise"],
  draw: ({ text }) => ({ of: text, named: fc.boolean(), twice: fc.boolean() }),
  build: ({ of, named, twice }, { text }) => {
    const config = { tags: ["bound"], ...(named ? { runName: "bound" } : {}) };
    const more = { metadata: { bound: true }, configurable: { bound: true } };
    return twice ? text(of).withConfig(config).withConfig(more) : text(of).withConfig({ ...config, ...more });
  },
});

const optioned = stepKind<{ of: Program }>({
  name: "optioned",
  gives: "text",
  traits: ["chunkwise"],
  draw: ({ text }) => ({ of: text }),
  build: ({ of }, { text }) => text(of).bind({ stop: ["!"] } as RunnableConfig),
});

const alternatives = stepKind<{ of: Program; other: Program; chosen: string | undefined }>({
  name: "alternatives",
  gives: "text",
  traits: ["chunkwise"],
  draw: ({ text }) => ({ of: text, other: text, chosen: fc.constantFrom(undefined, "own", "other", "made") }),
  build: ({ of, other, chosen }, { text }) => {
    const another = text(other);
    const choice = text(of).configurableAlternatives(
      { id: "which" },
      { defaultKey: "own", alternatives: { other: another, made: () => another } },
    );
    // A choice that stands around it holds as well; the innermost one decides.
    return choice.withConfig({ configurable: { which: chosen } }) as TextStep;
  },
});

const fields = stepKind<{ template: string }>({
  name: "fields",
  gives: "text",
  draw: () => ({ template: fc.constantFrom("[{word}]", "({word})", "{word}{word}") }),
  build: ({ template }) =>
    toWord()
      .pipe(
        PromptTemplate.fromTemplate("{word}")
          .configurableFields({ template: { id: "template" } })
          .withConfig({ configurable: { template } }),
      )
      .pipe((value) => value.toString()) as TextStep,
});

/** Its listeners hear of each start, and of one closing for each. */
const listened = stepKind<{ of: Program }>({
  name: "listened",
  gives: "text",
  traits: ["chunkwise"],
  draw: ({ text }) => ({ of: text }),
  build: ({ of }, { world, text }) => {
    const open = new Set<unknown>();
    const start = (run: unknown): void => {
      world.listened += 1;
      if (open.has(idOf(run))) world.faults.push("a listener heard of a start twice");
      open.add(idOf(run));
    };
    const close = (run: unknown): void => {
      world.listened -= 1;
      if (!open.delete(idOf(run))) world.faults.push("a listener heard of a closing without its start");
    };
    return text(of).withListeners({ onStart: start, onEnd: close, onError: close });
  },
});

function idOf(run: unknown): unknown {
  return (run as { id?: unknown }).id;
}

/** Steps around another step. */
export const wrappers: readonly StepKind[] = [retry, fallbacks, bound, optioned, alternatives, fields, listened];
