import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assertNoPoisoning } from "../../helpers/poisoning.ts";

/** A property of an implementation. It holds of a right one; of a wrong one there are cases that break it. */
export type Law<Implementation> = (implementation: Implementation) => fc.IRawProperty<unknown, boolean>;

/** An implementation of ours, and what tells it apart from the others, such as the class of messages that it is asked for. */
export type Case<Implementation> = readonly [what: string, implementation: Implementation];

/** An implementation with one fault, and what the law has to say of it: it must not fail for another reason. */
export type Fault<Implementation> = readonly [what: string, implementation: Implementation, complaint: RegExp];

/**
 * How many times the first case of a law is tried; each other is tried a fifth of that, since most of them share their code.
 * `LAW_RUNS` asks for more. All laws together are tried over 10,000 times.
 */
const RUNS = Number(process.env.LAW_RUNS ?? 300);

/** One try is enough to show a fault; so many make sure that it is found. */
const FAULT_RUNS = 10_000;

const TIMEOUT = 30_000 + RUNS * 20;

type Arbitraries<Values extends unknown[]> = { [Place in keyof Values]: fc.Arbitrary<Values[Place]> };

/** A property that also asserts, after each try, that the runtime's own objects are as they were. */
export function property<Values extends unknown[]>(
  ...args: [...Arbitraries<Values>, (...values: Values) => void]
): fc.IRawProperty<unknown, boolean> {
  const [values, assertion] = split<Values, void>(args);
  return fc.property(values, (tried) => {
    // Read before the try, which may write to them.
    const shown = JSON.stringify(tried);
    try {
      assertion(...tried);
    } catch (error) {
      throw inCase(error, shown);
    } finally {
      assertNoPoisoning();
    }
  });
}

/** Such a property of what takes time. */
export function asyncProperty<Values extends unknown[]>(
  ...args: [...Arbitraries<Values>, (...values: Values) => Promise<void>]
): fc.IRawProperty<unknown, boolean> {
  const [values, assertion] = split<Values, Promise<void>>(args);
  return fc.asyncProperty(values, async (tried) => {
    const shown = JSON.stringify(tried);
    try {
      await assertion(...tried);
    } catch (error) {
      throw inCase(error, shown);
    } finally {
      assertNoPoisoning();
    }
  });
}

function split<Values extends unknown[], Result>(
  args: readonly unknown[],
): [fc.Arbitrary<Values>, (...values: Values) => Result] {
  const arbitraries = args.slice(0, -1) as fc.Arbitrary<unknown>[];
  return [
    fc.tuple(...arbitraries) as unknown as fc.Arbitrary<Values>,
    args[args.length - 1] as (...values: Values) => Result,
  ];
}

/** fast-check shows objects of a class by their name alone. */
function inCase(error: unknown, shown: string): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${message}\nIn the case ${shown}`, { cause: error });
}

/**
 * Proves that a law holds of every case, and that it would not hold of an implementation with one of the planted faults.
 *
 * @param share how many times as often as others it is tried. Default: 1.
 */
export function proveLaw<Implementation>(
  title: string,
  law: Law<Implementation>,
  cases: readonly Case<Implementation>[],
  faults: readonly Fault<Implementation>[],
  share: number = 1,
): void {
  describe(title, () => {
    const runs = cases.map(
      ([what, implementation], place) =>
        [what, implementation, Math.ceil((RUNS * share) / (place === 0 ? 1 : 5))] as const,
    );
    test.each(runs)(
      "with %s",
      async (_what, implementation, numRuns) => {
        await fc.assert(law(implementation), { numRuns });
      },
      TIMEOUT,
    );

    test.each(faults)(
      "not with what %s",
      async (_what, implementation, complaint) => {
        const outcome = await fc.check(law(implementation), { numRuns: FAULT_RUNS, endOnFailure: true });
        expect(outcome.failed).toBe(true);
        expect(String(outcome.errorInstance).split("\n")[0]).toMatch(complaint);
      },
      TIMEOUT,
    );
  });
}
