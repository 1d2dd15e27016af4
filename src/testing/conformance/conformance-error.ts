import { LinnetError, named } from "../../errors/linnet-error.ts";

const Named: typeof LinnetError = /* @__PURE__ */ named(LinnetError, "ConformanceError");

/** A model does not do what its interface promises. The message names the rule, what was expected, what came, and the fix. */
export class ConformanceError extends Named {
  /** @param rule which rule it is; not yet known where it is thrown. */
  constructor(message: string, rule?: string, cause?: unknown) {
    super(rule === undefined ? message : `${rule}: ${message}`, { code: "INVALID_INPUT", data: { rule }, cause });
  }
}

/**
 * Ends a rule where what it expects is not so.
 *
 * @param came what came instead, in words.
 * @param fix what the model's author may do.
 */
export function expectThat(holds: boolean, expected: string, came: string, fix: string): asserts holds {
  if (!holds) throw new ConformanceError(`Expected ${expected}, got ${came}. ${fix}`);
}
