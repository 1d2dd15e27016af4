import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Line, type Place } from "../../../src/models/calls/line.ts";

describe("a line", () => {
  test("takes in the order of joining, without those who left", () => {
    const line = new Line<string>();
    const [, second] = ["a", "b", "c"].map((item) => line.join(item));
    line.leave(second as Place<string>);
    expect([line.take(), line.take(), line.take(), line.isEmpty]).toEqual(["a", "c", undefined, true]);
  });

  test("is what a plain list would be, whoever comes, leaves twice, and is taken", () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant("join" as const) }),
      fc.record({ does: fc.constant("take" as const) }),
      fc.record({ does: fc.constant("leave" as const), who: fc.nat(40) }),
      fc.record({ does: fc.constant("clear" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const line = new Line<number>();
        const places: Place<number>[] = [];
        let expected: number[] = [];
        for (const move of steps) {
          if (move.does === "join") {
            expected.push(places.length);
            places.push(line.join(places.length));
          } else if (move.does === "take") {
            expect(line.take()).toBe(expected.shift());
          } else if (move.does === "leave") {
            const place = places[move.who];
            if (place !== undefined) line.leave(place);
            expected = expected.filter((item) => item !== move.who);
          } else {
            for (const item of expected) line.leave(places[item] as Place<number>);
            line.clear();
            expected = [];
          }
          expect(line.isEmpty).toBe(expected.length === 0);
        }
        for (const item of expected) expect(line.take()).toBe(item);
        expect(line.isEmpty).toBe(true);
      }),
    );
  });
});
