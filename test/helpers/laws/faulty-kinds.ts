import { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { Runnable } from "../../../src/runnables/runnable.ts";
import { type Program, type StepKind, stepKind, type Trait } from "./kind.ts";
import { textOf } from "./leaves.ts";
import type { TextStep, World } from "./world.ts";

/** A step around another, whose streaming has a fault. */
abstract class Faulty extends Runnable<string, string> {
  readonly inner: TextStep;

  constructor(inner: TextStep) {
    super();
    this.inner = inner;
  }

  override invoke(input: string, options?: RunnableConfig): Promise<string> {
    return this.inner.invoke(input, options);
  }

  abstract override transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string>;
}

/** Reads by hand, and does not return what it reads when it is left itself. */
class Forgetting extends Faulty {
  override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    const chunks = this.inner.transform(input, options);
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
}

/** Tells of its start, and of its end only where it comes to it. */
class Dangling extends Faulty {
  override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    const manager = CallbackManager.configure(options?.callbacks) as CallbackManager | undefined;
    const run = await manager?.handleChainStart({ lc: 1, type: "not_implemented", id: ["Dangling"] }, { input: "" });
    yield* this.inner.transform(input, options);
    await run?.handleChainEnd({ output: "" });
  }
}

/** Gives an end in the place of an error. */
class Swallowing extends Faulty {
  override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    try {
      yield* this.inner.transform(input, options);
    } catch {
      yield "";
    }
  }
}

/** Puts another error in the place of an error. */
class Disguising extends Faulty {
  override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    try {
      yield* this.inner.transform(input, options);
    } catch (cause) {
      throw new Error("something went wrong", { cause });
    }
  }
}

/** Calls what is inside it without the config. */
class Detaching extends Faulty {
  override invoke(input: string): Promise<string> {
    return this.inner.invoke(input);
  }

  override transform(input: AsyncGenerator<string>): AsyncGenerator<string> {
    return this.inner.transform(input);
  }
}

/** Reads far ahead of its reader. */
class ReadingAhead extends Faulty {
  override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    const taken: string[] = [];
    for await (const chunk of this.inner.transform(input, options)) {
      taken.push(chunk);
      if (taken.length > 150) break;
    }
    yield* taken;
  }
}

/** Tries again whenever it fails, also after it gave something. */
class Persistent extends Faulty {
  override async *transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    let text = "";
    for await (const chunk of input) text += textOf(chunk);
    try {
      yield* this.inner.transform(once(text), options);
    } catch {
      yield* this.inner.transform(once(text), options);
    }
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** The kind `bound` as a faulty step around what it binds. */
export function faultyBound(Fault: new (inner: TextStep) => TextStep): StepKind {
  const traits: Trait[] = ["chunkwise"];
  return stepKind<{ of: Program }>({
    name: "bound",
    gives: "text",
    traits,
    draw: ({ text }) => ({ of: text }),
    build: ({ of }, { text }) => new Fault(text(of)),
  });
}

/** The kind `bound` as a step that calls what it binds with another config. */
export function faultyBoundBy(configOf: (config: RunnableConfig | undefined) => RunnableConfig): StepKind {
  return faultyBound(
    class extends Faulty {
      override invoke(input: string, options?: RunnableConfig): Promise<string> {
        return this.inner.invoke(input, configOf(options));
      }

      override transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
        return this.inner.transform(input, configOf(options));
      }
    },
  );
}

/** A lambda in the place of the kind `plain`. */
export function faultyPlain(func: (input: string, world: World) => string): StepKind {
  return stepKind({
    name: "plain",
    gives: "text",
    build: (_parts, { world }) => RunnableLambda.from((input: string) => func(textOf(input), world)),
  });
}

export { Dangling, Detaching, Disguising, Forgetting, Persistent, ReadingAhead, Swallowing };
