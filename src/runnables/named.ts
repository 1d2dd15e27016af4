import { type Serialized, toSerialized } from "../secrets/serialized.ts";
import { Namespaced } from "./namespaced.ts";

/** What a runnable is called: in traces, in graphs, and to whoever reads its JSON. */
export abstract class Named extends Namespaced {
  /** Marks runnables, as the peer does. */
  get lc_runnable(): boolean {
    return true;
  }

  /** @internal What `isRunnable` looks for; the same in every copy of the package. */
  get "~runnable"(): true {
    return true;
  }

  /** The name in traces. Default: the class's name. */
  declare name?: string;

  /** Where the class lives, for `serialized`. */
  declare lc_namespace: string[];

  /** @internal The namespace where a subclass does not say one. */
  get "~namespace"(): string[] {
    return ["linnet", "runnables"];
  }

  /** The constructor's arguments, for `serialized`; left out where the class cannot be made again from them. */
  declare lc_kwargs?: Record<string, unknown>;

  /** The fields that hold secrets, with the name each is known by; none is ever shown. */
  get lc_secrets(): Record<string, string> | undefined {
    return undefined;
  }

  /** The class's name; stays when a bundler shortens names, in the classes that give it. */
  static lc_name(): string {
    // biome-ignore lint/complexity/noThisInStatic: the name of the class it is called on, not of this one.
    return this.name;
  }

  /** The name in traces. @param suffix appended to the class's name where the runnable has none of its own. */
  getName(suffix?: string): string {
    const name = this.name ?? classNameOf(this);
    return suffix === undefined ? name : `${name}${suffix}`;
  }

  /** What names it to handlers, and to `JSON.stringify`: its class and where that lives, and no object that is bound. */
  toJSON(): Serialized {
    return this["~serialized"]();
  }

  /** @internal The first argument of every start. */
  "~serialized"(): Serialized {
    return toSerialized({
      namespace: this.lc_namespace,
      name: classNameOf(this),
      kwargs: this.lc_kwargs,
      secrets: this.lc_secrets,
    });
  }
}

/** The class's public name where the class itself says one; a subclass of such a class goes by its own. */
function classNameOf(named: object): string {
  const made = named.constructor as typeof Named;
  return Object.hasOwn(made, "lc_name") ? made.lc_name() : made.name;
}
