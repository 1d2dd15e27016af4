import { isPlainRecord } from "../secrets/plain-record.ts";

/** The name under which Node, Deno and Bun look for how an object wants to be shown. */
export const INSPECT: symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/** How deep fields are shown at least, and at most: a message may hold itself. */
const LEAST_DEPTH = 4;
const MOST_DEPTH = 64;

/** What the runtime says of how it shows things; where it shows an object within ours, our mark is among the options. */
interface InspectOptions {
  readonly depth?: number | null | undefined;
  readonly "~within"?: boolean;
}

/** The runtime's own way to show a value. */
type Inspect = (value: unknown, options: InspectOptions) => string;

/**
 * What shows an object as its class and its fields, those left out that are empty. The runtime's own `inspect`, which it
 * hands over, does the work: it bounds width and length, runs no getter, and asks a `Secret` to hide itself.
 *
 * @param read the name of the object's class, its fields, and the field that is shown even if it is empty.
 */
export function inspectorOf<Shown>(read: (shown: Shown) => [name: string, fields: object, always: string]) {
  return function inspectFields(
    this: Shown,
    depth?: number | null,
    options?: InspectOptions,
    inspect?: Inspect,
  ): string {
    const [name, fields, always] = read(this);
    const left = Math.min(depth ?? MOST_DEPTH, MOST_DEPTH);
    try {
      if (left < 0) return `[${name}]`;
      const shown = Object.fromEntries(
        Object.entries(fields).filter(([key, value]) => key === always || !isEmpty(value)),
      );
      const within = options?.["~within"] ? left : Math.max(left, LEAST_DEPTH);
      return `${name} ${inspect ? inspect(shown, { ...options, depth: within, "~within": true }) : JSON.stringify(shown)}`;
    } catch {
      return `[${name}]`;
    }
  };
}

/** Whether a field tells nothing: nothing at all, or a list or a plain object without anything in it. */
function isEmpty(value: unknown): boolean {
  return value == null || ((Array.isArray(value) || isPlainRecord(value)) && Object.keys(value).length === 0);
}
