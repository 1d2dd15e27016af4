import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BaseTracer } from "../../../src/callbacks/tracers/base-tracer.ts";
import * as linnet from "../../../src/entries/index.ts";
import { caseOf, tracedCases, tracedInvocations } from "../../fixtures/watching-cases.mjs";
import { type PlainRun, recordTrace } from "../../fixtures/watching-plain.mjs";
import { expectedTrees, treesOf } from "../../helpers/peer-traces.ts";

const library = { ...linnet, BaseTracer };
const file = new URL("../../fixtures/traces.json", import.meta.url);
const recorded = JSON.parse(readFileSync(file, "utf8")) as Record<string, PlainRun[]>;
const verbs = ["invoke", "stream"] as const;
const all = [
  ...tracedCases.flatMap((name) => verbs.map((verb) => ({ name, verb }))),
  ...tracedInvocations.map((name) => ({ name, verb: verbs[0] })),
];

describe("the runs that a tracer has equal those recorded of the peer, but for what docs/decisions permits", () => {
  it("for as many cases as were recorded", () => {
    expect(all.map(({ name, verb }) => `${name}: ${verb}`)).toEqual(Object.keys(recorded));
  });

  it.each(all)("$name, by $verb", async ({ name, verb }) => {
    const runs = await recordTrace(library, caseOf(library, name), verb);
    const expected = expectedTrees(recorded[`${name}: ${verb}`] ?? [], { name, verb });
    expect(treesOf(runs, { name, verb })).toStrictEqual(expected);
  });
});
