import { expectTypeOf, test } from "vitest";
import { AsyncCaller } from "../../../src/models/calls/async-caller.ts";
import type { CacheLike } from "../../../src/models/calls/cache-like.ts";
import { InMemoryCache } from "../../../src/models/calls/in-memory-cache.ts";
import { InMemoryRateLimiter } from "../../../src/models/calls/rate-limiter.ts";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import type { Generation } from "../../../src/outputs/generation.ts";
import type { LLMResult } from "../../../src/outputs/llm-result.ts";

const fields = { model: "m", parrotBufferLength: 3 };

test("a model takes caches and rate limiters of ours, and what is like them", () => {
  new ChatParrotLink({
    ...fields,
    cache: true,
    rateLimiter: new InMemoryRateLimiter(),
    disableStreaming: "tool_calling",
  });
  new ChatParrotLink({ ...fields, cache: new InMemoryCache() });
  new ChatParrotLink({
    ...fields,
    cache: { lookup: async () => null, update: async () => undefined },
    rateLimiter: { acquire: async () => true },
  });
  // @ts-expect-error: it keeps texts, not generations.
  new ChatParrotLink({ ...fields, cache: new InMemoryCache<string>() });
  // @ts-expect-error: there is no such way.
  new ChatParrotLink({ ...fields, disableStreaming: "tools" });
});

test("generate takes lists of messages, and options or stop texts", () => {
  const model = new ChatParrotLink(fields);
  expectTypeOf(model.generate([["a"]], ["stop"])).resolves.toEqualTypeOf<LLMResult>();
  model.generate([[["human", "a"]]], { stop: ["b"], maxRetries: 1 });
  // @ts-expect-error: a list of texts is no list of lists.
  model.generate([1]);
});

test("a caller keeps the types of what it calls", () => {
  const caller = new AsyncCaller({ maxRetries: 1 });
  expectTypeOf(caller.call(async (a: number, b: string) => a + b, 1, "b")).resolves.toEqualTypeOf<string>();
  expectTypeOf(caller.callWithOptions({ maxRetries: 0 }, () => 1)).resolves.toEqualTypeOf<number>();
  // @ts-expect-error: an argument is missing.
  caller.call(async (a: number) => a);
});

test("a cache keeps generations unless it is told otherwise", () => {
  expectTypeOf<InMemoryCache>().toExtend<CacheLike<Generation[]>>();
  expectTypeOf(new InMemoryCache().lookup("a", "b")).toEqualTypeOf<Generation[] | null>();
});
