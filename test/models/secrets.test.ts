import { inspect } from "node:util";
import { expect, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { InMemoryCache } from "../../src/models/calls/in-memory-cache.ts";
import { InMemoryRateLimiter } from "../../src/models/calls/rate-limiter.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { collect } from "../golden/transcript.ts";
import { chatChunk, HookedChatModel, result } from "./models.ts";
import "../../src/models/generate/wiring.ts";

const KEY = /sk-(?:declared|secret)/;

/** A model with a key of each kind, which fails first, and what is told of it. */
function keyed(fields: Record<string, unknown> = {}) {
  let tries = 0;
  const told: unknown[] = [];
  const note = (...payload: unknown[]): void => void told.push(payload);
  class Keyed extends HookedChatModel {
    override get lc_secrets(): Record<string, string> {
      return { apiKey: "API_KEY" };
    }
    override _identifyingParams(): Record<string, unknown> {
      return { model_name: "m", apiKey: "sk-declared", token: this.token };
    }
    override invocationParams(): Record<string, unknown> {
      return { apiKey: "sk-declared", token: this.token };
    }
    declare token: Secret;
  }
  const fail = (): void => {
    tries += 1;
    if (tries % 2 === 1) throw Object.assign(new Error("busy"), { headers: { "retry-after": "0" } });
  };
  const model = new Keyed({
    apiKey: "sk-declared",
    token: new Secret("sk-secret"),
    maxRetries: 1,
    onFailedAttempt: note,
    _generate: () => {
      fail();
      return result("ok");
    },
    *_stream() {
      fail();
      yield chatChunk("a");
    },
    ...fields,
  });
  const handler = Object.fromEntries(
    ["handleChatModelStart", "handleLLMNewToken", "handleLLMEnd", "handleLLMError"].map((moment) => [moment, note]),
  );
  return { model, handler, told };
}

test("a model's keys are in no print of it, no payload, no event, no key of its cache", async () => {
  const rateLimiter = new InMemoryRateLimiter({ requestsPerSecond: 10_000, checkEveryNSeconds: 0.001 });
  const cache = new InMemoryCache();
  const { model, handler, told } = keyed({ cache, rateLimiter });
  const callbacks = [handler];
  const given: unknown[] = [await model.invoke("x", { callbacks }), await model.invoke("x", { callbacks })];
  given.push(await collect(await model.stream("y", { callbacks })));
  given.push(await model.generate([["z"]], { callbacks }));
  given.push(await collect(model.streamEvents("w", { version: "v2" })));
  expect(told.length).toBeGreaterThan(8);
  const prints = [String(model), `${model}`, inspect(model, { depth: 20 }), JSON.stringify(model), inspect(cache)];
  prints.push(inspect([told, given], { depth: 20 }), JSON.stringify([told, given]));
  for (const print of prints) expect(print).not.toMatch(KEY);
});

test("a model's keys are in none of its errors", async () => {
  const hooks = [
    keyed({ maxRetries: 0 }),
    keyed({ _generate: undefined, _stream: undefined }),
    keyed({ _generate: () => ({ generations: [] }) }),
    keyed({ _generate: () => new Promise(() => undefined), timeout: 1 }),
  ];
  for (const { model, handler, told } of hooks) {
    const error: unknown = await model.invoke("x", { callbacks: [handler] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const data = LinnetError.isInstance(error) ? error.data : {};
    const prints = [String(error), inspect(error, { depth: 20 }), JSON.stringify(error), JSON.stringify(data)];
    prints.push(inspect(told, { depth: 20 }), JSON.stringify(told));
    for (const print of prints) expect(print).not.toMatch(KEY);
  }
});
