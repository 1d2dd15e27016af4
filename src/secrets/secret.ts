/** What `isInstance` looks for; the same in every copy of the package. */
const BRAND = Symbol.for("linnet.secret");
const INSPECT = Symbol.for("nodejs.util.inspect.custom");
const HIDDEN = "**********";

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
export class Secret {
  readonly #value: string;

  /**
   * @param value the string to keep.
   * @throws TypeError if it is no string, so that a missing environment variable is not kept as the word "undefined".
   */
  constructor(value: string) {
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
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** The string itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }
}

// Not members of the class: declarations made file by file have no computed names but the language's own.
Object.defineProperty(Secret.prototype, BRAND, { value: true });
Object.defineProperty(Secret.prototype, INSPECT, { value: () => HIDDEN });
