/** Whether a value is an object without a class of its own, that is, a bag of keys; of any realm. */
export function isPlainRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object that inherits from nothing is Object.prototype itself, of this realm or of another.
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Writes a key from outside as own data: a plain assignment to `__proto__` would set the prototype. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The objects that hold the one being walked through, innermost first. */
export interface Holder {
  readonly object: object;
  readonly holder: Holder | undefined;
}

/** Whether a value is one of the objects that hold it: to go on into it would never end. */
export function isHeldBy(value: unknown, holder: Holder | undefined): boolean {
  for (let above = holder; above !== undefined; above = above.holder) if (above.object === value) return true;
  return false;
}
