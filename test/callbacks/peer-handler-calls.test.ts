import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../src/entries/index.ts";
import { cases, handlerCases } from "../fixtures/event-cases.mjs";
import { type PlainCall, recordHandlerCalls } from "../fixtures/event-plain.mjs";
import { expectedCalls, withoutSerialized } from "../helpers/peer-handler-calls.ts";

const recorded = JSON.parse(readFileSync(new URL("../fixtures/handler-calls.json", import.meta.url), "utf8")) as Record<
  string,
  PlainCall[]
>;

const verbs = ["invoke", "stream"] as const;
const all = handlerCases.flatMap((name) => verbs.map((verb) => [name, verb] as const));

describe("the calls of a handler equal those recorded of the peer, but for what docs/decisions/0006 permits", () => {
  it("for as many cases as were recorded", () => {
    expect(all.map(([name, verb]) => `${name}: ${verb}`)).toEqual(Object.keys(recorded));
  });

  it.each(all)("%s, by %s", async (name, verb) => {
    const one = cases(linnet)[name];
    if (one === undefined) throw new Error(`no case ${name}`);
    const calls = await recordHandlerCalls(linnet, one, verb);
    expect(calls.map(withoutSerialized)).toStrictEqual(expectedCalls(recorded, `${name}: ${verb}`));
  });
});
