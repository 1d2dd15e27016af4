import fc from "fast-check";
import { describe, expect, test } from "vitest";

/** How often a fault is looked for again where the law complained of something else than was expected. */
const FAULT_DRAWS = 10;

/** How many times as often as usual every law is tried; for a longer search by hand. */
const FACTOR = Number(process.env.LINNET_LAW_RUNS ?? 1);

/** One try is enough to show a fault; so many make sure that it is found. */
const FAULT_RUNS = 3_000;

/** A property of an engine. It holds of a right one; of one with a fault planted it has to fail. */
export type Law<Engine> = (engine: Engine) => fc.IRawProperty<unknown, boolean>;

/** An engine with one fault, and what the law has to say of it: it must not fail for another reason. */
export type Fault<Engine> = readonly [what: string, engine: Engine, complaint: RegExp];

/** Proves that a law holds of an engine, and that it would not hold of one with a planted fault. */
export function proveLaw<Engine>(
  title: string,
  law: Law<Engine>,
  runs: number,
  engine: Engine,
  faults: readonly Fault<Engine>[],
): void {
  const numRuns = Math.ceil(runs * FACTOR);
  const timeout = 30_000 + numRuns * 20;
  describe(title, () => {
    test(
      `in ${runs} tries`,
      async () => {
        await fc.assert(law(engine), { numRuns });
      },
      timeout,
    );

    test.each(faults)(
      "not with %s",
      async (_what, faulty, complaint) => {
        // One fault may break a law in several ways, and which is seen first is a matter of the draw.
        const complaints: string[] = [];
        for (let draw = 0; draw < FAULT_DRAWS && !complaints.some((heard) => complaint.test(heard)); draw += 1) {
          const outcome = await fc.check(law(faulty), { numRuns: FAULT_RUNS, endOnFailure: true });
          expect(outcome.failed).toBe(true);
          complaints.push(String(outcome.errorInstance));
        }
        expect(complaints.at(-1)).toMatch(complaint);
      },
      timeout,
    );
  });
}
