import { inspect } from "node:util";
import { describe, expect, it, test } from "vitest";
import { hideSecrets } from "../../src/models/hide-secrets.ts";
import { Secret } from "../../src/secrets/secret.ts";

const HIDDEN = "**********";
const names = { apiKey: "API_KEY", "client.token": "TOKEN" };

describe("what a model shows of itself", () => {
  test.each<[string, Record<string, unknown>, unknown]>([
    ["a named field", { apiKey: "sk-1", model: "m" }, { apiKey: HIDDEN, model: "m" }],
    ["a secret", { other: new Secret("sk-1") }, { other: HIDDEN }],
    ["a named field within", { headers: { apiKey: "sk-1", a: 1 } }, { headers: { apiKey: HIDDEN, a: 1 } }],
    ["a named field in a list", { all: [1, { apiKey: "sk-1" }] }, { all: [1, { apiKey: HIDDEN }] }],
    ["a secret within", { all: [{ b: new Secret("sk-1") }] }, { all: [{ b: HIDDEN }] }],
    ["a secret in a list", { all: [new Secret("sk-1")] }, { all: [HIDDEN] }],
    ["a path", { client: { token: "sk-1" }, token: "t" }, { client: { token: HIDDEN }, token: "t" }],
    ["a named field that is an object", { apiKey: { value: "sk-1" } }, { apiKey: HIDDEN }],
    [
      "inherited names",
      { toString: "a", constructor: { hasOwnProperty: 1 } },
      { toString: "a", constructor: { hasOwnProperty: 1 } },
    ],
  ])("has a mark in place of %s", (_what, params, shown) => {
    expect(hideSecrets(params, names)).toEqual(shown);
  });

  it("is a copy: what was given stays as it is", () => {
    const params = { headers: { apiKey: "sk-1" }, list: [{ apiKey: "sk-2" }] };
    const before = structuredClone(params);
    const shown = hideSecrets(params, names);
    (shown.headers as Record<string, unknown>).more = 1;
    expect(params).toEqual(before);
  });

  it("may hold itself, and may share what it holds as often as it likes", () => {
    const params: Record<string, unknown> = { apiKey: "sk-1" };
    params.self = params;
    let shared: unknown = { apiKey: "sk-1" };
    for (let depth = 0; depth < 60; depth += 1) shared = [shared, shared];
    const shown = hideSecrets({ ...params, shared }, names);
    expect((shown.self as Record<string, unknown>).apiKey).toBe(HIDDEN);
    expect((shown.self as Record<string, unknown>).self).toBe(shown.self);
    const [left, right] = shown.shared as unknown[];
    expect(left).toBe(right);
  });

  it("keeps objects with a class of their own, which show themselves", () => {
    const date = new Date(0);
    expect(hideSecrets({ date, all: [date] }, names)).toEqual({ date, all: [date] });
  });

  it("takes a key from outside as data", () => {
    const shown = hideSecrets(JSON.parse('{"a":{"__proto__":{"apiKey":"sk-1"}}}') as never, names);
    expect(JSON.stringify(shown)).toBe(`{"a":{"__proto__":{"apiKey":"${HIDDEN}"}}}`);
    expect(({} as { apiKey?: unknown }).apiKey).toBeUndefined();
  });

  it("is looked through no further than its own fields where nothing is named", () => {
    const headers = { token: new Secret("sk-1") };
    const shown = hideSecrets({ headers, token: new Secret("sk-1") }, undefined);
    expect(shown).toEqual({ headers, token: HIDDEN });
    expect(shown.headers).toBe(headers);
    expect([inspect(shown, { depth: 9 }), JSON.stringify(shown)].join()).not.toContain("sk-1");
  });
});
