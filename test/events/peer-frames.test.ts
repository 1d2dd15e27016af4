import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../src/entries/index.ts";
import "../../src/runnables/log/wiring.ts";
import { caseOf, framedCases } from "../fixtures/watching-cases.mjs";
import { type PlainFrame, recordFrames } from "../fixtures/watching-plain.mjs";
import { expectedFrames } from "../helpers/peer-frames.ts";

const file = new URL("../fixtures/event-frames.json", import.meta.url);
const recorded = JSON.parse(readFileSync(file, "utf8")) as Record<string, PlainFrame[]>;

describe("server-sent events equal those recorded of the peer, but for what docs/decisions permits", () => {
  it("for as many cases as were recorded", () => {
    expect(framedCases).toEqual(Object.keys(recorded));
  });

  it.each(framedCases)("%s", async (name) => {
    expect(await recordFrames(caseOf(linnet, name))).toStrictEqual(expectedFrames(recorded[name] ?? []));
  });
});
