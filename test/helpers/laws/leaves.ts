import fc from "fast-check";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { Runnable } from "../../../src/runnables/runnable.ts";
import { type Domain, type StepKind, stepKind } from "./kind.ts";
import { StrictIterator } from "./strict-iterator.ts";
import { planned, type World } from "./world.ts";

/** A text as steps are given it: nothing, where the step before gave nothing. */
export function textOf(input: unknown): string {
  return typeof input === "string" ? input : "";
}

/** Fails on purpose for texts with an x. */
export function refuseX(text: string): string {
  if (text.includes("x")) throw planned(`no x in ${text}`);
  return text;
}

/** Whether work listens to its signal. */
export function listening(domain: Domain): fc.Arbitrary<boolean> {
  return domain.deaf === false ? fc.constant(true) : fc.boolean();
}

interface SourceParts {
  readonly chunks: number;
  readonly failsAt: number | undefined;
  readonly pauses: boolean;
  readonly listens: boolean;
  /** Whether its chunks are one piece of an author's work, which nobody can stop on its way. */
  readonly isWhole?: boolean;
}

/** What an asynchronous generator is made of. */
export function sourceParts(domain: Domain): {
  readonly [Key in Exclude<keyof SourceParts, "isWhole">]: fc.Arbitrary<SourceParts[Key]>;
} {
  const isLate = !domain.without?.includes("late");
  return {
    chunks: fc.integer({ min: domain.empties ? 0 : 1, max: 3 }),
    failsAt: fc.option(fc.integer({ min: 0, max: isLate ? 2 : 0 }), { nil: undefined, freq: 3 }),
    pauses: fc.boolean(),
    listens: listening(domain),
  };
}

/** Chunks made of a text's letters, with work before each; none is begun once the call is over. */
export async function* chunksOf(
  text: string,
  { chunks, failsAt, pauses, listens, isWhole = false }: SourceParts,
  world: World,
  place: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    if (world.isOver && !isWhole) world.faults.push("a chunk begun after the end");
    if (pauses) await world.act(place, listens ? signal : undefined);
    if (failsAt === chunk) throw planned(`chunk ${chunk}`);
    yield `${text.at(chunk) ?? "z"}${chunk}`;
  }
}

const plain = stepKind({
  name: "plain",
  gives: "text",
  build: () => RunnableLambda.from((input: string) => `${textOf(input)}.`, { name: "plain" }),
});

const waiting = stepKind<{ listens: boolean }>({
  name: "waiting",
  gives: "text",
  draw: ({ domain }) => ({ listens: listening(domain) }),
  build: ({ listens }, { world }) => {
    const place = world.newPlace();
    return RunnableLambda.from(
      async (input: string, { signal }: RunnableConfig) => {
        await world.act(place, listens ? signal : undefined);
        return `<${textOf(input)}>`;
      },
      { name: "waiting" },
    );
  },
});

const letters = stepKind({
  name: "letters",
  gives: "text",
  build: () =>
    RunnableLambda.from<string, string>(
      function* (input: string) {
        yield* textOf(input);
        yield "!";
      },
      { name: "letters" },
    ),
});

const source = stepKind<SourceParts>({
  name: "source",
  gives: "text",
  draw: ({ domain }) => sourceParts(domain),
  build: (parts, { world }) => {
    const place = world.newPlace();
    return RunnableLambda.from<string, string>(
      (input: string, { signal }: RunnableConfig) => world.visit(chunksOf(textOf(input), parts, world, place, signal)),
      { name: "source" },
    );
  },
});

const iterator = stepKind<SourceParts>({
  name: "iterator",
  gives: "text",
  draw: ({ domain }) => sourceParts(domain),
  build: (parts, { world }) => {
    const place = world.newPlace();
    return RunnableLambda.from<string, string>(
      (input: string, { signal }: RunnableConfig) =>
        new StrictIterator(world, chunksOf(textOf(input), parts, world, place, signal)),
      { name: "iterator" },
    );
  },
});

const fails = stepKind<{ later: boolean }>({
  name: "fails",
  gives: "text",
  draw: () => ({ later: fc.boolean() }),
  build: ({ later }, { world }) => {
    const place = world.newPlace();
    const func = (input: string): string => refuseX(textOf(input));
    const slow = async (input: string, { signal }: RunnableConfig): Promise<string> => {
      await world.act(place, signal);
      return func(input);
    };
    return RunnableLambda.from<string, string>(later ? slow : func, { name: "fails" });
  },
});

const failsLate = stepKind({
  name: "failsLate",
  gives: "text",
  traits: ["late"],
  build: (_parts, { world }) =>
    RunnableLambda.from<string, string>(
      (input: string) =>
        world.visit(
          (async function* () {
            yield "-";
            yield refuseX(textOf(input));
          })(),
        ),
      { name: "failsLate" },
    ),
});

/** A subclass of a user's, from chunk to chunk. */
class Upper extends Runnable<string, string> {
  override invoke(input: string, options?: RunnableConfig): Promise<string> {
    return this._callWithConfig((text) => textOf(text).toUpperCase(), input, options);
  }

  override transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    return this._transformStreamWithConfig(
      input,
      async function* (chunks) {
        for await (const chunk of chunks) yield textOf(chunk).toUpperCase();
      },
      options,
    );
  }
}

const upper = stepKind({
  name: "upper",
  gives: "text",
  traits: ["chunkwise"],
  build: () => new Upper(),
});

/** A subclass of a user's that streams, and implements nothing of ours. */
class Repeater extends Runnable<string, string> {
  override invoke(input: string, options?: RunnableConfig): Promise<string> {
    return this._callWithConfig((text) => textOf(text) + textOf(text), input, options);
  }

  override async *_streamIterator(input: string): AsyncGenerator<string> {
    yield textOf(input);
    yield textOf(input);
  }
}

const repeater = stepKind({ name: "repeater", gives: "text", build: () => new Repeater() });

/** Steps that are made of no others, of what every other class is built on. */
export const leaves: readonly StepKind[] = [
  plain,
  waiting,
  letters,
  source,
  iterator,
  fails,
  failsLate,
  upper,
  repeater,
];
