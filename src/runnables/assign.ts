import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { setOwn } from "../secrets/plain-record.ts";
import { CopiedSource } from "../streams/copied-source.ts";
import { MapSource, SKIP } from "../streams/map-source.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import { SequelSource } from "../streams/sequel-source.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import type { RunnableConfig } from "./config.ts";
import type { RunnableMap } from "./map.ts";
import type { RunContext } from "./run-context.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { callStep, Runnable, transformStep } from "./runnable.ts";

/** What `RunnableAssign` is made of. */
export interface RunnableAssignFields<RunInput> {
  /** Makes the new keys of the whole input. */
  mapper: RunnableMap<RunInput>;
}

/**
 * Gives its input, which must be an object, with more keys; where both have one, the mapper's wins. Streamed, the keys of
 * the input come first, as they arrive, then those of the mapper, as they are made.
 *
 * Called, it has no run of its own: the mapper's stands for it, as in the peer.
 *
 * @example
 * ```ts
 * import { RunnableAssign, RunnableMap } from "linnet";
 *
 * const mapper = RunnableMap.from({ length: (input: { text: string }) => input.text.length });
 * console.log(await new RunnableAssign(mapper).invoke({ text: "who?" })); // { text: 'who?', length: 4 }
 * ```
 */
export class RunnableAssign<
  RunInput extends object = Record<string, unknown>,
  RunOutput extends object = Record<string, unknown>,
> extends Runnable<RunInput, RunOutput> {
  declare readonly mapper: RunnableMap<RunInput>;

  /** @param fields the mapper, or an object with it. */
  constructor(fields: RunnableMap<RunInput> | RunnableAssignFields<RunInput>) {
    super();
    this.mapper = Runnable.isRunnable(fields) ? (fields as RunnableMap<RunInput>) : fields.mapper;
  }

  static override lc_name(): string {
    return "RunnableAssign";
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    const given = toRecord(input);
    return andThen(callStep(this.mapper, input, config), (made) => ({ ...given, ...made }) as RunOutput);
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, (context) => this.#stream(new SingleSource(input), context));
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    return transformWithRun(this, source, config, (chunks, context) => this.#stream(chunks, context));
  }

  #stream(chunks: Source<RunInput>, context: RunContext): Source<RunOutput> {
    const copied = new CopiedSource(new MapSource(chunks, toRecord));
    const given = new MapSource(copied, (chunk) => this.#withoutMade(chunk));
    const made = transformStep(this.mapper, copied.copy as Source<RunInput>, context.childConfig());
    return new SequelSource(given, made as Source<RunOutput>);
  }

  /** Those of the input's keys that the mapper does not make. */
  #withoutMade(chunk: Record<string, unknown>): RunOutput | typeof SKIP {
    const kept: Record<string, unknown> = {};
    for (const key of Object.keys(chunk)) if (!Object.hasOwn(this.mapper.steps, key)) setOwn(kept, key, chunk[key]);
    return Object.keys(kept).length === 0 ? SKIP : (kept as RunOutput);
  }
}

/** Objects of classes have keys too; what is iterated over, and dates, have none that anybody means. */
function toRecord(input: unknown): Record<string, unknown> {
  if (typeof input === "object" && input !== null && !(Symbol.iterator in input) && !(input instanceof Date)) {
    return input as Record<string, unknown>;
  }
  throw new LinnetError(
    `Expected an object to assign keys to, got ${describeValue(input)}. Put it under a key first, with { key: new RunnablePassthrough() }.`,
    { code: "INVALID_INPUT" },
  );
}
