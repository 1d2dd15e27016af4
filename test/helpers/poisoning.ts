/** What code that takes outside names for its own could write to, and every object of the runtime would inherit. */
const watched: readonly (readonly [string, object])[] = [
  ["Object.prototype", Object.prototype],
  ["Array.prototype", Array.prototype],
  ["Function.prototype", Function.prototype],
  ["String.prototype", String.prototype],
  ["Number.prototype", Number.prototype],
  ["Object", Object],
];

type Snapshot = ReadonlyMap<PropertyKey, PropertyDescriptor>;

const clean: ReadonlyMap<object, Snapshot> = new Map(watched.map(([, object]) => [object, snapshotOf(object)]));

function snapshotOf(object: object): Snapshot {
  const descriptors = Object.getOwnPropertyDescriptors(object) as Record<PropertyKey, PropertyDescriptor>;
  return new Map(Reflect.ownKeys(descriptors).map((key) => [key, descriptors[key] as PropertyDescriptor]));
}

/**
 * Asserts that nothing was added to, taken from or changed in the objects that all others inherit from, since this file was
 * loaded. What was done to them is undone, so that it does not reach the tests that follow.
 *
 * @throws Error that names each object and property.
 */
export function assertNoPoisoning(): void {
  const found = watched.flatMap(([name, object]) => cleanUp(object).map((key) => `${name}.${String(key)}`));
  if (found.length > 0) throw new Error(`Expected no poisoned prototypes; found ${found.join(", ")}.`);
}

/** Undoes what was done to an object, and tells which properties that were. */
function cleanUp(object: object): PropertyKey[] {
  const before = clean.get(object) as Snapshot;
  const poisoned: PropertyKey[] = [];
  for (const key of new Set([...before.keys(), ...Reflect.ownKeys(object)])) {
    const [now, then] = [Object.getOwnPropertyDescriptor(object, key), before.get(key)];
    if (isSame(now, then)) continue;
    poisoned.push(key);
    if (then === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, then);
  }
  return poisoned;
}

function isSame(one: PropertyDescriptor | undefined, other: PropertyDescriptor | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Object.is(one.value, other.value) && one.get === other.get && one.set === other.set;
}
