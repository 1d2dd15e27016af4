import { isPlainRecord, setOwn } from "./plain-record.ts";
import { Secret } from "./secret.ts";

/** How deep the arguments of a serialized object are copied; what lies deeper is left out. */
const MAX_DEPTH = 16;
/** How many values are copied at most; what comes after is left out. */
const MAX_VALUES = 10_000;

/** An object that can be made again from its constructor's arguments. */
export interface SerializedConstructor {
  readonly lc: 1;
  readonly type: "constructor";
  /** Where its class is found: the namespace, then the name. */
  readonly id: string[];
  readonly kwargs?: Record<string, unknown>;
}

/** An object that is only named. */
export interface SerializedNotImplemented {
  readonly lc: 1;
  readonly type: "not_implemented";
  readonly id: string[];
  readonly kwargs?: Record<string, unknown>;
}

/** What stands where a secret was. */
export interface SerializedSecret {
  readonly lc: 1;
  readonly type: "secret";
  /** The name of the environment variable that holds it, or of the field that held it. */
  readonly id: string[];
}

/** What a run's handlers are told of the object that runs: the first argument of every start. */
export type Serialized = SerializedConstructor | SerializedNotImplemented | SerializedSecret;

/** What {@link toSerialized} is given. */
export interface SerializedParts {
  /** Where the class is found, e.g. `["langchain_core", "messages"]`. */
  readonly namespace: readonly string[];
  /** The class's public name. */
  readonly name: string;
  /** The constructor's arguments. Without them the object is only named. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** The fields that hold secrets, each with the name of its environment variable; a nested one by its dotted path. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
}

/**
 * The serialized form of an object, with a mark in place of every secret: each {@link Secret}, and each field that
 * `secrets` names, at any depth. Copies own data only: no getter runs, functions and undefined fields are left out, and
 * objects of other classes are named.
 */
export function toSerialized(parts: SerializedParts): SerializedConstructor | SerializedNotImplemented {
  const id = [...parts.namespace, parts.name];
  if (parts.kwargs === undefined) return { lc: 1, type: "not_implemented", id };
  const kwargs = new Copier(parts.secrets ?? {}).copyRecord(parts.kwargs, "", [parts.kwargs]);
  return { lc: 1, type: "constructor", id, kwargs };
}

class Copier {
  readonly #secrets: Readonly<Record<string, string>>;
  #copied = 0;

  constructor(secrets: Readonly<Record<string, string>>) {
    this.#secrets = secrets;
  }

  copyRecord(record: object, path: string, above: readonly object[]): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(record)) {
      const fieldPath = path === "" ? key : `${path}.${key}`;
      const value: unknown = Object.getOwnPropertyDescriptor(record, key)?.value;
      const copied =
        value == null ? value : (this.#secretMark(key, fieldPath) ?? this.#copySafely(value, fieldPath, above));
      if (copied !== undefined) setOwn(copy, key, copied);
    }
    return copy;
  }

  /** What stands for a field that is named as a secret, by its path or, at any depth, by its own name. */
  #secretMark(key: string, path: string): SerializedSecret | undefined {
    for (const name of [path, key]) {
      if (Object.hasOwn(this.#secrets, name)) return { lc: 1, type: "secret", id: [this.#secrets[name] as string] };
    }
    return undefined;
  }

  /** An object that cannot be read, such as one whose `toJSON` throws, is left out: telling of a run must not break it. */
  #copySafely(value: unknown, path: string, above: readonly object[]): unknown {
    try {
      return this.#copy(value, path, above);
    } catch {
      return undefined;
    }
  }

  #copy(value: unknown, path: string, above: readonly object[]): unknown {
    this.#copied += 1;
    if (typeof value === "function" || typeof value === "symbol" || this.#copied > MAX_VALUES) return undefined;
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    if (Secret.isInstance(value)) return { lc: 1, type: "secret", id: [path] } satisfies SerializedSecret;
    if (above.length >= MAX_DEPTH || above.includes(value)) return undefined;
    const here = [...above, value];
    // An item that is left out keeps its place, as in JSON.
    if (Array.isArray(value)) return value.map((item: unknown) => this.#copy(item, path, here) ?? null);
    return isPlainRecord(value) ? this.copyRecord(value, path, here) : this.#copyInstance(value, path, here);
  }

  #copyInstance(value: object, path: string, above: readonly object[]): unknown {
    const { "~serialized": serialize, toJSON } = value as { "~serialized"?: unknown; toJSON?: unknown };
    const own = serialize ?? toJSON;
    if (typeof own === "function") return this.#copy(own.call(value), path, above);
    const name: unknown = value.constructor?.name;
    return { lc: 1, type: "not_implemented", id: [typeof name === "string" ? name : "Object"] };
  }
}
