/** What `isInstance` looks for; the same in every copy of the package. */
const BRAND: symbol = /* @__PURE__ */ Symbol.for("linnet.secret");
const HIDDEN = "**********";

const Branded: new () => Record<never, never> = /* @__PURE__ */ makeBranded();

/**
 * What secrets have under names that are symbols. Declarations made file by file know no such names but the language's
 * own, and a statement of the module would keep the class in bundles that have no use for it.
 */
function makeBranded(): new () => Record<never, never> {
  class Branded {}
  Object.defineProperties(Branded.prototype, {
    [BRAND]: { value: true },
    [Symbol.for("nodejs.util.inspect.custom")]: { value: () => HIDDEN },
  });
  return Branded;
}

/**
 * A string that no print shows: not `String(secret)`, a template, JSON, `util.inspect`, spreading or an error. Only
 * {@link Secret.reveal} gives it.
 *
 * @example
 * ```ts
 * import { Secret } from "linnet";
 *
 * const key = Secret.from("sk-live-1234");
 * console.log(`${key}`); // **********
 * const headers = { authorization: `Bearer ${key.reveal()}` };
 * ```
 */
export class Secret extends Branded {
  readonly #value: string;

  /**
   * @param value the string to keep.
   * @throws TypeError if it is no string, so that a missing environment variable is not kept as the word "undefined".
   */
  constructor(value: string) {
    super();
    if (typeof value !== "string") {
      // The room of errors stands on the same floor, so that the usual error class is out of reach here.
      throw new TypeError(`Expected a secret to be a string, got ${typeof value}. Check that the variable is set.`);
    }
    this.#value = value;
  }

  /** A secret of a string; a secret is given back as it is. */
  static from(value: string | Secret): Secret {
    return Secret.isInstance(value) ? value : new Secret(value);
  }

  /** Whether a value is a secret, also one made by another copy of the package. */
  static isInstance(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && (value as { [key: symbol]: unknown })[BRAND] === true;
  }

  /** The string itself. */
  reveal(): string {
    return this.#value;
  }

  override toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }
}
