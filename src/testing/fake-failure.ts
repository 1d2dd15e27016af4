/** Fails as a provider would, with an error that is none of linnet's own. */
export function throwIfAsked(message: string | undefined): void {
  if (message !== undefined && message !== "") throw new Error(message);
}
