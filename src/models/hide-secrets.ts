import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { Secret } from "../secrets/secret.ts";

/** What stands for a secret wherever a model is shown. */
const HIDDEN = "**********";

/**
 * A copy of what a model shows of itself, with a mark in place of every secret: each {@link Secret}, and each field that
 * `secrets` names, by its name at any depth or by its dotted path.
 */
export function hideSecrets(
  params: Record<string, unknown>,
  secrets: Record<string, string> | undefined,
): Record<string, unknown> {
  // Objects may be shared, and may hold themselves; they are looked into where there are names to look for.
  const copies = secrets === undefined ? undefined : new Map<object, object>();
  const hide = (value: object, path: string): object => {
    const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
    copies?.set(value, copy);
    for (const [key, item] of Object.entries(value) as [string, unknown][]) {
      const place = path + key;
      const isNamed = secrets !== undefined && (Object.hasOwn(secrets, key) || Object.hasOwn(secrets, place));
      setOwn(copy as Record<string, unknown>, key, isNamed || Secret.isInstance(item) ? HIDDEN : shown(item, place));
    }
    return copy;
  };
  // A secret hides itself at any depth; only what is named has to be looked for.
  const shown = (item: unknown, place: string): unknown =>
    copies !== undefined && (Array.isArray(item) || isPlainRecord(item))
      ? (copies.get(item) ?? hide(item, `${place}.`))
      : item;
  return hide(params, "") as Record<string, unknown>;
}
