import { setOwn } from "../secrets/plain-record.ts";
import { Secret } from "../secrets/secret.ts";

/** What stands for a secret wherever a model is shown. */
const HIDDEN = "**********";

/** A copy of what a model shows of itself, with a mark in place of every secret. */
export function hideSecrets(
  params: Record<string, unknown>,
  secrets: Record<string, string> | undefined,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(params)) {
    const isHidden = (secrets !== undefined && Object.hasOwn(secrets, key)) || Secret.isInstance(value);
    setOwn(shown, key, isHidden ? HIDDEN : value);
  }
  return shown;
}
