/** How reports name a handler: as it names itself, or by its class. */
export function handlerName(handler: object): string {
  return (handler as { name?: string }).name ?? handler.constructor?.name ?? "unnamed";
}
