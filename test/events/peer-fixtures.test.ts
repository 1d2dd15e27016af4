import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../src/entries/index.ts";
import { cases } from "../fixtures/event-cases.mjs";
import { type PlainEvent, recordEvents } from "../fixtures/event-plain.mjs";
import { eventsByRun, expectedEvents, FALSE_ROOTS, SCHEDULED } from "../helpers/peer-events.ts";

const recorded = JSON.parse(readFileSync(new URL("../fixtures/events-v2.json", import.meta.url), "utf8")) as Record<
  string,
  PlainEvent[]
>;

describe("v2 events equal those recorded of the peer, but for what docs/decisions/0005 permits", () => {
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
