import { describeValue } from "../../errors/describe-value.ts";
import { isSameData } from "../../json/json-diff.ts";
import { writeJson } from "../../json/safe-json.ts";

/** What a matcher found, as the `expect.extend` of vitest and jest takes it. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** What test runners give to matchers as `this`; each may be missing, as where nobody runs them. */
interface RunnerContext {
  readonly equals?: (one: unknown, other: unknown) => boolean;
  readonly isNot?: boolean;
  readonly utils?: { printExpected?(value: unknown): string; printReceived?(value: unknown): string };
}

/** How a matcher compares and tells, with the help of the runner that there is. */
export class Comparison {
  readonly #runner: RunnerContext;

  /** @param runner the `this` of the matcher. */
  constructor(runner: unknown) {
    this.#runner = (runner ?? {}) as RunnerContext;
  }

  /** Whether two values are the same; a runner also knows patterns such as `expect.any(String)`. */
  equals(came: unknown, expected: unknown): boolean {
    const { equals } = this.#runner;
    return typeof equals === "function" ? equals(came, expected) : isSameData(came, expected);
  }

  /** Whether all that is expected is there; more may be. */
  fits(came: object, expected: object): boolean {
    return Object.entries(expected).every(([key, value]) => this.equals((came as Record<string, unknown>)[key], value));
  }

  /** Whether each of the expected can have one of those that came for itself, in any order. */
  fitsAll(came: readonly object[], expected: readonly object[]): boolean {
    /** Which of the expected each that came stands for. */
    const taken = new Map<number, number>();
    const place = (wanted: number, seen: Set<number>): boolean =>
      came.some((one, at) => {
        if (seen.has(at) || !this.fits(one, expected[wanted] as object)) return false;
        seen.add(at);
        const other = taken.get(at);
        // Who has it already may find another.
        if (other !== undefined && !place(other, seen)) return false;
        taken.set(at, wanted);
        return true;
      });
    return expected.every((_one, wanted) => place(wanted, new Set()));
  }

  /** What the matcher found: one side in words, with values where there are. */
  result(pass: boolean, what: string, [expected, came]: readonly [expected: unknown, came: unknown]): MatcherResult {
    const message = (): string => {
      const { isNot, utils } = this.#runner;
      const wanted = expected === undefined ? "" : ` ${(utils?.printExpected ?? shown)(expected)}`;
      const found = `got ${(utils?.printReceived ?? shown)(came)}`;
      return `Expected ${isNot ? "not " : ""}${what}${wanted}, ${found}.`;
    };
    return { pass, message, actual: came, expected };
  }

  /** What the matcher found where it was given what it knows nothing of. Fails also with `not`, which would else hide it. */
  misused(what: string, received: unknown): MatcherResult {
    return { pass: this.#runner.isNot === true, message: () => `Expected ${what}, got ${describeValue(received)}.` };
  }
}

function shown(value: unknown): string {
  return writeJson(value) ?? describeValue(value);
}
