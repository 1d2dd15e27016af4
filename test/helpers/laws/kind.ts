import fc from "fast-check";
import type { RecordStep, TextStep, World } from "./world.ts";

/** A chain as plain data: its kind, and what it is made of. It shrinks well, and prints as what it is. */
export interface Program {
  readonly kind: string;
  readonly [part: string]: unknown;
}

/**
 * What a law has to know of a kind of step.
 * - `late`: it may fail after it gave a chunk.
 * - `recovers`: it goes on after a failure inside it, so that `invoke` and `stream` differ where something fails late.
 * - `chunkwise`: each chunk of its output needs a bounded number of chunks of its input.
 * - `racing`: parts of it run side by side, so that which of two failures is first is a matter of timing.
 * - `implicit`: it needs an installed async context.
 */
export type Trait = "late" | "recovers" | "chunkwise" | "racing" | "implicit";

/** Which programs a law is asked of. */
export interface Domain {
  /** Kinds without these traits. */
  readonly without?: readonly Trait[];
  /** Kinds with this trait alone. */
  readonly only?: Trait;
  /** Only kinds of these names. */
  readonly names?: readonly string[] | undefined;
  /** Whether generators may end without a chunk. Default: false. */
  readonly empties?: boolean;
  /** Whether work may be deaf to its signal. Default: true. */
  readonly deaf?: boolean;
}

/** Builds the parts of a program. */
export interface Builder {
  readonly world: World;
  text(program: Program): TextStep;
  record(program: Program): RecordStep;
}

/** What the parts of a program are drawn from. */
export interface Parts {
  readonly text: fc.Arbitrary<Program>;
  readonly record: fc.Arbitrary<Program>;
  readonly domain: Domain;
}

/** One entry of the registry: a way to make a step. */
export interface StepKind<Of = object> {
  readonly name: string;
  /** What it gives: a text, or an object of texts. */
  readonly gives: "text" | "record";
  readonly traits?: readonly Trait[];
  /** What it is made of. Default: nothing. */
  draw?(parts: Parts): { readonly [Key in keyof Of]: fc.Arbitrary<Of[Key]> };
  build(of: Of, builder: Builder): TextStep | RecordStep;
}

/** Makes an entry, with the types of its parts. */
export function stepKind<Of>(kind: StepKind<Of>): StepKind {
  return kind as unknown as StepKind;
}

/** Every kind of step that a law is asked of: the registry, or one with a fault planted. */
export type Kinds = readonly StepKind[];

function isIn(kind: StepKind, { without = [], only, names }: Domain): boolean {
  const traits = kind.traits ?? [];
  if (without.some((trait) => traits.includes(trait))) return false;
  if (names !== undefined && !names.includes(kind.name)) return false;
  return only === undefined || traits.includes(only);
}

/** What programs of either sort are drawn from. */
export interface Drawn {
  readonly text: fc.Arbitrary<Program>;
  readonly record: fc.Arbitrary<Program>;
}

/** Draws programs. */
export function programs(kinds: Kinds, domain: Domain = {}): Drawn {
  const present = kinds.filter((kind) => isIn(kind, domain));
  return fc.letrec<{ text: Program; record: Program }>((tie) => {
    const drawn = present.map((kind) => ({ gives: kind.gives, ...drawKind(kind, tie, domain) }));
    const oneOf = (gives: "text" | "record"): fc.Arbitrary<Program> => {
      const ofSort = drawn.filter((one) => one.gives === gives);
      const leaves = ofSort.filter((one) => one.isLeaf).map((one) => one.program);
      const trees = ofSort.filter((one) => !one.isLeaf).map((one) => one.program);
      // Where a program is deep enough, the first is taken; programs shrink to it.
      const first = leaves.length === 0 ? [] : [{ weight: Math.max(1, trees.length), arbitrary: fc.oneof(...leaves) }];
      if (ofSort.length === 0) return fc.constant({ kind: `no step that gives a ${gives}` });
      return fc.oneof({ depthSize: "small", withCrossShrink: leaves.length > 0 }, ...first, ...trees);
    };
    return { text: oneOf("text"), record: oneOf("record") };
  });
}

type Tie = (sort: "text" | "record") => fc.Arbitrary<Program>;

function drawKind(kind: StepKind, tie: Tie, domain: Domain): { isLeaf: boolean; program: fc.Arbitrary<Program> } {
  let isLeaf = true;
  const part = (sort: "text" | "record"): fc.Arbitrary<Program> => {
    isLeaf = false;
    return tie(sort);
  };
  const parts = kind.draw?.({
    get text() {
      return part("text");
    },
    get record() {
      return part("record");
    },
    domain,
  });
  return {
    isLeaf,
    program: fc.record({ kind: fc.constant(kind.name), ...parts }, { noNullPrototype: true }) as fc.Arbitrary<Program>,
  };
}

/** Builds programs in a world. */
export function builderIn(world: World, kinds: Kinds): Builder {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const build = (program: Program): TextStep | RecordStep => {
    const kind = byName.get(program.kind);
    if (kind === undefined) throw new Error(`Expected a kind of step of the registry, got ${program.kind}.`);
    return kind.build(program, builder);
  };
  const builder: Builder = {
    world,
    text: (program) => build(program) as TextStep,
    record: (program) => build(program) as RecordStep,
  };
  return builder;
}

/** Whether a program has a step of a kind with the trait. */
export function hasTrait(program: Program, kinds: Kinds, trait: Trait): boolean {
  const named = new Set(kinds.filter((kind) => kind.traits?.includes(trait)).map((kind) => kind.name));
  const search = (value: unknown): boolean => {
    if (typeof value !== "object" || value === null) return false;
    if (named.has((value as { kind?: string }).kind ?? "")) return true;
    return Object.values(value).some(search);
  };
  return search(program);
}
