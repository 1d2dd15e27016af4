/** What gives runnables their `lc_namespace`. */
export const Namespaced: abstract new () => Record<never, never> = /* @__PURE__ */ makeNamespaced();

/** `lc_namespace` is not an accessor of the class, since subclasses declare it as a field, as they do for the peer. */
function makeNamespaced(): abstract new () => Record<never, never> {
  abstract class Namespaced {}
  Object.defineProperty(Namespaced.prototype, "lc_namespace", {
    configurable: true,
    get(this: { readonly "~namespace": string[] }) {
      return this["~namespace"];
    },
    set(this: object, value: string[]) {
      Object.defineProperty(this, "lc_namespace", { value, writable: true, enumerable: true, configurable: true });
    },
  });
  return Namespaced;
}
