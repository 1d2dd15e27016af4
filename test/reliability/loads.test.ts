import { describe, expect, it } from "vitest";
import { loads } from "../../bench/loads.mjs";
import { measureLoad } from "../../scripts/measure-loads.mjs";

// How long each takes is measured by `npm run loads`, not here: a busy machine must not fail a test.
describe("under heavy load, each in a process with a ceiling for its heap", () => {
  it.each(loads.filter(({ isByHand }) => isByHand !== true))(
    "$name: nothing is lost, nothing is kept",
    async (load) => {
      const rows = await measureLoad(load);
      const counted = rows.filter((row) => row.isTime !== true);
      expect(counted.length).toBeGreaterThan(1);
      expect(counted.filter((row) => row.value > row.atMost)).toEqual([]);
    },
    120_000,
  );
});
