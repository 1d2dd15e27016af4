import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../src/entries/index.ts";
import type { PlainCall } from "../fixtures/event-plain.mjs";
import { type CaseVerb, verbsOf } from "../fixtures/runnable-cases.mjs";
import { type PlainOutcome, recordRunEvents, recordRuns } from "../fixtures/runnable-plain.mjs";
import { toolCases } from "../fixtures/tool-cases.mjs";
import {
  type EventLines,
  eventsOfRuns,
  expectedRunEvents,
  orderedEvents,
  withoutOwnChunks,
} from "../helpers/peer-run-events.ts";
import { isNested } from "../helpers/peer-run-trees.ts";
import { comparableRecording, expectedRecording } from "../helpers/peer-runnables.ts";
import { expectedToolCalls, expectedToolEvents, withoutToolChunks } from "../helpers/peer-tools.ts";

type Lines = (PlainCall | PlainOutcome)[];

const recorded = JSON.parse(readFileSync(new URL("../fixtures/tools-peer.json", import.meta.url), "utf8")) as {
  readonly calls: Readonly<Record<string, Lines>>;
  readonly events: Readonly<Record<string, EventLines>>;
};
const made = toolCases(linnet);

describe("the runs of tools equal those recorded of the peer, but for what docs/decisions/0022 permits", () => {
  const all = Object.entries(made).flatMap(([name, make]) =>
    verbsOf(make()).map((verb): [string, CaseVerb] => [name, verb]),
  );

  it("for as many cases as were recorded", () => {
    expect(all.map(([name, verb]) => `${name}: ${verb}`)).toEqual(Object.keys(recorded.calls));
  });

  it.each(all)("%s, by %s", async (name, verb) => {
    const make = made[name];
    if (make === undefined) throw new Error(`no case ${name}`);
    const lines = await recordRuns(linnet, make(), verb);
    const key = `${name}: ${verb}`;
    const told = { [key]: expectedToolCalls(recorded.calls[key] ?? []) };
    const expected = expectedRecording(told, { name, verb });
    if (DECIDED.includes(name)) expect(comparableRecording(lines, { name, verb })).not.toStrictEqual(expected);
    else expect(comparableRecording(lines, { name, verb })).toStrictEqual(expected);
    expect(isNested(lines)).toBe(true);
  });
});

describe("v2 events of tools equal those recorded of the peer, but for what docs/decisions/0022 permits", () => {
  it("for as many cases as were recorded", () => {
    expect(Object.keys(made)).toEqual(Object.keys(recorded.events));
  });

  it.each(Object.entries(made))("%s", async (name, make) => {
    const expected = expectedRunEvents(expectedToolEvents(recorded.events[name] ?? []), name);
    const all = orderedEvents(withoutToolChunks(await recordRunEvents(make())));
    // A stream that the peer gives up is tried again.
    const told = name === "tool with retry" ? all.slice(0, expected.length) : all;
    const { events, wrongSums } = withoutOwnChunks(told, expected);
    expect(wrongSums).toBe(0);
    if (DECIDED.includes(name)) expect(events).not.toStrictEqual(expected);
    else if (REORDERED.includes(name)) expect(eventsOfRuns(events)).toStrictEqual(eventsOfRuns(expected));
    else expect(events).toStrictEqual(expected);
  });
});

/** The cases that are decided otherwise; tool.test.ts tells what comes of them. */
const DECIDED: readonly string[] = ["tool of no text", "tool that calls a tool, by a call"];

/** The cases whose runs are told in another order, as in peer-run-events.ts. */
const REORDERED: readonly string[] = ["each of a tool", "tools in a map"];
