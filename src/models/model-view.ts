/** A model in which some members are others. Its own methods are called on the model itself, which may have private fields. */
export function viewOf<View extends object>(model: object, members: Partial<View>): View {
  return new Proxy(model as View, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return members[name as keyof View];
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
