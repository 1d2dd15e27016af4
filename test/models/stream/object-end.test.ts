import fc from "fast-check";
import { expect, test } from "vitest";
import { ObjectEnd } from "../../../src/models/stream/object-end.ts";

const closedAfter = (...pieces: string[]): boolean => {
  const end = new ObjectEnd();
  for (const piece of pieces) end.add(piece);
  return end.isClosed;
};

test("an object is closed with its last bracket, and not before, however it is cut", () =>
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
      fc.array(fc.nat(200), { maxLength: 6 }),
      fc.constantFrom("", " ", "\n\t"),
      (object, cuts, space) => {
        const text = `${space}${JSON.stringify(object)}`;
        const places = [...new Set(cuts.map((cut) => cut % text.length))].sort((left, right) => left - right);
        const pieces = places.map((place, turn) => text.slice(turn === 0 ? 0 : places[turn - 1], place));
        pieces.push(text.slice(places.at(-1) ?? 0));
        expect(closedAfter(...pieces)).toBe(true);
        expect(closedAfter(...pieces, space)).toBe(true);
        const end = new ObjectEnd();
        for (const character of text) {
          if (end.isClosed) throw new Error(`closed before ${character}`);
          end.add(character);
        }
      },
    ),
    { numRuns: 300 },
  ));

test.each(["", "  ", "[]", '"{}"', "1", "}", "{}{", "{} x", "{}}", 'x{"a":1}'])("%j is no closed object", (text) => {
  expect(closedAfter(text)).toBe(false);
});

test("it reads each piece once: 200,000 brackets in pieces are quick", () => {
  const start = performance.now();
  const end = new ObjectEnd();
  end.add('{"a":');
  for (let piece = 0; piece < 100_000; piece += 1) end.add("[");
  for (let piece = 0; piece < 100_000; piece += 1) end.add("]");
  end.add("}");
  expect(end.isClosed).toBe(true);
  expect(performance.now() - start).toBeLessThan(1_000);
});
