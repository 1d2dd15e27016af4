import type { SchemaIssue } from "./schema-issue.ts";

/** How many issues are told. */
export const MAX_ISSUES = 20;

/** A way through a value. */
export type Path = readonly (string | number)[];

/** An object whose keys come from outside. */
export type Holder = Record<string, unknown>;

/** The keys and the places of a value that some keyword has looked at. */
export type Seen = Set<string | number>;

/** What looks at values by schemas. */
export interface Checker {
  /** The schema that a reference names; undefined where there is none. */
  resolve(ref: unknown): unknown;
  /** What is wrong with a value. @param seen is told what was looked at, if nothing is wrong. */
  of(schema: unknown, value: unknown, path: Path, depth: number, seen?: Seen): SchemaIssue[];
}

/** Where a keyword is looked at. */
export interface Place {
  readonly check: Checker;
  readonly schema: Holder;
  readonly value: unknown;
  readonly path: Path;
  readonly depth: number;
  readonly issues: SchemaIssue[];
  /** Undefined where nobody asks. */
  readonly seen: Seen | undefined;
}

/** Looks at one keyword. */
export type Keyword = (wanted: unknown, at: Place) => void;

/** Notes what is wrong. @param key a property of the value, if it is that. */
export function fail(at: Place, message: string, key?: string | number): void {
  at.issues.push({ path: key === undefined ? at.path : [...at.path, key], message });
}

/** Looks at the same value by another schema. */
export function also(at: Place, schema: unknown): void {
  if (at.issues.length >= MAX_ISSUES) return;
  at.issues.push(...at.check.of(schema, at.value, at.path, at.depth + 1, at.seen));
}

/** Looks at a part of the value by another schema. */
export function descend(at: Place, schema: unknown, value: unknown, key: string | number): void {
  at.seen?.add(key);
  if (at.issues.length >= MAX_ISSUES) return;
  at.issues.push(...at.check.of(schema, value, [...at.path, key], at.depth + 1));
}

/** Whether the same value fits another schema. @param seen is told what was looked at, if it does. */
export function fits(at: Place, schema: unknown, seen?: Seen): boolean {
  return at.check.of(schema, at.value, at.path, at.depth + 1, seen).length === 0;
}

/** A keyword for objects alone. */
export function forObjects(keyword: (wanted: unknown, value: Holder, at: Place) => void): Keyword {
  return (wanted, at) => isRecord(at.value) && keyword(wanted, at.value, at);
}

/** A keyword for lists alone. */
export function forLists(keyword: (wanted: unknown, list: readonly unknown[], at: Place) => void): Keyword {
  return (wanted, at) => Array.isArray(at.value) && keyword(wanted, at.value, at);
}

/** A keyword for numbers alone. */
export function forNumbers(keyword: (wanted: number, value: number, at: Place) => void): Keyword {
  // What is no limit limits nothing; draft 4 had booleans here.
  return (wanted, at) => typeof wanted === "number" && typeof at.value === "number" && keyword(wanted, at.value, at);
}

/** A keyword for strings alone. */
export function forStrings(keyword: (wanted: unknown, text: string, at: Place) => void): Keyword {
  return (wanted, at) => typeof at.value === "string" && keyword(wanted, at.value, at);
}

/** A property of the object's own. */
export function own(holder: Holder, key: string): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** A property that is there; one that is undefined would be gone in JSON. */
export function has(value: Holder, key: string): boolean {
  return own(value, key) !== undefined;
}

/** The keys of what JSON would say of an object. */
export function keysOf(value: Holder): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

/** What JSON calls an object. */
export function isRecord(value: unknown): value is Holder {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list, or none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
