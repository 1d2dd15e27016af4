import type { CallbackManagerForLLMRun } from "../../callbacks/model-run-manager.ts";
import { reportError } from "../../errors/reporter.ts";
import type { Generation, GenerationChunk } from "../../outputs/generation.ts";
import type { LLMResult } from "../../outputs/llm-result.ts";
import { checkedLimit } from "../../streams/concurrency-limit.ts";
import { LazySource } from "../../streams/lazy-source.ts";
import { type MaybePromise, toPromise } from "../../streams/maybe-promise.ts";
import { SingleSource, type Source } from "../../streams/source.ts";
import type { AnyHookedModel, CallPath, HookCall } from "../hooked-model.ts";
import { modelPart } from "../model-parts.ts";
import { modelKey, promptKey } from "./cache-key.ts";
import type { CacheLike } from "./cache-like.ts";
import { CallGate } from "./call-gate.ts";
import { CallLimit } from "./call-limit.ts";
import { FillingSource } from "./filling-source.ts";
import { toAnswer, toKept, toOnlyChunk } from "./kept-answer.ts";

/** The limits of models, which hold for all their calls. */
let limits: WeakMap<object, { readonly size: number; readonly limit: CallLimit }> | undefined;

/** What the calls of a model pass: its cache, if they may be answered by it, then its limits. */
export function pathOf(model: AnyHookedModel, usesCache: boolean = true): CallPath {
  const { cache, rateLimiter } = model;
  const limit = limitOf(model);
  const gated = limit === undefined && rateLimiter === undefined ? undefined : new GatedPath(limit, rateLimiter);
  if (!cache || !usesCache) return gated ?? OPEN_PATH;
  return new CachedPath(cache === true ? modelPart("globalCache")() : cache, gated ?? OPEN_PATH);
}

function limitOf(model: AnyHookedModel): CallLimit | undefined {
  const { maxConcurrency } = model;
  if (maxConcurrency === undefined || maxConcurrency === Number.POSITIVE_INFINITY) return undefined;
  limits ??= new WeakMap();
  const known = limits.get(model);
  if (known?.size === maxConcurrency) return known.limit;
  const limit = new CallLimit(checkedLimit(maxConcurrency));
  limits.set(model, { size: maxConcurrency, limit });
  return limit;
}

const OPEN_PATH: CallPath = {
  answer: (_call, ask) => ask(),
  stream: (_call, open) => open(),
};

class GatedPath implements CallPath {
  readonly #gate: CallGate;

  constructor(...limits: ConstructorParameters<typeof CallGate>) {
    this.#gate = new CallGate(...limits);
  }

  answer({ context }: HookCall, ask: () => MaybePromise<unknown>): MaybePromise<unknown> {
    return this.#gate.call(context.scope, ask);
  }

  stream({ context }: HookCall, open: () => Source<unknown>): Source<unknown> {
    return this.#gate.stream(context.scope, open);
  }
}

class CachedPath implements CallPath {
  readonly #cache: CacheLike;
  readonly #next: CallPath;

  constructor(cache: CacheLike, next: CallPath) {
    this.#cache = cache;
    this.#next = next;
  }

  async answer(call: HookCall, ask: () => MaybePromise<unknown>): Promise<unknown> {
    const entry = new CacheEntry(this.#cache, call);
    const kept = await entry.lookup();
    call.context.scope?.throwIfCancelled();
    if (kept !== undefined) {
      const run = runOf(call);
      if (run !== undefined) await tellKept(run, call.model["~toChunk"](toOnlyChunk(kept), `run-${run.runId}`));
      // What LLMs are asked is a text.
      return toAnswer(kept, typeof call.input !== "string");
    }
    const given = await this.#next.answer(call, ask);
    // Checked, as the model itself will: what it refuses is not kept.
    await entry.update(call.model["~toResult"](given, ""));
    return given;
  }

  stream(call: HookCall, open: () => Source<unknown>): Source<unknown> {
    const entry = new CacheEntry(this.#cache, call);
    return new LazySource(async () => {
      const kept = await entry.lookup();
      if (kept === undefined) {
        return new FillingSource(this.#next.stream(call, open), call.model, (result) => entry.update(result));
      }
      const run = runOf(call);
      if (run !== undefined) run["~isKept"] = true;
      return new SingleSource<unknown>(toOnlyChunk(kept));
    });
  }
}

/** The place of a call in a cache. A cache that fails must not break a model: it is reported. */
class CacheEntry {
  readonly #cache: CacheLike;
  readonly #prompt: string;
  readonly #model: string;

  constructor(cache: CacheLike, call: HookCall) {
    this.#cache = cache;
    this.#prompt = promptKey(call.input);
    this.#model = modelKey(call);
  }

  lookup(): Promise<readonly Generation[] | undefined> {
    return toPromise(() => this.#cache.lookup(this.#prompt, this.#model)).then(
      (kept) => (Array.isArray(kept) && kept.length > 0 ? kept : undefined),
      (error) => reportError(error, "a cache, when it was asked"),
    ) as Promise<readonly Generation[] | undefined>;
  }

  update(result: LLMResult): Promise<void> {
    return toPromise(() => this.#cache.update(this.#prompt, this.#model, toKept(result))).then(undefined, (error) =>
      reportError(error, "a cache, when it was to keep an answer"),
    );
  }
}

function runOf({ context }: HookCall): CallbackManagerForLLMRun | undefined {
  return context.run as CallbackManagerForLLMRun | undefined; // Models begin runs of this kind, and no other.
}

/** Tells of an answer that is there at once as of one token. */
function tellKept(run: CallbackManagerForLLMRun, chunk: GenerationChunk): Promise<void> {
  run["~isKept"] = true;
  return run.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
}
