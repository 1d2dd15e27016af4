import { describe, expect, it, test } from "vitest";
import { chooseLayers } from "../../scripts/lib/layers.mjs";

const KB = 1024;

interface Part {
  readonly kilobytes: number;
  readonly imports: readonly number[];
  readonly isDoor?: boolean;
  readonly wires?: boolean;
}

/** Which chunks are one, as their places, in order. */
function layersOf(parts: readonly Part[]): number[][] {
  const chunks = parts.map(({ kilobytes, imports, isDoor = false, wires = false }, place) => ({
    bytes: kilobytes * KB,
    files: [`src/room/${place}.ts`],
    imports: [...imports],
    isDoor,
    wires,
  }));
  const layers = [...new Set<number[]>(chooseLayers(chunks).values())];
  return layers
    .map((layer) => [...layer].sort((left, right) => left - right))
    .sort(([left = 0], [right = 0]) => left - right);
}

const door = (...imports: number[]): Part => ({ kilobytes: 0, imports, isDoor: true });
const part = (kilobytes: number, ...imports: number[]): Part => ({ kilobytes, imports });
const wiring = (kilobytes: number, ...imports: number[]): Part => ({ kilobytes, imports, wires: true });

describe("the chunks of a build", () => {
  test.each([
    ["that are small become one file, though some doors use one of them alone", 2, [[3, 4]]],
    ["that are large stay files of their own", 200, [[3], [4]]],
  ])("%s", (_title, kilobytes, layers) => {
    expect(layersOf([door(3), door(4), door(3, 4), part(kilobytes), part(kilobytes)])).toEqual(layers);
  });

  it("become one, however large, where every door loads both", () => {
    expect(layersOf([door(2, 3), door(3, 2), part(900), part(900)])).toEqual([[2, 3]]);
  });

  it("become one with what their doors load anyway, not with what is as large and is not loaded", () => {
    expect(layersOf([door(2, 3), door(4), part(300), part(5), part(300)])).toEqual([[2, 3], [4]]);
  });

  it("are not made one where a door would load a wiring that it does not ask for", () => {
    expect(layersOf([door(2), door(2, 3), part(5), part(5)])).toEqual([[2, 3]]);
    expect(layersOf([door(2), door(2, 3), part(5), wiring(5, 2)])).toEqual([[2], [3]]);
  });

  it("are one with a wiring where all of their doors ask for it", () => {
    expect(layersOf([door(2, 3), part(1), part(5), wiring(5, 2)])).toEqual([[1], [2, 3]]);
  });

  it("that hold nothing are no files, and doors are none of them", () => {
    expect(layersOf([door(1, 2), part(0, 2), part(10)])).toEqual([[2]]);
  });

  it("end with the same layers however often they are chosen", () => {
    const parts = [door(3, 4, 5), door(4, 5), door(5), part(30), part(40, 3), part(50, 4)];
    expect(layersOf(parts)).toEqual(layersOf(parts));
  });
});
