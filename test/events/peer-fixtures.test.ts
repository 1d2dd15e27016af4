import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../src/entries/index.ts";
import { cases } from "../fixtures/event-cases.mjs";
import { type PlainEvent, recordEvents } from "../fixtures/event-plain.mjs";
import { runnableCases } from "../fixtures/runnable-cases.mjs";
import { recordRunEvents } from "../fixtures/runnable-plain.mjs";
import { eventsByRun, expectedEvents, FALSE_ROOTS, SCHEDULED } from "../helpers/peer-events.ts";
import {
  type EventLines,
  eventsOfRuns,
  expectedRunEvents,
  orderedEvents,
  REORDERED,
  withoutOwnChunks,
} from "../helpers/peer-run-events.ts";
import { RETRIED_STREAMS } from "../helpers/peer-runnables.ts";

function readFixture<Recorded>(file: string): Record<string, Recorded> {
  return JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), "utf8")) as Record<string, Recorded>;
}

describe("v2 events equal those recorded of the peer, but for what docs/decisions/0005 permits", () => {
  const recorded = readFixture<PlainEvent[]>("events-v2.json");

  it("for as many cases as were recorded", () => {
    expect(Object.keys(cases(linnet)).sort()).toEqual(Object.keys(recorded).sort());
  });

  it.each(Object.keys(recorded))("%s", async (name) => {
    const one = cases(linnet)[name];
    if (one === undefined) throw new Error(`no case ${name}`);
    const events = await recordEvents(one, "v2");
    const expected = expectedEvents(recorded, name);
    if (SCHEDULED.includes(name)) {
      expect(eventsByRun(events)).toStrictEqual(eventsByRun(expected));
      expect(events[0]).toStrictEqual(expected[0]);
      expect(events.at(-1)).toStrictEqual(expected.at(-1));
    } else {
      expect(events).toStrictEqual(expected);
    }
  });

  it.each(FALSE_ROOTS)("the false root of %s differs in its input alone", (name) => {
    const withoutInput = (events: readonly PlainEvent[]): unknown[] =>
      events.map(({ data, event, name: of }) => ({
        event,
        of,
        keys: Object.keys(data).filter((key) => key !== "input"),
      }));
    expect(withoutInput(expectedEvents(recorded, name))).toEqual(withoutInput(recorded[name] as PlainEvent[]));
  });
});

describe("v2 events of runnables equal those recorded of the peer, but for what docs/decisions/0005 permits", () => {
  const recorded = readFixture<EventLines>("runnable-events-v2.json");
  const made = runnableCases(linnet);

  it("for as many cases as were recorded", () => {
    expect(Object.keys(made)).toEqual(Object.keys(recorded));
  });

  it.each(Object.entries(made))("%s", async (name, make) => {
    const expected = expectedRunEvents(recorded[name] ?? [], name);
    const all = orderedEvents(await recordRunEvents(make()));
    // A stream that the peer gives up is tried again.
    const told = RETRIED_STREAMS.includes(name) ? all.slice(0, expected.length) : all;
    const { events, wrongSums } = withoutOwnChunks(told, expected);
    expect(wrongSums).toBe(0);
    if (REORDERED.includes(name)) expect(eventsOfRuns(events)).toStrictEqual(eventsOfRuns(expected));
    else expect(events).toStrictEqual(expected);
  });
});
